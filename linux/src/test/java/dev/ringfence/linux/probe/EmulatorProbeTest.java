package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Emulator;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running JVM's own launcher stands for an emulator: a real program of whatever machine this is. */
class EmulatorProbeTest {
    private static final byte[] PROGRAM = file("bin/java");
    private static final String PATH = "/opt/emulator";
    private static final String INFO = "/var/lib/dpkg/info/own-emulator";

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void oneGuest() {
        tree = new HostTree(root)
                .directory("/usr/bin")
                .bytes(PATH, PROGRAM)
                .file(
                        "/etc/libvirt/qemu/g.xml",
                        GuestsProbeTest.domain("g", "kvm", "<emulator>" + PATH + "</emulator>"));
    }

    @Test
    void readsTheEmulatorThatAGuestNames() {
        Emulator emulator = only();
        assertThat(emulator.path()).isEqualTo(PATH);
        assertThat(value(emulator.hardening()).nx()).isEqualTo("yes");
        assertThat(value(emulator.libraries()))
                .extracting(Emulator.Library::name)
                .anyMatch(n -> n.startsWith("libc.so"));
    }

    @Test
    void saysWhichLibrariesAreNotThere() {
        assertThat(value(only().libraries()))
                .filteredOn(library -> library.name().startsWith("libc.so"))
                .singleElement()
                .satisfies(library -> {
                    assertThat(library.path()).isEmpty();
                    assertThat(isAbsent(library.hardening())).isTrue();
                });
    }

    @Test
    void findsLibrariesWhereTheLoaderIsToldTo() {
        tree.file("/etc/ld.so.conf", "include ld.so.conf.d/*.conf\n")
                .file("/etc/ld.so.conf.d/own.conf", "/srv/lib\n")
                .bytes("/srv/lib/libc.so.6", file("lib/libjava.so"));
        assertThat(value(only().libraries()))
                .filteredOn(library -> library.name().startsWith("libc.so"))
                .singleElement()
                .satisfies(library -> {
                    assertThat(library.path()).isEqualTo("/srv/lib/libc.so.6");
                    assertThat(value(library.hardening()).nx()).isEqualTo("yes");
                });
    }

    @Test
    void comparesWithThePackagesChecksum() {
        tree.file(INFO + ".list", PATH + "\n").file(INFO + ".md5sums", md5(PROGRAM) + "  opt/emulator\n");
        Emulator shipped = only();
        assertThat(shipped.packageName()).isEqualTo("own-emulator");
        assertThat(shipped.packageVersion()).isEqualTo("1.2-3");
        assertThat(value(shipped.modified())).isFalse();
        byte[] changed = PROGRAM.clone();
        changed[changed.length - 1] ^= 1;
        tree.bytes(PATH, changed);
        assertThat(value(only().modified())).isTrue();
    }

    @Test
    void doesNotCallAFileUnmodifiedWithoutAChecksum() {
        assertThat(reason(only().modified())).contains("no package database");
        tree.file("/var/lib/dpkg/info/other.list", "/x\n");
        assertThat(isAbsent(only().modified())).isTrue();
        tree.file(INFO + ".list", PATH + "\n");
        assertThat(reason(only().modified())).contains("keeps no checksum");
    }

    @Test
    void followsALinkToTheFileThatAPackageOwns() {
        tree.delete(PATH)
                .link(PATH, "../usr/lib/real")
                .bytes("/usr/lib/real", PROGRAM)
                .file(INFO + ".list", "/usr/lib/real\n")
                .file(INFO + ".md5sums", md5(PROGRAM) + "  usr/lib/real\n");
        assertThat(only().path()).isEqualTo(PATH);
        assertThat(only().packageName()).isEqualTo("own-emulator");
        assertThat(value(only().modified())).isFalse();
    }

    @Test
    void emulatorThatIsNoProgramIsNotObserved() {
        tree.file(PATH, "#!/bin/sh\nexec qemu\n");
        assertThat(reason(only().hardening())).startsWith("RF-ELF-001");
        assertThat(reason(only().libraries())).startsWith("RF-ELF-001");
        tree.delete(PATH).fifo(PATH);
        assertThat(reason(only().hardening())).contains("fifo");
        tree.delete(PATH);
        assertThat(isAbsent(only().hardening())).isTrue();
    }

    @Test
    void leavesOutEmulatorsOfOtherMachinesThatNobodyUses() {
        tree.bytes("/usr/bin/qemu-system-none", PROGRAM).file("/usr/bin/qemu-system-aaa", "#!/bin/sh\n");
        assertThat(only().path()).isEqualTo(PATH);
    }

    @Test
    void guestThatCannotBeReadMayNameAnyEmulator() {
        HostFiles files = tree.file("/etc/libvirt/qemu/h.xml", "<domain").files();
        List<Emulator> emulators = value(EmulatorProbe.observe(
                files, GuestsProbe.observe(files, new FileStatus(files)), Fact.absent("status", "read")));
        assertThat(emulators).extracting(Emulator::path).containsExactly(PATH, "(of guest h)");
        assertThat(reason(emulators.getLast().hardening())).startsWith("RF-XML-");
        assertThat(value(EmulatorProbe.observe(
                        files,
                        Fact.notObserved("/etc/libvirt/qemu", "list", "permission denied"),
                        Fact.absent("", ""))))
                .extracting(Emulator::path)
                .containsExactly("(of guests)");
    }

    @Test
    void findsTheHostsOwnEmulator() {
        String machine = System.getProperty("os.arch").replace("amd64", "x86_64");
        tree.delete("/etc/libvirt/qemu/g.xml").bytes("/usr/bin/qemu-system-" + machine, PROGRAM);
        assertThat(only().path()).isEqualTo("/usr/bin/qemu-system-" + machine);
    }

    private Emulator only() {
        HostFiles files = tree.files();
        Fact<List<Guest>> guests = GuestsProbe.observe(files, new FileStatus(files));
        Fact<Map<String, String>> packages = Fact.of(Map.of("own-emulator", "1.2-3"), "status", "parsed");
        List<Emulator> emulators = value(EmulatorProbe.observe(files, guests, packages));
        assertThat(emulators).hasSize(1);
        return emulators.getFirst();
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] file(String name) {
        try {
            return Files.readAllBytes(Path.of(System.getProperty("java.home"), name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
