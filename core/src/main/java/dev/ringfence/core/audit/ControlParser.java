package dev.ringfence.core.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads controls, profiles and waivers that people wrote in YAML. Every problem of a document is reported at once;
 * documents without problems are returned beside the others' problems, so that one bad control never stops the rest.
 */
public final class ControlParser {
    private ControlParser() {}

    /** What was read, and one line for each problem, {@code file: key: what is wrong}. */
    public record Parsed<T>(List<T> values, List<String> problems) {
        public Parsed {
            values = List.copyOf(values);
            problems = List.copyOf(problems);
        }
    }

    /** A control with the samples that show it both ways. */
    public record Written(Control control, Map<?, ?> passing, Map<?, ?> failing) {}

    /** The controls of one file, one YAML document each. */
    public static Parsed<Written> controls(String name, String text) {
        List<Written> out = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (YamlMap map : YamlMap.parse(name, text, problems)) {
            int before = problems.size();
            Written written = control(map);
            if (problems.size() == before) {
                out.add(written);
            }
        }
        return new Parsed<>(out, problems);
    }

    private static Written control(YamlMap map) {
        map.only(
                "id",
                "title",
                "severity",
                "profile",
                "threats",
                "stride",
                "rationale",
                "applies-when",
                "each",
                "as",
                "subject",
                "rule",
                "evidence",
                "fix",
                "references",
                "samples");
        String id = map.text("id");
        if (!Control.ID.matcher(id).matches()) {
            map.problem("id", "'" + id + "' is not of the form ABC-123");
        }
        String each = map.text("each", "");
        for (String key : List.of("as", "subject")) {
            if (each.isEmpty() == map.has(key)) {
                map.problem(key, each.isEmpty() ? "only with 'each'" : "missing: 'each' needs it");
            }
        }
        List<Threat> threats = map.constants("threats", Threat.class);
        List<Stride> stride = map.constants("stride", Stride.class);
        if (threats.isEmpty() || stride.isEmpty()) {
            map.problem("threats", "name at least one threat and one STRIDE class");
        }
        String title = map.text("title");
        if (title.length() > 90) {
            map.problem("title", "longer than 90 characters");
        }
        Control control = new Control(
                id,
                title,
                map.constant("severity", Severity.class, null),
                map.constant("profile", Profile.Level.class, Profile.Level.BASELINE),
                threats,
                stride,
                map.text("rationale").replaceAll("\\s+", " "),
                map.text("applies-when", ""),
                each,
                map.text("as", ""),
                map.text("subject", ""),
                map.text("rule"),
                map.text("evidence").replaceAll("\\s+", " "),
                fix(map),
                map.texts("references"));
        Optional<YamlMap> samples = map.child("samples").map(s -> s.only("pass", "fail"));
        if (samples.isEmpty()) {
            map.problem("samples", "missing: give one that passes and one that fails");
            return new Written(control, Map.of(), Map.of());
        }
        return new Written(control, sample(samples.get(), "pass"), sample(samples.get(), "fail"));
    }

    private static Map<?, ?> sample(YamlMap samples, String key) {
        Optional<YamlMap> sample = samples.child(key);
        if (sample.isEmpty()) {
            samples.problem(key, "missing");
        }
        return sample.<Map<?, ?>>map(YamlMap::raw).orElse(Map.of());
    }

    private static Fix fix(YamlMap map) {
        Optional<YamlMap> found = map.child("fix");
        if (found.isEmpty()) {
            map.problem("fix", "missing");
            return new Fix(Fix.Reach.LIVE, "", List.of(), "");
        }
        YamlMap fix = found.get().only("reach", "summary", "changes", "cost");
        List<Fix.Change> changes = fix.children("changes").stream()
                .map(c -> c.only("kind", "target", "value"))
                .map(c ->
                        new Fix.Change(c.constant("kind", Fix.Kind.class, null), c.text("target"), c.text("value", "")))
                .toList();
        return new Fix(
                fix.constant("reach", Fix.Reach.class, null),
                fix.text("summary").replaceAll("\\s+", " "),
                changes,
                fix.text("cost", ""));
    }

    /** The waivers of one file: a mapping with the key {@code waivers}. */
    public static Parsed<Waiver> waivers(String name, String text) {
        List<Waiver> out = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (YamlMap map : YamlMap.parse(name, text, problems)) {
            map.only("waivers");
            for (YamlMap one : map.children("waivers")) {
                one.only("control", "subject", "host", "owner", "reason", "expires", "ticket");
                int before = problems.size();
                String control = one.text("control");
                String owner = one.text("owner");
                String reason = one.text("reason");
                var expires = one.instant("expires");
                if (problems.size() == before) {
                    out.add(new Waiver(
                            control,
                            one.text("subject", "*"),
                            one.text("host", "*"),
                            owner,
                            reason,
                            expires,
                            one.text("ticket", "")));
                }
            }
        }
        return new Parsed<>(out, problems);
    }

    /** The profile of one file. */
    public static Parsed<Profile> profile(String name, String text) {
        List<Profile> out = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (YamlMap map : YamlMap.parse(name, text, problems)) {
            map.only("name", "extends", "add", "remove", "severity", "parameters");
            Map<String, Severity> severities = new java.util.LinkedHashMap<>();
            map.child("severity")
                    .ifPresent(s -> s.raw()
                            .keySet()
                            .forEach(k -> severities.put(
                                    String.valueOf(k), s.constant(String.valueOf(k), Severity.class, null))));
            Profile profile = new Profile(
                    map.text("name"),
                    map.constant("extends", Profile.Level.class, null),
                    map.texts("add"),
                    map.child("remove").map(YamlMap::textMap).orElse(Map.of()),
                    severities,
                    map.child("parameters").map(ControlParser::parameters).orElse(Map.of()));
            if (problems.isEmpty()) {
                out.add(profile);
            }
        }
        return new Parsed<>(out, problems);
    }

    /** A file of parameters: lists of texts by name. */
    public static Parsed<Map<String, List<String>>> parameters(String name, String text) {
        List<String> problems = new ArrayList<>();
        List<Map<String, List<String>>> out = YamlMap.parse(name, text, problems).stream()
                .map(ControlParser::parameters)
                .toList();
        return new Parsed<>(out, problems);
    }

    private static Map<String, List<String>> parameters(YamlMap map) {
        Map<String, List<String>> out = new java.util.LinkedHashMap<>();
        map.raw().keySet().forEach(k -> out.put(String.valueOf(k), map.texts(String.valueOf(k))));
        return out;
    }
}
