package dev.ringfence.core.host;

import java.util.List;

/**
 * Firmware, measured boot and cryptographic module state.
 *
 * @param efi whether the host booted through UEFI
 * @param secureBoot whether Secure Boot is enforced; absent on a host without UEFI
 * @param shimValidation false when shim's own validation was switched off (MokSBState)
 * @param biosDate as the firmware states it, {@code MM/DD/YYYY}
 * @param biosAgeDays from biosDate to the observation
 * @param tpmVersion major version of the first TPM, {@code 2}
 * @param fips whether the kernel runs in FIPS mode
 * @param guestFirmware descriptors of /usr/share/qemu/firmware and /etc/qemu/firmware
 */
public record Firmware(
        Fact<Boolean> efi,
        Fact<Boolean> secureBoot,
        Fact<Boolean> shimValidation,
        Fact<String> biosVendor,
        Fact<String> biosVersion,
        Fact<String> biosDate,
        Fact<Long> biosAgeDays,
        Fact<String> tpmVersion,
        Fact<Boolean> eventLog,
        Fact<Boolean> fips,
        Fact<String> cryptoPolicy,
        Fact<List<GuestFirmware>> guestFirmware) {
    /** One firmware descriptor: the image that it names and whether it offers Secure Boot. */
    public record GuestFirmware(String descriptor, String executable, boolean secureBoot, boolean enrolledKeys) {}
}
