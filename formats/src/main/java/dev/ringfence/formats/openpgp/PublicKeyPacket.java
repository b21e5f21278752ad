package dev.ringfence.formats.openpgp;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;

/**
 * A public key or subkey of version 4 (RFC 9580, section 5.5.2.2).
 *
 * @param body the packet's octets, which fingerprint and signatures cover
 */
record PublicKeyPacket(Octets body, Instant created, KeyMaterial material) {
    static PublicKeyPacket read(Octets body) throws Malformed {
        Reading in = new Reading(body.copy());
        int version = in.u8();
        if (version != 4) {
            throw new Malformed(Malformed.UNSUPPORTED, "a key of version " + version + "; only version 4 is supported");
        }
        if (body.length() > 0xffff) {
            throw new Malformed(Malformed.PACKET, "a key of " + body.length() + " octets");
        }
        Instant created = Instant.ofEpochSecond(in.u32());
        return new PublicKeyPacket(body, created, KeyMaterial.read(in.u8(), in));
    }

    /** 40 upper-case hexadecimal digits (section 5.5.4.2). SHA-1 is what version 4 has; a collision needs the key's owner. */
    String fingerprint() {
        MessageDigest sha1 = DigestAlgorithm.SHA1.begin();
        updateInto(sha1);
        return HexFormat.of().withUpperCase().formatHex(sha1.digest());
    }

    /** The last 16 digits of the fingerprint. */
    String keyId() {
        return fingerprint().substring(24);
    }

    /** Adds the key as signatures cover it (section 5.2.4). */
    void updateInto(MessageDigest digest) {
        digest.update((byte) 0x99);
        digest.update((byte) (body.length() >> 8));
        digest.update((byte) body.length());
        digest.update(body.copy());
    }
}
