package dev.ringfence.linux.fix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.fix.FixPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends SIGKILL to a process that applies a plan and takes it back, at random moments. Whatever it leaves, every file is old
 * or new, and the next call finishes or undoes it, to the byte.
 */
final class KilledTest {
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

    /** Longer than an apply and a rollback take together. */
    private static final int LONGEST_MILLIS = 250;

    @TempDir
    private Path temporary = Path.of("");

    private final FixPlan plan = Plans.manyFiles();

    @BeforeEach
    void needsRoot() {
        assumeTrue(DiskStorageTest.isRoot(), "changes owners, so it runs as root");
    }

    /** The host as the plan expects it, with an owner, attributes and an access list to be kept. */
    static void fill(Sandbox sandbox) throws IOException {
        Path a = sandbox.file("/etc/a.conf", "a = 1\n");
        sandbox.file("/etc/c.conf", "c = 1\n");
        sandbox.file("/etc/d.conf", "d = " + "1".repeat(9000));
        if (DiskStorageTest.attributesWork(a)) {
            SortedMap<String, String> attributes = new TreeMap<>();
            attributes.put("user.note", "01");
            attributes.put(AccessList.ATTRIBUTE, AccessList.withMode(DiskStorageTest.ACCESS_LIST, 0644));
            new DiskStorage().setMetadata(a, new Metadata(0, 0, 0644, attributes));
        }
    }

    private static Process child(Path host, Path warm) throws IOException {
        Files.createDirectories(warm);
        Process child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledChild.class.getName(),
                        host.toString(),
                        warm.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return child;
    }

    private static void end(Process child) throws InterruptedException {
        child.destroyForcibly();
        assertThat(child.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    /** How often the kill met a call that was under way. */
    private int kill(int times) throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(SEED);
        int interrupted = 0;
        // The next child starts while this one is at work.
        Process next = child(temporary.resolve("0"), temporary.resolve("warm0"));
        for (int i = 0; i < times; i++) {
            Process now = next;
            Path directory = Files.createDirectories(temporary.resolve(String.valueOf(i)));
            try {
                Sandbox sandbox = new Sandbox(directory);
                fill(sandbox);
                Map<String, String> old = sandbox.everything();
                assertThat(now.getInputStream().read()).as("the child is ready").isEqualTo('r');
                now.getOutputStream().write('g');
                now.getOutputStream().flush();
                assertThat(now.waitFor(random.nextInt(LONGEST_MILLIS), TimeUnit.MILLISECONDS))
                        .as("the child has ended by itself")
                        .isFalse();
                end(now);
                next = child(temporary.resolve(String.valueOf(i + 1)), temporary.resolve("warm" + (i + 1)));
                interrupted += recover(sandbox, old, random.nextBoolean()) ? 1 : 0;
            } catch (AssertionError e) {
                throw new AssertionError("kill " + i + " with -Dkill.seed=" + SEED, e);
            } finally {
                end(now);
            }
        }
        end(next);
        return interrupted;
    }

    private boolean recover(Sandbox sandbox, Map<String, String> old, boolean finish) throws IOException {
        Sandbox reference = new Sandbox(Files.createDirectories(sandbox.root().resolveSibling("reference")));
        fill(reference);
        reference.run(plan).apply(Sandbox.ALL);
        Map<String, String> changed = reference.everything();
        sandbox.everything().forEach((path, is) -> {
            if (old.containsKey(path) && changed.containsKey(path)) {
                assertThat(is).as("torn: " + path).isIn(old.get(path), changed.get(path));
            } else if (changed.containsKey(path) && path.endsWith(".conf")) {
                assertThat(is).as("torn: " + path).isEqualTo(changed.get(path));
            }
        });
        FixRun run = sandbox.run(plan);
        boolean interrupted = run.interrupted();
        if (finish) {
            if (interrupted) {
                assertWell(run.resume());
            }
            // The call that was killed may have been the rollback.
            assertWell(sandbox.run(plan).apply(Sandbox.ALL));
            assertThat(sandbox.everything()).isEqualTo(changed);
        }
        assertWell(sandbox.run(plan).rollback(Sandbox.ALL));
        assertThat(sandbox.everything()).isEqualTo(old);
        return interrupted;
    }

    private static void assertWell(FixResult result) {
        assertThat(FixRunTest.outcomes(result))
                .isSubsetOf(FixResult.Outcome.VERIFIED, FixResult.Outcome.ROLLED_BACK, FixResult.Outcome.SKIPPED);
    }

    @Test
    @Tag("slow")
    void survivesBeingKilled() throws IOException, InterruptedException {
        assertThat(kill(15)).isPositive();
    }

    @Test
    @Tag("soak")
    void survivesBeingKilledThreeHundredTimes() throws IOException, InterruptedException {
        int interrupted = kill(300);
        System.out.println("of 300 kills " + interrupted + " met a call under way");
        assertThat(interrupted).isGreaterThan(100);
    }
}
