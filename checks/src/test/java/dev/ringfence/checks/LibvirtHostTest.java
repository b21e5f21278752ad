package dev.ringfence.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.checks.architecture.Tree;
import dev.ringfence.core.audit.ControlResult.SubjectResult;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.wire.json.MalformedDocumentException;
import dev.ringfence.wire.report.AuditDocument;
import dev.ringfence.wire.report.ReportJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Audits a real libvirtd with a running guest, once as the distribution configures it and once relaxed: the same command,
 * other verdicts. The hosts are those of {@code checks/lab}.
 */
@Tag("slow")
final class LibvirtHostTest {
    private static final Path LAB = Tree.root().resolve("checks/lab");
    private static final long LIMIT_SECONDS = 240;

    private Path directory = Path.of("");

    @BeforeEach
    void needsRootAndLibvirt() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "starts daemons, so it runs as root");
        for (String program : List.of("/usr/sbin/libvirtd", "/usr/bin/virsh", "/usr/bin/qemu-system-x86_64")) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "ringfence-lab-");
        // QEMU runs as another user and must reach its files.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (directory.toString().isEmpty()) {
            return;
        }
        try (Stream<Path> hosts = Files.list(directory)) {
            for (Path host : hosts.filter(h -> Files.exists(h.resolve("run/libvirt-sock")))
                    .toList()) {
                run(List.of(LAB.resolve("libvirt-host").toString(), "stop", host.toString()), 0, 1);
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private AuditDocument audit(String name, String... kind) throws IOException, InterruptedException {
        String lab = LAB.resolve("libvirt-host").toString();
        String host = directory.resolve(name).toString();
        List<String> start = new ArrayList<>(List.of(lab, "start", host, name));
        start.addAll(List.of(kind));
        run(start, 0);
        run(
                List.of(
                        lab,
                        "run",
                        host,
                        "virsh",
                        "-q",
                        "define",
                        LAB.resolve("guest.xml").toString()),
                0);
        run(List.of(lab, "run", host, "virsh", "-q", "start", "--paused", "web-1"), 0);
        Path report = directory.resolve(name + ".json");
        run(
                List.of(
                        lab,
                        "run",
                        host,
                        Tree.root().resolve("ringfence").toString(),
                        "audit",
                        "--out",
                        report.toString()),
                1);
        // Process ids are shared between the hosts; the next audit must not see this one's guest.
        run(List.of(lab, "stop", host), 0);
        try (InputStream in = Files.newInputStream(report)) {
            return ReportJson.read(in, name);
        } catch (MalformedDocumentException e) {
            throw new AssertionError(e);
        }
    }

    private static void run(List<String> command, int... expected) throws IOException, InterruptedException {
        Path output = Files.createTempFile("ringfence-lab-", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment()
                .put("RINGFENCE_DIST", Tree.root().resolve("cli/target/dist").toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("ended: %s", command)
                    .isTrue();
            assertThat(expected).as("%s%n%s", command, Files.readString(output)).contains(process.exitValue());
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static Verdict verdict(AuditDocument report, String id) {
        return report.controls().stream()
                .filter(c -> c.id().equals(id))
                .map(AuditDocument.Entry::verdict)
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " is not in the report"));
    }

    /** Other guests may run on this machine; ours is judged alone. */
    private static Verdict ofGuest(AuditDocument report, String id) {
        return report.controls().stream()
                .filter(c -> c.id().equals(id))
                .flatMap(c -> c.subjects().stream())
                .filter(s -> s.subject().contains("web-1"))
                .map(SubjectResult::verdict)
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " says nothing of web-1"));
    }

    @Test
    void theDistributionsConfigurationConfinesQemuAndTheRelaxedOneDoesNot() throws IOException, InterruptedException {
        AuditDocument good = audit("hva");
        AuditDocument relaxed = audit("hvb", "relaxed");
        assertThat(good.host()).isEqualTo("hva");

        // What the process itself shows.
        assertThat(ofGuest(good, "QPR-001")).isEqualTo(Verdict.PASS);
        assertThat(ofGuest(relaxed, "QPR-001")).isEqualTo(Verdict.FAIL);
        assertThat(ofGuest(good, "QPR-002")).isEqualTo(Verdict.PASS);
        assertThat(ofGuest(relaxed, "QPR-002")).isEqualTo(Verdict.FAIL);
        assertThat(ofGuest(good, "QPR-003")).isEqualTo(Verdict.PASS);
        assertThat(ofGuest(good, "QPR-010")).isEqualTo(Verdict.PASS);

        // What the configuration says.
        assertThat(verdict(good, "LVD-012")).isEqualTo(Verdict.PASS);
        assertThat(verdict(relaxed, "LVD-012")).isEqualTo(Verdict.FAIL);
        assertThat(verdict(good, "MAC-005")).isEqualTo(Verdict.PASS);
        assertThat(verdict(relaxed, "MAC-005")).isEqualTo(Verdict.FAIL);
        assertThat(verdict(good, "LVD-016")).isEqualTo(Verdict.PASS);
        assertThat(verdict(relaxed, "LVD-016")).isEqualTo(Verdict.FAIL);

        // What the guest's definition asks for, on both.
        for (AuditDocument report : List.of(good, relaxed)) {
            assertThat(ofGuest(report, "DOM-005")).isEqualTo(Verdict.FAIL);
            assertThat(ofGuest(report, "DOM-008")).isEqualTo(Verdict.FAIL);
            assertThat(ofGuest(report, "DOM-002")).isEqualTo(Verdict.PASS);
            assertThat(ofGuest(report, "DOM-014")).isEqualTo(Verdict.PASS);
        }
    }

    @ParameterizedTest
    @CsvSource({"start", "run", "stop", "''"})
    void theLabSaysHowItIsUsed(String operation) throws IOException, InterruptedException {
        run(List.of(LAB.resolve("libvirt-host").toString(), operation), 1, 2);
    }
}
