package dev.ringfence.core.audit;

import dev.ringfence.core.host.FactTree;
import dev.ringfence.core.host.HostFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Controls and facts for tests, in a line or two. */
final class Written {
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final Profile EVERYTHING =
            new Profile("everything", Profile.Level.HIGH_ASSURANCE, List.of(), Map.of(), Map.of(), Map.of());

    private Written() {}

    static String control(String id, String body) {
        return """
                id: %s
                title: A control of a test
                severity: high
                threats: [guest-to-host]
                stride: [tampering]
                rationale: Because.
                fix: {reach: live, summary: Change it.}
                references: []
                samples: {pass: {}, fail: {}}
                %s
                """.formatted(id, body);
    }

    /** A pack whose samples are not tried. */
    static ControlPack pack(String... controls) {
        ExpressionCompiler compiler = new ExpressionCompiler();
        List<CompiledControl> out = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String text : controls) {
            ControlParser.Parsed<ControlParser.Written> parsed = ControlParser.controls("test.yaml", text);
            problems.addAll(parsed.problems());
            parsed.values().forEach(w -> out.add(compiler.compile(w.control(), problems)));
        }
        if (!problems.isEmpty()) {
            throw new AssertionError(problems);
        }
        return ControlPack.fromBytes(new ControlPack(out, Map.of()).toBytes());
    }

    static HostFacts facts(Map<String, ?> tree) {
        try {
            return FactTree.read(HostFacts.class, tree, FactTree.Missing.EMPTY);
        } catch (FactTree.MalformedTree e) {
            throw new AssertionError(e);
        }
    }

    static ControlResult judge(String body, Map<String, ?> tree, Waiver... waivers) {
        AuditReport report =
                new Auditor(pack(control("TST-001", body))).audit(facts(tree), EVERYTHING, List.of(waivers), NOW);
        return report.results().getFirst();
    }

    static Map<String, Object> ksm(long run) {
        return Map.of("memory", Map.of("ksm", Map.of("run", run, "pagesSharing", 7)));
    }
}
