package dev.ringfence.formats.image;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * A LUKS2 header (LUKS2 On-Disk Format Specification 1.1.4): two copies, each a binary header and JSON. Both must be intact
 * and say the same. The JSON may be 128 KiB long; cryptsetup makes areas of 12 KiB.
 */
final class Luks2Header {
    private static final int BINARY_BYTES = 4096;
    private static final int CHECKSUM_AT = 448;
    private static final int CHECKSUM_BYTES = 64;
    private static final long SMALLEST_BYTES = 16 << 10;
    private static final long LARGEST_BYTES = 4 << 20;
    private static final int JSON_LIMIT_BYTES = 128 << 10;
    /** What the objects of a JSON text take for each of its bytes, at worst. */
    private static final int MEMORY_A_BYTE = 64;

    private static final int OBJECT_LIMIT = 32;
    /** 4 GiB, cryptsetup's own limit. */
    private static final long KEY_MEMORY_LIMIT_KIB = 4 << 20;

    private final ImageInput in;
    private final long at;
    private final long lengthBytes;
    private final Draft draft;
    private final Extents places;

    Luks2Header(ImageInput in, long at, long lengthBytes, Draft draft) {
        this.in = in;
        this.at = at;
        this.lengthBytes = lengthBytes;
        this.draft = draft;
        this.places = new Extents(in);
    }

    LuksHeader.Payload read() throws IOException, Malformed {
        if (draft.variant.isEmpty()) {
            draft.variant = "2";
        }
        long sizeBytes = in.u64be(at + 8);
        if (Long.bitCount(sizeBytes) != 1 || sizeBytes < SMALLEST_BYTES || sizeBytes > LARGEST_BYTES) {
            throw new Malformed(ImageCode.ENCRYPTION_HEADER, "a header of " + sizeBytes + " bytes");
        }
        if (2 * sizeBytes > lengthBytes) {
            throw new Malformed(ImageCode.TRUNCATED, "the second copy of the encryption header is missing");
        }
        long second = at + sizeBytes;
        if (!in.matches(second, "SKUL\u00ba\u00be")) {
            throw new Malformed(ImageCode.COPIES_DISAGREE, "the second copy of the encryption header is missing");
        }
        boolean same = in.u64be(second + 8) == sizeBytes && in.u16be(second + 6) == 2;
        if (in.u64be(at + 256) != 0 || in.u64be(second + 256) != sizeBytes) {
            draft.refuse(ImageCode.ENCRYPTION_HEADER, "a copy of the encryption header is not where it says it is");
        }
        checksum(at, sizeBytes, "first");
        checksum(second, sizeBytes, "second");
        // Sequence number, label, UUID and subsystem; salt and checksum differ by design.
        same &= in.u64be(at + 16) == in.u64be(second + 16)
                && Arrays.equals(in.bytes(at + 24, 48), in.bytes(second + 24, 48))
                && Arrays.equals(in.bytes(at + 168, 88), in.bytes(second + 168, 88))
                && sameJson(second, sizeBytes);
        if (!same) {
            draft.refuse(ImageCode.COPIES_DISAGREE, "the two copies of the encryption header say different things");
        }
        places.add(0, 2 * sizeBytes, "the encryption header");
        return metadata(json(sizeBytes));
    }

    private void checksum(long copy, long sizeBytes, String which) throws IOException, Malformed {
        String name = in.text(copy + 72, 32);
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(
                    switch (name.toLowerCase(Locale.ROOT)) {
                        case "sha256" -> "SHA-256";
                        case "sha384" -> "SHA-384";
                        case "sha512" -> "SHA-512";
                        default ->
                            throw new Malformed(ImageCode.FEATURE, "an unknown checksum of the encryption header");
                    });
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-2", e);
        }
        byte[] binary = in.bytes(copy, BINARY_BYTES);
        byte[] expected = Arrays.copyOfRange(binary, CHECKSUM_AT, CHECKSUM_AT + digest.getDigestLength());
        Arrays.fill(binary, CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES, (byte) 0);
        digest.update(binary);
        for (long done = BINARY_BYTES; done < sizeBytes; ) {
            int length = (int) Math.min(1 << 20, sizeBytes - done);
            digest.update(in.bytes(copy + done, length));
            done += length;
        }
        if (!MessageDigest.isEqual(digest.digest(), expected)) {
            draft.refuse(
                    ImageCode.CHECKSUM, "the checksum of the " + which + " copy of the encryption header is wrong");
        }
    }

    private boolean sameJson(long second, long sizeBytes) throws IOException, Malformed {
        for (long done = BINARY_BYTES; done < sizeBytes; ) {
            int length = (int) Math.min(1 << 18, sizeBytes - done);
            if (!Arrays.equals(in.bytes(at + done, length), in.bytes(second + done, length))) {
                return false;
            }
            done += length;
        }
        return true;
    }

    private Json json(long sizeBytes) throws IOException, Malformed {
        byte[] area = in.bytes(at + BINARY_BYTES, (int) Math.min(JSON_LIMIT_BYTES, sizeBytes - BINARY_BYTES));
        int end = 0;
        while (end < area.length && area[end] != 0) {
            end++;
        }
        if (end == area.length) {
            throw new Malformed(ImageCode.ENCRYPTION_HEADER, "the metadata does not end, or is too long");
        }
        in.reserve((long) end * MEMORY_A_BYTE);
        return switch (JsonText.read(new String(area, 0, end, StandardCharsets.UTF_8))) {
            case Decoded.Value<Json>(Json value) -> value;
            case Decoded.Refused<Json>(var refusal) ->
                throw new Malformed(ImageCode.ENCRYPTION_HEADER, "the metadata: " + refusal.reason());
        };
    }

    private LuksHeader.Payload metadata(Json json) throws Malformed {
        Json config = json.member("config").orElse(new Json.Nothing());
        // What a reader must know beforehand, such as an unfinished re-encryption.
        config.member("requirements").flatMap(r -> r.member("mandatory")).ifPresent(mandatory -> {
            for (Json requirement : mandatory.elements()) {
                String name = requirement.text().orElse("?");
                draft.refuse(
                        name.contains("reencrypt") ? ImageCode.NEEDS_REPAIR : ImageCode.FEATURE,
                        "the encryption needs more of its reader: " + word(name));
            }
        });
        LuksHeader.Payload payload = segments(objects(json, "segments"));
        int keys = 0;
        for (Map.Entry<String, Json> slot : objects(json, "keyslots").entrySet()) {
            keySlot(slot.getValue(), payload);
            keys++;
        }
        if (keys == 0) {
            draft.refuse(ImageCode.ENCRYPTION_HEADER, "there is no key slot");
        }
        objects(json, "digests");
        for (Json token : objects(json, "tokens").values()) {
            draft.feature("token-" + word(token.textOf("type")));
        }
        places.refuseOverlaps(draft);
        return payload;
    }

    private static Map<String, Json> objects(Json json, String name) throws Malformed {
        if (!(json.member(name).orElse(null) instanceof Json.Members(Map<String, Json> objects))) {
            throw new Malformed(ImageCode.ENCRYPTION_HEADER, "the metadata has no " + name);
        }
        if (objects.size() > OBJECT_LIMIT) {
            throw new Malformed(ImageCode.ENCRYPTION_HEADER, "the metadata has " + objects.size() + " " + name);
        }
        return objects;
    }

    private LuksHeader.Payload segments(Map<String, Json> segments) throws Malformed {
        if (segments.isEmpty()) {
            throw new Malformed(ImageCode.ENCRYPTION_HEADER, "the metadata has no segments");
        }
        long start = Long.MAX_VALUE;
        long total = 0;
        boolean dynamic = false;
        for (Json segment : segments.values()) {
            if (segment.member("flags").filter(f -> !f.elements().isEmpty()).isPresent()) {
                draft.refuse(ImageCode.NEEDS_REPAIR, "a segment is being moved or re-encrypted");
            }
            if (!segment.textOf("type").equals("crypt")) {
                draft.refuse(ImageCode.ENCRYPTION_HEADER, "a segment is not encrypted");
            }
            LuksHeader.cipher(segment.textOf("encryption"), draft);
            if (segment.member("integrity").isPresent()) {
                draft.feature("integrity");
            }
            long offset = number(segment.textOf("offset"), "the place of a segment");
            start = Math.min(start, offset);
            if (segment.textOf("size").equals("dynamic")) {
                dynamic = true;
            } else {
                long size = number(segment.textOf("size"), "the size of a segment");
                total += size;
                if (offset != 0) {
                    places.add(offset, size, "a segment");
                }
            }
        }
        return new LuksHeader.Payload(start, dynamic ? -1 : total);
    }

    private void keySlot(Json slot, LuksHeader.Payload payload) throws Malformed {
        if (!slot.textOf("type").equals("luks2")) {
            draft.refuse(ImageCode.FEATURE, "a key slot of type " + word(slot.textOf("type")));
            return;
        }
        Json area = slot.member("area").orElse(new Json.Nothing());
        long offset = number(area.textOf("offset"), "the place of a key slot");
        long size = number(area.textOf("size"), "the size of a key slot");
        places.add(offset, size, "a key slot");
        if (offset > lengthBytes || size > lengthBytes - offset) {
            draft.refuse(ImageCode.OUTSIDE_FILE, "a key slot lies outside the file");
        }
        if (payload.offsetBytes() != 0 && offset + size > payload.offsetBytes()) {
            draft.refuse(ImageCode.OVERLAP, "a key slot lies on the data");
        }
        LuksHeader.cipher(area.textOf("encryption"), draft);
        Json derivation = slot.member("kdf").orElse(new Json.Nothing());
        if (derivation.textOf("type").equals("pbkdf2")) {
            LuksHeader.iterations(whole(derivation, "iterations"), draft);
        } else {
            LuksHeader.iterations(whole(derivation, "time"), draft);
            if (whole(derivation, "memory") > KEY_MEMORY_LIMIT_KIB) {
                draft.refuse(ImageCode.TABLE_SIZE, "a pass phrase would take " + whole(derivation, "memory") + " KiB");
            }
        }
    }

    private static long whole(Json object, String name) {
        return object.member(name)
                .map(Json::whole)
                .filter(java.util.OptionalLong::isPresent)
                .map(java.util.OptionalLong::getAsLong)
                .orElse(0L);
    }

    /** Sizes are decimal strings, because JSON numbers end at 2^53. */
    private static long number(String text, String what) throws Malformed {
        if (!text.matches("[0-9]{1,18}")) {
            throw new Malformed(ImageCode.ENCRYPTION_HEADER, what + " is no number");
        }
        return Long.parseLong(text);
    }

    private static String word(String text) {
        String word = text.replaceAll("[^A-Za-z0-9_-]", "_");
        return word.substring(0, Math.min(word.length(), 32));
    }
}
