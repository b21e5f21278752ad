package dev.ringfence.wire.fix;

import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.ManualStep;
import dev.ringfence.core.fix.PlanId;
import dev.ringfence.core.fix.Step;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Turns a document's tree into the records of a plan. Everything must be there, and nothing else. */
final class PlanReader {
    private final String name;

    PlanReader(String name) {
        this.name = name;
    }

    /** The plan, if its id fits the rest. */
    FixPlan plan(Map<String, @Nullable Object> tree) throws MalformedDocumentException {
        List<Object> values = components(FixPlan.class, tree, "");
        PlanId id = (PlanId) values.get(0);
        FixPlan.Target target = (FixPlan.Target) values.get(1);
        Instant createdAt = (Instant) values.get(2);
        String version = (String) values.get(3);
        String profile = (String) values.get(4);
        List<Step> steps = all((List<?>) values.get(5), Step.class);
        List<ManualStep> manual = all((List<?>) values.get(6), ManualStep.class);
        if (!id.equals(FixPlan.idOf(target, createdAt, version, profile, steps, manual))) {
            throw new MalformedDocumentException(
                    "RF-FIX-003",
                    name,
                    "it was changed after it was made: its id is not the digest of its content",
                    "Make the plan again; choose steps with 'fix apply' instead of editing the file.");
        }
        try {
            return new FixPlan(id, target, createdAt, version, profile, steps, manual);
        } catch (IllegalArgumentException e) {
            throw misfit("steps", String.valueOf(e.getMessage()));
        }
    }

    private static <T> List<T> all(List<?> values, Class<T> type) {
        return values.stream().map(type::cast).toList();
    }

    private List<Object> components(Class<?> type, Map<?, ?> map, String path) throws MalformedDocumentException {
        Set<String> known = new TreeSet<>();
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            String key = component.getName();
            String place = path.isEmpty() ? key : path + "." + key;
            known.add(key);
            if (!map.containsKey(key)) {
                throw misfit(place, "is missing");
            }
            values.add(value(component.getGenericType(), map.get(key), place));
        }
        for (Object key : map.keySet()) {
            boolean choice = key.equals("type") && type.getInterfaces().length > 0;
            if (!choice && !known.contains(String.valueOf(key))) {
                throw misfit(path.isEmpty() ? String.valueOf(key) : path + "." + key, "this version does not know it");
            }
        }
        return values;
    }

    private Object value(Type type, @Nullable Object value, String path) throws MalformedDocumentException {
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return value == null ? Optional.empty() : Optional.of(value(element, value, path));
            }
            if (!(value instanceof List<?> list)) {
                throw misfit(path, "expected a list");
            }
            List<Object> out = new ArrayList<>(list.size());
            for (int i = 0; i < list.size(); i++) {
                out.add(value(element, list.get(i), path + "[" + i + "]"));
            }
            return out;
        }
        return simple((Class<?>) type, value, path);
    }

    private Object simple(Class<?> type, @Nullable Object value, String path) throws MalformedDocumentException {
        if (type == boolean.class) {
            if (value instanceof Boolean flag) {
                return flag;
            }
            throw misfit(path, "expected true or false");
        }
        if (type == int.class || type == long.class) {
            return number(type, value, path);
        }
        if (type == Argv.class) {
            return argv(value, path);
        }
        if (type == FileContent.class) {
            return content(value, path);
        }
        if (type.isRecord() && type != PlanId.class) {
            return data(type, object(value, path), path);
        }
        if (type.isInterface()) {
            return choice(type, object(value, path), path);
        }
        if (!(value instanceof String text)) {
            throw misfit(path, "expected a text");
        }
        return text(type, text, path);
    }

    private Object text(Class<?> type, String text, String path) throws MalformedDocumentException {
        if (type == String.class) {
            return text;
        }
        try {
            if (type == Instant.class) {
                return Instant.parse(text);
            }
            if (type == PlanId.class) {
                return new PlanId(text);
            }
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw misfit(path, "not of its form: " + text);
        }
        for (Object constant : type.getEnumConstants()) {
            if (FactSchema.constantText((Enum<?>) constant).equals(text)) {
                return constant;
            }
        }
        throw misfit(path, "this version does not know '" + text + "'");
    }

    private Object number(Class<?> type, @Nullable Object value, String path) throws MalformedDocumentException {
        if (!(value instanceof Long number) || type == int.class && number != number.intValue()) {
            throw misfit(path, "expected a whole number");
        }
        return type == int.class ? (Object) number.intValue() : number;
    }

    private Argv argv(@Nullable Object value, String path) throws MalformedDocumentException {
        if (!(value instanceof List<?> words) || !words.stream().allMatch(String.class::isInstance)) {
            throw misfit(path, "expected a list of texts");
        }
        try {
            return new Argv(all(words, String.class));
        } catch (IllegalArgumentException e) {
            throw misfit(path, String.valueOf(e.getMessage()));
        }
    }

    private FileContent content(@Nullable Object value, String path) throws MalformedDocumentException {
        Map<?, ?> map = object(value, path);
        try {
            if (map.size() == 1 && map.get("text") instanceof String text) {
                return FileContent.of(text);
            }
            if (map.size() == 1 && map.get("base64") instanceof String base64) {
                return FileContent.of(Base64.getDecoder().decode(base64));
            }
        } catch (IllegalArgumentException e) {
            throw misfit(path, String.valueOf(e.getMessage()));
        }
        throw misfit(path, "expected a text or base64");
    }

    private Object choice(Class<?> type, Map<?, ?> map, String path) throws MalformedDocumentException {
        Object named = map.get("type");
        Class<?> chosen = Arrays.stream(type.getPermittedSubclasses())
                .filter(c -> PlanWriter.typeName(c).equals(named))
                .findFirst()
                .orElse(null);
        if (chosen == null) {
            throw misfit(path + ".type", named == null ? "is missing" : "this version does not know '" + named + "'");
        }
        return data(chosen, map, path);
    }

    private Object data(Class<?> type, Map<?, ?> map, String path) throws MalformedDocumentException {
        List<Object> values = components(type, map, path);
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException cause) {
                throw misfit(path, String.valueOf(cause.getMessage()));
            }
            throw new IllegalStateException("cannot make a " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type, e);
        }
    }

    private Map<?, ?> object(@Nullable Object value, String path) throws MalformedDocumentException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw misfit(path, "expected an object");
    }

    private MalformedDocumentException misfit(String path, String problem) {
        return new MalformedDocumentException(
                "RF-FIX-002", name, path + ": " + problem, "Make the plan again with this version.");
    }
}
