package dev.ringfence.formats.image;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats that are told apart. The order is that of preference where a file is several at once. */
public enum ImageFormat {
    /** QEMU copy-on-write, versions 2 and 3. */
    QCOW2("qcow2"),
    /** QEMU copy-on-write, version 1. */
    QCOW("qcow"),
    /** QEMU enhanced disk. */
    QED("qed"),
    /** VMware virtual disk, any variant, a text descriptor included. */
    VMDK("vmdk"),
    /** Microsoft virtual hard disk; {@code vpc} to QEMU. */
    VHD("vhd", "vpc"),
    /** Hyper-V virtual hard disk. */
    VHDX("vhdx"),
    /** VirtualBox disk image. */
    VDI("vdi"),
    /** Linux unified key setup, versions 1 and 2, around a raw disk. */
    LUKS("luks"),
    /** Parallels hard disk. */
    PARALLELS("parallels"),
    /** Linux compressed loop. */
    CLOOP("cloop"),
    /** Apple disk image. */
    DMG("dmg"),
    /** Bochs growing disk. */
    BOCHS("bochs"),
    /** ISO 9660 file system; raw to QEMU. */
    ISO("iso"),
    /** Bytes of a disk as they are; what no other format claims. */
    RAW("raw");

    private final List<String> names;

    ImageFormat(String... names) {
        this.names = List.of(names);
    }

    /** The usual name, as in {@code qcow2}; also Nova's and Glance's word for it where they know the format. */
    public String title() {
        return names.getFirst();
    }

    /** Whether QEMU reads such a file as the plain bytes of a disk. */
    public boolean plain() {
        return this == RAW || this == ISO;
    }

    /** The format that is called so, in any case: {@code qcow2}, {@code vpc}, {@code vhd}. */
    public static Optional<ImageFormat> named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (ImageFormat format : values()) {
            if (format.names.contains(lower)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
