package dev.ringfence.formats.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text that describes a VMDK, in a file of its own or inside a sparse extent (VMware Virtual Disk Format 5.0, "The
 * Descriptor File").
 *
 * @param createType as it is written; empty if it is not
 * @param parent parentFileNameHint; null if there is none
 * @param changeTrack changeTrackPath; null if there is none
 */
record VmdkDescriptor(
        String createType,
        List<Extent> extents,
        @Nullable String parent,
        @Nullable String changeTrack) {
    /** The longest text; QEMU reads as much. */
    static final int LENGTH_LIMIT_BYTES = 1 << 20;

    private static final int LINE_LIMIT = 8192;
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z][A-Za-z0-9_.:-]{0,127})[ \t]*=[ \t]*(.*)");
    private static final Pattern EXTENT = Pattern.compile(
            "(RW|RDONLY|NOACCESS)[ \t]+([0-9]{1,18})[ \t]+([A-Z0-9]{1,16})(?:[ \t]+\"([^\"]*)\"(?:[ \t]+([0-9]{1,18}))?(.*))?");
    private static final Set<String> TYPES =
            Set.of("FLAT", "SPARSE", "ZERO", "VMFS", "VMFSSPARSE", "VMFSRDM", "VMFSRAW", "SESPARSE");
    /** Keys whose place in the text matters: QEMU takes the first that it meets, even inside a comment or another word. */
    private static final List<String> SEARCHED = List.of("createType", "parentFileNameHint", "parentCID", "CID");

    VmdkDescriptor {
        extents = List.copyOf(extents);
    }

    /**
     * One line of the extent section.
     *
     * @param name as it is written; null for an extent of zeros
     */
    record Extent(
            String access,
            long sectors,
            String type,
            @Nullable String name) {}

    /** Reads a descriptor up to its first NUL, and refuses what two readers could read in two ways. */
    static VmdkDescriptor read(byte[] bytes, Draft draft) throws Malformed {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
        Map<String, String> values = new HashMap<>();
        List<Extent> extents = new ArrayList<>();
        int lines = 0;
        // Not Reader.readLine: a lone CR ends a line for some readers, and hides what follows from others.
        for (String raw : text.split("\n", -1)) {
            String line = raw.strip();
            if (++lines > LINE_LIMIT) {
                throw new Malformed(ImageCode.DESCRIPTOR, "the descriptor has more than " + LINE_LIMIT + " lines");
            }
            if (line.indexOf('\r') >= 0) {
                draft.refuse(ImageCode.DESCRIPTOR, "a line of the descriptor has a carriage return inside");
            }
            if (!line.isEmpty() && line.charAt(0) != '#') {
                line(line, values, extents, draft);
            }
        }
        ambiguous(text, values, draft);
        return new VmdkDescriptor(
                values.getOrDefault("createtype", ""),
                extents,
                values.get("parentfilenamehint"),
                values.get("changetrackpath"));
    }

    private static void line(String line, Map<String, String> values, List<Extent> extents, Draft draft) {
        Matcher assignment = ASSIGNMENT.matcher(line);
        if (assignment.matches()) {
            String key = assignment.group(1).toLowerCase(Locale.ROOT);
            if (values.putIfAbsent(key, unquoted(assignment.group(2), draft)) != null) {
                draft.refuse(ImageCode.DESCRIPTOR, "the descriptor says one thing twice");
            }
            if (key.startsWith("encryption.")) {
                draft.refuse(ImageCode.FEATURE, "the disk is encrypted by VMware");
            }
            return;
        }
        Matcher extent = EXTENT.matcher(line);
        if (!extent.matches() || !TYPES.contains(extent.group(3))) {
            draft.refuse(ImageCode.DESCRIPTOR, "a line of the descriptor is malformed");
            return;
        }
        extents.add(new Extent(extent.group(1), Long.parseLong(extent.group(2)), extent.group(3), extent.group(4)));
    }

    private static String unquoted(String value, Draft draft) {
        if (!value.startsWith("\"")) {
            return value;
        }
        int close = value.indexOf('"', 1);
        if (close != value.length() - 1 || close < 1) {
            draft.refuse(ImageCode.DESCRIPTOR, "a quoted value of the descriptor is malformed");
        }
        return close < 1 ? value.substring(1) : value.substring(1, close);
    }

    /**
     * Refuses a text in which a plain search for a key, as QEMU does it, finds something else than its line. {@code
     * parentCID} holds {@code CID}, which is no surprise to anyone.
     */
    private static void ambiguous(String text, Map<String, String> values, Draft draft) {
        for (String key : SEARCHED) {
            int expected = values.containsKey(key.toLowerCase(Locale.ROOT)) ? 1 : 0;
            if (key.equals("CID") && values.containsKey("parentcid")) {
                expected++;
            }
            if (occurrences(text, key) != expected) {
                draft.refuse(ImageCode.DESCRIPTOR, key + " stands where only some readers look");
            }
        }
    }

    private static int occurrences(String text, String word) {
        int count = 0;
        for (int at = text.indexOf(word); at >= 0 && count < 4; at = text.indexOf(word, at + word.length())) {
            count++;
        }
        return count;
    }

    /** Sectors of all extents together; -1 if there are more than any disk has. */
    long sectors() {
        long total = 0;
        for (Extent extent : extents) {
            total += extent.sectors();
            if (total < 0 || total > Long.MAX_VALUE / 1024) {
                return -1;
            }
        }
        return total;
    }

    /** The files that the extents are in, each once. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        extents.forEach(e -> {
            if (e.name() != null) {
                names.add(e.name());
            }
        });
        return names;
    }
}
