package dev.ringfence.formats.domain;

/**
 * {@code <hostdev>}: a device of the host that the guest owns.
 *
 * @param mode {@code subsystem} or {@code capabilities}
 * @param type {@code pci}, {@code usb}, {@code scsi}, {@code scsi_host}, {@code mdev}; {@code storage}, {@code misc},
 *     {@code net} for containers
 * @param managed {@code yes} when libvirt binds the host driver
 * @param driverName {@code vfio}, …
 * @param driverIommufd {@code yes} when the device is reached through iommufd
 * @param pci address of the host device, {@code 0000:3b:00.1}
 * @param writeFiltering {@code no} when the guest may write all of the PCI configuration space
 * @param usbVendor vendor identifier, as written
 * @param usbBus bus and device number, as written, when not chosen by identifier
 * @param adapter name of the SCSI host adapter
 * @param protocol {@code iscsi} or {@code vhost}
 * @param sourceName iSCSI target
 * @param mdevUuid mediated device
 * @param sourcePath device path, for containers
 * @param address where the guest sees it
 */
public record Hostdev(
        String mode,
        String type,
        String managed,
        String model,
        String sgio,
        String rawio,
        String display,
        String ramfb,
        String driverName,
        String driverModel,
        String driverIommufd,
        String pci,
        String writeFiltering,
        String startupPolicy,
        String guestReset,
        String usbVendor,
        String usbProduct,
        String usbBus,
        String usbDevice,
        String adapter,
        String protocol,
        String sourceName,
        String wwpn,
        DiskSource.Auth auth,
        String mdevUuid,
        String sourcePath,
        boolean readonly,
        boolean shareable,
        Rom rom,
        long bootOrder,
        String teamingType,
        String alias,
        Address address) {}
