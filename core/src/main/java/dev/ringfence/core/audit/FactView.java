package dev.ringfence.core.audit;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.core.host.Source;
import java.lang.reflect.InvocationTargetException;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Facts as an expression sees them: records become maps, facts their values. Reading what was not observed throws {@link
 * NotObservedException}, which CEL's {@code &&}, {@code ||}, {@code all} and {@code exists} absorb where the rest decides.
 * What was read is remembered until the next {@link #startTrace}. For one thread.
 */
final class FactView extends AbstractMap<String, Object> {
    private final Record record;
    private final FactSchema.Struct struct;
    private final Trace trace;
    private final @Nullable Object[] seen;

    private FactView(Record record, Trace trace) {
        this.record = record;
        this.struct = FactSchema.of(record.getClass());
        this.trace = trace;
        this.seen = new @Nullable Object[struct.fields().size()];
    }

    static FactView of(Record record) {
        return new FactView(record, new Trace());
    }

    /** Sources read, in order. */
    private static final class Trace {
        private static final int LIMIT = 64;
        private final Set<Source> sources = new LinkedHashSet<>();
        private long deadlineNanos = Long.MAX_VALUE;
        private int reads;

        void read(Source source) {
            if (sources.size() < LIMIT) {
                sources.add(source);
            }
        }

        void tick() {
            if ((++reads & 0x3ff) == 0 && System.nanoTime() - deadlineNanos > 0) {
                throw new EvaluationTimeoutException();
            }
        }
    }

    /** Forgets what was read. */
    void startTrace() {
        trace.sources.clear();
    }

    /** Ends the evaluation that runs at the given instant of {@link System#nanoTime}. */
    void endAt(long deadlineNanos) {
        trace.reads = 0;
        trace.deadlineNanos = deadlineNanos;
    }

    List<Source> sourcesRead() {
        return List.copyOf(trace.sources);
    }

    @Override
    public @Nullable Object get(Object key) {
        trace.tick();
        FactSchema.Field field = struct.fields().get(key);
        return field == null ? null : component(field);
    }

    @Override
    public boolean containsKey(Object key) {
        FactSchema.Field field = struct.fields().get(key);
        if (field == null) {
            return false;
        }
        if (field.observable() && raw(field) instanceof Fact<?> fact) {
            return present(fact);
        }
        return true;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        Map<String, Object> all = new LinkedHashMap<>();
        struct.fields().forEach((name, field) -> all.put(name, component(field)));
        return all.entrySet();
    }

    private Object component(FactSchema.Field field) {
        Object cached = seen[field.index()];
        if (field.observable()) {
            Fact<?> fact = (Fact<?>) raw(field);
            Object value = open(fact, field.name());
            if (cached == null) {
                cached = wrap(value);
                seen[field.index()] = cached;
            }
            return cached;
        }
        if (cached == null) {
            cached = wrap(raw(field));
            seen[field.index()] = cached;
        }
        return cached;
    }

    private Object raw(FactSchema.Field field) {
        try {
            return field.accessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("accessor of " + field.name(), e);
        }
    }

    private boolean present(Fact<?> fact) {
        trace.read(fact.source());
        return switch (fact) {
            case Fact.Observed<?> o -> true;
            case Fact.Absent<?> a -> false;
            case Fact.NotObserved<?>(Source source, String reason) ->
                throw new NotObservedException(source, reason, false);
        };
    }

    private Object open(Fact<?> fact, String name) {
        trace.read(fact.source());
        return switch (fact) {
            case Fact.Observed<?>(Object value, Source ignored) -> value;
            case Fact.Absent<?>(Source source) -> throw new NotObservedException(source, name + " is not there", true);
            case Fact.NotObserved<?>(Source source, String reason) ->
                throw new NotObservedException(source, reason, false);
        };
    }

    private Object wrap(Object value) {
        return switch (value) {
            case Record r -> new FactView(r, trace);
            case Integer i -> i.longValue();
            case Enum<?> e -> FactSchema.constantText(e);
            case Instant instant -> instant.toString();
            case List<?> list -> {
                List<Object> out = new ArrayList<>(list.size());
                list.forEach(v -> out.add(wrap(v)));
                yield out;
            }
            case Map<?, ?> map -> new MapView(map);
            default -> value;
        };
    }

    /** A map whose values may be facts. */
    private final class MapView extends AbstractMap<String, Object> {
        private final Map<?, ?> map;
        private final Map<Object, Object> wrapped = new HashMap<>();
        private @Nullable Set<String> keys;

        MapView(Map<?, ?> map) {
            this.map = map;
        }

        @Override
        public @Nullable Object get(Object key) {
            trace.tick();
            Object value = map.get(key);
            if (value instanceof Fact.Absent<?> absent) {
                // CEL's operator "in" asks by reading; an absent entry is one that the map does not have.
                trace.read(absent.source());
                return null;
            }
            if (value == null) {
                return null;
            }
            Object plain = value instanceof Fact<?> fact ? open(fact, String.valueOf(key)) : value;
            return wrapped.computeIfAbsent(key, k -> wrap(plain));
        }

        @Override
        public boolean containsKey(Object key) {
            Object value = map.get(key);
            return value instanceof Fact<?> fact ? present(fact) : value != null;
        }

        @Override
        public int size() {
            return map.size();
        }

        @Override
        public Set<String> keySet() {
            if (keys == null) {
                Set<String> sorted = new TreeSet<>();
                map.forEach((key, value) -> {
                    if (!(value instanceof Fact.Absent<?>)) {
                        sorted.add((String) key);
                    }
                });
                keys = sorted;
            }
            return keys;
        }

        @Override
        public Set<Map.Entry<String, Object>> entrySet() {
            Map<String, Object> all = new LinkedHashMap<>();
            for (String key : keySet()) {
                Object value = get(key);
                if (value != null) {
                    all.put(key, value);
                }
            }
            return all.entrySet();
        }
    }
}
