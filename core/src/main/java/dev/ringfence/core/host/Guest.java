package dev.ringfence.core.host;

import dev.ringfence.formats.domain.Domain;
import java.util.List;

/**
 * A libvirt domain as the host knows it.
 *
 * @param running whether libvirt holds live state for it; unobserved on the disk of a host that is not running
 * @param definition what judges it: the live XML of a running domain, the stored XML otherwise
 * @param stored the stored XML; absent for a transient domain
 * @param disks of the definition, with what lies behind them on this host; those on storage servers and empty drives are
 *     left out
 */
public record Guest(
        String name, Fact<Boolean> running, Fact<Domain> definition, Fact<Domain> stored, Fact<List<GuestDisk>> disks) {
    /**
     * A file or device behind a disk of a guest.
     *
     * @param target such as {@code vda}
     * @param path empty when the disk is a volume of a storage pool, which libvirt alone can find
     * @param declaredFormat the driver type of the XML, empty when none is given
     * @param detectedFormat by its first bytes, as libvirt and QEMU call it: {@code raw}, {@code qcow2}, {@code vpc}…
     * @param backing the image that the image itself names below it, empty when none
     * @param dataFile where the image itself says that its data lies, empty when in itself
     */
    public record GuestDisk(
            String target,
            String path,
            String declaredFormat,
            Fact<String> detectedFormat,
            Fact<String> backing,
            Fact<String> dataFile,
            Fact<FileFacts> file) {}
}
