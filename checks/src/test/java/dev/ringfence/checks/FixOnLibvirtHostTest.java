package dev.ringfence.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.checks.architecture.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Fixes a real libvirt host that was configured loosely, with a guest running on it: the daemon restarts, the guest does
 * not notice, the next guest is confined, and a rollback brings back the same bytes. The host is that of {@code checks/lab}.
 */
@Tag("slow")
final class FixOnLibvirtHostTest {
    private static final Path LAB = Tree.root().resolve("checks/lab");
    private static final long LIMIT_SECONDS = 240;
    private static final List<String> CONTROLS = List.of("LVD-012", "LVD-016", "MAC-005");

    private Path directory = Path.of("");
    private Path host = Path.of("");

    @BeforeEach
    void startsARelaxedHostWithAGuest() throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "starts daemons, so it runs as root");
        for (String program : List.of("/usr/sbin/libvirtd", "/usr/bin/virsh", "/usr/bin/qemu-system-x86_64")) {
            assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
        }
        directory = Files.createTempDirectory(Path.of("/var/tmp"), "ringfence-fix-");
        // QEMU runs as another user and must reach its files.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        host = directory.resolve("hv");
        run(0, LAB.resolve("libvirt-host").toString(), "start", host.toString(), "hv1", "relaxed");
        startGuest("web-1");
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        if (directory.toString().isEmpty()) {
            return;
        }
        run(0, LAB.resolve("libvirt-host").toString(), "stop", host.toString());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void startGuest(String name) throws IOException, InterruptedException {
        Path xml = directory.resolve(name + ".xml");
        Files.writeString(xml, Files.readString(LAB.resolve("guest.xml")).replace("web-1", name));
        inside(0, "virsh", "-q", "define", xml.toString());
        inside(0, "virsh", "-q", "start", "--paused", name);
    }

    private String inside(int expected, String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(LAB.resolve("libvirt-host").toString(), "run", host.toString()));
        line.addAll(List.of(command));
        return run(expected, line.toArray(String[]::new));
    }

    private String ringfence(int expected, String... arguments) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of(Tree.root().resolve("ringfence").toString(), "fix"));
        line.addAll(List.of(arguments));
        return inside(expected, line.toArray(String[]::new));
    }

    private static String run(int expected, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("ringfence-lab-", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("RINGFENCE_NO_BUILD", "1");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("ended: %s", List.of(command))
                    .isTrue();
            String text = Files.readString(output);
            assertThat(process.exitValue()).as("%s%n%s", List.of(command), text).isEqualTo(expected);
            return text;
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private long pid(String guest) throws IOException {
        Matcher status = Pattern.compile("<domstatus[^>]* pid='(\\d+)'")
                .matcher(Files.readString(host.resolve("run/qemu/" + guest + ".xml")));
        assertThat(status.find()).isTrue();
        return Long.parseLong(status.group(1));
    }

    /** One line of /proc/PID/status, without its name. */
    private static String shown(long pid, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    private static void assertConfined(long pid) throws IOException {
        assertThat(shown(pid, "Uid")).doesNotContain("0\t");
        assertThat(shown(pid, "CapEff")).isEqualTo("0".repeat(16));
        assertThat(shown(pid, "NoNewPrivs")).isEqualTo("1");
        assertThat(shown(pid, "Seccomp")).isEqualTo("2");
    }

    private static String startTime(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19];
    }

    /** Bytes, owners and modes of everything below the host's /etc/libvirt. */
    private Map<String, String> configuration() throws IOException {
        Map<String, String> out = new TreeMap<>();
        Path etc = host.resolve("etc");
        try (Stream<Path> files = Files.walk(etc)) {
            for (Path file : files.toList()) {
                Map<String, Object> attributes =
                        Files.readAttributes(file, "unix:mode,uid,gid", java.nio.file.LinkOption.NOFOLLOW_LINKS);
                out.put(
                        etc.relativize(file).toString(),
                        new TreeMap<>(attributes)
                                + (Files.isRegularFile(file)
                                        ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                                        : ""));
            }
        }
        return out;
    }

    /** Restarts the daemon in the host's own namespaces, as an init system would. */
    private Path restart() throws IOException {
        Path script = directory.resolve("restart");
        Files.writeString(script, """
                #!/bin/sh
                pid=$(cat /run/libvirt/libvirtd.pid)
                kill "$pid"
                while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
                exec libvirtd -d -p /run/libvirt/libvirtd.pid
                """);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private static String planId(String shown) {
        Matcher id = Pattern.compile("Plan ([0-9a-f]{12})").matcher(shown);
        assertThat(id.find()).as(shown).isTrue();
        return id.group(1);
    }

    @Test
    void hardensTheHostUnderARunningGuestAndTakesItBack() throws IOException, InterruptedException {
        Map<String, String> before = configuration();
        long guest = pid("web-1");
        String started = startTime(guest);
        long daemon = Long.parseLong(
                Files.readString(host.resolve("run/libvirtd.pid")).strip());
        assertThat(shown(guest, "Uid")).startsWith("0\t");

        String plan = directory.resolve("plan.json").toString();
        String state = directory.resolve("state").toString();
        String restart = restart().toString();
        List<String> planning = new ArrayList<>(List.of("plan"));
        planning.addAll(CONTROLS);
        planning.addAll(List.of("--out", plan));
        String id = planId(ringfence(0, planning.toArray(String[]::new)));
        assertThat(configuration()).isEqualTo(before);

        // Off a terminal nobody can be asked.
        assertThat(ringfence(2, "apply", plan, "--state", state)).contains("--yes");
        assertThat(configuration()).isEqualTo(before);

        String applied = ringfence(0, "apply", plan, "--state", state, "--yes", "--restart-command", restart);
        assertThat(applied).contains("web-1 must be stopped and started");
        Map<String, String> after = configuration();
        assertThat(after.get("qemu.conf")).doesNotContain("\nuser = \"root\"").isNotEqualTo(before.get("qemu.conf"));
        assertThat(Long.parseLong(
                        Files.readString(host.resolve("run/libvirtd.pid")).strip()))
                .isNotEqualTo(daemon);
        assertThat(pid("web-1")).isEqualTo(guest);
        assertThat(startTime(guest)).isEqualTo(started);
        assertThat(inside(0, "virsh", "-q", "list", "--name")).contains("web-1");

        startGuest("web-2");
        assertConfined(pid("web-2"));
        inside(0, "virsh", "-q", "destroy", "web-2");
        inside(0, "virsh", "-q", "undefine", "web-2");

        assertThat(ringfence(0, "list", "--state", state)).contains(id, "pending", "web-1");
        inside(0, "virsh", "-q", "destroy", "web-1");
        inside(0, "virsh", "-q", "start", "--paused", "web-1");
        assertConfined(pid("web-1"));
        assertThat(ringfence(0, "list", "--state", state))
                .contains(id, "verified")
                .doesNotContain("pending");

        ringfence(0, "rollback", id, "--state", state, "--yes", "--restart-command", restart);
        assertThat(configuration()).isEqualTo(before);
        assertThat(ringfence(0, "list", "--state", state)).contains(id, "rolled back");
        startGuest("web-3");
        assertThat(shown(pid("web-3"), "Uid")).startsWith("0\t");
    }

    @Test
    void stopsWhereTheConfigurationHasChangedSinceThePlan() throws IOException, InterruptedException {
        String plan = directory.resolve("plan.json").toString();
        String state = directory.resolve("state").toString();
        ringfence(0, "plan", "MAC-005", "--out", plan);
        Path conf = host.resolve("etc/qemu.conf");
        Files.writeString(conf, Files.readString(conf) + "max_processes = 9999\n");
        Map<String, String> changed = configuration();
        assertThat(ringfence(3, "apply", plan, "--state", state, "--yes"))
                .contains("RF-FIX-109", "-max_processes = 9999", "before, by the plan", "after, by the plan");
        assertThat(configuration()).isEqualTo(changed);
    }
}
