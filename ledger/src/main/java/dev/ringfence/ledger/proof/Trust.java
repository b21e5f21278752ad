package dev.ringfence.ledger.proof;

import dev.ringfence.ledger.note.VerifierKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a verifier knows beforehand.
 *
 * @param logs keys of which one must have signed, each named as the origin of its log
 * @param policy witnesses and quorum
 */
public record Trust(List<VerifierKey> logs, Policy policy) {
    public Trust {
        logs = List.copyOf(logs);
        if (logs.isEmpty()) {
            throw new IllegalArgumentException("without the key of a log nothing can be verified");
        }
    }

    /** One log, no witness asked for. */
    public static Trust log(VerifierKey log) {
        return new Trust(List.of(log), Policy.WITHOUT_WITNESSES);
    }

    /** One log that must itself have signed, and the witnesses of a policy; the logs of the policy are not used. */
    public static Trust logAndWitnesses(VerifierKey log, Policy policy) {
        return new Trust(List.of(log), policy);
    }

    /**
     * Logs and witnesses of a policy.
     *
     * @throws IllegalArgumentException if the policy names no log
     */
    public static Trust policy(Policy policy) {
        List<VerifierKey> logs = new ArrayList<>();
        policy.logs().forEach(log -> logs.add(log.key()));
        return new Trust(logs, policy);
    }
}
