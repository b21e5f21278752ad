package dev.ringfence.core.audit;

import dev.cel.runtime.CelVariableResolver;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.core.host.Observations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges hosts. Programs are planned at their first use and reused, so one auditor judges many hosts. For one thread.
 */
public final class Auditor {
    /** Far more than any honest rule needs for one host or one subject; what takes longer is not covered. */
    private static final long EVALUATION_LIMIT_NANOS = 250_000_000L;

    /** For all subjects of one control together. */
    private static final long CONTROL_LIMIT_NANOS = 2_000_000_000L;

    /** The control that reports waivers which have run out. */
    public static final String EXPIRED_WAIVERS = "WVR-001";

    private final ControlPack pack;
    private final Programs programs = new Programs();

    /** An auditor with these controls. */
    public Auditor(ControlPack pack) {
        this.pack = pack;
    }

    /**
     * Judges one host.
     *
     * @param now decides which waivers hold
     */
    public AuditReport audit(HostFacts facts, Profile profile, List<Waiver> waivers, Instant now) {
        FactView view = FactView.of(facts);
        String host = facts.host().name().orElse("unknown");
        Map<String, List<String>> parameters = parameters(profile);
        List<ControlResult> results = new ArrayList<>();
        for (CompiledControl compiled : pack.controls()) {
            if (profile.chooses(compiled.control())) {
                ControlResult result = judge(compiled, view, parameters, profile, waivers, host, now);
                if (!outOfScope(result)) {
                    results.add(result);
                }
            }
        }
        if (!waivers.isEmpty()) {
            results.add(ExpiredWaivers.judge(waivers, now));
        }
        return new AuditReport(host, observer(facts), facts.observedAt(), profile.name(), results, profile.remove());
    }

    /**
     * Judges one host by one control, whatever the profile chooses.
     *
     * @throws IllegalArgumentException if the pack has no such control
     */
    public ControlResult judge(String id, HostFacts facts, Profile profile, Instant now) {
        CompiledControl compiled =
                pack.find(id).orElseThrow(() -> new IllegalArgumentException("no control is called " + id));
        return judge(compiled, FactView.of(facts), parameters(profile), profile, List.of(), "", now);
    }

    private Map<String, List<String>> parameters(Profile profile) {
        Map<String, List<String>> parameters = new LinkedHashMap<>(pack.parameters());
        parameters.putAll(profile.parameters());
        return parameters;
    }

    /** When single files are judged, controls on the rest of a host have nothing to say. */
    private static boolean outOfScope(ControlResult result) {
        return result.verdict() == Verdict.NOT_COVERED && result.evidence().endsWith(Observations.OUT_OF_SCOPE);
    }

    private static String observer(HostFacts facts) {
        HostFacts.Observer observer = facts.observer();
        String who = observer.uid() == 0 ? " as root" : observer.uid() > 0 ? " as uid " + observer.uid() : "";
        return observer.method() + who;
    }

    private ControlResult judge(
            CompiledControl compiled,
            FactView view,
            Map<String, List<String>> parameters,
            Profile profile,
            List<Waiver> waivers,
            String host,
            Instant now) {
        Control control = Optional.ofNullable(
                        profile.severities().get(compiled.control().id()))
                .map(compiled.control()::withSeverity)
                .orElse(compiled.control());
        view.startTrace();
        long controlEnd = System.nanoTime() + CONTROL_LIMIT_NANOS;
        Runnable startClock = () -> view.endAt(Math.min(controlEnd, System.nanoTime() + EVALUATION_LIMIT_NANOS));
        startClock.run();
        CelVariableResolver variables =
                name -> name.equals("parameters") ? Optional.of(parameters) : Optional.ofNullable(view.get(name));
        Judgement judgement = applies(compiled, variables);
        List<ControlResult.SubjectResult> subjects = List.of();
        if (judgement == null) {
            if (control.judgesEach()) {
                subjects = new ArrayList<>();
                judgement = judgeEach(compiled, variables, startClock, subjects);
            } else {
                judgement = rule(compiled, variables);
            }
        }
        return waive(control, judgement, subjects, view, waivers, host, now);
    }

    private record Judgement(Verdict verdict, String evidence) {}

    /** Null when the control applies. */
    private @Nullable Judgement applies(CompiledControl compiled, CelVariableResolver variables) {
        if (compiled.appliesWhen().length == 0) {
            return null;
        }
        return switch (programs.run(compiled.appliesWhen(), variables)) {
            case Programs.Value(Object value) ->
                value.equals(true) ? null : new Judgement(Verdict.NOT_APPLICABLE, "does not apply here");
            case Programs.Unknown(String reason, boolean absent) -> new Judgement(Verdict.NOT_COVERED, reason);
            case Programs.Broken(String reason) -> new Judgement(Verdict.NOT_COVERED, "control error: " + reason);
        };
    }

    private Judgement rule(CompiledControl compiled, CelVariableResolver variables) {
        return switch (programs.run(compiled.rule(), variables)) {
            case Programs.Value(Object value) ->
                new Judgement(value.equals(true) ? Verdict.PASS : Verdict.FAIL, evidence(compiled, variables));
            case Programs.Unknown(String reason, boolean absent) -> new Judgement(Verdict.NOT_COVERED, reason);
            case Programs.Broken(String reason) -> new Judgement(Verdict.NOT_COVERED, "control error: " + reason);
        };
    }

    private String evidence(CompiledControl compiled, CelVariableResolver variables) {
        StringBuilder out = new StringBuilder();
        for (CompiledControl.Piece piece : compiled.evidence()) {
            if (piece.expression().length == 0) {
                out.append(piece.text());
                continue;
            }
            out.append(
                    switch (programs.run(piece.expression(), variables)) {
                        case Programs.Value(Object value) -> Functions.text(value);
                        case Programs.Unknown(String reason, boolean absent) -> "(not observed)";
                        case Programs.Broken(String reason) -> "(?)";
                    });
        }
        return OneLine.of(out.toString());
    }

    private Judgement judgeEach(
            CompiledControl compiled,
            CelVariableResolver variables,
            Runnable startClock,
            List<ControlResult.SubjectResult> subjects) {
        switch (programs.run(compiled.each(), variables)) {
            case Programs.Unknown(String reason, boolean absent) -> {
                // What holds the list is certainly not there, so there is nothing to judge.
                return new Judgement(absent ? Verdict.NOT_APPLICABLE : Verdict.NOT_COVERED, reason);
            }
            case Programs.Broken(String reason) -> {
                return new Judgement(Verdict.NOT_COVERED, "control error: " + reason);
            }
            case Programs.Value(Object value) -> {
                for (Object element : (List<?>) value) {
                    startClock.run();
                    subjects.add(judgeOne(compiled, variables, element));
                }
            }
        }
        return Subjects.together(subjects);
    }

    private ControlResult.SubjectResult judgeOne(
            CompiledControl compiled, CelVariableResolver variables, Object element) {
        String as = compiled.control().as();
        CelVariableResolver inner = name -> name.equals(as) ? Optional.of(element) : variables.find(name);
        String subject = switch (programs.run(compiled.subject(), inner)) {
            case Programs.Value(Object value) -> OneLine.of(String.valueOf(value));
            case Programs.Unknown ignored -> "?";
            case Programs.Broken ignored -> "?";
        };
        Judgement judgement = rule(compiled, inner);
        return new ControlResult.SubjectResult(subject, judgement.verdict(), judgement.evidence());
    }

    private static ControlResult waive(
            Control control,
            Judgement judgement,
            List<ControlResult.SubjectResult> subjects,
            FactView view,
            List<Waiver> waivers,
            String host,
            Instant now) {
        Verdict verdict = judgement.verdict();
        String evidence = judgement.evidence();
        Optional<ControlResult.AppliedWaiver> applied = Optional.empty();
        List<ControlResult.SubjectResult> judged = subjects;
        if (verdict == Verdict.FAIL) {
            Waivers.Outcome outcome = Waivers.apply(control, subjects, waivers, host, now);
            applied = outcome.applied();
            if (outcome.coversAll()) {
                verdict = Verdict.WAIVED;
            }
            judged = outcome.subjects();
            if (!subjects.isEmpty() && verdict == Verdict.FAIL) {
                evidence = Subjects.together(judged).evidence();
            }
        }
        return new ControlResult(control, verdict, evidence, judged, view.sourcesRead(), applied);
    }

    /** How the results of several subjects make one. */
    private static final class Subjects {
        private static final int NAMED = 3;

        static Judgement together(List<ControlResult.SubjectResult> subjects) {
            if (subjects.isEmpty()) {
                return new Judgement(Verdict.NOT_APPLICABLE, "nothing of the kind here");
            }
            for (Verdict verdict : List.of(Verdict.FAIL, Verdict.NOT_COVERED, Verdict.WAIVED, Verdict.PASS)) {
                List<ControlResult.SubjectResult> some =
                        subjects.stream().filter(s -> s.verdict() == verdict).toList();
                if (!some.isEmpty()) {
                    return new Judgement(verdict, line(some, subjects.size()));
                }
            }
            return new Judgement(Verdict.NOT_APPLICABLE, "nothing of the kind here");
        }

        private static String line(List<ControlResult.SubjectResult> some, int total) {
            StringBuilder out = new StringBuilder();
            if (total > 1) {
                out.append(some.size()).append(" of ").append(total).append(": ");
            }
            int shown = Math.min(some.size(), some.getFirst().verdict() == Verdict.PASS ? 1 : NAMED);
            for (int i = 0; i < shown; i++) {
                ControlResult.SubjectResult one = some.get(i);
                out.append(i == 0 ? "" : "; ")
                        .append(one.subject())
                        .append(": ")
                        .append(one.evidence());
            }
            if (some.size() > shown) {
                out.append("; and ").append(some.size() - shown).append(" more");
            }
            return out.toString();
        }
    }
}
