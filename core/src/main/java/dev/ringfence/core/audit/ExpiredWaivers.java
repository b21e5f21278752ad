package dev.ringfence.core.audit;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The built-in control on the waivers themselves: one that has run out is a finding until somebody removes or renews it. */
final class ExpiredWaivers {
    private static final Control CONTROL = new Control(
            Auditor.EXPIRED_WAIVERS,
            "No waiver has expired",
            Severity.HIGH,
            Profile.Level.BASELINE,
            List.of(Threat.GUEST_TO_HOST, Threat.GUEST_TO_GUEST),
            List.of(Stride.REPUDIATION),
            "An expired waiver is a risk that somebody accepted for a time which is over.",
            "",
            "waivers",
            "waiver",
            "",
            "",
            "",
            new Fix(
                    Fix.Reach.LIVE,
                    "Fix the control and delete the waiver, or have its owner decide again with a new date.",
                    List.of(),
                    ""),
            List.of("NIST SP 800-53r5 CA-5"));

    private ExpiredWaivers() {}

    static ControlResult judge(List<Waiver> waivers, Instant now) {
        List<ControlResult.SubjectResult> subjects = waivers.stream()
                .map(w -> new ControlResult.SubjectResult(
                        w.control() + (w.subject().equals("*") ? "" : " " + w.subject()),
                        w.expired(now) ? Verdict.FAIL : Verdict.PASS,
                        OneLine.of(
                                (w.expired(now) ? "expired " : "valid until ") + w.expires() + ", owner " + w.owner())))
                .toList();
        List<ControlResult.SubjectResult> expired =
                subjects.stream().filter(s -> s.verdict() == Verdict.FAIL).toList();
        String evidence = expired.isEmpty()
                ? subjects.size() + " valid"
                : expired.size() + " of " + subjects.size() + ": "
                        + expired.getFirst().subject() + " "
                        + expired.getFirst().evidence();
        return new ControlResult(
                CONTROL,
                expired.isEmpty() ? Verdict.PASS : Verdict.FAIL,
                evidence,
                subjects,
                List.of(),
                Optional.empty());
    }
}
