package dev.ringfence.ledger.proof;

import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.SignatureCheck;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.VerifierKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says whether a proof proves that a leaf stands in a log that is trusted. It asks no clock, file or network. Total and
 * thread-safe. Refusals: RF-LDG-052 no trusted log signed the checkpoint, RF-LDG-053 a signature in the name of a trusted
 * log or witness is not theirs, RF-LDG-054 the checkpoint is of another log than its signer, RF-LDG-055 too few witnesses;
 * RF-LDG-001 to 003 the leaf does not stand there.
 */
public final class OfflineVerifier {
    private final Trust trust;

    /** A verifier that knows these keys. */
    public OfflineVerifier(Trust trust) {
        this.trust = trust;
    }

    /** Whether the file proves that exactly these bytes are a leaf. Never throws. */
    public Verification verify(byte[] proofFile, byte[] leaf) {
        return switch (ProofFile.parse(proofFile)) {
            case Parsed.Value<ProofFile>(ProofFile proof) -> verify(proof, leaf);
            case Parsed.Refused<ProofFile>(Refusal refusal) -> new Verification.Refused(refusal);
        };
    }

    /** Whether the proof proves that exactly these bytes are a leaf. Never throws. */
    public Verification verify(ProofFile proof, byte[] leaf) {
        Hash leafHash = new TreeHasher().leaf(leaf);
        return switch (witnesses(proof.checkpoint())) {
            case Parsed.Refused<List<Verification.Cosigned>>(Refusal refusal) -> new Verification.Refused(refusal);
            case Parsed.Value<List<Verification.Cosigned>>(var cosigned) ->
                switch (proof.inclusion()
                        .verify(leafHash, proof.checkpoint().checkpoint().root())) {
                    case Check.Fails(Refusal refusal) -> new Verification.Refused(refusal);
                    case Check.Holds() ->
                        new Verification.Verified(proof.checkpoint().checkpoint(), proof.index(), leafHash, cosigned);
                };
        };
    }

    /** The witnesses that cosigned a checkpoint, if a trusted log signed it and they are enough. Never throws. */
    public Parsed<List<Verification.Cosigned>> witnesses(SignedCheckpoint checkpoint) {
        Optional<Refusal> unsigned = unsigned(checkpoint);
        if (unsigned.isPresent()) {
            return new Parsed.Refused<>(unsigned.get());
        }
        List<Verification.Cosigned> cosigned = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (Policy.Witness witness : trust.policy().witnesses()) {
            switch (checkpoint.check(witness.key())) {
                case SignatureCheck.Valid(long time) -> {
                    cosigned.add(new Verification.Cosigned(witness.name(), time));
                    names.add(witness.name());
                }
                case SignatureCheck.Absent() -> {}
                case SignatureCheck.Invalid() -> {
                    return new Parsed.Refused<>(forged("witness " + witness.key()));
                }
            }
        }
        return trust.policy().isQuorum(names)
                ? Parsed.of(cosigned)
                : Parsed.refused(
                        "RF-LDG-055",
                        "cosigned by " + (names.isEmpty() ? "no known witness" : String.join(", ", names))
                                + ", the policy asks for "
                                + trust.policy().quorumText());
    }

    /** Why no trusted log signed, or empty if one did. */
    private Optional<Refusal> unsigned(SignedCheckpoint checkpoint) {
        String origin = checkpoint.checkpoint().origin();
        boolean signed = false;
        boolean elsewhere = false;
        for (VerifierKey log : trust.logs()) {
            switch (checkpoint.check(log)) {
                case SignatureCheck.Valid _ when log.name().equals(origin) -> signed = true;
                case SignatureCheck.Valid _ -> elsewhere = true;
                case SignatureCheck.Absent() -> {}
                case SignatureCheck.Invalid() -> {
                    return Optional.of(forged("log " + log));
                }
            }
        }
        if (signed) {
            return Optional.empty();
        }
        return Optional.of(
                elsewhere
                        ? new Refusal("RF-LDG-054", "the checkpoint is of another log than the one that signed it")
                        : new Refusal("RF-LDG-052", "the checkpoint is signed by none of the trusted logs"));
    }

    private static Refusal forged(String whose) {
        return new Refusal("RF-LDG-053", "a signature in the name of the " + whose + " does not verify");
    }
}
