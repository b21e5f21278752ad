package dev.ringfence.linux.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.Source;
import dev.ringfence.core.watch.AcceptedState;
import dev.ringfence.core.watch.ControlState;
import dev.ringfence.core.watch.Thing;
import dev.ringfence.core.watch.WatchEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the kernel's own inotify, on a directory that stands for the host. */
class HostWatchTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    Path root;

    private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Set<String>> judged = new LinkedBlockingQueue<>();
    private final List<String> enforced = new CopyOnWriteArrayList<>();
    private volatile Verdict verdict = Verdict.PASS;
    private Duration poll = Duration.ofHours(1);
    private @Nullable HostWatch watch;
    private @Nullable Thread runner;

    @BeforeEach
    void makeHost() throws IOException {
        write("etc/libvirt/qemu.conf", "user = \"root\"\n");
        write("etc/modprobe.d/kvm.conf", "options kvm x=1\n");
        write("proc/sys/kernel/kptr_restrict", "1\n");
        write("proc/12/comm", "qemu-system-x86\n");
        write("proc/12/status", "Name:\tqemu\nUid:\t64055\t64055\nSeccomp:\t2\n");
        Files.createDirectories(root.resolve("etc/libvirt/qemu"));
    }

    @AfterEach
    void stop() throws Exception {
        if (watch != null && runner != null) {
            watch.stop();
            // Any event ends the wait for one.
            write("etc/libvirt/stop", "");
            runner.join(10_000);
            watch.close();
        }
    }

    private Path write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static ControlState control(String id, Verdict verdict, String... places) {
        List<Source> sources = new ArrayList<>();
        for (String place : places) {
            String[] parts = place.split(" ");
            sources.add(new Source(parts[0], parts[1]));
        }
        return new ControlState(id, verdict, "seen", sources);
    }

    private List<ControlState> controls() {
        return List.of(
                control("FIL-001", verdict, "/etc/libvirt/qemu.conf parsed", "/etc/libvirt/absent.conf read"),
                control("FIL-002", Verdict.PASS, "/etc/libvirt/qemu.conf stat", "/etc/modprobe.d parsed"),
                control("GST-001", Verdict.PASS, "/etc/libvirt/qemu list"),
                control("VAL-001", verdict, "/proc/sys/kernel/kptr_restrict read"),
                control("PRC-001", Verdict.PASS, "/proc list"));
    }

    private HostWatch start(FileEvents source, Optional<AcceptedState> accepted, Set<String> enforce)
            throws IOException {
        Judge judge = ids -> {
            judged.add(ids);
            return controls().stream().filter(c -> ids.contains(c.control())).toList();
        };
        Enforcer enforcer = id -> {
            enforced.add(id);
            return new Enforcer.Outcome(true, "put back");
        };
        HostWatch made = new HostWatch(
                new HostWatch.Settings(root, Duration.ofMillis(50), poll, enforce, 2),
                new HostWatch.Ports(source, Witness.NONE, judge, enforcer, () -> NOW),
                controls(),
                accepted,
                events::add);
        watch = made;
        runner = Thread.ofPlatform().start(() -> {
            try {
                made.run(Duration.ofMinutes(2));
            } catch (IOException e) {
                events.add(new WatchEvent.Trouble(NOW, "the watch ended: " + e));
            }
        });
        return made;
    }

    private HostWatch start() throws IOException {
        return start(new Inotify(), Optional.empty(), Set.of());
    }

    private WatchEvent next() throws InterruptedException {
        WatchEvent event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return java.util.Objects.requireNonNull(event);
    }

    private WatchEvent.Drift drift() throws InterruptedException {
        WatchEvent event = next();
        assertThat(event).isInstanceOf(WatchEvent.Drift.class);
        return (WatchEvent.Drift) event;
    }

    /** A change that is always seen, behind which nothing of what was done before can still be on its way. */
    private void nothingButAMarker() throws IOException, InterruptedException {
        write("etc/libvirt/absent.conf", "marker " + System.nanoTime());
        WatchEvent.Drift marker = drift();
        assertThat(marker.thing().path()).isEqualTo("/etc/libvirt/absent.conf");
    }

    @Test
    void writingIsDriftOfEveryControlThatReadTheFile() throws Exception {
        start();
        write("etc/libvirt/qemu.conf", "user = \"qemu\"\n");
        WatchEvent.Drift drift = drift();
        assertThat(drift.controls()).containsExactly("FIL-001");
        assertThat(drift.thing()).isEqualTo(new Thing(Thing.Kind.CONTENT, "/etc/libvirt/qemu.conf"));
        assertThat(drift.before()).startsWith("sha256:").isNotEqualTo(drift.after());
        assertThat(drift.after()).startsWith("sha256:").doesNotContain("qemu");
        assertThat(drift.at()).isEqualTo(NOW);
        assertThat(drift.who()).isEqualTo("not known");
    }

    @Test
    void writingTheSameOrTouchingIsNoDrift() throws Exception {
        start();
        write("etc/libvirt/qemu.conf", "user = \"root\"\n");
        Files.setLastModifiedTime(root.resolve("etc/libvirt/qemu.conf"), FileTime.fromMillis(0));
        Path aside = write("etc/libvirt/aside", "user = \"root\"\n");
        Files.setPosixFilePermissions(aside, Files.getPosixFilePermissions(root.resolve("etc/libvirt/qemu.conf")));
        Files.move(aside, root.resolve("etc/libvirt/qemu.conf"), StandardCopyOption.ATOMIC_MOVE);
        nothingButAMarker();
    }

    @Test
    void anotherFileBesideIsNoDrift() throws Exception {
        start();
        write("etc/libvirt/other.conf", "x");
        nothingButAMarker();
    }

    @Test
    void renamingOverIsDriftAndTakingItBackIsRestored() throws Exception {
        start();
        Path file = root.resolve("etc/libvirt/qemu.conf");
        Path kept = Files.copy(file, root.resolve("etc/libvirt/kept"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(write("etc/libvirt/aside", "group = \"x\"\n"), file, StandardCopyOption.ATOMIC_MOVE);
        assertThat(drift().thing().path()).isEqualTo("/etc/libvirt/qemu.conf");
        Files.move(kept, file, StandardCopyOption.ATOMIC_MOVE);
        WatchEvent restored = next();
        assertThat(restored).isInstanceOf(WatchEvent.Restored.class);
        assertThat(((WatchEvent.Restored) restored).controls()).containsExactly("FIL-001");
    }

    @Test
    void deletingAndMakingAreDrift() throws Exception {
        start();
        Files.delete(root.resolve("etc/libvirt/qemu.conf"));
        WatchEvent.Drift deleted = drift();
        assertThat(deleted.after()).isEqualTo("absent");
        assertThat(deleted.controls()).containsExactly("FIL-001", "FIL-002");
        write("etc/libvirt/absent.conf", "x");
        assertThat(drift().before()).isEqualTo("absent");
    }

    @Test
    void changingTheModeIsOneDriftForAllWhoLook() throws Exception {
        start();
        Files.setPosixFilePermissions(
                root.resolve("etc/libvirt/qemu.conf"), PosixFilePermissions.fromString("rw-rw-rw-"));
        WatchEvent.Drift drift = drift();
        assertThat(drift.after()).contains(" 0666 ");
        assertThat(drift.controls()).containsExactly("FIL-001", "FIL-002");
        nothingButAMarker();
    }

    @Test
    void anEntryOfADirectoryIsNamed() throws Exception {
        start();
        write("etc/modprobe.d/evil.conf", "install kvm /bin/x\n");
        WatchEvent.Drift drift = drift();
        assertThat(drift.thing().path()).isEqualTo("/etc/modprobe.d");
        assertThat(drift.controls()).containsExactly("FIL-002");
        assertThat(drift.before()).isEqualTo("nothing of the kind");
        assertThat(drift.after()).startsWith("evil.conf sha256:");
    }

    @Test
    void aReplacedDirectoryIsWatchedOn() throws Exception {
        start();
        Files.move(root.resolve("etc/modprobe.d"), root.resolve("etc/moved"));
        assertThat(drift().after()).isEqualTo("absent");
        Files.createDirectories(root.resolve("etc/modprobe.d"));
        write("etc/modprobe.d/kvm.conf", "options kvm x=1\n");
        // Made in two steps, so that it may be seen halfway.
        WatchEvent event = next();
        while (!(event instanceof WatchEvent.Restored)) {
            event = next();
        }
        write("etc/modprobe.d/kvm.conf", "options kvm x=2\n");
        assertThat(drift().after()).startsWith("kvm.conf sha256:");
        Files.writeString(root.resolve("etc/moved/kvm.conf"), "not ours any more\n");
        nothingButAMarker();
    }

    @Test
    void aDirectoryAboveThatIsReplacedIsNoticed() throws Exception {
        start();
        Files.move(root.resolve("etc"), root.resolve("old"));
        List<String> gone = List.of(drift().after(), drift().after());
        assertThat(gone).containsOnly("absent");
    }

    @Test
    void aFileBehindALinkIsWatched() throws Exception {
        Path real = write("usr/lib/real.conf", "a");
        Files.createSymbolicLink(root.resolve("etc/libvirt/absent.conf"), Path.of("../../usr/lib/real.conf"));
        start();
        Files.writeString(real, "b");
        WatchEvent.Drift drift = drift();
        assertThat(drift.thing().path()).isEqualTo("/etc/libvirt/absent.conf");
        assertThat(drift.before()).startsWith("link to ../../usr/lib/real.conf, sha256:");
    }

    @Test
    void guestsComeAndGoWithoutDriftButAreJudged() throws Exception {
        start();
        write("etc/libvirt/qemu/web.xml", "<domain/>");
        nothingButAMarker();
        Set<String> ids = judged.poll(20, TimeUnit.SECONDS);
        while (ids != null && !ids.contains("GST-001")) {
            ids = judged.poll(20, TimeUnit.SECONDS);
        }
        assertThat(ids).isNotNull();
    }

    @Test
    void valuesAndProcessesArePolled() throws Exception {
        poll = Duration.ofMillis(100);
        start();
        write("proc/sys/kernel/kptr_restrict", "0\n");
        WatchEvent.Drift value = drift();
        assertThat(value.before() + " -> " + value.after()).isEqualTo("1 -> 0");
        assertThat(value.controls()).containsExactly("VAL-001");
        write("proc/13/status", "Uid:\t0\t0\nSeccomp:\t0\n");
        write("proc/13/comm", "qemu-system-x86\n");
        WatchEvent.Drift process = drift();
        assertThat(process.thing()).isEqualTo(Thing.QEMU);
        assertThat(process.after()).isEqualTo("Uid=0 Seccomp=0 label=none");
        assertThat(process.controls()).containsExactly("PRC-001");
    }

    @Test
    void aGuestThatEndsOrAnotherOfTheKindIsNoDrift() throws Exception {
        poll = Duration.ofMillis(100);
        start();
        write("proc/14/status", "Name:\tqemu\nUid:\t64055\t64055\nSeccomp:\t2\n");
        write("proc/14/comm", "qemu-system-x86\n");
        write("proc/15/status", "Uid:\t0\t0\n");
        write("proc/15/comm", "bash\n");
        Files.delete(root.resolve("proc/12/comm"));
        write("proc/sys/kernel/kptr_restrict", "0\n");
        assertThat(drift().thing().path()).isEqualTo("/proc/sys/kernel/kptr_restrict");
        write("proc/sys/kernel/kptr_restrict", "2\n");
        assertThat(drift().after()).isEqualTo("2");
    }

    /** A write through a mapping raises no event; its times tell at the next poll. */
    @Test
    void whatEventsMissIsFoundByThePoll() throws Exception {
        poll = Duration.ofMillis(200);
        FakeEvents silent = new FakeEvents();
        start(silent, Optional.empty(), Set.of());
        write("etc/libvirt/qemu.conf", "user = \"mapped\"\n");
        assertThat(drift().thing().path()).isEqualTo("/etc/libvirt/qemu.conf");
    }

    @Test
    void lostEventsMakeItLookAtEverything() throws Exception {
        FakeEvents fake = new FakeEvents();
        start(fake, Optional.empty(), Set.of());
        write("etc/libvirt/qemu.conf", "user = \"unseen\"\n");
        fake.lose();
        WatchEvent trouble = next();
        assertThat(trouble).isInstanceOf(WatchEvent.Trouble.class);
        assertThat(drift().thing().path()).isEqualTo("/etc/libvirt/qemu.conf");
    }

    @Test
    void onlyTheControlsThatReadItAreJudgedAgain() throws Exception {
        start();
        verdict = Verdict.FAIL;
        write("etc/libvirt/qemu.conf", "user = \"qemu\"\n");
        drift();
        WatchEvent changed = next();
        assertThat(changed)
                .isEqualTo(new WatchEvent.VerdictChanged(NOW, "FIL-001", Verdict.PASS, Verdict.FAIL, "seen"));
        assertThat(judged).containsExactly(Set.of("FIL-001"));
    }

    @Test
    void driftFromAnEarlierRunIsReportedAtTheStart() throws Exception {
        HostWatch first = start();
        AcceptedState accepted = first.accepted();
        stop();
        write("etc/libvirt/qemu.conf", "user = \"while away\"\n");
        start(new Inotify(), Optional.of(accepted), Set.of());
        assertThat(drift().thing().path()).isEqualTo("/etc/libvirt/qemu.conf");
        stop();
        write("etc/libvirt/qemu.conf", "user = \"root\"\n");
        start(new Inotify(), Optional.of(accepted), Set.of());
        nothingButAMarker();
    }

    @Test
    void aFailedControlIsPutBackButNotForever() throws Exception {
        start(new Inotify(), Optional.empty(), Set.of("FIL-001"));
        verdict = Verdict.FAIL;
        for (int i = 0; i < 4; i++) {
            write("etc/libvirt/qemu.conf", "user = \"fight " + i + "\"\n");
            drift();
            if (i == 0) {
                assertThat(next()).isInstanceOf(WatchEvent.VerdictChanged.class);
            }
            switch (i) {
                case 0, 1 -> assertThat(next()).isEqualTo(new WatchEvent.Enforced(NOW, "FIL-001", true, "put back"));
                case 2 -> assertThat(next()).isEqualTo(new WatchEvent.EnforceStopped(NOW, "FIL-001", 2));
                default -> nothingButAMarker();
            }
        }
        assertThat(enforced).containsExactly("FIL-001", "FIL-001");
    }

    @Test
    void aFailedControlThatNobodyWantsPutBackIsLeft() throws Exception {
        start(new Inotify(), Optional.empty(), Set.of("FIL-002"));
        verdict = Verdict.FAIL;
        write("etc/libvirt/qemu.conf", "user = \"x\"\n");
        drift();
        assertThat(next()).isInstanceOf(WatchEvent.VerdictChanged.class);
        assertThat(enforced).isEmpty();
    }
}
