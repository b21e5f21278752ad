package dev.ringfence.ledger.proof;

import dev.ringfence.ledger.note.VerifierKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom to trust: a checkpoint counts if one of the logs signed it and enough witnesses cosigned it (C2SP tlog-policy). Made
 * by {@link PolicyText}, which holds it to the rules of the format.
 *
 * @param logs logs that are accepted; may be empty if the log is known otherwise
 * @param witnesses witnesses by name
 * @param groups groups of witnesses and of earlier groups, in order
 * @param quorum name of the witness or group that must have cosigned, or {@link #NONE}
 */
public record Policy(List<Log> logs, List<Witness> witnesses, List<Group> groups, String quorum) {
    /** The quorum that asks for no witness. */
    public static final String NONE = "none";

    /** Asks for no witness and knows no log. */
    public static final Policy WITHOUT_WITNESSES = new Policy(List.of(), List.of(), List.of(), NONE);

    public Policy {
        logs = List.copyOf(logs);
        witnesses = List.copyOf(witnesses);
        groups = List.copyOf(groups);
    }

    /**
     * A log.
     *
     * @param key its key, whose name is the origin of its checkpoints
     * @param url where it is, or empty
     */
    public record Log(VerifierKey key, String url) {}

    /**
     * A witness.
     *
     * @param name its name in the policy
     * @param key its key
     * @param url submission prefix of tlog-witness, or empty
     */
    public record Witness(String name, VerifierKey key, String url) {}

    /**
     * A group, which has cosigned when enough of its members have.
     *
     * @param threshold from 1 to the number of members
     * @param members names of witnesses and earlier groups
     */
    public record Group(String name, int threshold, List<String> members) {
        public Group {
            members = List.copyOf(members);
            if (threshold < 1 || threshold > members.size()) {
                throw new IllegalArgumentException(threshold + " of " + members.size());
            }
        }
    }

    /** Whether these witnesses, by their names in the policy, are enough. */
    public boolean isQuorum(Set<String> cosigned) {
        return quorum.equals(NONE) || satisfied(cosigned).contains(quorum);
    }

    /** For a person: what the quorum asks for. */
    public String quorumText() {
        Map<String, Group> byName = new HashMap<>();
        groups.forEach(group -> byName.put(group.name(), group));
        Group group = byName.get(quorum);
        return group == null
                ? quorum
                : quorum + " (" + group.threshold() + " of " + String.join(", ", group.members()) + ")";
    }

    private Set<String> satisfied(Set<String> cosigned) {
        Set<String> satisfied = new HashSet<>(cosigned);
        // A group names earlier ones only, so one pass in order is enough, and there is no cycle.
        for (Group group : groups) {
            long members = group.members().stream().filter(satisfied::contains).count();
            if (members >= group.threshold()) {
                satisfied.add(group.name());
            }
        }
        return satisfied;
    }
}
