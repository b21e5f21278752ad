package dev.ringfence.wire.facts;

import dev.ringfence.core.host.FactSchema;
import dev.ringfence.core.host.NearestName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the tree of a file that a machine wrote must also satisfy. The tree mapping is lenient where people write samples
 * by hand; here a fact has exactly one outcome and both halves of its source, and no other key.
 */
final class StrictFacts {
    private static final Set<String> OUTCOMES = Set.of("value", "absent", "notObserved");
    private static final Set<String> KEYS = Set.of("value", "absent", "notObserved", "from", "how");

    private StrictFacts() {}

    /** The tree does not fit; the message says where. */
    static final class Misfit extends Exception {
        private static final long serialVersionUID = 1L;

        Misfit(String path, String problem) {
            super(path + ": " + problem);
        }
    }

    /** Checks every fact of a record's tree. Types and keys of records are left to the tree mapping. */
    static void check(Class<?> type, Map<?, ?> tree) throws Misfit {
        struct(type, tree, "");
    }

    private static void struct(Class<?> type, Map<?, ?> tree, String path) throws Misfit {
        for (FactSchema.Field field : FactSchema.of(type).fields().values()) {
            Object value = tree.get(field.name());
            String at = path.isEmpty() ? field.name() : path + "." + field.name();
            if (field.observable() && tree.containsKey(field.name())) {
                fact(field.kind(), field.javaType(), value, at);
            } else {
                value(field.kind(), field.javaType(), value, at);
            }
        }
    }

    private static void fact(FactSchema.Kind kind, Class<?> javaType, @Nullable Object value, String at) throws Misfit {
        if (!(value instanceof Map<?, ?> map)) {
            throw new Misfit(at, "expected a fact: value, absent or notObserved, with from and how");
        }
        for (Object key : map.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                String meant = NearestName.of(String.valueOf(key), KEYS)
                        .map(n -> "; did you mean '" + n + "'?")
                        .orElse("");
                throw new Misfit(at, "unknown key '" + key + "'" + meant);
            }
        }
        if (map.keySet().stream().filter(OUTCOMES::contains).count() != 1) {
            throw new Misfit(at, "a fact has exactly one of value, absent and notObserved");
        }
        for (String key : List.of("from", "how")) {
            if (!(map.get(key) instanceof String)) {
                throw new Misfit(at, "'" + key + "' is missing, or not a text");
            }
        }
        if (map.containsKey("absent") && !Boolean.TRUE.equals(map.get("absent"))) {
            throw new Misfit(at, "'absent' can only be true");
        }
        if (map.containsKey("notObserved") && !(map.get("notObserved") instanceof String s && !s.isBlank())) {
            throw new Misfit(at, "'notObserved' is not a reason");
        }
        value(kind, javaType, map.get("value"), at);
    }

    private static void value(FactSchema.Kind kind, Class<?> javaType, @Nullable Object value, String at)
            throws Misfit {
        switch (kind) {
            case FactSchema.Scalar scalar -> {
                boolean isInt = javaType == int.class || javaType == Integer.class;
                if (isInt && value instanceof Long number && number != number.intValue()) {
                    throw new Misfit(at, number + " is out of range");
                }
            }
            case FactSchema.ListOf(FactSchema.Kind element) -> {
                if (value instanceof List<?> list) {
                    for (int i = 0; i < list.size(); i++) {
                        value(element, Object.class, list.get(i), at + "[" + i + "]");
                    }
                }
            }
            case FactSchema.MapOf(FactSchema.Kind element, boolean observable) -> {
                if (value instanceof Map<?, ?> map) {
                    for (Map.Entry<?, ?> entry : map.entrySet()) {
                        String inner = at + "['" + entry.getKey() + "']";
                        if (observable) {
                            fact(element, Object.class, entry.getValue(), inner);
                        } else {
                            value(element, Object.class, entry.getValue(), inner);
                        }
                    }
                }
            }
            case FactSchema.StructOf(Class<?> type) -> {
                if (value instanceof Map<?, ?> map) {
                    struct(type, map, at);
                }
            }
        }
    }
}
