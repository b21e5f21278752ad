package dev.ringfence.core.fix;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ordered changes for one host, bound to what was seen there.
 *
 * @param id digest of all the rest
 * @param createdAt when the host was looked at
 * @param version of the program that made it
 * @param profile that chose the controls
 * @param steps in the order of their numbers, 1, 2, 3…
 */
public record FixPlan(
        PlanId id,
        Target target,
        Instant createdAt,
        String version,
        String profile,
        List<Step> steps,
        List<ManualStep> manual) {
    public FixPlan {
        steps = List.copyOf(steps);
        manual = List.copyOf(manual);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).number() != i + 1) {
                throw new IllegalArgumentException("steps are not numbered in order");
            }
        }
        if (!id.equals(idOf(target, createdAt, version, profile, steps, manual))) {
            throw new IllegalArgumentException("the id is not that of this content");
        }
    }

    /**
     * The host that the plan is for.
     *
     * @param host its name
     * @param machineId from /etc/machine-id, empty where it has none
     * @param root {@code /} for the running host, else the directory that held its files
     */
    public record Target(String host, String machineId, String root) {}

    /** A plan with its id. */
    public static FixPlan of(
            Target target,
            Instant createdAt,
            String version,
            String profile,
            List<Step> steps,
            List<ManualStep> manual) {
        return new FixPlan(
                idOf(target, createdAt, version, profile, steps, manual),
                target,
                createdAt,
                version,
                profile,
                steps,
                manual);
    }

    /** The id that a plan of this content must have. */
    public static PlanId idOf(
            Target target,
            Instant createdAt,
            String version,
            String profile,
            List<Step> steps,
            List<ManualStep> manual) {
        return new PlanId(FileContent.sha256(CanonicalForm.of(
                List.of("ringfence-fix-plan-1", target, createdAt.toString(), version, profile, steps, manual))));
    }

    /** What every written file must be before the first step, by path. */
    public Map<String, FileState> filesBefore() {
        Map<String, FileState> before = new HashMap<>();
        for (Step step : steps) {
            if (step.action() instanceof Action.EditFile edit) {
                before.putIfAbsent(edit.path(), edit.before());
            }
        }
        return Map.copyOf(before);
    }
}
