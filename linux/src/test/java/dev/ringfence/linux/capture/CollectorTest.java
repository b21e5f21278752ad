package dev.ringfence.linux.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FactTree;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.core.host.Services;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.HostObservation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The collector against this very host: what a capture says must be what the host says. */
@Tag("slow")
final class CollectorTest {
    @TempDir
    private Path temporary = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "busybox sh"})
    void captureGivesTheFactsOfTheLiveHost(String shell) throws Exception {
        List<String> command = new ArrayList<>(List.of(shell.split(" ")));
        assumeTrue(Collector.has(command.getFirst()), shell + " is not installed");
        command.add("-s");

        // What comes and goes between two looks, such as another program's socket, differs by chance and not twice.
        Set<String> differences = differences(command, shell);
        for (int attempt = 0; attempt < 3 && !differences.isEmpty(); attempt++) {
            differences.retainAll(differences(command, shell));
        }
        assertThat(differences).isEmpty();
        assertThat(temporary).isEmptyDirectory();
    }

    /** Names of the facts that a live host and its capture disagree on, though the host said the same before and after. */
    private Set<String> differences(List<String> command, String shell) throws Exception {
        HostFacts before = HostObservation.observe(HostFiles.live(), "live", Instant.now());
        try (Capture capture =
                Collector.run(Collector.script(), temporary, command).unpacked()) {
            HostFacts captured = HostObservation.observe(HostFiles.tree(capture.root()), "capture", Instant.EPOCH);
            HostFacts after = HostObservation.observe(HostFiles.live(), "live", Instant.now());

            Map<String, Object> first = leaves(before);
            Map<String, Object> second = leaves(after);
            Map<String, Object> found = leaves(captured);
            // BusyBox's ls does not mark access lists; then a capture says so.
            boolean accessLists = !shell.startsWith("busybox");
            Set<String> differences = new TreeSet<>();
            int compared = 0;
            for (Map.Entry<String, Object> fact : first.entrySet()) {
                String path = fact.getKey();
                boolean steady = Objects.equals(fact.getValue(), second.get(path));
                if (steady && (accessLists || !path.contains(".acl."))) {
                    compared++;
                    if (!Objects.equals(fact.getValue(), found.get(path))) {
                        differences.add(path);
                    }
                }
            }
            assertThat(compared).isGreaterThan(500);
            assertThat(first.keySet())
                    .anyMatch(p -> p.startsWith("kernel.arguments.value"))
                    .anyMatch(p -> p.startsWith("cpu.vulnerabilities.value"))
                    .anyMatch(p -> p.startsWith("packages.value"))
                    .anyMatch(p -> p.startsWith("mounts.value"));
            assertThat(running(captured))
                    .containsAll(running(before).stream()
                            .filter(running(after)::contains)
                            .toList());
            return differences;
        }
    }

    @Test
    void captureNamesThisProcess() throws Exception {
        try (Capture capture = collect("--no-emulators")) {
            HostFacts captured = HostObservation.observe(HostFiles.tree(capture.root()), "capture", Instant.EPOCH);

            assertThat(running(captured))
                    .anyMatch(p -> p.pid() == ProcessHandle.current().pid());
        }
    }

    @Test
    void whatWasNotLookedAtIsNotSaidToBeAbsent() throws Exception {
        try (Capture capture = collect("--no-emulators")) {
            HostFiles files = HostFiles.tree(capture.root());

            assertThat(reason(files.text("/etc/fstab"))).isEqualTo("not in the capture");
            assertThat(reason(files.exists("/opt/nothing"))).isEqualTo("not in the capture");
            assertThat(reason(files.list("/"))).isEqualTo("not in the capture");
            assertThat(reason(files.list("/etc"))).isEqualTo("not in the capture");
            // Looked for, and not there.
            assertThat(files.text("/etc/modprobe.d/no-such-file.conf")).isInstanceOf(Fact.Absent.class);
            assertThat(files.exists("/proc/sys/kernel/no_such_setting").orElse(true))
                    .isFalse();
        }
    }

    @Test
    void leavesEmulatorsOutWhenAsked() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/qemu-system-x86_64")), "QEMU is not installed");
        try (Capture capture = collect("--no-emulators")) {
            HostFiles files = HostFiles.tree(capture.root());

            assertThat(reason(files.file("/usr/bin/qemu-system-x86_64"))).isEqualTo("left out with --no-emulators");
            assertThat(files.exists("/usr/bin/qemu-system-x86_64").orElse(false))
                    .isTrue();
        }
    }

    @Test
    void saysWhoCollectedAndWhen() throws Exception {
        Instant start = Instant.now();
        try (Capture capture = collect("--no-emulators")) {
            HostFiles files = HostFiles.tree(capture.root());

            assertThat(files.takenBy()).isEqualTo(uid());
            assertThat(files.takenAt().orElse(Instant.EPOCH))
                    .isBetween(start.minusSeconds(2), Instant.now().plusSeconds(2));
        }
    }

    @Test
    void unprivilegedCaptureSaysWhatItWasNotAllowedToRead() throws Exception {
        assumeTrue(uid() == 0 && Collector.has("setpriv"), "not root, or setpriv is not installed");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));

        List<String> command = List.of(
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-s", "--", "--no-emulators");
        try (Capture capture =
                Collector.run(Collector.script(), temporary, command).unpacked()) {
            HostFiles files = HostFiles.tree(capture.root());

            assertThat(files.takenBy()).isEqualTo(65534);
            assertThat(reason(files.text("/etc/shadow"))).isEqualTo("permission denied; run as root");
            // Its owner and mode are for all to see.
            assertThat(new FileStatus(files).of("/etc/shadow")).isInstanceOf(Fact.Observed.class);
            assertThat(reason(files.link("/proc/" + ProcessHandle.current().pid() + "/exe")))
                    .isEqualTo("permission denied; run as root");
            assertThat(files.line("/proc/sys/kernel/osrelease")).isInstanceOf(Fact.Observed.class);
        }
    }

    @Test
    void removesItsCopiesWhenItIsEnded() throws Exception {
        Process process = Collector.start(Collector.script(), temporary, List.of("sh", "-s"));
        try {
            // The archive begins: the copies are all there.
            assertThat(process.getInputStream().read()).isGreaterThanOrEqualTo(0);
            try (Stream<Path> copies = Files.list(temporary)) {
                assertThat(copies).isNotEmpty();
            }
            process.destroy();
            process.getInputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(temporary).isEmptyDirectory();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aScriptThatArrivesInPartDoesNothing() {
        String script = Collector.script();
        String half = script.substring(0, script.lastIndexOf("main \"$@\""));

        Collector.Run run = Collector.run(half, temporary, List.of("sh", "-s"));

        assertThat(run.out().available()).isZero();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void refusesUnknownOptions() {
        Collector.Run run = Collector.run(Collector.script(), temporary, List.of("sh", "-s", "--", "--everything"));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.complaints()).contains("usage: sh collect.sh");
        assertThat(run.out().available()).isZero();
    }

    @Test
    void explainsItself() {
        Collector.Run run = Collector.run(Collector.script(), temporary, List.of("sh", "-s", "--", "-h"));

        assertThat(run.status()).isZero();
        assertThat(new String(run.out().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("--no-emulators");
    }

    @Test
    void passesShellcheck() throws IOException {
        assumeTrue(Collector.has("shellcheck"), "shellcheck is not installed");
        Path script = Files.writeString(temporary.resolve("collect.sh"), Collector.script());

        Collector.Run run = Collector.run("", temporary, List.of("shellcheck", "--shell=sh", script.toString()));

        assertThat(new String(run.out().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(run.status()).isZero();
    }

    private Capture collect(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("sh", "-s", "--"));
        command.addAll(List.of(options));
        return Collector.run(Collector.script(), temporary, command).unpacked();
    }

    private static long uid() throws IOException {
        return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    }

    private static List<Services.Process> running(HostFacts facts) {
        return facts.services().processes().orElse(List.of());
    }

    /** Every fact by its path, without who observed it and how, and without processes, which come and go. */
    private static Map<String, Object> leaves(HostFacts facts) {
        Map<String, Object> out = new TreeMap<>();
        leaves("", FactTree.of(facts), out);
        out.keySet().removeIf(path -> path.startsWith("observ") || path.startsWith("services.processes"));
        return out;
    }

    private static void leaves(String at, Object tree, Map<String, Object> out) {
        switch (tree) {
            case Map<?, ?> map -> {
                boolean fact = map.containsKey("from") && map.containsKey("how");
                map.forEach((key, value) -> {
                    if (!fact || !key.equals("from") && !key.equals("how")) {
                        leaves(at.isEmpty() ? key.toString() : at + "." + key, value, out);
                    }
                });
            }
            case List<?> list -> {
                out.put(at + ".size", list.size());
                for (int i = 0; i < list.size(); i++) {
                    leaves(at + "." + i, list.get(i), out);
                }
            }
            default -> out.put(at, tree);
        }
    }

    private static String reason(Fact<?> fact) {
        return fact instanceof Fact.NotObserved<?>(var source, String reason) ? reason : fact.toString();
    }
}
