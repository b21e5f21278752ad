package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <sysinfo>}: firmware tables shown to the guest.
 *
 * @param type {@code smbios} or {@code fwcfg}
 */
public record Sysinfo(String type, List<Entry> entries) {
    public Sysinfo {
        entries = List.copyOf(entries);
    }

    /**
     * One entry.
     *
     * @param section {@code bios}, {@code system}, {@code baseBoard}, {@code chassis}, {@code oemStrings}; {@code ""}
     *     for fw_cfg
     * @param name such as {@code serial}; {@code ""} for OEM strings
     * @param file a host file whose content is handed over, fw_cfg only
     */
    public record Entry(String section, String name, String value, String file) {}
}
