package dev.ringfence.formats.tar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What extension headers say of the member that follows them. Used once for each member. */
final class Extensions {
    private byte @Nullable [] paxPath;
    private byte @Nullable [] paxLink;
    private byte @Nullable [] gnuPath;
    private byte @Nullable [] gnuLink;
    private long sizeBytes = -1;
    private long uid = -1;
    private long gid = -1;
    private boolean pax;

    /** Whether a member must follow. */
    boolean pending() {
        return pax || gnuPath != null || gnuLink != null;
    }

    byte[] path(HeaderBlock header) {
        return paxPath != null ? paxPath : gnuPath != null ? gnuPath : header.name();
    }

    byte[] link(HeaderBlock header) {
        return paxLink != null ? paxLink : gnuLink != null ? gnuLink : header.linkTarget();
    }

    long sizeBytes(HeaderBlock header) throws Malformed {
        return sizeBytes >= 0 ? sizeBytes : header.sizeBytes();
    }

    long uid(HeaderBlock header) throws Malformed {
        return uid >= 0 ? uid : header.uid();
    }

    long gid(HeaderBlock header) throws Malformed {
        return gid >= 0 ? gid : header.gid();
    }

    /** GNU type {@code L}: the content is the name, ended by NUL. */
    void gnuPath(byte[] content) throws Malformed {
        once(gnuPath == null, "long name");
        gnuPath = untilNul(content);
    }

    /** GNU type {@code K}: the content is the link's target, ended by NUL. */
    void gnuLink(byte[] content) throws Malformed {
        once(gnuLink == null, "long link");
        gnuLink = untilNul(content);
    }

    /** pax type {@code x}: records of the form {@code length key=value\n}, the length counting itself. */
    void pax(byte[] content) throws Malformed {
        once(!pax, "pax header");
        pax = true;
        records(content, false);
    }

    /** pax type {@code g}: the same for all members that follow; only what does not change them is taken. */
    static void global(byte[] content) throws Malformed {
        new Extensions().records(content, true);
    }

    private void records(byte[] content, boolean global) throws Malformed {
        int at = 0;
        while (at < content.length) {
            int space = at;
            int length = 0;
            while (space < content.length && content[space] >= '0' && content[space] <= '9') {
                length = length * 10 + (content[space] - '0');
                if (length > content.length) {
                    break;
                }
                space++;
            }
            int end = at + length;
            if (space == at
                    || end > content.length
                    || space >= end
                    || content[space] != ' '
                    || content[end - 1] != '\n') {
                throw new Malformed(Malformed.EXTENSION, "a pax header has a malformed record");
            }
            int equals = space + 1;
            while (equals < end && content[equals] != '=') {
                equals++;
            }
            if (equals == end) {
                throw new Malformed(Malformed.EXTENSION, "a pax header has a record without a value");
            }
            String key = new String(content, space + 1, equals - space - 1, StandardCharsets.UTF_8);
            byte[] value = Arrays.copyOfRange(content, equals + 1, end - 1);
            record(key, value, global);
            at = end;
        }
    }

    private void record(String key, byte[] value, boolean global) throws Malformed {
        if (key.startsWith("GNU.sparse.")) {
            throw new Malformed(Malformed.STORAGE, "a sparse member, whose content is not read");
        }
        boolean known = switch (key) {
            case "path", "linkpath", "size", "uid", "gid" -> true;
            default -> false;
        };
        if (!known || value.length == 0) {
            return;
        }
        if (global) {
            throw new Malformed(Malformed.EXTENSION, "a pax header gives one " + key + " to all members");
        }
        switch (key) {
            case "path" -> paxPath = text(value);
            case "linkpath" -> paxLink = text(value);
            case "size" -> sizeBytes = decimal(key, value);
            case "uid" -> uid = decimal(key, value);
            default -> gid = decimal(key, value);
        }
    }

    private static byte[] text(byte[] value) throws Malformed {
        for (byte b : value) {
            if (b == 0) {
                throw new Malformed(Malformed.NAME, "a name with a NUL byte");
            }
        }
        return value;
    }

    private static long decimal(String key, byte[] value) throws Malformed {
        long out = 0;
        for (byte b : value) {
            // 18 digits fit into 63 bits.
            if (b < '0' || b > '9' || value.length > 18) {
                throw new Malformed(Malformed.NUMBER, "a pax header's " + key + " is not a decimal number");
            }
            out = out * 10 + (b - '0');
        }
        return out;
    }

    private static byte[] untilNul(byte[] content) {
        int end = 0;
        while (end < content.length && content[end] != 0) {
            end++;
        }
        return Arrays.copyOf(content, end);
    }

    private static void once(boolean first, String what) throws Malformed {
        if (!first) {
            throw new Malformed(Malformed.EXTENSION, "two headers give one member a " + what);
        }
    }
}
