package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.FixPlan;
import java.io.IOException;
import java.nio.file.Path;

/** Applies a plan and takes it back over and over, until it is killed. A process of its own for {@link KilledTest}. */
final class KilledChild {
    private KilledChild() {}

    public static void main(String[] arguments) throws IOException {
        FixPlan plan = Plans.manyFiles();
        // Everything is loaded when the parent says go, so that a kill meets work and not the start of a JVM.
        Path warm = Path.of(arguments[1]);
        KilledTest.fill(new Sandbox(warm));
        new Sandbox(warm).run(plan).apply(Sandbox.ALL);
        new Sandbox(warm).run(plan).rollback(Sandbox.ALL);
        System.out.write('r');
        System.out.flush();
        if (System.in.read() < 0) {
            return;
        }
        while (true) {
            Sandbox sandbox = new Sandbox(Path.of(arguments[0]));
            sandbox.run(plan).apply(Sandbox.ALL);
            sandbox.run(plan).rollback(Sandbox.ALL);
        }
    }
}
