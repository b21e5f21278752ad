package dev.ringfence.wire.report;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Waiver;
import java.util.Optional;

/** Says which waiver stands behind a waived subject, so that nobody is named as the owner of another's decision. */
final class WaivedSubjects {
    private WaivedSubjects() {}

    /** The waiver that the result shows, if it holds and covers the subject; a result shows only one. */
    static Optional<Waiver> waiver(ControlResult result, String subject) {
        return result.waiver()
                .filter(applied -> !applied.expired())
                .map(ControlResult.AppliedWaiver::waiver)
                .filter(waiver -> waiver.coversSubject(subject));
    }

    /** Owner, reason, end and ticket in one sentence. */
    static String sentence(Waiver waiver) {
        String ticket = waiver.ticket().isBlank() ? "" : ", ticket " + waiver.ticket();
        return waiver.reason() + " (owner " + waiver.owner() + ", until " + waiver.expires() + ticket + ")";
    }
}
