package dev.ringfence.formats.oslopolicy;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import dev.ringfence.formats.text.SourceText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rules that a policy file sets.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-OPL-001 larger than 4 MiB
 *   <li>RF-OPL-002 YAML beyond the subset that is read here
 *   <li>RF-OPL-003 a quoted text is not closed or has an unknown escape
 *   <li>RF-OPL-004 not one JSON object, or one that names a rule twice
 *   <li>RF-OPL-005 a rule that is not text, such as the list form of old releases
 * </ul>
 *
 * @param rules rule name to rule, in order; {@code ""} and {@code @} allow everyone, {@code !} nobody
 * @param repeated names that occur more than once in YAML; the last counts
 */
public record OsloPolicy(Map<String, String> rules, List<String> repeated) {
    static final int MAX_BYTES = 4 << 20;

    public OsloPolicy {
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
        repeated = List.copyOf(repeated);
    }

    /** Parses either form: JSON when the first character is a brace, else YAML. */
    public static Decoded<OsloPolicy> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-OPL-001", "the file is larger than 4 MiB");
        }
        String text = SourceText.decode(bytes).text();
        return text.stripLeading().startsWith("{") ? json(text) : new YamlPolicyReader().read(text);
    }

    private static Decoded<OsloPolicy> json(String text) {
        return switch (JsonText.read(text)) {
            case Decoded.Refused<Json> refused ->
                Decoded.refused("RF-OPL-004", refused.refusal().reason());
            case Decoded.Value<Json> json when json.value() instanceof Json.Members object -> rules(object);
            case Decoded.Value<Json> other -> Decoded.refused("RF-OPL-004", "not one JSON object");
        };
    }

    private static Decoded<OsloPolicy> rules(Json.Members object) {
        Map<String, String> rules = new LinkedHashMap<>();
        for (Map.Entry<String, Json> rule : object.members().entrySet()) {
            if (!(rule.getValue() instanceof Json.Characters text)) {
                return Decoded.refused("RF-OPL-005", "a rule that is not text");
            }
            rules.put(rule.getKey(), text.value());
        }
        return new Decoded.Value<>(new OsloPolicy(rules, List.of()));
    }
}
