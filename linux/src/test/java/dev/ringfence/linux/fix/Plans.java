package dev.ringfence.linux.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FileDiff;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Plans for tests. */
final class Plans {
    static final FileAttributes ROOT_0644 = new FileAttributes("0", "0", "0644");
    static final FileAttributes ROOT_0600 = new FileAttributes("0", "0", "0600");

    private Plans() {}

    static FixPlan plan(Step... steps) {
        return FixPlan.of(
                new FixPlan.Target("hv", "", "/"),
                Instant.parse("2026-11-21T05:00:00Z"),
                "test",
                "multi-tenant",
                List.of(steps),
                List.of());
    }

    static Step step(int number, Action action) {
        return step(number, action, Fix.Reach.LIVE, List.of(), List.of());
    }

    static Step step(
            int number,
            Action action,
            Fix.Reach reach,
            List<Step.UnitRestart> restarts,
            List<Step.Precondition> preconditions) {
        return new Step(
                number,
                List.of("TST-00" + number),
                "step " + number,
                action,
                reach,
                restarts,
                List.of(),
                "",
                preconditions,
                new Step.Undo(Step.Undo.Kind.AUTOMATIC, ""));
    }

    static Action edit(String path, String before, String after) {
        return edit(path, before, after, List.of(), List.of());
    }

    static Action edit(String path, String before, String after, List<Action.Check> checks, List<Argv> regenerate) {
        FileContent from = FileContent.of(before);
        FileContent to = FileContent.of(after);
        return new Action.EditFile(
                path, FileState.of(from, ROOT_0644), to, ROOT_0600, FileDiff.of(path, from, to), checks, regenerate);
    }

    static Action create(String path, String after) {
        FileContent to = FileContent.of(after);
        return new Action.EditFile(
                path, new FileState.Absent(), to, ROOT_0644, FileDiff.ofNew(path, to), List.of(), List.of());
    }

    static Action mode(String path, String before, String after) {
        return new Action.SetFileAttributes(List.of(new Action.AttributeChange(
                path, new FileAttributes("0", "0", before), new FileAttributes("0", "0", after))));
    }

    /** Three files that change, one in a directory that is not there, and one that only changes its mode. */
    static FixPlan manyFiles() {
        List<Step> steps = new ArrayList<>();
        steps.add(step(1, edit("/etc/a.conf", "a = 1\n", "a = 2\n")));
        steps.add(step(2, create("/etc/b.d/deep/50-b.conf", "b = 2\n")));
        steps.add(step(3, mode("/etc/c.conf", "0644", "0640")));
        steps.add(step(4, edit("/etc/d.conf", "d = " + "1".repeat(9000), "d = 2\n")));
        return plan(steps.toArray(Step[]::new));
    }
}
