package dev.ringfence.formats.tar;

import dev.ringfence.formats.Refusal;
import java.io.IOException;

/**
 * Carries a refusal from the depth of the reader, through a visitor if need be, to {@link TarReader}, which turns it into
 * a value. Without a stack trace, because hostile archives are not exceptional.
 */
final class Malformed extends IOException {
    /** Not a tar archive. */
    static final String NOT_TAR = "RF-TAR-001";
    /** The archive ends before its end mark. */
    static final String TRUNCATED = "RF-TAR-002";
    /** A header's checksum is wrong. */
    static final String CHECKSUM = "RF-TAR-003";
    /** A number in a header is malformed or out of range. */
    static final String NUMBER = "RF-TAR-004";
    /** A name is empty, too long, absolute, or climbs with {@code ..}. */
    static final String NAME = "RF-TAR-005";
    /** An extension header is malformed, too long, repeated, or belongs to no member. */
    static final String EXTENSION = "RF-TAR-006";
    /** A way of storing content that is not read: sparse, incremental or in volumes. */
    static final String STORAGE = "RF-TAR-007";
    /** More members than the limit. */
    static final String ENTRIES = "RF-TAR-008";
    /** More content than the limit. */
    static final String BYTES = "RF-TAR-009";

    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    Malformed(String code, String reason) {
        super(code + " " + reason);
        refusal = new Refusal(code, reason);
    }

    Refusal refusal() {
        return refusal;
    }

    /** A refusal is a value in disguise; where it was made tells nothing. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
