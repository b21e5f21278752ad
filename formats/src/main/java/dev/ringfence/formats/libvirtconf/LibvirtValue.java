package dev.ringfence.formats.libvirtconf;

import dev.ringfence.formats.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A typed value of a libvirt configuration file. */
public sealed interface LibvirtValue {
    /** An integer. */
    record Number(long value) implements LibvirtValue {}

    /** A string, without its quotes. */
    record Text(String value) implements LibvirtValue {}

    /** A list. */
    record Items(List<LibvirtValue> values) implements LibvirtValue {
        public Items {
            values = List.copyOf(values);
        }
    }

    /**
     * A value as a file would have it: {@code "root"}, {@code 1}, {@code [ "/dev/null" ]}.
     *
     * @return refused with the code that a file with this value would be refused with, RF-LVC-010 for more than a value
     */
    static Decoded<LibvirtValue> parse(String written) {
        return switch (LibvirtConf.parse(("value = " + written).getBytes(StandardCharsets.UTF_8))) {
            case Decoded.Refused<LibvirtConf> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<LibvirtConf>(LibvirtConf conf) ->
                conf.entries().size() == 1
                        ? new Decoded.Value<>(conf.entries().getFirst().value())
                        : Decoded.refused("RF-LVC-010", "more than one value");
        };
    }

    /** A list of strings. */
    static Items texts(List<String> texts) {
        return new Items(texts.stream().<LibvirtValue>map(Text::new).toList());
    }

    /** The value as {@link Long}, {@link String} or an immutable {@link List} of those. */
    default Object plain() {
        return switch (this) {
            case Number number -> number.value();
            case Text text -> text.value();
            case Items items -> items.values().stream().map(LibvirtValue::plain).toList();
        };
    }

    /**
     * The value in the syntax of the file.
     *
     * @return refused with RF-LVC-010 for a string that has no notation, such as one with {@code """} in it
     */
    default Decoded<String> print() {
        return switch (this) {
            case Number number -> new Decoded.Value<>(Long.toString(number.value()));
            case Text text -> quote(text.value());
            case Items items -> print(items);
        };
    }

    private static Decoded<String> print(Items items) {
        List<String> parts = new ArrayList<>();
        for (LibvirtValue item : items.values()) {
            switch (item.print()) {
                case Decoded.Value<String> part -> parts.add(part.value());
                case Decoded.Refused<String> refused -> {
                    return refused;
                }
            }
        }
        return new Decoded.Value<>(parts.isEmpty() ? "[ ]" : "[ " + String.join(", ", parts) + " ]");
    }

    private static Decoded<String> quote(String text) {
        boolean oneLine = text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
        if (text.indexOf('\0') >= 0) {
            return Decoded.refused("RF-LVC-010", "a string with a NUL cannot be written");
        }
        if (oneLine && text.indexOf('"') < 0) {
            return new Decoded.Value<>('"' + text + '"');
        }
        if (oneLine && text.indexOf('\'') < 0) {
            return new Decoded.Value<>("'" + text + "'");
        }
        if (text.contains("\"\"\"") || text.endsWith("\"")) {
            return Decoded.refused("RF-LVC-010", "a string with these quotes cannot be written");
        }
        return new Decoded.Value<>("\"\"\"" + text + "\"\"\"");
    }
}
