package dev.ringfence.core.fix;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Bytes that are equal exactly when values are: every value begins with a letter for its kind, texts and lists with their
 * length, records with their name. For digests; never read back.
 */
final class CanonicalForm {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 12);

    private CanonicalForm() {}

    /**
     * The form of a value made of records, lists, optionals, texts, numbers, truth values and constants.
     *
     * @throws IllegalArgumentException for anything else
     */
    static byte[] of(Object value) {
        CanonicalForm form = new CanonicalForm();
        form.add(value);
        return form.out.toByteArray();
    }

    private void add(Object value) {
        switch (value) {
            case String text -> bytes('t', text.getBytes(StandardCharsets.UTF_8));
            case FileContent content -> bytes('b', content.bytes());
            case Integer number -> number(number);
            case Long number -> number(number);
            case Boolean flag -> out.write(flag ? 'y' : 'n');
            case Enum<?> constant -> bytes('e', constant.name().getBytes(StandardCharsets.UTF_8));
            case Optional<?> optional -> {
                out.write(optional.isPresent() ? 's' : '-');
                optional.ifPresent(this::add);
            }
            case List<?> list -> {
                length('l', list.size());
                list.forEach(this::add);
            }
            case Record data -> add(data);
            default -> throw new IllegalArgumentException("no canonical form for " + value.getClass());
        }
    }

    private void add(Record data) {
        bytes('r', data.getClass().getSimpleName().getBytes(StandardCharsets.UTF_8));
        for (RecordComponent component : data.getClass().getRecordComponents()) {
            try {
                add(component.getAccessor().invoke(data));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("a record that hides " + component, e);
            }
        }
    }

    private void number(long number) {
        out.write('i');
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    private void bytes(char kind, byte[] bytes) {
        length(kind, bytes.length);
        out.writeBytes(bytes);
    }

    private void length(char kind, int length) {
        out.write(kind);
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    }
}
