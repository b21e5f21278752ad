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
                .filter(waiver -> covers(waiver.subject(), subject));
    }

    private static boolean covers(String pattern, String subject) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(subject);
        }
        int last = pattern.lastIndexOf('*');
        int end = subject.length() - (pattern.length() - last - 1);
        if (end < star
                || !subject.startsWith(pattern.substring(0, star))
                || !subject.endsWith(pattern.substring(last + 1))) {
            return false;
        }
        int from = star;
        while (star < last) {
            int next = pattern.indexOf('*', star + 1);
            String part = pattern.substring(star + 1, next);
            int at = subject.indexOf(part, from);
            if (at < 0 || at + part.length() > end) {
                return false;
            }
            from = at + part.length();
            star = next;
        }
        return true;
    }

    /** Owner, reason, end and ticket in one sentence. */
    static String sentence(Waiver waiver) {
        String ticket = waiver.ticket().isBlank() ? "" : ", ticket " + waiver.ticket();
        return waiver.reason() + " (owner " + waiver.owner() + ", until " + waiver.expires() + ticket + ")";
    }
}
