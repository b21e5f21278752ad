package dev.ringfence.core.host;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shape of fact records, read off their components once per class: what the expression checker, the fact view and
 * the tree mapping agree on. Thread-safe.
 */
public final class FactSchema {
    private static final ClassValue<Struct> STRUCTS = new ClassValue<>() {
        @Override
        protected Struct computeValue(Class<?> type) {
            return describe(type);
        }
    };

    private FactSchema() {}

    /** The type of a component, without {@link Fact}. */
    public sealed interface Kind {}

    /** A value that stands for itself. */
    public enum Scalar implements Kind {
        TEXT,
        NUMBER,
        FLAG,
        INSTANT,
        /** An enum constant; its text is the lower-case name with hyphens. */
        CONSTANT
    }

    /** A list of one kind. */
    public record ListOf(Kind element) implements Kind {}

    /** A map from text to one kind; {@code observable} when its values are facts. */
    public record MapOf(Kind element, boolean observable) implements Kind {}

    /** A record; described by {@link FactSchema#of}. */
    public record StructOf(Class<?> type) implements Kind {}

    /**
     * One component of a record.
     *
     * @param observable whether its type is {@link Fact}
     * @param javaType without {@link Fact}
     */
    public record Field(String name, int index, Kind kind, boolean observable, Class<?> javaType, Method accessor) {}

    /** A record's name (without its package) and components in order. */
    public record Struct(Class<?> type, String name, Map<String, Field> fields) {
        /** The component of that name, if the record has it. */
        public Optional<Field> field(String fieldName) {
            return Optional.ofNullable(fields.get(fieldName));
        }
    }

    /**
     * Describes a record class.
     *
     * @throws IllegalArgumentException if the class, or a component, is of a type that facts do not use
     */
    public static Struct of(Class<?> type) {
        return STRUCTS.get(type);
    }

    /** Every record that is reachable from the given one, itself first. */
    public static List<Struct> reachable(Class<?> root) {
        Map<Class<?>, Struct> found = new LinkedHashMap<>();
        collect(new StructOf(root), found);
        return new ArrayList<>(found.values());
    }

    /** The text of an enum constant: {@code NOT_STRIPPED} is {@code not-stripped}. */
    public static String constantText(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static void collect(Kind kind, Map<Class<?>, Struct> found) {
        switch (kind) {
            case Scalar s -> {}
            case ListOf(Kind element) -> collect(element, found);
            case MapOf(Kind element, boolean observable) -> collect(element, found);
            case StructOf(Class<?> type) -> {
                if (!found.containsKey(type)) {
                    Struct struct = of(type);
                    found.put(type, struct);
                    struct.fields().values().forEach(f -> collect(f.kind(), found));
                }
            }
        }
    }

    private static Struct describe(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new IllegalArgumentException("not a record: " + type);
        }
        Map<String, Field> fields = new LinkedHashMap<>();
        for (RecordComponent component : components) {
            Type declared = component.getGenericType();
            boolean observable = isFact(declared);
            Type inner = observable ? argument(declared, 0) : declared;
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            fields.put(
                    component.getName(),
                    new Field(component.getName(), fields.size(), kind(inner), observable, raw(inner), accessor));
        }
        String name =
                type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
        return new Struct(type, name, java.util.Collections.unmodifiableMap(fields));
    }

    private static Kind kind(Type type) {
        Class<?> raw = raw(type);
        if (raw == String.class) {
            return Scalar.TEXT;
        }
        if (raw == long.class || raw == Long.class || raw == int.class || raw == Integer.class) {
            return Scalar.NUMBER;
        }
        if (raw == boolean.class || raw == Boolean.class) {
            return Scalar.FLAG;
        }
        if (raw == Instant.class) {
            return Scalar.INSTANT;
        }
        if (raw.isEnum()) {
            return Scalar.CONSTANT;
        }
        if (raw == List.class) {
            return new ListOf(kind(argument(type, 0)));
        }
        if (raw == Map.class) {
            Type value = argument(type, 1);
            boolean observable = isFact(value);
            return new MapOf(kind(observable ? argument(value, 0) : value), observable);
        }
        if (raw.isRecord()) {
            return new StructOf(raw);
        }
        throw new IllegalArgumentException("facts do not use " + type);
    }

    private static boolean isFact(Type type) {
        return raw(type) == Fact.class;
    }

    private static Type argument(Type type, int index) {
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getActualTypeArguments()[index];
        }
        throw new IllegalArgumentException("a raw type has no place in facts: " + type);
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> c -> c;
            case ParameterizedType p -> (Class<?>) p.getRawType();
            default -> throw new IllegalArgumentException("facts do not use " + type);
        };
    }
}
