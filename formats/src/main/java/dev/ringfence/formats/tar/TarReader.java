package dev.ringfence.formats.tar;

import dev.ringfence.formats.Decoded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads an archive from a stream. Takes time proportional to what is read, never more than the limits allow, and a few
 * KiB of memory beside one extension header of at most {@link #EXTENSION_BYTES}.
 *
 * <p>Refusals: {@code RF-TAR-001} not a tar archive, {@code 002} cut off, {@code 003} wrong checksum, {@code 004} malformed
 * number, {@code 005} unacceptable name, {@code 006} malformed extension header, {@code 007} sparse, incremental or
 * multi-volume content, {@code 008} too many members, {@code 009} too much content.
 */
public final class TarReader {
    /** Longest extension header that is taken. */
    public static final int EXTENSION_BYTES = 1 << 20;

    private static final int NAME_BYTES = 4096;
    private static final int PART_BYTES = 255;

    private final InputStream in;
    private final TarLimits limits;
    private final byte[] block = new byte[HeaderBlock.BYTES];
    private final byte[] skipped = new byte[16 << 10];
    private int headers;
    private int entries;
    private long bytes;

    private TarReader(InputStream in, TarLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /**
     * Hands every member to the visitor, in the archive's order. Members that were handed over before a refusal stay
     * handed over. Bytes after the end mark are not read.
     *
     * @param in the archive, uncompressed; not closed
     * @return what was read, or why the archive was refused
     * @throws IOException if the stream or the visitor fails
     * @throws X if the visitor does
     */
    public static <X extends Exception> Decoded<TarTotals> read(InputStream in, TarLimits limits, TarVisitor<X> visitor)
            throws IOException, X {
        try {
            return new Decoded.Value<>(new TarReader(in, limits).read(visitor));
        } catch (Malformed e) {
            return new Decoded.Refused<>(e.refusal());
        }
    }

    private <X extends Exception> TarTotals read(TarVisitor<X> visitor) throws IOException, X {
        Extensions extensions = new Extensions();
        while (true) {
            HeaderBlock header = header();
            if (header.isZero()) {
                endMark(extensions);
                return new TarTotals(entries, bytes);
            }
            if (!header.isWhole()) {
                throw headers == 1
                        ? new Malformed(Malformed.NOT_TAR, "not a tar archive")
                        : new Malformed(Malformed.CHECKSUM, "a header's checksum is wrong, after " + seen());
            }
            switch (header.type()) {
                case 'x', 'X' -> extensions.pax(extension(header));
                case 'L' -> extensions.gnuPath(extension(header));
                case 'K' -> extensions.gnuLink(extension(header));
                case 'g' -> Extensions.global(extension(header));
                default -> {
                    member(entry(header, extensions), visitor);
                    extensions = new Extensions();
                }
            }
        }
    }

    private HeaderBlock header() throws IOException {
        int length = in.readNBytes(block, 0, block.length);
        if (length == 0 && headers == 0) {
            throw new Malformed(Malformed.NOT_TAR, "not a tar archive but empty");
        }
        if (length < block.length) {
            throw cutOff();
        }
        HeaderBlock header = new HeaderBlock(block);
        if (!header.isZero() && ++headers > limits.entries()) {
            throw new Malformed(Malformed.ENTRIES, "more than " + limits.entries() + " members");
        }
        return header;
    }

    /** Two zero blocks end an archive; one alone is what is left of a longer one. */
    private void endMark(Extensions extensions) throws IOException {
        if (in.readNBytes(block, 0, block.length) < block.length || !new HeaderBlock(block).isZero()) {
            throw cutOff();
        }
        if (extensions.pending()) {
            throw new Malformed(Malformed.EXTENSION, "an extension header without its member");
        }
    }

    private byte[] extension(HeaderBlock header) throws IOException {
        long size = header.sizeBytes();
        if (size > EXTENSION_BYTES) {
            throw new Malformed(Malformed.EXTENSION, "an extension header of " + size + " bytes");
        }
        count(size);
        byte[] content = in.readNBytes((int) size);
        if (content.length < size) {
            throw cutOff();
        }
        skip(padding(size));
        return content;
    }

    private <X extends Exception> void member(TarEntry entry, TarVisitor<X> visitor) throws IOException, X {
        entries++;
        count(entry.sizeBytes());
        Content content = new Content(entry.sizeBytes());
        visitor.entry(entry, content);
        skip(content.finish() + padding(entry.sizeBytes()));
    }

    private static TarEntry entry(HeaderBlock header, Extensions extensions) throws Malformed {
        byte[] rawName = extensions.path(header);
        TarEntry.Kind kind = kind(header.type(), rawName);
        boolean hasContent = kind == TarEntry.Kind.FILE || kind == TarEntry.Kind.OTHER;
        long declared = extensions.sizeBytes(header);
        String name = name(rawName, kind == TarEntry.Kind.DIRECTORY);
        String target = switch (kind) {
            case SYMBOLIC_LINK -> target(extensions.link(header));
            case HARD_LINK -> name(extensions.link(header), false);
            case FILE, DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, OTHER -> "";
        };
        return new TarEntry(
                name,
                kind,
                target,
                header.mode(),
                extensions.uid(header),
                extensions.gid(header),
                hasContent ? declared : 0);
    }

    private static TarEntry.Kind kind(char type, byte[] rawName) throws Malformed {
        return switch (type) {
            // Before ustar, a directory was a file whose name ends with a slash.
            case 0, '0', '7' ->
                rawName.length > 0 && rawName[rawName.length - 1] == '/' ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
            case '1' -> TarEntry.Kind.HARD_LINK;
            case '2' -> TarEntry.Kind.SYMBOLIC_LINK;
            case '3' -> TarEntry.Kind.CHARACTER_DEVICE;
            case '4' -> TarEntry.Kind.BLOCK_DEVICE;
            case '5' -> TarEntry.Kind.DIRECTORY;
            case '6' -> TarEntry.Kind.FIFO;
            case 'S' -> throw new Malformed(Malformed.STORAGE, "a sparse member, whose content is not read");
            case 'D', 'M', 'N' ->
                throw new Malformed(Malformed.STORAGE, "a member of an incremental or multi-volume archive");
            default -> TarEntry.Kind.OTHER;
        };
    }

    private static String name(byte[] raw, boolean rootAllowed) throws Malformed {
        if (raw.length == 0 || raw.length > NAME_BYTES) {
            throw new Malformed(Malformed.NAME, "a name of " + raw.length + " bytes");
        }
        if (raw[0] == '/') {
            throw new Malformed(Malformed.NAME, "an absolute name: " + shown(raw));
        }
        StringBuilder out = new StringBuilder(raw.length);
        int from = 0;
        for (int i = 0; i <= raw.length; i++) {
            if (i < raw.length && raw[i] != '/') {
                continue;
            }
            int length = i - from;
            boolean dots = length <= 2 && length > 0 && raw[from] == '.' && raw[i - 1] == '.';
            if (length > PART_BYTES) {
                throw new Malformed(Malformed.NAME, "a part of a name of " + length + " bytes");
            }
            if (dots && length == 2) {
                throw new Malformed(Malformed.NAME, "a name that climbs with ..: " + shown(raw));
            }
            if (length > 0 && !dots) {
                out.append(out.isEmpty() ? "" : "/").append(new String(raw, from, length, StandardCharsets.UTF_8));
            }
            from = i + 1;
        }
        if (out.isEmpty() && !rootAllowed) {
            throw new Malformed(Malformed.NAME, "a member that takes the root's name");
        }
        return out.toString();
    }

    private static String target(byte[] raw) throws Malformed {
        if (raw.length == 0 || raw.length > NAME_BYTES) {
            throw new Malformed(Malformed.NAME, "a link's target of " + raw.length + " bytes");
        }
        return new String(raw, StandardCharsets.UTF_8);
    }

    /** The start of a name, fit for a terminal. */
    private static String shown(byte[] raw) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < Math.min(raw.length, 60); i++) {
            out.append(raw[i] > ' ' && raw[i] < 0x7f ? (char) raw[i] : '?');
        }
        return out.toString();
    }

    private void count(long size) throws Malformed {
        if (size > limits.totalBytes() - bytes) {
            throw new Malformed(Malformed.BYTES, "more than " + limits.totalBytes() + " bytes of content");
        }
        bytes += size;
    }

    private void skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            // Read, not skipped: a stream may skip past its end without saying so.
            int read = in.read(skipped, 0, (int) Math.min(left, skipped.length));
            if (read < 0) {
                throw cutOff();
            }
            left -= read;
        }
    }

    private static long padding(long size) {
        return -size & (HeaderBlock.BYTES - 1);
    }

    private Malformed cutOff() {
        return new Malformed(Malformed.TRUNCATED, "the archive is cut off, after " + seen());
    }

    private String seen() {
        return entries + (entries == 1 ? " member" : " members");
    }

    /** The bytes of one member, and no byte more. */
    private final class Content extends InputStream {
        private long left;
        private boolean over;

        Content(long left) {
            this.left = left;
        }

        long finish() {
            over = true;
            return left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            if (over) {
                throw new IOException("content read after its member");
            }
            if (length == 0) {
                return 0;
            }
            if (left == 0) {
                return -1;
            }
            int read = in.read(into, at, (int) Math.min(left, length));
            if (read < 0) {
                throw cutOff();
            }
            left -= read;
            return read;
        }
    }
}
