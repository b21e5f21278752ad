package dev.ringfence.core.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Applies waivers to a failed control. */
final class Waivers {
    private Waivers() {}

    /**
     * What waivers do to a failure.
     *
     * @param coversAll whether nothing that failed is left
     * @param applied the waiver to show, valid ones before expired ones
     */
    record Outcome(
            boolean coversAll,
            List<ControlResult.SubjectResult> subjects,
            Optional<ControlResult.AppliedWaiver> applied) {}

    static Outcome apply(
            Control control,
            List<ControlResult.SubjectResult> subjects,
            List<Waiver> waivers,
            String host,
            Instant now) {
        if (subjects.isEmpty()) {
            Optional<Waiver> found = find(control, "", waivers, host, now);
            return new Outcome(
                    found.isPresent() && !found.get().expired(now), subjects, found.map(w -> applied(w, now)));
        }
        List<ControlResult.SubjectResult> out = new ArrayList<>();
        Optional<Waiver> shown = Optional.empty();
        boolean all = true;
        for (ControlResult.SubjectResult subject : subjects) {
            if (subject.verdict() != Verdict.FAIL) {
                out.add(subject);
                // An element that could not be seen may be one that no waiver covers.
                all &= subject.verdict() != Verdict.NOT_COVERED;
                continue;
            }
            Optional<Waiver> found = find(control, subject.subject(), waivers, host, now);
            boolean waived = found.isPresent() && !found.get().expired(now);
            all &= waived;
            shown = shown.filter(w -> !w.expired(now)).or(() -> found);
            out.add(
                    waived
                            ? new ControlResult.SubjectResult(subject.subject(), Verdict.WAIVED, subject.evidence())
                            : subject);
        }
        return new Outcome(all, out, shown.map(w -> applied(w, now)));
    }

    private static ControlResult.AppliedWaiver applied(Waiver waiver, Instant now) {
        return new ControlResult.AppliedWaiver(waiver, Verdict.FAIL, waiver.expired(now));
    }

    private static Optional<Waiver> find(
            Control control, String subject, List<Waiver> waivers, String host, Instant now) {
        List<Waiver> covering = waivers.stream()
                .filter(w -> w.covers(control.id(), subject, host))
                .toList();
        return covering.stream()
                .filter(w -> !w.expired(now))
                .findFirst()
                .or(() -> covering.stream().findFirst());
    }
}
