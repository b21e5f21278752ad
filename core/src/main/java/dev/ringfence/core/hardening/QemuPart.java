package dev.ringfence.core.hardening;

import java.util.List;

/**
 * A part of QEMU that can be left out of a build.
 *
 * @param title what it is
 * @param kind which list of the emulator shows it
 * @param names what the lists call it; a trailing {@code *} matches any ending
 * @param symbol Kconfig symbol of a device, empty for what configure decides
 * @param configure switches of QEMU's configure that leave it out, empty for devices
 * @param debianPackage Debian package that carries it alone, so that removing the package is enough; empty when none does
 */
public record QemuPart(
        String title, Kind kind, List<String> names, String symbol, String configure, String debianPackage) {
    public QemuPart {
        names = List.copyOf(names);
    }

    /** Which list of the emulator shows a part. */
    public enum Kind {
        DEVICE,
        ACCELERATOR,
        BACKEND
    }

    boolean matches(String name) {
        return names.stream()
                .anyMatch(n -> n.endsWith("*") ? name.startsWith(n.substring(0, n.length() - 1)) : n.equals(name));
    }

    private static QemuPart device(String title, String symbol, String... names) {
        return new QemuPart(title, Kind.DEVICE, List.of(names), symbol, "", "");
    }

    private static QemuPart backend(String title, String configure, String debianPackage, String... names) {
        return new QemuPart(title, Kind.BACKEND, List.of(names), "", configure, debianPackage);
    }

    /**
     * The parts that we know how to leave out. Symbols: QEMU's Kconfig and meson.build files below hw/, version 7.2 (igb: 8.0).
     * Switches: its meson_options.txt. What no entry names is not offered for removal, and neither is what the PC boards select
     * by themselves: the floppy controller and ISA IDE.
     */
    static final List<QemuPart> KNOWN = List.of(
            device("NE2000 network cards", "CONFIG_NE2000_PCI, CONFIG_NE2000_ISA", "ne2k_pci", "ne2k_isa"),
            device("Realtek RTL8139 network card", "CONFIG_RTL8139_PCI", "rtl8139"),
            device("AMD PCnet network card", "CONFIG_PCNET_PCI", "pcnet"),
            device("Intel EtherExpress Pro network cards", "CONFIG_EEPRO100_PCI", "i825*", "i82801"),
            device("Intel e1000 network cards", "CONFIG_E1000_PCI", "e1000", "e1000-*"),
            device("Intel e1000e network card", "CONFIG_E1000E_PCI_EXPRESS", "e1000e"),
            device("Intel igb network card", "CONFIG_IGB_PCI_EXPRESS", "igb", "igbvf"),
            device("DEC Tulip network card", "CONFIG_TULIP", "tulip"),
            device("VMware vmxnet3 network card", "CONFIG_VMXNET3_PCI", "vmxnet3"),
            device("Rocker switch", "CONFIG_ROCKER", "rocker"),
            device(
                    "CAN bus cards",
                    "CONFIG_CAN_PCI, CONFIG_CAN_CTUCANFD_PCI",
                    "kvaser_pci",
                    "mioe3680_pci",
                    "pcm3680_pci",
                    "ctucan_pci"),
            device("Cirrus VGA", "CONFIG_VGA_CIRRUS", "cirrus-vga", "isa-cirrus-vga"),
            device("standard VGA", "CONFIG_VGA_PCI", "VGA", "secondary-vga"),
            device("VMware SVGA", "CONFIG_VMWARE_VGA", "vmware-svga"),
            device("ATI VGA", "CONFIG_ATI_VGA", "ati-vga"),
            device("Bochs display", "CONFIG_BOCHS_DISPLAY", "bochs-display"),
            device("QXL display", "CONFIG_QXL", "qxl", "qxl-vga"),
            device("virtio GPU", "CONFIG_VIRTIO_GPU, CONFIG_VIRTIO_VGA", "virtio-gpu*", "virtio-vga*"),
            device("LSI SCSI controllers", "CONFIG_LSI_SCSI_PCI", "lsi53c810", "lsi53c895a"),
            device("LSI SAS1068 controller", "CONFIG_MPTSAS_SCSI_PCI", "mptsas1068"),
            device("MegaRAID controllers", "CONFIG_MEGASAS_SCSI_PCI", "megasas", "megasas-gen2"),
            device("VMware PVSCSI controller", "CONFIG_VMW_PVSCSI_SCSI_PCI", "pvscsi"),
            device("AMD ESP SCSI controllers", "CONFIG_ESP_PCI", "am53c974", "dc390"),
            device("SD host controller", "CONFIG_SDHCI_PCI", "sdhci-pci", "sd-card"),
            device("NVMe controller", "CONFIG_NVME_PCI", "nvme", "nvme-ns", "nvme-subsys"),
            device("UHCI USB controllers", "CONFIG_USB_UHCI", "piix3-usb-uhci", "piix4-usb-uhci", "ich9-usb-uhci*"),
            device("OHCI USB controller", "CONFIG_USB_OHCI_PCI", "pci-ohci"),
            device("EHCI USB controllers", "CONFIG_USB_EHCI_PCI", "usb-ehci", "ich9-usb-ehci*"),
            device("xHCI USB controllers", "CONFIG_USB_XHCI_PCI, CONFIG_USB_XHCI_NEC", "qemu-xhci", "nec-usb-xhci"),
            device(
                    "USB storage",
                    "CONFIG_USB_STORAGE_CLASSIC, CONFIG_USB_STORAGE_BOT, CONFIG_USB_STORAGE_UAS",
                    "usb-storage",
                    "usb-bot",
                    "usb-uas"),
            device("USB media transfer", "CONFIG_USB_STORAGE_MTP", "usb-mtp"),
            device("USB audio", "CONFIG_USB_AUDIO", "usb-audio"),
            device("USB serial adapters", "CONFIG_USB_SERIAL", "usb-serial", "usb-braille"),
            device("USB network card", "CONFIG_USB_NETWORK", "usb-net"),
            device("USB smart cards", "CONFIG_USB_SMARTCARD", "usb-ccid", "ccid-card-*"),
            device("USB Wacom tablet", "CONFIG_USB_TABLET_WACOM", "usb-wacom-tablet"),
            device("USB security keys", "CONFIG_USB_U2F", "u2f-*"),
            device("AC97 sound", "CONFIG_AC97", "AC97"),
            device("ES1370 sound", "CONFIG_ES1370", "ES1370"),
            device("Intel HDA sound", "CONFIG_HDA", "intel-hda", "ich9-intel-hda", "hda-*"),
            device(
                    "ISA sound cards",
                    "CONFIG_SB16, CONFIG_ADLIB, CONFIG_GUS, CONFIG_CS4231A",
                    "sb16",
                    "adlib",
                    "gus",
                    "cs4231a"),
            device("parallel port", "CONFIG_PARALLEL", "isa-parallel"),
            device("PCI serial ports", "CONFIG_SERIAL_PCI, CONFIG_SERIAL_PCI_MULTI", "pci-serial", "pci-serial-*"),
            device("IndustryPack carriers", "CONFIG_IPACK", "tpci200", "ipoctal232"),
            device(
                    "IPMI",
                    "CONFIG_ISA_IPMI_KCS, CONFIG_ISA_IPMI_BT, CONFIG_PCI_IPMI_KCS, CONFIG_PCI_IPMI_BT, CONFIG_IPMI_SSIF",
                    "ipmi-*",
                    "isa-ipmi-*",
                    "pci-ipmi-*",
                    "smbus-ipmi"),
            device("watchdogs", "CONFIG_WDT_IB6300ESB, CONFIG_WDT_IB700", "i6300esb", "ib700"),
            device("Apple SMC", "CONFIG_APPLESMC", "isa-applesmc"),
            device(
                    "test devices",
                    "CONFIG_TEST_DEVICES",
                    "edu",
                    "pci-testdev",
                    "pc-testdev",
                    "hyperv-testdev",
                    "i2c-echo"),
            device("ISA debug ports", "CONFIG_ISA_DEBUG, CONFIG_SGA", "isa-debugcon", "isa-debug-exit", "sga"),
            device("memory shared between guests", "CONFIG_IVSHMEM_DEVICE", "ivshmem-*"),
            device("PCI and USB passthrough", "CONFIG_VFIO_PCI", "vfio-pci*"),
            // In 7.2 the bridges do not link without CXL.
            device("PCI expander bridges and CXL", "CONFIG_PXB, CONFIG_CXL", "pxb*", "cxl-*"),
            device("9p file sharing", "CONFIG_VIRTIO_9P", "virtio-9p*"),
            device("virtio crypto", "CONFIG_VIRTIO_CRYPTO", "virtio-crypto*"),
            device("virtio persistent memory", "CONFIG_VIRTIO_PMEM", "virtio-pmem*"),
            device("virtio balloon", "CONFIG_VIRTIO_BALLOON", "virtio-balloon*"),
            device("pvpanic", "CONFIG_PVPANIC_PCI, CONFIG_PVPANIC_ISA", "pvpanic*"),
            device("vhost sockets", "CONFIG_VHOST_VSOCK, CONFIG_VHOST_USER_VSOCK", "vhost-vsock*", "vhost-user-vsock*"),
            new QemuPart("TCG, the emulating accelerator", Kind.ACCELERATOR, List.of("tcg"), "", "--disable-tcg", ""),
            backend("VNC server", "--disable-vnc", "", "vnc"),
            backend("SPICE server", "--disable-spice", "", "spice", "spice-app", "spicevmc", "spiceport"),
            backend("GTK window", "--disable-gtk --disable-vte", "qemu-system-gui", "gtk"),
            backend("SDL window", "--disable-sdl", "qemu-system-gui", "sdl"),
            backend("curses screen", "--disable-curses", "", "curses"),
            backend("D-Bus display", "--disable-dbus-display", "", "dbus"),
            backend("OpenGL rendering", "--disable-opengl --disable-virglrenderer", "", "egl-headless"),
            backend("ALSA sound output", "--disable-alsa", "", "alsa"),
            backend("OSS sound output", "--disable-oss", "", "oss"),
            backend("sndio sound output", "--disable-sndio", "", "sndio"),
            backend("PulseAudio sound output", "--disable-pa", "qemu-system-gui", "pa", "pulseaudio"),
            backend("JACK sound output", "--disable-jack", "qemu-system-gui", "jack"),
            backend("braille display", "--disable-brlapi", "", "braille"),
            backend("user-mode network", "--disable-slirp", "", "user"),
            backend("VDE network", "--disable-vde", "", "vde"),
            backend("L2TPv3 network", "--disable-l2tpv3", "", "l2tpv3"),
            backend("vhost-user", "--disable-vhost-user", "", "vhost-user"),
            backend("vhost-vdpa", "--disable-vhost-vdpa", "", "vhost-vdpa"),
            backend("iSCSI disks", "--disable-libiscsi", "qemu-block-extra", "iscsi"),
            backend("NFS disks", "--disable-libnfs", "qemu-block-extra", "nfs"),
            backend("Ceph disks", "--disable-rbd", "qemu-block-extra", "rbd"),
            backend("Gluster disks", "--disable-glusterfs", "qemu-block-extra", "gluster"),
            backend("SSH disks", "--disable-libssh", "qemu-block-extra", "ssh"),
            backend("HTTP and FTP disks", "--disable-curl", "qemu-block-extra", "http", "https", "ftp", "ftps"),
            backend("out-of-process devices", "--disable-multiprocess", "", "x-remote-object"));
}
