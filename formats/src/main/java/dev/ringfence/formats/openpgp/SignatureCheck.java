package dev.ringfence.formats.openpgp;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Verifies a detached signature by one pinned key over content that is streamed through {@link #update}. All that can be
 * judged without the content is judged first, so that nobody hashes 100 GiB for a revoked key. Not thread-safe.
 */
public final class SignatureCheck {
    private final List<Candidate> candidates;

    private SignatureCheck(List<Candidate> candidates) {
        this.candidates = List.copyOf(candidates);
    }

    private record Candidate(PgpSignature signature, PublicKeyPacket key, String primary, MessageDigest digest) {}

    /**
     * A signature that holds.
     *
     * @param fingerprint of the pinned primary key
     * @param signedBy fingerprint of the key or subkey that signed
     */
    public record Good(String fingerprint, String signedBy, Instant created) {}

    /**
     * Chooses the signatures that the pinned key, or a subkey of it, claims to have made, and checks the key.
     *
     * @param now decides what has expired
     * @return a check to stream the content through, or why none of them can hold
     */
    public static Decoded<SignatureCheck> begin(List<PgpSignature> signatures, Certificate pinned, Instant now) {
        List<Candidate> candidates = new ArrayList<>();
        Optional<Refusal> refusal = Optional.empty();
        for (PgpSignature signature : signatures) {
            try {
                candidate(signature, pinned, now).ifPresent(candidates::add);
            } catch (Malformed e) {
                refusal = Optional.of(e.refusal());
            }
        }
        if (!candidates.isEmpty()) {
            return new Decoded.Value<>(new SignatureCheck(candidates));
        }
        return new Decoded.Refused<>(refusal.orElseGet(() -> new Refusal(
                Malformed.OTHER_SIGNER,
                "it was not signed by " + pinned.fingerprint() + " but by "
                        + signatures.stream()
                                .map(s -> s.subpackets().claimedSigner())
                                .distinct()
                                .limit(3)
                                .reduce((a, b) -> a + ", " + b)
                                .orElse("nobody"))));
    }

    private static Optional<Candidate> candidate(PgpSignature signature, Certificate pinned, Instant now)
            throws Malformed {
        Optional<Certificate.Subkey> subkey =
                pinned.subkeys().stream().filter(s -> named(signature, s.key())).findFirst();
        boolean byPrimary = named(signature, pinned.primary());
        if (!byPrimary && subkey.isEmpty()) {
            return Optional.empty();
        }
        requireUsable(signature, now);
        SelfSignatures self = new SelfSignatures(pinned, now);
        self.requirePrimary(signature.created(), byPrimary);
        PublicKeyPacket key = pinned.primary();
        if (!byPrimary) {
            self.requireSubkey(subkey.get(), signature.created());
            key = subkey.get().key();
        }
        return Optional.of(new Candidate(
                signature,
                key,
                pinned.fingerprint(),
                signature.digestAlgorithm().begin()));
    }

    /** A signature that names nobody is tried with the primary key alone. */
    private static boolean named(PgpSignature signature, PublicKeyPacket key) {
        return signature.subpackets().mayBeBy(key);
    }

    private static void requireUsable(PgpSignature signature, Instant now) throws Malformed {
        if (signature.type() != PgpSignature.BINARY_DOCUMENT) {
            throw new Malformed(
                    Malformed.TYPE,
                    "a signature of type 0x" + Integer.toHexString(signature.type()) + ", not of a file");
        }
        if (signature.digestAlgorithm().forgeable()) {
            throw new Malformed(Malformed.WEAK_DIGEST, "its digest is " + signature.digestAlgorithm());
        }
        if (signature.subpackets().unknownCritical()) {
            throw new Malformed(Malformed.CRITICAL, "the signature has a critical part that is not understood");
        }
        Instant created = signature.created();
        if (created.isAfter(now)) {
            throw new Malformed(Malformed.TIME, "the signature was made in the future, " + created);
        }
        Optional<Duration> life = signature.subpackets().expiresAfter();
        if (life.isPresent() && !now.isBefore(created.plus(life.get()))) {
            throw new Malformed(Malformed.SIGNATURE_EXPIRED, "the signature expired " + created.plus(life.get()));
        }
    }

    /** Adds the next piece of the content. */
    public void update(byte[] content, int offset, int length) {
        candidates.forEach(c -> c.digest().update(content, offset, length));
    }

    /** Ends the content. To be called once. */
    public Decoded<Good> finish() {
        Refusal refusal = new Refusal(Malformed.WRONG, "the signature does not fit the content");
        for (Candidate candidate : candidates) {
            try {
                if (candidate.signature().madeBy(candidate.key(), candidate.digest())) {
                    return new Decoded.Value<>(new Good(
                            candidate.primary(),
                            candidate.key().fingerprint(),
                            candidate.signature().created()));
                }
            } catch (Malformed e) {
                refusal = e.refusal();
            }
        }
        return new Decoded.Refused<>(refusal);
    }
}
