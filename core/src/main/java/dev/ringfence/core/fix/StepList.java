package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Orders what was drafted: what disturbs least first; packages before the files that need them, a file before the value
 * that it keeps.
 */
final class StepList {
    private final HostView host;
    private final Drafts drafts;
    private final DomainFixes domains;

    StepList(HostView host, Drafts drafts, DomainFixes domains) {
        this.host = host;
        this.drafts = drafts;
        this.domains = domains;
    }

    /** A step without its number. */
    private record Part(
            String title,
            Action action,
            List<Cause> causes,
            List<Step.UnitRestart> restarts,
            List<Step.Precondition> preconditions,
            Step.Undo undo) {
        Fix.Reach reach() {
            return causes.stream()
                    .map(Cause::reach)
                    .max(Comparator.naturalOrder())
                    .orElse(Fix.Reach.LIVE);
        }

        /** Place among the steps of one reach. */
        int rank() {
            return switch (action) {
                case Action.ChangePackage a -> 0;
                case Action.EditFile a -> 1;
                case Action.SetFileAttributes a -> 2;
                case Action.SetKernelValue a -> 3;
                case Action.SetSelinuxBoolean a -> 4;
                case Action.ChangeUnit a -> 5;
                case Action.RunCommand a -> 6;
                case Action.EditDomain a -> 7;
            };
        }
    }

    List<Step> steps() {
        List<Part> parts = new ArrayList<>();
        Map<String, Drafts.AttributeDraft> attributes = new LinkedHashMap<>(drafts.attributes());
        for (FileDraft file : drafts.files().values()) {
            if (file.isChanged()) {
                Drafts.AttributeDraft own = attributes.remove(file.path());
                if (own != null && !own.after().equals(own.before())) {
                    file.attributes(own.after(), own.causes());
                }
                parts.add(part(file));
            }
        }
        attributes(attributes).forEach(parts::add);
        drafts.values().forEach(v -> parts.add(part(v)));
        drafts.singles()
                .forEach(s -> parts.add(
                        new Part(s.title(), s.action(), s.causes(), s.restarts(), s.preconditions(), s.undo())));
        domains.drafts().forEach(d -> parts.add(part(d)));
        // A stable sort: within a rank, the order of drafting stays, which values written in a row need.
        parts.sort(Comparator.comparing(Part::reach).thenComparing(Part::rank));
        List<Step> steps = new ArrayList<>();
        for (Part part : parts) {
            steps.add(step(steps.size() + 1, part));
        }
        return steps;
    }

    private static Part part(FileDraft file) {
        return new Part(
                (file.isNew() ? "Write " : "Edit ") + file.path(),
                file.action(),
                file.causes(),
                file.restarts(),
                file.preconditions(),
                new Step.Undo(
                        Step.Undo.Kind.AUTOMATIC,
                        file.isNew() ? "the file is removed again" : "the file gets its old bytes back"));
    }

    private static Part part(Drafts.ValueDraft value) {
        Action.SetKernelValue action = value.action();
        Step.Undo undo = action.restore()
                .map(old -> new Step.Undo(Step.Undo.Kind.AUTOMATIC, "'" + old + "' is written again"))
                .orElse(new Step.Undo(
                        Step.Undo.Kind.WITH_RESTART, "the kernel takes it back only when the host restarts"));
        return new Part("Set " + action.path(), action, value.causes(), List.of(), List.of(), undo);
    }

    private static Part part(DomainFixes.DomainDraft draft) {
        Action.EditDomain action = draft.action();
        return new Part(
                "Define guest " + action.name() + " anew",
                action,
                draft.causes(),
                List.of(),
                List.of(new Step.Precondition.ProgramThere("virsh")),
                new Step.Undo(Step.Undo.Kind.AUTOMATIC, "the old definition is stored again"));
    }

    /** Paths that the same controls change make one step. */
    private static Collection<Part> attributes(Map<String, Drafts.AttributeDraft> attributes) {
        Map<List<String>, List<Action.AttributeChange>> changes = new LinkedHashMap<>();
        Map<List<String>, List<Cause>> causes = new HashMap<>();
        attributes.forEach((path, draft) -> {
            if (!draft.after().equals(draft.before())) {
                List<String> ids = ids(draft.causes());
                changes.computeIfAbsent(ids, i -> new ArrayList<>())
                        .add(new Action.AttributeChange(path, draft.before(), draft.after()));
                causes.put(ids, draft.causes());
            }
        });
        List<Part> parts = new ArrayList<>();
        changes.forEach((ids, list) -> parts.add(new Part(
                "Set owner and mode of " + (list.size() == 1 ? list.getFirst().path() : list.size() + " paths"),
                new Action.SetFileAttributes(list),
                causes.getOrDefault(ids, List.of()),
                List.of(),
                List.of(),
                new Step.Undo(Step.Undo.Kind.AUTOMATIC, "owner and mode become what they were"))));
        return parts;
    }

    private static List<String> ids(List<Cause> causes) {
        return List.copyOf(new TreeSet<>(causes.stream().map(Cause::id).toList()));
    }

    private Step step(int number, Part part) {
        List<Step.Precondition> preconditions = new ArrayList<>(part.preconditions());
        Map<String, Cause> byId = new java.util.TreeMap<>();
        part.causes().forEach(c -> byId.putIfAbsent(c.id(), c));
        byId.forEach((id, cause) -> preconditions.add(new Step.Precondition.Reviewed(
                id + ": " + cause.finding().control().fix().summary())));
        List<Step.Disturbance> disturbs = disturbances(part, preconditions);
        List<String> costs = byId.values().stream()
                .map(c -> c.finding().control().fix().cost())
                .filter(c -> !c.isEmpty())
                .distinct()
                .toList();
        return new Step(
                number,
                List.copyOf(byId.keySet()),
                part.title(),
                part.action(),
                part.reach(),
                part.restarts(),
                disturbs,
                String.join(" ", costs),
                preconditions,
                part.undo());
    }

    private List<Step.Disturbance> disturbances(Part part, List<Step.Precondition> preconditions) {
        Fix.Reach reach = part.reach();
        boolean quiet = switch (reach) {
            case LIVE, DAEMON -> true;
            case GUEST, REBOOT -> false;
            case BUILD ->
                !(part.action() instanceof Action.ChangePackage change
                        && change.name().startsWith("qemu"));
        };
        if (quiet) {
            return List.of();
        }
        return switch (host.running()) {
            case Fact.Absent<List<Guest>> absent -> List.of();
            case Fact.NotObserved<List<Guest>>(var source, String why) -> {
                preconditions.add(new Step.Precondition.Reviewed(
                        "Which guests run and so are disturbed could not be seen: " + why + "."));
                yield List.of();
            }
            case Fact.Observed<List<Guest>>(List<Guest> running, var source) ->
                running.stream()
                        .filter(g -> reach == Fix.Reach.REBOOT || affects(part, g))
                        .map(g -> new Step.Disturbance(
                                g.name(),
                                HostView.uuid(g),
                                reach == Fix.Reach.REBOOT
                                        ? Step.Disturbance.How.HOST_RESTARTS
                                        : Step.Disturbance.How.NEEDS_RESTART))
                        .toList();
        };
    }

    /** A definition concerns its own guest; a control that judges guests, those that fail; anything else all. */
    private static boolean affects(Part part, Guest guest) {
        if (part.action() instanceof Action.EditDomain edit) {
            return edit.name().equals(guest.name());
        }
        return part.causes().stream()
                .filter(c -> c.reach().compareTo(Fix.Reach.GUEST) >= 0)
                .anyMatch(c -> !c.finding().control().each().equals("guests")
                        || c.subjects().contains(guest.name()));
    }
}
