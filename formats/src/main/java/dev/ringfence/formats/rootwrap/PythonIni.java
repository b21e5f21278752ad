package dev.ringfence.formats.rootwrap;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.PythonText;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A file as Python's {@code RawConfigParser(strict=False)} reads it. */
final class PythonIni {
    private static final int MAX_BYTES = 4 << 20;
    private static final String DEFAULT = "DEFAULT";

    private final Map<String, Map<String, Item>> sections = new LinkedHashMap<>();
    private @Nullable Map<String, Item> section;
    private @Nullable Item option;
    private int indent;

    private PythonIni() {}

    /** A value that may still grow by a line. */
    private static final class Item {
        private final int line;
        private final List<String> parts = new ArrayList<>(1);

        Item(int line) {
            this.line = line;
        }

        String text() {
            return PythonText.stripTrailing(String.join("\n", parts));
        }
    }

    /** An option: lower-case name, value, line of the name. */
    record Option(String name, String value, int line) {}

    static Decoded<PythonIni> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-RWF-001", "the file is larger than 4 MiB");
        }
        PythonIni ini = new PythonIni();
        ini.sections.put(DEFAULT, new LinkedHashMap<>());
        for (Line line : Line.splitUniversal(SourceText.decode(bytes).text())) {
            String code = ini.line(line);
            if (!code.isEmpty()) {
                String reason = code.equals("RF-RWF-002") ? "an option before any section" : "neither = nor :";
                return Decoded.refused(code, reason + " in line " + line.number());
            }
        }
        return new Decoded.Value<>(ini);
    }

    private String line(Line line) {
        String value = PythonText.strip(line.text());
        if (value.startsWith("#") || value.startsWith(";")) {
            return "";
        }
        if (value.isEmpty()) {
            if (option != null) {
                option.parts.add("");
            }
            return "";
        }
        int start = line.text().length() - PythonText.stripLeading(line.text()).length();
        if (option != null && start > indent) {
            option.parts.add(value);
            return "";
        }
        indent = start;
        int close = value.lastIndexOf(']');
        if (value.charAt(0) == '[' && close > 1) {
            section = sections.computeIfAbsent(value.substring(1, close), name -> new LinkedHashMap<>());
            option = null;
            return "";
        }
        return option(line.number(), value);
    }

    private String option(int number, String text) {
        if (section == null) {
            return "RF-RWF-002";
        }
        int colon = text.indexOf(':');
        int equal = text.indexOf('=');
        int delimiter = colon < 0 || equal >= 0 && equal < colon ? equal : colon;
        if (delimiter <= 0) {
            return "RF-RWF-003";
        }
        Item item = new Item(number);
        item.parts.add(PythonText.strip(text.substring(delimiter + 1)));
        option = item;
        section.put(PythonText.stripTrailing(text.substring(0, delimiter)).toLowerCase(Locale.ROOT), item);
        return "";
    }

    boolean has(String name) {
        return sections.containsKey(name);
    }

    /** Options of a section, those of {@code DEFAULT} first unless the section sets them itself. */
    List<Option> options(String name) {
        Map<String, Item> all = new LinkedHashMap<>(sections.getOrDefault(DEFAULT, Map.of()));
        all.putAll(sections.getOrDefault(name, Map.of()));
        List<Option> options = new ArrayList<>();
        all.forEach((key, item) -> options.add(new Option(key, item.text(), item.line)));
        return options;
    }
}
