package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Where steps are applied, and with what.
 *
 * @param root the directory that stands for {@code /}
 * @param running whether that is this running machine: elsewhere nothing is run, and only files are changed
 * @param trusted user ids that may own the directories above a file that is changed: root's, 0
 */
public record Workplace(Path root, boolean running, Storage storage, Commands commands, Set<Long> trusted) {
    public Workplace {
        trusted = Set.copyOf(trusted);
    }

    /** What a plan is for: this machine, or the tree that it names. */
    public static Workplace of(FixPlan plan, Actor who) throws IOException {
        boolean running = plan.target().root().equals("/");
        Path root = running ? Path.of("/") : Path.of(plan.target().root()).toRealPath();
        return new Workplace(root, running, new DiskStorage(), Commands.system(), trusted(who.uid()));
    }

    /** Root, and the user that this process is: what that user could change it can change anyway. */
    public static Set<Long> trusted(long uid) {
        return Set.copyOf(List.of(0L, Math.max(0, uid)));
    }

    /** The place on this machine of a path in a plan. */
    Path place(String path) {
        return root.resolve(path.substring(1));
    }

    /** Who makes a step's change. */
    Hand hand(Step step, PlanFolder folder, Accounts accounts) {
        String token = folder.name() + "-" + step.number();
        return switch (step.action()) {
            case Action.EditFile edit -> new FileHand(this, folder, accounts, edit, token);
            case Action.SetFileAttributes set -> new AttributesHand(this, accounts, set);
            case Action.SetKernelValue set -> new KernelValueHand(this, set);
            case Action.SetSelinuxBoolean set -> new SelinuxHand(this, set);
            case Action.ChangeUnit change -> new UnitHand(this, change);
            case Action.RunCommand run -> new CommandHand(this, run);
            case Action.EditDomain edit -> new DomainHand(this, folder, edit, token);
            case Action.ChangePackage change -> new PackageHand(this, change);
        };
    }
}
