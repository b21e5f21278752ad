package dev.ringfence.formats.openpgp;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What a certificate's own signatures prove of its keys at one instant (RFC 9580, sections 5.2.3.10 and 10.1). */
final class SelfSignatures {
    /** Collisions of SHA-1 with a chosen prefix were published later; what was signed before is believed. */
    private static final Instant SHA1_ENDS = Instant.parse("2019-01-19T00:00:00Z");

    /** A certificate has a handful; flooded ones would only cost time. */
    private static final int CHECK_LIMIT = 1000;

    private final Certificate certificate;
    private final Instant now;
    private int checks;

    SelfSignatures(Certificate certificate, Instant now) {
        this.certificate = certificate;
        this.now = now;
    }

    /**
     * Refuses unless the primary key is valid now and was when the signature was made.
     *
     * @param signs whether it is the primary key itself that signs
     */
    void requirePrimary(Instant signedAt, boolean signs) throws Malformed {
        PublicKeyPacket primary = certificate.primary();
        if (newest(certificate.signatures(), primary::updateInto, PgpSignature.KEY_REVOCATION)
                .isPresent()) {
            throw new Malformed(Malformed.REVOKED, "the key " + primary.fingerprint() + " was revoked");
        }
        Optional<PgpSignature> self = newest(certificate.signatures(), primary::updateInto, PgpSignature.DIRECT_KEY);
        for (Certificate.UserId userId : certificate.allUserIds()) {
            Consumer<MessageDigest> over = digest -> {
                primary.updateInto(digest);
                updateInto(digest, userId);
            };
            if (newest(userId.signatures(), over, PgpSignature.CERTIFICATION_REVOCATION)
                    .isPresent()) {
                continue;
            }
            for (int type = PgpSignature.GENERIC_CERTIFICATION; type <= PgpSignature.POSITIVE_CERTIFICATION; type++) {
                Optional<PgpSignature> certification = newest(userId.signatures(), over, type);
                self = Stream.concat(self.stream(), certification.stream())
                        .max(Comparator.comparing(SelfSignatures::createdOrEpoch));
            }
        }
        PgpSignature newest = self.orElseThrow(() -> new Malformed(
                Malformed.NOT_BOUND, "the key " + primary.fingerprint() + " has no valid signature over itself"));
        requireAlive(primary, newest.subpackets().keyExpiresAfter(), signedAt);
        if (signs && !newest.subpackets().maySign()) {
            throw new Malformed(Malformed.NOT_BOUND, "the key " + primary.fingerprint() + " may not sign documents");
        }
    }

    /** Refuses unless the subkey belongs to the primary key, may sign, and is valid now and was when the signature was made. */
    void requireSubkey(Certificate.Subkey subkey, Instant signedAt) throws Malformed {
        String name = "the subkey " + subkey.key().fingerprint();
        Consumer<MessageDigest> over = digest -> {
            certificate.primary().updateInto(digest);
            subkey.key().updateInto(digest);
        };
        if (newest(subkey.signatures(), over, PgpSignature.SUBKEY_REVOCATION).isPresent()) {
            throw new Malformed(Malformed.REVOKED, name + " was revoked");
        }
        PgpSignature binding = newest(subkey.signatures(), over, PgpSignature.SUBKEY_BINDING)
                .orElseThrow(() -> new Malformed(Malformed.NOT_BOUND, name + " is not bound to the primary key"));
        if (!binding.subpackets().maySign()) {
            throw new Malformed(Malformed.NOT_BOUND, name + " may not sign documents");
        }
        // The subkey must agree, or anybody could adopt it.
        Octets embedded = binding.subpackets()
                .embedded()
                .orElseThrow(() -> new Malformed(Malformed.NOT_BOUND, name + " has not signed its binding"));
        PgpSignature back = PgpSignature.read(embedded);
        if (back.type() != PgpSignature.PRIMARY_KEY_BINDING || !believed(back) || !holds(back, subkey.key(), over)) {
            throw new Malformed(Malformed.NOT_BOUND, name + " has not signed its binding");
        }
        requireAlive(subkey.key(), binding.subpackets().keyExpiresAfter(), signedAt);
    }

    private void requireAlive(PublicKeyPacket key, Optional<Duration> life, Instant signedAt) throws Malformed {
        if (signedAt.isBefore(key.created())) {
            throw new Malformed(Malformed.TIME, "the signature is older than the key " + key.fingerprint());
        }
        if (life.isPresent()) {
            Instant end = key.created().plus(life.get());
            if (!now.isBefore(end) || !signedAt.isBefore(end)) {
                throw new Malformed(Malformed.KEY_EXPIRED, "the key " + key.fingerprint() + " expired " + end);
            }
        }
    }

    private static void updateInto(MessageDigest digest, Certificate.UserId userId) {
        digest.update((byte) (userId.attribute() ? 0xd1 : 0xb4));
        int length = userId.body().length();
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (length >> shift));
        }
        digest.update(userId.body().copy());
    }

    /** The newest signature of that type which the primary key made over the content. */
    private Optional<PgpSignature> newest(List<PgpSignature> signatures, Consumer<MessageDigest> over, int type)
            throws Malformed {
        List<PgpSignature> candidates = signatures.stream()
                .filter(s -> s.type() == type && s.subpackets().mayBeBy(certificate.primary()))
                .sorted(Comparator.comparing(SelfSignatures::createdOrEpoch).reversed())
                .toList();
        boolean revocation = type == PgpSignature.KEY_REVOCATION
                || type == PgpSignature.SUBKEY_REVOCATION
                || type == PgpSignature.CERTIFICATION_REVOCATION;
        for (PgpSignature candidate : candidates) {
            if ((revocation || believed(candidate)) && holds(candidate, certificate.primary(), over)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static Instant createdOrEpoch(PgpSignature signature) {
        return signature.subpackets().created().orElse(Instant.EPOCH);
    }

    /** Whether a signature that grants something may do so. What takes away is believed whatever its age or digest. */
    private boolean believed(PgpSignature signature) {
        Optional<Instant> created = signature.subpackets().created();
        Optional<Instant> end =
                created.flatMap(c -> signature.subpackets().expiresAfter().map(c::plus));
        return created.isPresent()
                && !created.get().isAfter(now)
                && (end.isEmpty() || now.isBefore(end.get()))
                && !signature.subpackets().unknownCritical()
                && (!signature.digestAlgorithm().forgeable() || created.get().isBefore(SHA1_ENDS));
    }

    private boolean holds(PgpSignature signature, PublicKeyPacket by, Consumer<MessageDigest> over) throws Malformed {
        if (++checks > CHECK_LIMIT) {
            throw new Malformed(
                    Malformed.SIZE, "the certificate has more than " + CHECK_LIMIT + " signatures over itself");
        }
        MessageDigest digest = signature.digestAlgorithm().begin();
        over.accept(digest);
        return signature.madeBy(by, digest);
    }
}
