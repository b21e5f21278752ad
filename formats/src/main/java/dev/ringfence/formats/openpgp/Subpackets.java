package dev.ringfence.formats.openpgp;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a signature says of itself (RFC 9580, section 5.2.3.7). Only hashed subpackets are believed; of the others only who
 * signed, as a hint, and an embedded signature, which proves itself.
 */
final class Subpackets {
    private @Nullable Instant created;
    private @Nullable Duration expiresAfter;
    private @Nullable Duration keyExpiresAfter;
    private @Nullable String issuerFingerprint;
    private @Nullable String issuerKeyId;
    private @Nullable Integer keyFlags;
    private @Nullable Octets embedded;
    private boolean primaryUserId;
    private boolean unknownCritical;

    static Subpackets read(byte[] hashed, byte[] unhashed) throws Malformed {
        Subpackets out = new Subpackets();
        out.area(new Reading(hashed), true);
        out.area(new Reading(unhashed), false);
        return out;
    }

    private void area(Reading in, boolean hashed) throws Malformed {
        while (!in.atEnd()) {
            int length = in.u8();
            if (length == 255) {
                long given = in.u32();
                if (given > in.left()) {
                    throw new Malformed(Malformed.PACKET, "it ends inside a subpacket");
                }
                length = (int) given;
            } else if (length >= 192) {
                length = (length - 192 << 8) + in.u8() + 192;
            }
            Reading packet = in.part(length);
            int tag = packet.u8();
            if (hashed) {
                believed(tag & 0x7f, (tag & 0x80) != 0, packet);
            } else {
                hint(tag & 0x7f, packet);
            }
        }
    }

    private void believed(int type, boolean critical, Reading in) throws Malformed {
        switch (type) {
            case 2 -> created = Instant.ofEpochSecond(in.u32());
            case 3 -> expiresAfter = Duration.ofSeconds(in.u32());
            case 9 -> keyExpiresAfter = Duration.ofSeconds(in.u32());
            case 25 -> primaryUserId = in.u8() != 0;
            case 27 -> keyFlags = in.atEnd() ? 0 : in.u8();
            case 16, 32, 33 -> hint(type, in);
            // Known, and of no weight for a signature over a document by a pinned key.
            case 4, 5, 6, 7, 11, 20, 21, 22, 23, 24, 26, 28, 29, 30, 31, 34, 35, 39 -> {
                // A critical notation is a condition that nobody here can judge.
                unknownCritical |= critical && type == 20;
            }
            default -> unknownCritical |= critical;
        }
    }

    private void hint(int type, Reading in) throws Malformed {
        switch (type) {
            case 16 -> issuerKeyId = new Octets(in.bytes(8)).hex();
            case 32 -> embedded = new Octets(in.rest());
            case 33 -> {
                if (in.u8() == 4) {
                    issuerFingerprint = new Octets(in.bytes(20)).hex();
                }
            }
            default -> {}
        }
    }

    Optional<Instant> created() {
        return Optional.ofNullable(created);
    }

    /** Empty if it never expires; zero means never. */
    Optional<Duration> expiresAfter() {
        return Optional.ofNullable(expiresAfter).filter(d -> !d.isZero());
    }

    Optional<Duration> keyExpiresAfter() {
        return Optional.ofNullable(keyExpiresAfter).filter(d -> !d.isZero());
    }

    Optional<Octets> embedded() {
        return Optional.ofNullable(embedded);
    }

    boolean primaryUserId() {
        return primaryUserId;
    }

    boolean unknownCritical() {
        return unknownCritical;
    }

    /** Whether the key flags let the key sign; without flags it may. */
    boolean maySign() {
        return keyFlags == null || (keyFlags & 0x02) != 0;
    }

    /** Whether the hints name this key; without hints any may have signed. */
    boolean mayBeBy(PublicKeyPacket key) {
        if (issuerFingerprint != null) {
            return issuerFingerprint.equals(key.fingerprint());
        }
        return issuerKeyId == null || issuerKeyId.equals(key.keyId());
    }

    /** Who claims to have signed, for people. */
    String claimedSigner() {
        return issuerFingerprint != null
                ? issuerFingerprint
                : issuerKeyId != null ? issuerKeyId : "a key that is not named";
    }
}
