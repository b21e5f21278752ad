package dev.ringfence.core.fix;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.HostFacts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes plans. Nothing is changed. The same request on the same host gives the same steps; on a host that was fixed it
 * gives none. For one thread.
 */
public final class Planner {
    private final CurrentState state;

    /** Plans for the host that has this state. */
    public Planner(CurrentState state) {
        this.state = state;
    }

    /**
     * A plan for the chosen findings. Every one of them is answered by steps, by a manual step, or by both.
     *
     * @throws IllegalArgumentException when a control of the pack writes what no step can hold; shipped controls do not
     */
    public FixPlan plan(PlanRequest request) {
        HostFacts facts = request.facts();
        HostView host = new HostView(facts, state);
        Drafts drafts = new Drafts(state);
        Changes changes = new Changes(host, drafts);
        List<ManualStep> manual = new ArrayList<>();
        for (ControlResult finding : request.findings()) {
            answer(changes, finding).ifPresent(manual::add);
        }
        return FixPlan.of(
                new FixPlan.Target(
                        facts.host().name().orElse(request.report().host()),
                        facts.host().machineId().orElse(""),
                        facts.observer().root()),
                facts.observedAt(),
                request.version(),
                request.report().profile(),
                new StepList(host, drafts, changes.domains()).steps(),
                manual);
    }

    /** What is left for a person, if anything is. */
    private static Optional<ManualStep> answer(Changes changes, ControlResult finding) {
        Fix fix = finding.control().fix();
        if (fix.changes().isEmpty()) {
            return Optional.of(manual(finding, "No program can do this."));
        }
        Optional<String> missing = changes.missing(fix);
        if (missing.isPresent()) {
            return Optional.of(manual(finding, sentence(missing.get())));
        }
        boolean planned = false;
        Set<String> byHand = new LinkedHashSet<>();
        Set<String> already = new LinkedHashSet<>();
        for (Fix.Change change : fix.changes()) {
            for (Outcome outcome : changes.make(change, finding).parts()) {
                switch (outcome) {
                    case Outcome.Planned ignored -> planned = true;
                    case Outcome.Already(String why) -> already.add(why);
                    case Outcome.ByHand(String why) -> byHand.add(why);
                    case Outcome.Several several -> throw new IllegalStateException("parts have parts");
                }
            }
        }
        if (!byHand.isEmpty()) {
            return Optional.of(manual(finding, sentence(String.join("; ", byHand))));
        }
        if (planned) {
            boolean packagesAlone = fix.changes().stream().allMatch(c -> c.kind() == Fix.Kind.PACKAGE);
            return packagesAlone
                    ? Optional.of(manual(finding, "A package is planned; what it is to do is set up by a person."))
                    : Optional.empty();
        }
        String pending = switch (fix.reach()) {
            case LIVE, BUILD -> "look at what the control saw";
            case DAEMON -> "restart the daemon if that was not done yet, else look at what the control saw";
            case GUEST -> "restart or migrate the guests if that was not done yet, else look at what the control saw";
            case REBOOT -> "restart the host if that was not done yet, else look at what the control saw";
        };
        return Optional.of(
                manual(finding, sentence("nothing is left to change here (" + shortened(already) + "): " + pending)));
    }

    private static String shortened(Set<String> reasons) {
        List<String> first = reasons.stream().limit(3).toList();
        return String.join("; ", first) + (reasons.size() > first.size() ? "; …" : "");
    }

    private static String sentence(String text) {
        String one = text.strip();
        return Character.toUpperCase(one.charAt(0)) + one.substring(1) + (one.endsWith(".") ? "" : ".");
    }

    private static ManualStep manual(ControlResult finding, String why) {
        return new ManualStep(
                finding.control().id(),
                finding.control().title(),
                finding.control().fix().reach(),
                why,
                finding.control().fix().summary(),
                new Cause(finding, finding.control().fix().reach()).subjects());
    }
}
