package dev.ringfence.wire.fix;

import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.PlanId;
import dev.ringfence.core.host.FactSchema;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** Writes the records of a plan, component by component. */
final class PlanWriter {
    private final JsonGenerator json;

    PlanWriter(JsonGenerator json) {
        this.json = json;
    }

    /** The components of a record as properties of the object that is open. */
    void components(Record data) {
        for (RecordComponent component : data.getClass().getRecordComponents()) {
            json.writeName(component.getName());
            try {
                value(component.getAccessor().invoke(data));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("a record that hides " + component, e);
            }
        }
    }

    private void value(Object value) {
        switch (value) {
            case String text -> json.writeString(text);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Boolean flag -> json.writeBoolean(flag);
            case Instant instant -> json.writeString(instant.toString());
            case Enum<?> constant -> json.writeString(FactSchema.constantText(constant));
            case PlanId id -> json.writeString(id.value());
            case Argv argv -> list(argv.words());
            case FileContent content -> content(content);
            case Optional<?> optional -> {
                if (optional.isPresent()) {
                    value(optional.get());
                } else {
                    json.writeNull();
                }
            }
            case List<?> list -> list(list);
            case Record data -> {
                json.writeStartObject();
                for (Class<?> type : data.getClass().getInterfaces()) {
                    if (type.isSealed()) {
                        json.writeStringProperty("type", typeName(data.getClass()));
                    }
                }
                components(data);
                json.writeEndObject();
            }
            default -> throw new IllegalArgumentException("a plan holds no " + value.getClass());
        }
    }

    private void list(List<?> list) {
        json.writeStartArray();
        list.forEach(this::value);
        json.writeEndArray();
    }

    /** As text where the bytes are UTF-8, so that people can read it. */
    private void content(FileContent content) {
        byte[] bytes = content.bytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        json.writeStartObject();
        if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            json.writeStringProperty("text", text);
        } else {
            json.writeStringProperty("base64", Base64.getEncoder().encodeToString(bytes));
        }
        json.writeEndObject();
    }

    /** {@code EditFile} is {@code edit-file}. */
    static String typeName(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
