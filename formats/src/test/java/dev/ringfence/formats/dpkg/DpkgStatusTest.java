package dev.ringfence.formats.dpkg;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DpkgStatusTest {
    private static final String SAMPLE = """
            Package: qemu-system-x86
            Status: install ok installed
            Priority: optional
            Architecture: amd64
            Source: qemu
            Version: 1:7.2+dfsg-7+deb12u16
            Depends: libc6 (>= 2.34)
            Description: QEMU full system emulation
             Package: not-a-package
             .
             Version: 0

            Package: old
            Status: deinstall ok config-files
            Architecture: all
            Source: old-src (1.0-1)
            Version: 1.0-1+b2

            package: libc6
            STATUS:install ok installed
            Architecture: amd64
            Version: 2.36-9

            Package: libc6
            Status: install ok installed
            Architecture: i386
            Version: 2.36-9
            """;

    private static DpkgStatus parsed(String text) {
        return value(DpkgStatus.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsPackages() {
        DpkgStatus status = parsed(SAMPLE);
        assertThat(status.packages())
                .containsExactly(
                        new DpkgStatus.Package(
                                "qemu-system-x86",
                                "1:7.2+dfsg-7+deb12u16",
                                "amd64",
                                "install ok installed",
                                "qemu",
                                "1:7.2+dfsg-7+deb12u16"),
                        new DpkgStatus.Package(
                                "old", "1.0-1+b2", "all", "deinstall ok config-files", "old-src", "1.0-1"),
                        new DpkgStatus.Package("libc6", "2.36-9", "amd64", "install ok installed", "libc6", "2.36-9"),
                        new DpkgStatus.Package("libc6", "2.36-9", "i386", "install ok installed", "libc6", "2.36-9"));
    }

    @Test
    void onlyInstalledPackagesAreFound() {
        DpkgStatus status = parsed(SAMPLE);
        assertThat(status.find("old")).isEmpty();
        assertThat(status.find("absent")).isEmpty();
        assertThat(status.find("qemu-system-x86").map(DpkgStatus.Package::version))
                .contains("1:7.2+dfsg-7+deb12u16");
        assertThat(status.installed("libc6")).hasSize(2);
    }

    @Test
    void lineEndsOfOtherSystemsAreRead() {
        assertThat(parsed(SAMPLE.replace("\n", "\r\n")).packages())
                .isEqualTo(parsed(SAMPLE).packages());
    }

    @Test
    void bytesThatAreNoTextAreReplaced() {
        byte[] bytes = "Package: p\nVersion: 1\nMaintainer: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(value(DpkgStatus.parse(bytes)).packages()).hasSize(1);
    }

    @Test
    void refusesAFileWithoutPackages() {
        assertThat(code(DpkgStatus.parse(new byte[0]))).isEqualTo("RF-DPK-002");
        assertThat(code(DpkgStatus.parse("Version: 1\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("RF-DPK-002");
        assertThat(code(DpkgStatus.parse(new byte[(64 << 20) + 1]))).isEqualTo("RF-DPK-001");
    }

    @Test
    void truncationAndMutationNeverThrow() {
        byte[] sample = SAMPLE.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < sample.length; length++) {
            assertThat(DpkgStatus.parse(Arrays.copyOf(sample, length))).isNotNull();
        }
        Fuzz.bytes(
                List.of(sample),
                4_000,
                bytes -> assertThat(DpkgStatus.parse(bytes)).isNotNull());
    }
}
