package dev.ringfence.wire.facts;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.testkit.Fuzz;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Makes any fact record, read off its schema: no record can be added to the facts without being generated. The same seed
 * gives the same facts. Lists and maps of records get smaller with depth, so that a whole host stays small.
 */
final class FactsGenerator {
    private static final List<String> TEXTS = List.of(
            "web-7",
            "a b",
            "ünïcødé 漢字",
            "\ud83d\ude00",
            "\u0000\u001b[0m\u007f",
            "\"\\/\b\f\n\r\t",
            "</script>",
            "\u2028\u2029",
            "{\"value\": 1}",
            "null",
            "0",
            "value",
            "from",
            "\ufeff\ufffe",
            "y".repeat(3000),
            "[redacted 12]");

    private final RandomGenerator random;
    private final double observed;

    private FactsGenerator(long seed, double observed) {
        this.random = Fuzz.random(seed);
        this.observed = observed;
    }

    /** Facts of which some are observed, some absent, some not observed. */
    static HostFacts mixed(long seed) {
        return (HostFacts) new FactsGenerator(seed, 0.6).struct(HostFacts.class, 0);
    }

    /** Facts that are all observed, so that every record that can be reached is there. */
    static HostFacts complete(long seed) {
        return (HostFacts) new FactsGenerator(seed, 1).struct(HostFacts.class, 0);
    }

    private Record struct(Class<?> type, int depth) {
        FactSchema.Struct struct = FactSchema.of(type);
        Object[] arguments = new Object[struct.fields().size()];
        Class<?>[] types = new Class<?>[arguments.length];
        for (FactSchema.Field field : struct.fields().values()) {
            types[field.index()] = field.accessor().getReturnType();
            arguments[field.index()] = field.observable()
                    ? fact(field.kind(), field.javaType(), depth)
                    : value(field.kind(), field.javaType(), depth);
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (Record) constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new AssertionError("generated arguments do not suit " + type, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("canonical constructor of " + type, e);
        }
    }

    private Fact<Object> fact(FactSchema.Kind kind, Class<?> javaType, int depth) {
        if (random.nextDouble() < observed) {
            return Fact.of(value(kind, javaType, depth), text(), text());
        }
        return random.nextBoolean() ? Fact.absent(text(), text()) : Fact.notObserved(text(), text(), "why " + text());
    }

    private Object value(FactSchema.Kind kind, Class<?> javaType, int depth) {
        return switch (kind) {
            case FactSchema.Scalar scalar -> scalar(scalar, javaType);
            case FactSchema.ListOf(FactSchema.Kind element) -> {
                List<Object> out = new ArrayList<>();
                for (int i = size(element, depth); i > 0; i--) {
                    out.add(value(element, elementType(element), depth + 1));
                }
                yield List.copyOf(out);
            }
            case FactSchema.MapOf(FactSchema.Kind element, boolean observable) -> {
                Map<String, Object> out = new LinkedHashMap<>();
                for (int i = size(element, depth); i > 0; i--) {
                    out.put(
                            text() + i,
                            observable
                                    ? fact(element, elementType(element), depth + 1)
                                    : value(element, elementType(element), depth + 1));
                }
                yield Map.copyOf(out);
            }
            case FactSchema.StructOf(Class<?> type) -> struct(type, depth + 1);
        };
    }

    /** Where all is observed, one of each, so that nothing is missed. */
    private int size(FactSchema.Kind element, int depth) {
        if (observed == 1) {
            return 1;
        }
        return element instanceof FactSchema.StructOf && depth > 2 ? random.nextInt(2) : random.nextInt(4);
    }

    private Object scalar(FactSchema.Scalar scalar, Class<?> javaType) {
        return switch (scalar) {
            case TEXT -> text();
            case NUMBER -> {
                long number = switch (random.nextInt(5)) {
                    case 0 -> 0;
                    case 1 -> -1;
                    case 2 -> Long.MAX_VALUE;
                    case 3 -> Long.MIN_VALUE;
                    default -> random.nextInt(100_000);
                };
                boolean isInt = javaType == int.class || javaType == Integer.class;
                yield isInt ? (Object) (int) number : (Object) number;
            }
            case FLAG -> random.nextBoolean();
            case INSTANT -> Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L), random.nextInt(1_000_000_000));
            case CONSTANT -> javaType.getEnumConstants()[random.nextInt(javaType.getEnumConstants().length)];
        };
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private static Class<?> elementType(FactSchema.Kind kind) {
        return kind instanceof FactSchema.StructOf(Class<?> type) ? type : Object.class;
    }
}
