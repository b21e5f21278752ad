package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <disk>}.
 *
 * @param type {@code file}, {@code block}, {@code dir}, {@code network}, {@code volume}, {@code nvme}, {@code
 *     vhostuser}, {@code vhostvdpa}
 * @param device {@code disk}, {@code cdrom}, {@code floppy}, {@code lun}
 * @param sgio {@code filtered} or {@code unfiltered}
 * @param rawio {@code yes} when QEMU gets CAP_SYS_RAWIO
 * @param backingStores the chain below the source, nearest first
 * @param backingChainTerminated the document ends the chain itself, so that nothing is left to be probed
 * @param dataStores external data files of the source or of a backing store
 * @param mirrors a copy under way
 * @param transientDisk {@code <transient/>}: changes are dropped when the guest ends
 * @param bootOrder -1 when the disk is not in the boot order
 */
public record Disk(
        String type,
        String device,
        String model,
        String snapshot,
        String rawio,
        String sgio,
        DiskDriver driver,
        DiskSource source,
        List<BackingStore> backingStores,
        boolean backingChainTerminated,
        List<BackingStore> dataStores,
        List<Mirror> mirrors,
        DiskTarget target,
        boolean readonly,
        boolean shareable,
        boolean transientDisk,
        String serial,
        String wwn,
        String vendor,
        String product,
        long bootOrder,
        IoTune iotune,
        List<String> throttlefilters,
        String alias,
        Address address) {
    public Disk {
        backingStores = List.copyOf(backingStores);
        dataStores = List.copyOf(dataStores);
        mirrors = List.copyOf(mirrors);
        throttlefilters = List.copyOf(throttlefilters);
    }

    /**
     * Where the guest sees the disk.
     *
     * @param dev a hint such as {@code vda}
     * @param bus {@code virtio}, {@code scsi}, {@code sata}, {@code ide}, {@code fdc}, {@code usb}, {@code sd}, {@code
     *     nvme}
     */
    public record DiskTarget(String dev, String bus, String removable, String tray, long rotationRate) {}

    /**
     * {@code <driver>}.
     *
     * @param type format of the source, {@code raw}, {@code qcow2}, …; {@code ""} means that it may be probed
     */
    public record DiskDriver(
            String name,
            String type,
            String cache,
            String errorPolicy,
            String rerrorPolicy,
            String io,
            String ioeventfd,
            String eventIdx,
            String copyOnRead,
            String discard,
            String discardNoUnref,
            String detectZeroes,
            long iothread,
            long queues,
            long queueSize,
            String iommu,
            String ats,
            String packed,
            String pagePerVq) {}

    /**
     * One layer of a disk image.
     *
     * @param type as a disk's
     * @param format {@code raw}, {@code qcow2}, …; {@code ""} means that it may be probed
     */
    public record BackingStore(String type, long index, String format, DiskSource source) {}

    /**
     * {@code <mirror>}: the target of a copy.
     *
     * @param job {@code copy} or {@code active-commit}
     * @param ready {@code yes}, {@code abort}, {@code pivot} or {@code ""}
     */
    public record Mirror(String type, String job, String ready, String format, DiskSource source) {}

    /** {@code <iotune>}: limits per second; 0 and -1 mean no limit. */
    public record IoTune(
            long totalBytesSec,
            long readBytesSec,
            long writeBytesSec,
            long totalIopsSec,
            long readIopsSec,
            long writeIopsSec,
            long totalBytesSecMax,
            long readBytesSecMax,
            long writeBytesSecMax,
            long totalIopsSecMax,
            long readIopsSecMax,
            long writeIopsSecMax,
            long sizeIopsSec,
            String groupName) {}
}
