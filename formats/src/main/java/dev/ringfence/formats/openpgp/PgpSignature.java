package dev.ringfence.formats.openpgp;

import dev.ringfence.formats.Decoded;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A signature of version 4 (RFC 9580, section 5.2.3). Immutable. */
public final class PgpSignature {
    static final int BINARY_DOCUMENT = 0x00;
    static final int GENERIC_CERTIFICATION = 0x10;
    static final int POSITIVE_CERTIFICATION = 0x13;
    static final int SUBKEY_BINDING = 0x18;
    static final int PRIMARY_KEY_BINDING = 0x19;
    static final int DIRECT_KEY = 0x1f;
    static final int KEY_REVOCATION = 0x20;
    static final int SUBKEY_REVOCATION = 0x28;
    static final int CERTIFICATION_REVOCATION = 0x30;

    private static final int FILE_LIMIT_BYTES = 1 << 20;

    private final int type;
    private final DigestAlgorithm digestAlgorithm;
    private final Octets covered;
    private final Octets left16;
    private final Octets fields;
    private final Subpackets subpackets;

    private PgpSignature(
            int type,
            DigestAlgorithm digestAlgorithm,
            Octets covered,
            Octets left16,
            Octets fields,
            Subpackets subpackets) {
        this.type = type;
        this.digestAlgorithm = digestAlgorithm;
        this.covered = covered;
        this.left16 = left16;
        this.fields = fields;
        this.subpackets = subpackets;
    }

    /**
     * The signatures of a detached signature file, with or without ASCII armor; at most 1 MiB. One that is not supported is
     * left out if another is.
     */
    public static Decoded<List<PgpSignature>> decode(byte[] file) {
        try {
            if (file.length > FILE_LIMIT_BYTES) {
                throw new Malformed(Malformed.SIZE, "a signature file of more than 1 MiB");
            }
            byte[] octets = Armor.looksArmored(file) ? Armor.decode(file, "SIGNATURE") : file;
            List<PgpSignature> signatures = new ArrayList<>();
            Malformed unsupported = new Malformed(Malformed.NO_SIGNATURE, "it holds no signature");
            for (Packet packet : Packet.read(octets)) {
                if (packet.type() != Packet.SIGNATURE) {
                    if (packet.type() == Packet.MARKER) {
                        continue;
                    }
                    throw new Malformed(
                            Malformed.PACKET,
                            "it is no detached signature: it holds a packet of type " + packet.type());
                }
                try {
                    signatures.add(read(packet.body()));
                } catch (Malformed e) {
                    unsupported = e;
                }
            }
            if (signatures.isEmpty()) {
                throw unsupported;
            }
            return new Decoded.Value<>(List.copyOf(signatures));
        } catch (Malformed e) {
            return new Decoded.Refused<>(e.refusal());
        }
    }

    static PgpSignature read(Octets body) throws Malformed {
        byte[] octets = body.copy();
        Reading in = new Reading(octets);
        int version = in.u8();
        if (version != 4) {
            throw new Malformed(
                    Malformed.UNSUPPORTED, "a signature of version " + version + "; only version 4 is supported");
        }
        int type = in.u8();
        in.u8();
        DigestAlgorithm digest = DigestAlgorithm.of(in.u8());
        byte[] hashed = in.bytes(in.u16());
        byte[] covered = new Reading(octets).bytes(6 + hashed.length);
        byte[] unhashed = in.bytes(in.u16());
        Octets left16 = new Octets(in.bytes(2));
        return new PgpSignature(
                type, digest, new Octets(covered), left16, new Octets(in.rest()), Subpackets.read(hashed, unhashed));
    }

    int type() {
        return type;
    }

    DigestAlgorithm digestAlgorithm() {
        return digestAlgorithm;
    }

    Subpackets subpackets() {
        return subpackets;
    }

    /** When it was made; a signature must say so. */
    Instant created() throws Malformed {
        return subpackets
                .created()
                .orElseThrow(() -> new Malformed(Malformed.PACKET, "a signature that does not say when it was made"));
    }

    /**
     * Whether this key made it over what was digested so far.
     *
     * @param digest begun with {@link #digestAlgorithm()} and given what the signature covers; used up
     */
    boolean madeBy(PublicKeyPacket key, MessageDigest digest) throws Malformed {
        digest.update(covered.copy());
        // The trailer (section 5.2.4).
        digest.update((byte) 4);
        digest.update((byte) 0xff);
        int length = covered.length();
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (length >> shift));
        }
        byte[] value = digest.digest();
        byte[] left = left16.copy();
        if (value[0] != left[0] || value[1] != left[1]) {
            return false;
        }
        Reading rest = new Reading(fields.copy());
        return key.material().verifies(digestAlgorithm, value, rest) && rest.atEnd();
    }
}
