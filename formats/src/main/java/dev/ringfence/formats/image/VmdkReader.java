package dev.ringfence.formats.image;

import java.io.IOException;
import java.util.Set;

/**
 * VMware virtual disk: text descriptors, hosted sparse extents (monolithicSparse, streamOptimized), ESX extents. Only the two
 * sparse kinds that hold a whole disk in one file are accepted; all others are named and refused.
 */
final class VmdkReader implements FormatReader {
    private static final String SPARSE = "KDMV";
    private static final String ESX = "COWD";
    /** seSparse, a constant header. */
    private static final String SE_SPARSE = "\u00be\u00ba\u00fe\u00ca\0\0\0\0";

    private static final Set<String> WHOLE = Set.of("monolithicSparse", "streamOptimized");
    private static final int PROBE_BYTES = 4096;
    private static final long SECTOR_BYTES = 512;

    @Override
    public ImageFormat format() {
        return ImageFormat.VMDK;
    }

    @Override
    public boolean claims(ImageInput in) throws IOException, Malformed {
        return in.matches(0, SPARSE) || in.matches(0, ESX) || in.matches(0, SE_SPARSE) || text(in);
    }

    /**
     * Whether the file begins as a descriptor does. QEMU passes over comments and blank lines and takes a file for a
     * descriptor when then a version follows, whatever the comments say; others look for the first comment.
     */
    private static boolean text(ImageInput in) throws IOException, Malformed {
        int length = (int) Math.min(PROBE_BYTES, in.sizeBytes());
        if (length == 0
                || in.u8(0) != '#' && in.u8(0) != ' ' && in.u8(0) != '\r' && in.u8(0) != '\n' && in.u8(0) != 'v') {
            return false;
        }
        for (int at = 0; at < length; ) {
            int c = in.u8(at);
            if (c == '#') {
                if (matchesIgnoringCase(in, at, "# disk descriptorfile")) {
                    return true;
                }
                while (at < length && in.u8(at) != '\n') {
                    at++;
                }
            } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return in.matches(at, "version=")
                        && in.holds(at + 8, 1)
                        && in.u8(at + 8) >= '0'
                        && in.u8(at + 8) <= '9';
            }
            at++;
        }
        return false;
    }

    private static boolean matchesIgnoringCase(ImageInput in, long at, String lower) throws IOException, Malformed {
        if (!in.holds(at, lower.length())) {
            return false;
        }
        for (int i = 0; i < lower.length(); i++) {
            if (Character.toLowerCase(in.u8(at + i)) != lower.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void read(ImageInput in, Draft draft) throws IOException, Malformed {
        if (in.matches(0, SPARSE)) {
            new VmdkSparse(in, draft).read();
        } else if (in.matches(0, ESX)) {
            esx(in, draft);
        } else if (in.matches(0, SE_SPARSE)) {
            draft.variant = "seSparse";
            throw new Malformed(ImageCode.VARIANT, "an ESX extent without its descriptor");
        } else {
            if (in.sizeBytes() > VmdkDescriptor.LENGTH_LIMIT_BYTES) {
                throw new Malformed(ImageCode.DESCRIPTOR, "a descriptor of " + in.sizeBytes() + " bytes");
            }
            in.reserve(4 * in.sizeBytes());
            VmdkDescriptor descriptor = VmdkDescriptor.read(in.bytes(0, (int) in.sizeBytes()), draft);
            describe(descriptor, draft);
            if (descriptor.extents().isEmpty()) {
                draft.refuse(ImageCode.DESCRIPTOR, "the descriptor names no extent");
            }
        }
    }

    /** Takes over what a descriptor names, all of which is outside this file. */
    static void describe(VmdkDescriptor descriptor, Draft draft) {
        draft.variant = descriptor.createType();
        if (!WHOLE.contains(descriptor.createType())) {
            draft.refuse(ImageCode.VARIANT, "a disk of type " + word(descriptor.createType()));
        }
        for (VmdkDescriptor.Extent extent : descriptor.extents()) {
            if (extent.name() != null) {
                boolean plain = extent.type().equals("FLAT")
                        || extent.type().startsWith("VMFSR")
                        || extent.type().equals("VMFS");
                draft.extent(new Reference(extent.name(), plain ? "raw" : "vmdk"));
                if (extent.type().startsWith("VMFSR")) {
                    draft.refuse(ImageCode.REFERENCE_DEVICE, "an extent is a device of its host");
                }
            } else if (!extent.type().equals("ZERO")) {
                draft.refuse(ImageCode.DESCRIPTOR, "an extent has no file");
            }
        }
        references(descriptor, draft);
        long sectors = descriptor.sectors();
        if (sectors < 0) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the extents are larger than any disk");
        } else {
            draft.virtualSizeBytes = sectors * SECTOR_BYTES;
        }
    }

    /** The parent and the change tracking file. */
    static void references(VmdkDescriptor descriptor, Draft draft) {
        String parent = descriptor.parent();
        if (parent != null) {
            draft.backing(new Reference(parent, "vmdk"));
        }
        String changes = descriptor.changeTrack();
        if (changes != null) {
            draft.extent(new Reference(changes, null));
        }
    }

    /** VMware's extent of ESX 3, "COWD": part of a disk whose descriptor is elsewhere. */
    private static void esx(ImageInput in, Draft draft) throws IOException, Malformed {
        draft.variant = "vmfsSparse";
        draft.refuse(ImageCode.VARIANT, "an ESX extent without its descriptor");
        in.require(0, 2048, ImageCode.TRUNCATED, "the header");
        if (in.u32le(4) != 1) {
            draft.refuse(ImageCode.VERSION, "version " + in.u32le(4));
        }
        draft.virtualSizeBytes = in.u32le(12) * SECTOR_BYTES;
        // A root extent has its geometry here, three numbers too small to look like a path.
        String parent = in.text(32, 1024);
        if (parent.length() > 3) {
            draft.backing(new Reference(parent, "vmdk"));
        }
        long directory = in.u32le(20) * SECTOR_BYTES;
        in.require(directory, in.u32le(24) * 4, ImageCode.OUTSIDE_FILE, "the grain directory");
    }

    static String word(String text) {
        String word = text.replaceAll("[^A-Za-z0-9_-]", "_");
        return word.substring(0, Math.min(word.length(), 40));
    }
}
