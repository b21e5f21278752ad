package dev.ringfence.ledger.leaf;

import java.util.Locale;
import java.util.Optional;

/** What happened. The text of a kind is its name in lower case with a dot: {@code vm.start}. */
public enum LeafKind {
    /** An instance was started on a host. */
    VM_START,
    /** An instance ended. */
    VM_STOP,
    /** An instance moved between hosts. */
    VM_MIGRATE,
    /** A device or volume was attached to an instance. */
    VM_ATTACH,
    /** The measured state of files of a host. */
    FILE_BASELINE,
    /** A control failed. */
    FINDING,
    /** Ringfence changes a host, or takes a change back. */
    HOST_CHANGE,
    /** Somebody asked for an approval. */
    APPROVAL_REQUEST,
    /** Somebody else gave it. */
    APPROVAL_GRANT,
    /** Evidence was sealed; the leaf has its digest. */
    EVIDENCE_SEAL,
    /** Sealed evidence was read. */
    EVIDENCE_ACCESS,
    /** An agent was enrolled. */
    AGENT_ENROL,
    /** An agent lost its standing. */
    AGENT_REVOKE,
    /** A key was replaced. */
    KEY_ROTATE,
    /** How far an export to another system came. */
    EXPORT_CURSOR,
    /** A part of the system is alive. */
    HEARTBEAT;

    /** The text of the kind in a leaf. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** The kind with this text. */
    public static Optional<LeafKind> of(String text) {
        for (LeafKind kind : values()) {
            if (kind.text().equals(text)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
