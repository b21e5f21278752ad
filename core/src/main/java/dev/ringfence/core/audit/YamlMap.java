package dev.ringfence.core.audit;

import dev.ringfence.core.host.NearestName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A YAML mapping that a person wrote. Reports every problem at once, into the list that it is given, each with the
 * document's name and the key; unknown keys are problems. Aliases, duplicate keys and documents over 256 KiB are refused.
 */
final class YamlMap {
    private static final int DOCUMENT_LIMIT = 256 * 1024;

    private final String where;
    private final Map<?, ?> map;
    private final List<String> problems;

    private YamlMap(String where, Map<?, ?> map, List<String> problems) {
        this.where = where;
        this.map = map;
        this.problems = problems;
    }

    /** Every document of the text that is a mapping. */
    static List<YamlMap> parse(String name, String text, List<String> problems) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(name)
                .setAllowDuplicateKeys(false)
                .setAllowRecursiveKeys(false)
                .setMaxAliasesForCollections(0)
                .setCodePointLimit(DOCUMENT_LIMIT)
                .build();
        List<YamlMap> out = new ArrayList<>();
        try {
            for (Object document : new Load(settings).loadAllFromString(text)) {
                if (document instanceof Map<?, ?> map) {
                    out.add(new YamlMap(name, map, problems));
                } else {
                    problems.add(name + ": expected a mapping");
                }
            }
        } catch (YamlEngineException e) {
            problems.add(name + ": not YAML: " + firstLine(e));
        } catch (StackOverflowError e) {
            // The library has no limit on nesting; its parser recurses once for each level.
            problems.add(name + ": not YAML that a person wrote: nested too deeply");
        }
        return out;
    }

    private static String firstLine(YamlEngineException e) {
        return OneLine.of(String.valueOf(e.getMessage()));
    }

    String where() {
        return where;
    }

    Map<?, ?> raw() {
        return map;
    }

    void problem(String key, String text) {
        problems.add(where + ": " + key + ": " + text);
    }

    /** Reports keys that are not among the known ones. */
    YamlMap only(String... keys) {
        Set<String> known = Set.of(keys);
        for (Object key : map.keySet()) {
            if (!known.contains(String.valueOf(key))) {
                problem(
                        String.valueOf(key),
                        "unknown key"
                                + NearestName.of(String.valueOf(key), known)
                                        .map(n -> "; did you mean '" + n + "'?")
                                        .orElse(""));
            }
        }
        return this;
    }

    boolean has(String key) {
        return map.get(key) != null;
    }

    /** Text that must be there and not be blank. */
    String text(String key) {
        String found = text(key, "");
        if (found.isBlank() && (!has(key) || map.get(key) instanceof String)) {
            problem(key, "missing");
        }
        return found;
    }

    String text(String key, String otherwise) {
        Object value = map.get(key);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String s) {
            return s.strip();
        }
        if (value instanceof Number || value instanceof Boolean) {
            return String.valueOf(value);
        }
        problem(key, "expected text");
        return otherwise;
    }

    List<String> texts(String key) {
        Object value = map.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list) || list.stream().anyMatch(v -> v instanceof Map || v instanceof List)) {
            problem(key, "expected a list of texts");
            return List.of();
        }
        return list.stream().map(String::valueOf).toList();
    }

    <E extends Enum<E>> E constant(String key, Class<E> type, @Nullable E otherwise) {
        Object value = map.get(key);
        if (value == null && otherwise != null) {
            return otherwise;
        }
        return constant(key, type, String.valueOf(value));
    }

    <E extends Enum<E>> List<E> constants(String key, Class<E> type) {
        return texts(key).stream().map(v -> constant(key, type, v)).toList();
    }

    private <E extends Enum<E>> E constant(String key, Class<E> type, String value) {
        List<String> names = new ArrayList<>();
        for (E e : type.getEnumConstants()) {
            String name = e.name().toLowerCase(Locale.ROOT).replace('_', '-');
            if (name.equals(value)) {
                return e;
            }
            names.add(name);
        }
        problem(key, "'" + value + "' is not one of " + String.join(", ", names));
        return type.getEnumConstants()[0];
    }

    /** A date ({@code 2027-01-31}: its first moment, UTC) or an instant. */
    Instant instant(String key) {
        String text = text(key);
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeParseException e) {
            if (!text.isEmpty()) {
                problem(key, "'" + text + "' is neither a date (2027-01-31) nor an instant (2027-01-31T12:00:00Z)");
            }
            return Instant.EPOCH;
        }
    }

    Optional<YamlMap> child(String key) {
        Object value = map.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Map<?, ?> child) {
            return Optional.of(new YamlMap(where + ": " + key, child, problems));
        }
        problem(key, "expected a mapping");
        return Optional.empty();
    }

    List<YamlMap> children(String key) {
        Object value = map.get(key);
        if (value == null) {
            return List.of();
        }
        List<YamlMap> out = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                String place = where + ": " + key + "[" + i + "]";
                if (list.get(i) instanceof Map<?, ?> child) {
                    out.add(new YamlMap(place, child, problems));
                } else {
                    problems.add(place + ": expected a mapping");
                }
            }
        } else {
            problem(key, "expected a list");
        }
        return out;
    }

    /** Text values by key. */
    Map<String, String> textMap() {
        Map<String, String> out = new LinkedHashMap<>();
        map.keySet().forEach(k -> out.put(String.valueOf(k), text(String.valueOf(k))));
        return out;
    }
}
