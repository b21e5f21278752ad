package dev.ringfence.core.host;

import java.lang.reflect.InvocationTargetException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns fact records into trees of maps, lists, strings, longs and booleans, and back; what JSON and YAML carry.
 *
 * <p>A fact is a map: {@code {value, from, how}}, {@code {absent: true, from, how}} or {@code {notObserved: reason, from,
 * how}}. Thread-safe.
 */
public final class FactTree {
    private FactTree() {}

    /** What to do about components that a tree leaves out. */
    public enum Missing {
        /** Refuse, except that a fact is then not observed. For files that a machine wrote. */
        REFUSE,
        /** Use the empty value; a fact is not observed, and may be given bare. For samples that a person wrote. */
        EMPTY
    }

    /** The tree does not describe the record. */
    public static final class MalformedTree extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedTree(String path, String problem) {
            super((path.isEmpty() ? "top level" : path) + ": " + problem);
        }
    }

    /** The tree of a record. Map order is that of the components. */
    public static Map<String, Object> of(Record record) {
        Map<String, Object> tree = new LinkedHashMap<>();
        for (FactSchema.Field field : FactSchema.of(record.getClass()).fields().values()) {
            Object value = read(field, record);
            tree.put(field.name(), plain(value));
        }
        return tree;
    }

    /**
     * The record that a tree describes.
     *
     * @throws MalformedTree naming the path of the first thing that does not fit, unknown keys included
     */
    public static <T extends Record> T read(Class<T> type, Map<?, ?> tree, Missing missing) throws MalformedTree {
        return type.cast(new Reader(missing).struct(type, tree, ""));
    }

    static Object read(FactSchema.Field field, Record record) {
        try {
            return field.accessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("accessor of " + field.name(), e);
        }
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Fact<?> fact -> fact(fact);
            case Record record -> of(record);
            case List<?> list -> list.stream().map(FactTree::plain).toList();
            case Map<?, ?> map -> {
                Map<String, Object> out = new java.util.TreeMap<>();
                map.forEach((k, v) -> out.put((String) k, plain(v)));
                yield out;
            }
            case Integer i -> i.longValue();
            case Enum<?> constant -> FactSchema.constantText(constant);
            case Instant instant -> instant.toString();
            default -> value;
        };
    }

    private static Map<String, Object> fact(Fact<?> fact) {
        Map<String, Object> out = new LinkedHashMap<>();
        switch (fact) {
            case Fact.Observed<?>(Object value, Source source) -> out.put("value", plain(value));
            case Fact.Absent<?>(Source source) -> out.put("absent", true);
            case Fact.NotObserved<?>(Source source, String reason) -> out.put("notObserved", reason);
        }
        out.put("from", fact.source().where());
        out.put("how", fact.source().how());
        return out;
    }

    private record Reader(Missing missing) {
        Object struct(Class<?> type, Map<?, ?> tree, String path) throws MalformedTree {
            FactSchema.Struct struct = FactSchema.of(type);
            for (Object key : tree.keySet()) {
                if (!struct.fields().containsKey(String.valueOf(key))) {
                    throw new MalformedTree(
                            path,
                            "unknown key '" + key + "'"
                                    + NearestName.of(
                                                    String.valueOf(key),
                                                    struct.fields().keySet())
                                            .map(n -> "; did you mean '" + n + "'?")
                                            .orElse(""));
                }
            }
            @Nullable Object[] arguments = new @Nullable Object[struct.fields().size()];
            Class<?>[] types = new Class<?>[arguments.length];
            for (FactSchema.Field field : struct.fields().values()) {
                String at = path.isEmpty() ? field.name() : path + "." + field.name();
                arguments[field.index()] = component(field, tree, at);
                types[field.index()] = field.accessor().getReturnType();
            }
            try {
                var constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return constructor.newInstance(arguments);
            } catch (InvocationTargetException e) {
                throw new MalformedTree(
                        path,
                        String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("canonical constructor of " + type, e);
            }
        }

        private Object component(FactSchema.Field field, Map<?, ?> tree, String at) throws MalformedTree {
            boolean given = tree.containsKey(field.name());
            Object value = tree.get(field.name());
            if (field.observable()) {
                return given ? fact(field.kind(), field.javaType(), value, at) : unobserved();
            }
            if (given && value != null) {
                return value(field.kind(), field.javaType(), value, at);
            }
            if (missing == Missing.REFUSE) {
                throw new MalformedTree(at, "missing");
            }
            return empty(field.kind(), field.javaType(), at);
        }

        private static Fact<Object> unobserved() {
            return Fact.notObserved("", "given", "not in the file");
        }

        private Fact<Object> fact(FactSchema.Kind kind, Class<?> javaType, @Nullable Object value, String at)
                throws MalformedTree {
            if (value instanceof Map<?, ?> map) {
                String where = map.get("from") instanceof String s ? s : "";
                String how = map.get("how") instanceof String s ? s : "given";
                if (map.get("notObserved") instanceof String reason) {
                    return Fact.notObserved(where, how, reason);
                }
                if (Boolean.TRUE.equals(map.get("absent"))) {
                    return Fact.absent(where, how);
                }
                Object inner = map.get("value");
                if (inner != null && map.containsKey("from")) {
                    return Fact.of(value(kind, javaType, inner, at), where, how);
                }
            }
            if (missing == Missing.REFUSE) {
                throw new MalformedTree(at, "neither value, absent nor notObserved");
            }
            return value == null
                    ? Fact.absent("sample", "given")
                    : Fact.of(value(kind, javaType, value, at), "sample", "given");
        }

        private Object value(FactSchema.Kind kind, Class<?> javaType, Object value, String at) throws MalformedTree {
            return switch (kind) {
                case FactSchema.Scalar scalar -> scalar(scalar, javaType, value, at);
                case FactSchema.ListOf(FactSchema.Kind element) -> {
                    if (!(value instanceof List<?> list)) {
                        throw new MalformedTree(at, "expected a list");
                    }
                    List<Object> out = new ArrayList<>(list.size());
                    for (int i = 0; i < list.size(); i++) {
                        out.add(value(element, elementType(element), notNull(list.get(i), at), at + "[" + i + "]"));
                    }
                    yield List.copyOf(out);
                }
                case FactSchema.MapOf(FactSchema.Kind element, boolean observable) -> {
                    if (!(value instanceof Map<?, ?> map)) {
                        throw new MalformedTree(at, "expected a map");
                    }
                    Map<String, Object> out = new LinkedHashMap<>();
                    for (Map.Entry<?, ?> entry : map.entrySet()) {
                        String inner = at + "['" + entry.getKey() + "']";
                        out.put(
                                String.valueOf(entry.getKey()),
                                observable
                                        ? fact(element, elementType(element), entry.getValue(), inner)
                                        : value(
                                                element,
                                                elementType(element),
                                                notNull(entry.getValue(), inner),
                                                inner));
                    }
                    yield Map.copyOf(out);
                }
                case FactSchema.StructOf(Class<?> type) -> {
                    if (!(value instanceof Map<?, ?> map)) {
                        throw new MalformedTree(at, "expected a map");
                    }
                    yield struct(type, map, at);
                }
            };
        }

        private static Object notNull(@Nullable Object value, String at) throws MalformedTree {
            if (value == null) {
                throw new MalformedTree(at, "null");
            }
            return value;
        }

        private static Object scalar(FactSchema.Scalar scalar, Class<?> javaType, Object value, String at)
                throws MalformedTree {
            switch (scalar) {
                case TEXT -> {
                    if (value instanceof String) {
                        return value;
                    }
                }
                case FLAG -> {
                    if (value instanceof Boolean) {
                        return value;
                    }
                }
                case NUMBER -> {
                    if (value instanceof Long || value instanceof Integer) {
                        long number = ((Number) value).longValue();
                        boolean isInt = javaType == int.class || javaType == Integer.class;
                        return isInt ? (Object) Math.toIntExact(number) : (Object) number;
                    }
                }
                case INSTANT -> {
                    if (value instanceof String text) {
                        try {
                            return Instant.parse(text);
                        } catch (DateTimeException e) {
                            throw new MalformedTree(at, "not an instant: " + text);
                        }
                    }
                }
                case CONSTANT -> {
                    for (Object constant : javaType.getEnumConstants()) {
                        if (FactSchema.constantText((Enum<?>) constant).equals(value)) {
                            return constant;
                        }
                    }
                }
            }
            throw new MalformedTree(
                    at, "expected " + scalar.name().toLowerCase(java.util.Locale.ROOT) + ", found " + value);
        }

        private Object empty(FactSchema.Kind kind, Class<?> javaType, String at) throws MalformedTree {
            return switch (kind) {
                case FactSchema.Scalar scalar ->
                    switch (scalar) {
                        case TEXT -> "";
                        case FLAG -> false;
                        case NUMBER -> javaType == int.class || javaType == Integer.class ? (Object) 0 : (Object) 0L;
                        case INSTANT -> Instant.EPOCH;
                        case CONSTANT -> javaType.getEnumConstants()[0];
                    };
                case FactSchema.ListOf l -> List.of();
                case FactSchema.MapOf m -> Map.of();
                case FactSchema.StructOf(Class<?> type) -> struct(type, Map.of(), at);
            };
        }

        private static Class<?> elementType(FactSchema.Kind kind) {
            return kind instanceof FactSchema.StructOf(Class<?> type) ? type : Object.class;
        }
    }
}
