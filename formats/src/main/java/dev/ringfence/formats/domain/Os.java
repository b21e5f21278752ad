package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <os>}: what boots.
 *
 * @param type {@code hvm}, …
 * @param firmware {@code efi} or {@code bios} when libvirt shall choose the firmware
 * @param loader path of the firmware
 * @param loaderReadonly {@code yes} or {@code no}
 * @param loaderSecure {@code yes} when the firmware enforces secure boot
 * @param loaderType {@code rom} or {@code pflash}
 * @param nvram path of the variable store
 * @param nvramSource where the variable store lies when it is not a plain path
 * @param varstore path of the variable store that a {@code uefi-vars} device serves
 * @param kernel path of a kernel that is booted directly
 * @param acpiTables ACPI tables given to the guest
 * @param bootDevs {@code hd}, {@code cdrom}, {@code network}, {@code fd}, in order
 * @param smbiosMode {@code emulate}, {@code host}, {@code sysinfo}
 * @param bootloader path of a host program that finds the kernel
 * @param init path of the first process of a container
 */
public record Os(
        String type,
        String arch,
        String machine,
        String firmware,
        List<FirmwareFeature> firmwareFeatures,
        String loader,
        String loaderReadonly,
        String loaderSecure,
        String loaderType,
        String loaderStateless,
        String loaderFormat,
        String nvram,
        String nvramTemplate,
        String nvramTemplateFormat,
        String nvramFormat,
        String nvramType,
        DiskSource nvramSource,
        String varstore,
        String varstoreTemplate,
        String kernel,
        String initrd,
        String cmdline,
        String dtb,
        String shim,
        List<AcpiTable> acpiTables,
        List<String> bootDevs,
        String bootmenuEnable,
        String biosUseserial,
        String smbiosMode,
        String bootloader,
        String init) {
    public Os {
        firmwareFeatures = List.copyOf(firmwareFeatures);
        acpiTables = List.copyOf(acpiTables);
        bootDevs = List.copyOf(bootDevs);
    }

    /**
     * A property that the chosen firmware must have.
     *
     * @param name {@code secure-boot} or {@code enrolled-keys}
     * @param enabled {@code yes} or {@code no}
     */
    public record FirmwareFeature(String name, String enabled) {}

    /** A file with an ACPI table. */
    public record AcpiTable(String type, String path) {}
}
