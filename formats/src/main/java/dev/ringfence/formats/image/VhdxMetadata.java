package dev.ringfence.formats.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What the metadata region of a VHDX says of its disk (MS-VHDX section 2.6).
 *
 * @param blockBytes a power of two, 1 to 256 MiB
 * @param virtualSizeBytes at least 0
 * @param logicalSectorBytes 512 or 4096
 */
record VhdxMetadata(long blockBytes, long virtualSizeBytes, long logicalSectorBytes, boolean hasParent) {
    private static final int TABLE_BYTES = 64 << 10;
    private static final int ENTRY_LIMIT = 2047;
    private static final long ITEM_LIMIT_BYTES = 1 << 20;
    private static final int PAIR_LIMIT = 64;

    private static final String FILE_PARAMETERS = "caa16737-fa36-4d43-b3b6-33f0aa44e76b";
    private static final String DISK_SIZE = "2fa54224-cd1b-4876-b211-5dbed83bf4b8";
    private static final String DISK_ID = "beca12ab-b2e6-4523-93ef-c309e000c746";
    private static final String LOGICAL_SECTOR = "8141bf1d-a96f-4709-ba47-f233a8faab5f";
    private static final String PHYSICAL_SECTOR = "cda348c7-445d-4471-9cc9-e9885251c556";
    private static final String PARENT_LOCATOR = "a8d35f2d-b30b-454d-abf7-d3d84834ab0c";

    /** Where an item is. */
    private record Item(long at, long lengthBytes) {}

    /** Reads the metadata, and names the parent of a differencing disk. */
    static VhdxMetadata read(ImageInput in, long at, long lengthBytes, Draft draft) throws IOException, Malformed {
        if (lengthBytes < TABLE_BYTES || !in.matches(at, "metadata")) {
            throw new Malformed(ImageCode.HEADER, "the metadata region has no table");
        }
        Map<String, Item> items = items(in, at, lengthBytes, draft);
        Item parameters = item(items, FILE_PARAMETERS, 8, "the file parameters");
        Item size = item(items, DISK_SIZE, 8, "the size of the disk");
        Item sector = item(items, LOGICAL_SECTOR, 4, "the sector size");
        item(items, PHYSICAL_SECTOR, 4, "the physical sector size");
        item(items, DISK_ID, 16, "the identifier of the disk");

        long flags = in.u32le(parameters.at + 4);
        VhdxMetadata disk =
                new VhdxMetadata(in.u32le(parameters.at), in.u64le(size.at), in.u32le(sector.at), (flags & 2) != 0);
        draft.variant = disk.hasParent ? "differencing" : (flags & 1) != 0 ? "fixed" : "dynamic";
        if ((flags & ~3) != 0) {
            draft.refuse(ImageCode.FEATURE, "unknown bits in the file parameters");
        }
        if (disk.hasParent || items.containsKey(PARENT_LOCATOR)) {
            Item locator = items.get(PARENT_LOCATOR);
            draft.backing(locator == null ? new Reference("", "vhdx") : parent(in, locator, draft));
        }
        if (Long.bitCount(disk.blockBytes) != 1 || disk.blockBytes < 1 << 20 || disk.blockBytes > 256 << 20) {
            throw new Malformed(ImageCode.HEADER, "a block of " + disk.blockBytes + " bytes");
        }
        if (disk.logicalSectorBytes != 512 && disk.logicalSectorBytes != 4096) {
            throw new Malformed(ImageCode.HEADER, "a sector of " + disk.logicalSectorBytes + " bytes");
        }
        if (disk.virtualSizeBytes < 0 || disk.virtualSizeBytes > 64L << 40) {
            throw new Malformed(ImageCode.VIRTUAL_SIZE, "the disk is larger than VHDX allows");
        }
        draft.virtualSizeBytes = disk.virtualSizeBytes;
        if (disk.virtualSizeBytes % disk.logicalSectorBytes != 0) {
            draft.refuse(ImageCode.VIRTUAL_SIZE, "the disk does not end with a sector");
        }
        return disk;
    }

    private static Map<String, Item> items(ImageInput in, long at, long lengthBytes, Draft draft)
            throws IOException, Malformed {
        int count = in.u16le(at + 10);
        if (count > ENTRY_LIMIT) {
            throw new Malformed(ImageCode.TABLE_SIZE, "the metadata table claims " + count + " items");
        }
        Extents places = new Extents(in);
        Map<String, Item> items = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long entry = at + 32 + 32L * i;
            String guid = VhdxReader.guid(in, entry);
            long offset = in.u32le(entry + 16);
            long length = in.u32le(entry + 20);
            long flags = in.u32le(entry + 24);
            boolean system = (flags & 1) == 0;
            boolean required = (flags & 4) != 0;
            if (length > ITEM_LIMIT_BYTES
                    || length > 0 && (offset < TABLE_BYTES || offset > lengthBytes || length > lengthBytes - offset)) {
                throw new Malformed(ImageCode.OUTSIDE_FILE, "a metadata item lies outside its region");
            }
            places.add(offset, length, "a metadata item");
            boolean known = system && known(guid);
            if (required && !known) {
                draft.refuse(ImageCode.FEATURE, "an unknown metadata item is required: " + guid);
            }
            if (known && items.put(guid, new Item(at + offset, length)) != null) {
                throw new Malformed(ImageCode.HEADER, "a metadata item is given twice");
            }
        }
        places.refuseOverlaps(draft);
        return items;
    }

    private static boolean known(String guid) {
        return switch (guid) {
            case FILE_PARAMETERS, DISK_SIZE, DISK_ID, LOGICAL_SECTOR, PHYSICAL_SECTOR, PARENT_LOCATOR -> true;
            default -> false;
        };
    }

    private static Item item(Map<String, Item> items, String guid, long lengthBytes, String what) throws Malformed {
        Item item = items.get(guid);
        if (item == null || item.lengthBytes < lengthBytes) {
            throw new Malformed(ImageCode.HEADER, what + " is missing from the metadata");
        }
        return item;
    }

    /** The parent by the first path in the order of MS-VHDX section 2.6.2.6.3; the others are judged as well. */
    private static Reference parent(ImageInput in, Item locator, Draft draft) throws IOException, Malformed {
        if (locator.lengthBytes < 20) {
            return new Reference("", "vhdx");
        }
        int count = in.u16le(locator.at + 18);
        if (count > PAIR_LIMIT || 20 + 12L * count > locator.lengthBytes) {
            draft.refuse(ImageCode.TABLE_SIZE, "the parent locator claims " + count + " entries");
            count = 0;
        }
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i < count; i++) {
            long entry = locator.at + 20 + 12L * i;
            String key = text(in, locator, in.u32le(entry), in.u16le(entry + 8));
            String value = text(in, locator, in.u32le(entry + 4), in.u16le(entry + 10));
            if (pairs.putIfAbsent(key, value) != null) {
                draft.refuse(ImageCode.DESCRIPTOR, "the parent locator says one thing twice");
            }
        }
        Reference shown = new Reference("", "vhdx");
        for (String key : new String[] {"absolute_win32_path", "volume_path", "relative_path"}) {
            String path = pairs.get(key);
            if (path != null) {
                shown = new Reference(path, "vhdx");
                draft.backing(shown);
            }
        }
        return shown;
    }

    private static String text(ImageInput in, Item item, long offset, int length) throws IOException, Malformed {
        if (offset > item.lengthBytes || length > item.lengthBytes - offset) {
            throw new Malformed(ImageCode.OUTSIDE_FILE, "a text of the parent locator lies outside it");
        }
        return new String(in.bytes(item.at + offset, length), StandardCharsets.UTF_16LE);
    }
}
