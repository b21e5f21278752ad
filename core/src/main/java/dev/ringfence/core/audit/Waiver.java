package dev.ringfence.core.audit;

import java.time.Instant;

/**
 * A recorded decision to live with a failed control for a time.
 *
 * @param control the control's id
 * @param subject which subject it covers, {@code *} for all; a {@code *} inside matches any text
 * @param host which host it covers, as subject
 * @param owner who answers for it
 * @param expires the first instant at which it no longer holds
 * @param ticket where the decision is tracked, may be empty
 */
public record Waiver(
        String control, String subject, String host, String owner, String reason, Instant expires, String ticket) {
    public Waiver {
        if (owner.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("a waiver needs an owner and a reason");
        }
    }

    boolean covers(String controlId, String subjectName, String hostName) {
        return control.equals(controlId) && coversSubject(subjectName) && matches(host, hostName);
    }

    /** Whether it covers that subject, on the hosts that it names. */
    public boolean coversSubject(String subjectName) {
        return matches(subject, subjectName);
    }

    boolean expired(Instant now) {
        return !now.isBefore(expires);
    }

    private static boolean matches(String pattern, String text) {
        int from = 0;
        String[] parts = pattern.split("\\*", -1);
        if (parts.length == 1) {
            return pattern.equals(text);
        }
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            boolean last = i == parts.length - 1;
            int at = last ? text.length() - part.length() : text.indexOf(part, from);
            if (at < from || i == 0 && at != 0 || last && !text.endsWith(part)) {
                return false;
            }
            from = at + part.length();
        }
        return true;
    }
}
