package dev.ringfence.core.audit;

import dev.ringfence.core.host.HostFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a pack from what authors wrote: parses, checks every expression, and tries each control on its samples. Used by
 * the build for the shipped controls and at run time for an operator's own. Thread-safe.
 */
public final class ControlWorkshop {
    private ControlWorkshop() {}

    /** The controls without problems, and one line for each problem of the others. */
    public record Built(ControlPack pack, List<String> problems) {
        public Built {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Builds a pack.
     *
     * @param controlFiles YAML by file name
     * @param parameterFiles YAML by file name: lists of texts by parameter
     */
    public static Built build(Map<String, String> controlFiles, Map<String, String> parameterFiles) {
        List<String> problems = new ArrayList<>();
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        parameterFiles.forEach((name, text) -> {
            var parsed = ControlParser.parameters(name, text);
            problems.addAll(parsed.problems());
            parsed.values().forEach(parameters::putAll);
        });
        ExpressionCompiler compiler = new ExpressionCompiler();
        Map<String, CompiledControl> compiled = new LinkedHashMap<>();
        Map<String, ControlParser.Written> written = new LinkedHashMap<>();
        Map<String, String> files = new LinkedHashMap<>();
        controlFiles.forEach((name, text) -> {
            var parsed = ControlParser.controls(name, text);
            problems.addAll(parsed.problems());
            for (ControlParser.Written control : parsed.values()) {
                List<String> found = new ArrayList<>();
                CompiledControl result = compiler.compile(control.control(), found);
                found.forEach(p -> problems.add(name + ": " + p));
                if (found.isEmpty()) {
                    if (compiled.putIfAbsent(control.control().id(), result) != null) {
                        problems.add(name + ": " + control.control().id() + ": another control has this id");
                    } else {
                        written.put(control.control().id(), control);
                        files.put(control.control().id(), name);
                    }
                }
            }
        });
        ControlPack all = new ControlPack(List.copyOf(compiled.values()), parameters);
        Auditor auditor = new Auditor(all);
        written.forEach((id, control) -> {
            int before = problems.size();
            String place = files.get(id) + ": " + id + ": samples: ";
            sample(auditor, control, place + "pass: ", control.passing(), Verdict.PASS, problems);
            sample(auditor, control, place + "fail: ", control.failing(), Verdict.FAIL, problems);
            if (problems.size() > before) {
                compiled.remove(id);
            }
        });
        return new Built(new ControlPack(List.copyOf(compiled.values()), parameters), problems);
    }

    private static void sample(
            Auditor auditor,
            ControlParser.Written written,
            String place,
            Map<?, ?> sample,
            Verdict expected,
            List<String> problems) {
        try {
            HostFacts facts = SampleFacts.of(sample);
            Profile profile = new Profile(
                    "sample",
                    Profile.Level.HIGH_ASSURANCE,
                    List.of(),
                    Map.of(),
                    Map.of(),
                    SampleFacts.parameters(sample));
            ControlResult result = auditor.judge(written.control().id(), facts, profile, Instant.EPOCH);
            if (result.verdict() != expected) {
                problems.add(place + "expected " + expected.name().toLowerCase(java.util.Locale.ROOT) + ", got "
                        + result.verdict().name().toLowerCase(java.util.Locale.ROOT) + ": " + result.evidence());
            } else if (result.evidence().isBlank() || result.evidence().contains("(?)")) {
                problems.add(place + "the evidence cannot be shown: " + result.evidence());
            }
        } catch (SampleFacts.MalformedSample e) {
            problems.add(place + e.getMessage());
        }
    }
}
