package dev.ringfence.formats.domain;

/**
 * {@code <controller>}.
 *
 * @param type {@code pci}, {@code usb}, {@code scsi}, {@code sata}, {@code ide}, {@code fdc}, {@code virtio-serial},
 *     {@code ccid}, {@code xenbus}, {@code isa}, {@code nvme}
 * @param model such as {@code qemu-xhci}, {@code virtio-scsi}, {@code none}
 * @param modelName exact QEMU device of a PCI controller
 */
public record Controller(
        String type,
        long index,
        String model,
        long ports,
        long vectors,
        String serial,
        String modelName,
        long chassis,
        String port,
        String hotplug,
        long queues,
        long cmdPerLun,
        long maxSectors,
        String ioeventfd,
        long iothread,
        VirtioDriver driver,
        String alias,
        Address address) {}
