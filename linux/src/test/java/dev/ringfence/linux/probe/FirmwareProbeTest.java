package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Firmware;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirmwareProbeTest {
    private static final Instant AT = Instant.parse("2026-11-21T03:00:00Z");
    private static final String VARIABLES = "/sys/firmware/efi/efivars/";
    private static final String SECURE_BOOT = VARIABLES + "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private static final String MOK = VARIABLES + "MokSBStateRT-605dab50-e046-4300-abb6-3dd810dd8b23";

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root);
    }

    @Test
    void readsSecureBootFromFifthByte() {
        tree.bytes(SECURE_BOOT, new byte[] {6, 0, 0, 0, 1});
        Firmware firmware = observe();
        assertThat(value(firmware.efi())).isTrue();
        assertThat(value(firmware.secureBoot())).isTrue();
        assertThat(value(firmware.shimValidation())).isTrue();

        tree.bytes(SECURE_BOOT, new byte[] {6, 1, 1, 1, 0}).bytes(MOK, new byte[] {6, 0, 0, 0, 1});
        assertThat(value(observe().secureBoot())).isFalse();
        assertThat(value(observe().shimValidation())).isFalse();
    }

    @Test
    void firmwareWithoutTheVariableHasNoSecureBoot() {
        tree.bytes(VARIABLES + "BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c", new byte[6]);
        assertThat(value(observe().secureBoot())).isFalse();
    }

    @Test
    void secureBootIsAbsentOnHostWithoutEfi() {
        tree.file("/sys/firmware/acpi/tables/DSDT", "x");
        assertThat(value(observe().efi())).isFalse();
        assertThat(isAbsent(observe().secureBoot())).isTrue();
        assertThat(isAbsent(observe().shimValidation())).isTrue();
    }

    @Test
    void saysNothingWhereVariablesAreHidden() {
        tree.directory(VARIABLES);
        assertThat(reason(observe().secureBoot())).contains("efivarfs is not mounted");
        assertThat(reason(observe().shimValidation())).contains("efivarfs is not mounted");
    }

    @Test
    void saysNothingWhereFirmwareDirectoryIsEmpty() {
        tree.directory("/sys/firmware");
        assertThat(reason(observe().efi())).contains("container");
        assertThat(reason(observe().secureBoot())).contains("container");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 6})
    void refusesVariableOfAnotherLength(int length) {
        tree.bytes(SECURE_BOOT, new byte[length]);
        assertThat(reason(observe().secureBoot())).contains(length + " bytes");
    }

    @Test
    void refusesVariableThatIsNoFile() {
        tree.fifo(SECURE_BOOT);
        assertThat(reason(observe().secureBoot())).contains("fifo");
    }

    @Test
    void countsDaysSinceFirmwareDate() {
        tree.file("/sys/class/dmi/id/bios_vendor", "Vendor\n")
                .file("/sys/class/dmi/id/bios_version", "1.2.3\n")
                .file("/sys/class/dmi/id/bios_date", "11/20/2025\n");
        assertThat(value(observe().biosAgeDays())).isEqualTo(366);
        assertThat(value(observe().biosVendor())).isEqualTo("Vendor");
        assertThat(value(observe().biosVersion())).isEqualTo("1.2.3");
        assertThat(value(observe().biosDate())).isEqualTo("11/20/2025");
    }

    @ParameterizedTest
    @ValueSource(strings = {"13/40/2025", "2025-11-20", "02/30/2024", "yesterday"})
    void refusesWhatIsNoDate(String date) {
        tree.file("/sys/class/dmi/id/bios_date", date);
        assertThat(value(observe().biosDate())).isEqualTo(date);
        assertThat(reason(observe().biosAgeDays())).contains("not a date");
    }

    @Test
    void readsFirstTpmAndItsEventLog() {
        tree.file("/sys/class/tpm/tpm0/tpm_version_major", "2\n").directory("/sys/class/tpm/tpmrm0");
        assertThat(value(observe().tpmVersion())).isEqualTo("2");
        assertThat(reason(observe().eventLog())).contains("securityfs is not mounted");
        tree.file("/sys/kernel/security/lsm", "capability");
        assertThat(value(observe().eventLog())).isFalse();
        tree.file("/sys/kernel/security/tpm0/binary_bios_measurements", "x");
        assertThat(value(observe().eventLog())).isTrue();
    }

    @Test
    void tellsOldTpmByItsCapabilities() {
        tree.directory("/sys/class/tpm/tpm0");
        assertThat(reason(observe().tpmVersion())).contains("does not say");
        tree.file("/sys/class/tpm/tpm0/device/caps", "TCG version: 1.2\n");
        assertThat(value(observe().tpmVersion())).isEqualTo("1");
    }

    @Test
    void tpmIsAbsentWhereThereIsNone() {
        assertThat(isAbsent(observe().tpmVersion())).isTrue();
        assertThat(isAbsent(observe().eventLog())).isTrue();
    }

    @Test
    void readsFipsModeAndCryptoPolicy() {
        assertThat(value(observe().fips())).isFalse();
        assertThat(isAbsent(observe().cryptoPolicy())).isTrue();
        tree.file("/proc/sys/crypto/fips_enabled", "1\n").file("/etc/crypto-policies/state/current", "FIPS:OSPP\n");
        assertThat(value(observe().fips())).isTrue();
        assertThat(value(observe().cryptoPolicy())).isEqualTo("FIPS:OSPP");
        tree.file("/proc/sys/crypto/fips_enabled", "maybe\n");
        assertThat(reason(observe().fips())).contains("neither on nor off");
    }

    @Test
    void readsDescriptorsOfGuestFirmware() {
        tree.file("/usr/share/qemu/firmware/40-secure.json", """
                        {"mapping": {"device": "flash", "executable": {"filename": "/f/CODE.ms.fd", "format": "raw"}},
                         "features": ["acpi-s3", "enrolled-keys", "secure-boot"]}
                        """)
                .file(
                        "/usr/share/qemu/firmware/60-plain.json",
                        "{\"mapping\": {\"device\": \"memory\", \"filename\": \"/f/bios.bin\"}, \"features\": []}")
                .file("/usr/share/qemu/firmware/70-hidden.json", "{}")
                .file("/etc/qemu/firmware/70-hidden.json", "")
                .file("/usr/share/qemu/firmware/README", "not a descriptor");
        assertThat(value(observe().guestFirmware()))
                .containsExactly(
                        new Firmware.GuestFirmware(
                                "/usr/share/qemu/firmware/40-secure.json", "/f/CODE.ms.fd", true, true),
                        new Firmware.GuestFirmware(
                                "/usr/share/qemu/firmware/60-plain.json", "/f/bios.bin", false, false));
    }

    @Test
    void reportsNoDescriptorsWhenOneCannotBeRead() {
        tree.file("/usr/share/qemu/firmware/40-ok.json", "{}").file("/usr/share/qemu/firmware/50-bad.json", "{\"a\":");
        assertThat(reason(observe().guestFirmware())).contains("RF-JSN-003");
        tree.delete("/usr/share/qemu/firmware/50-bad.json").directory("/usr/share/qemu/firmware/50-bad.json");
        assertThat(reason(observe().guestFirmware())).contains("directory");
    }

    @Test
    void refusesDescriptorThatIsTooLarge() {
        tree.file("/usr/share/qemu/firmware/40-huge.json", " ".repeat(2 << 20));
        assertThat(reason(observe().guestFirmware())).contains("larger than");
    }

    @Test
    void observesLiveHost() {
        Firmware firmware = FirmwareProbe.observe(HostFiles.live(), Instant.now());
        if (value(firmware.efi())) {
            assertThat(firmware.secureBoot()).isNotNull();
        } else {
            assertThat(isAbsent(firmware.secureBoot())).isTrue();
        }
        assertThat(value(firmware.guestFirmware()))
                .allSatisfy(f -> assertThat(f.executable()).startsWith("/"));
    }

    private Firmware observe() {
        return FirmwareProbe.observe(tree.files(), AT);
    }
}
