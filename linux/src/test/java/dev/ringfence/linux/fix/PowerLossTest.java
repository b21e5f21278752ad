package dev.ringfence.linux.fix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Takes the power away before every single operation of an apply and of a rollback, with several outcomes of what was not
 * synced, and once more during what comes after. Whatever is left can be finished, and can be taken back to the same bytes,
 * owners and modes; and no file is ever anything but old or new.
 */
final class PowerLossTest {
    private static final int SEEDS = 6;
    private static final Path STORE = Path.of("/var/lib/ringfence/fix");
    private static final FixOptions ALL =
            new FixOptions(EnumSet.allOf(Fix.Reach.class), Set.of(), false, new FixOptions.Restart.None());

    private final FixPlan plan = Plans.manyFiles();
    private final byte[] planText = plan.toString().getBytes(StandardCharsets.UTF_8);

    private static LossyStorage host() throws IOException {
        LossyStorage host = new LossyStorage();
        for (String directory : List.of("/etc", "/var", "/var/lib")) {
            host.createDirectory(Path.of(directory));
            host.setMetadata(Path.of(directory), Metadata.of(0, 0, 0755));
        }
        Map<String, String> files =
                Map.of("/etc/a.conf", "a = 1\n", "/etc/c.conf", "c = 1\n", "/etc/d.conf", "d = " + "1".repeat(9000));
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = Path.of(file.getKey());
            host.create(path, file.getValue().getBytes(StandardCharsets.UTF_8));
            host.setMetadata(path, Metadata.of(0, 0, 0644));
            host.sync(path);
        }
        for (String directory : List.of("/etc", "/var/lib", "/var", "/")) {
            host.syncDirectory(Path.of(directory));
        }
        return host;
    }

    /** Everything below /etc, with owners and modes. */
    private static Map<String, String> etc(LossyStorage host) throws IOException {
        Map<String, String> out = new TreeMap<>();
        walk(host, Path.of("/etc"), out);
        return out;
    }

    private static void walk(LossyStorage host, Path at, Map<String, String> out) throws IOException {
        for (String name : host.list(at)) {
            Path path = at.resolve(name);
            boolean directory = host.kind(path).orElseThrow() == Storage.Kind.DIRECTORY;
            out.put(
                    path.toString(),
                    host.metadata(path) + " "
                            + (directory ? "" : new String(host.read(path, 1 << 20), StandardCharsets.ISO_8859_1)));
            if (directory) {
                walk(host, path, out);
            }
        }
    }

    private FixRun run(LossyStorage host) throws IOException {
        FixStore store = value(FixStore.open(host, STORE, Set.of(0L)));
        Actor who = new Actor(0, -1, "");
        FixRecord first =
                new FixRecord(Instant.EPOCH, who, plan.id(), 0, FixRecord.Act.PLAN, "plan", "", "", Hand.NOTHING);
        PlanFolder folder = value(store.folder(plan, planText, first));
        assertThat(folder.planText()).isEqualTo(planText);
        Workplace at = new Workplace(Path.of("/"), false, host, Commands.system(), Set.of(0L));
        return new FixRun(
                at,
                plan,
                folder,
                who,
                () -> Instant.EPOCH,
                PowerLossTest::allHold,
                FixRecord.Sink.NONE,
                (step, what) -> {});
    }

    private static Map<String, FixRun.Judged> allHold(Set<String> ids) {
        Map<String, FixRun.Judged> out = new HashMap<>();
        ids.forEach(id -> out.put(id, new FixRun.Judged(Verdict.PASS, "")));
        return out;
    }

    private static <T> T value(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> value;
            case Decoded.Refused<T>(Refusal refusal) -> throw new AssertionError(refusal.toString());
        };
    }

    private interface Act {
        void on(LossyStorage host) throws IOException;
    }

    private void apply(LossyStorage host) throws IOException {
        assertWell(run(host).apply(ALL));
    }

    private void finish(LossyStorage host) throws IOException {
        FixRun run = run(host);
        assertWell(run.interrupted() ? run.resume() : run.apply(ALL));
    }

    private void undo(LossyStorage host) throws IOException {
        FixRun run = run(host);
        assertWell(run.rollback(ALL));
    }

    private static void assertWell(FixResult result) {
        switch (result) {
            case FixResult.Ended ended ->
                assertThat(ended.steps())
                        .allSatisfy(step -> assertThat(step.outcome())
                                .isIn(FixResult.Outcome.VERIFIED, FixResult.Outcome.ROLLED_BACK));
            case FixResult.Stopped stopped -> throw new AssertionError(stopped.toString());
        }
    }

    private static long operationsOf(LossyStorage host, Act act) throws IOException {
        long before = host.operations();
        act.on(host);
        return host.operations() - before;
    }

    private static LossyStorage lostDuring(LossyStorage host, Act act, long operations, long seed) {
        host.losePowerAfter(operations);
        try {
            act.on(host);
            throw new AssertionError("the power was not lost");
        } catch (IOException e) {
            assertThat(e).isInstanceOf(LossyStorage.PowerLoss.class);
        }
        return host.afterLoss(seed);
    }

    private void assertOldOrNew(LossyStorage host, Map<String, String> old, Map<String, String> changed)
            throws IOException {
        etc(host).forEach((path, is) -> {
            if (old.containsKey(path)) {
                assertThat(is).as(path).isIn(old.get(path), changed.get(path));
            } else if (path.endsWith("50-b.conf")) {
                assertThat(is).as(path).isEqualTo(changed.get(path));
            }
        });
    }

    @Test
    void anApplyThatLosesPowerAnywhereIsFinishedOrUndone() throws IOException {
        Map<String, String> old = etc(host());
        LossyStorage whole = host();
        long operations = operationsOf(whole, this::apply);
        Map<String, String> changed = etc(whole);
        assertThat(changed).hasSizeGreaterThan(old.size());
        for (long at = 0; at < operations; at++) {
            for (long seed = 0; seed < SEEDS; seed++) {
                LossyStorage finished = lostDuring(host(), this::apply, at, seed);
                assertOldOrNew(finished, old, changed);
                LossyStorage undone = finished.afterLoss(seed);
                finish(finished);
                assertThat(etc(finished)).as("finished after %d, %d", at, seed).isEqualTo(changed);
                undo(undone);
                assertThat(etc(undone)).as("undone after %d, %d", at, seed).isEqualTo(old);
            }
        }
    }

    @Test
    void aRollbackThatLosesPowerAnywhereIsFinished() throws IOException {
        Map<String, String> old = etc(host());
        LossyStorage whole = host();
        apply(whole);
        Map<String, String> changed = etc(whole);
        long operations = operationsOf(whole, this::undo);
        assertThat(etc(whole)).isEqualTo(old);
        for (long at = 0; at < operations; at++) {
            for (long seed = 0; seed < SEEDS; seed++) {
                LossyStorage applied = host();
                apply(applied);
                LossyStorage left = lostDuring(applied, this::undo, at, seed);
                assertOldOrNew(left, old, changed);
                LossyStorage again = left.afterLoss(seed);
                FixRun run = run(left);
                assertWell(run.interrupted() ? run.resume() : run.rollback(ALL));
                assertThat(etc(left)).as("after %d, %d", at, seed).isEqualTo(old);
                undo(again);
                assertThat(etc(again)).as("after %d, %d", at, seed).isEqualTo(old);
            }
        }
    }

    @Test
    void powerThatIsLostAgainWhileFinishingChangesNothingOfThat() throws IOException {
        Map<String, String> old = etc(host());
        LossyStorage whole = host();
        long operations = operationsOf(whole, this::apply);
        Map<String, String> changed = etc(whole);
        for (long at = 7; at < operations; at += 9) {
            LossyStorage first = lostDuring(host(), this::apply, at, at);
            long more = operationsOf(first.afterLoss(at), this::finish);
            for (long then = 0; then < more; then += 5) {
                LossyStorage second = lostDuring(first.afterLoss(at), this::finish, then, then);
                LossyStorage undone = second.afterLoss(then);
                finish(second);
                assertThat(etc(second)).as("%d then %d", at, then).isEqualTo(changed);
                undo(undone);
                assertThat(etc(undone)).as("%d then %d", at, then).isEqualTo(old);
            }
        }
    }
}
