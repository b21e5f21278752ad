package dev.ringfence.wire.report;

import java.time.Instant;

/** Instants for formats whose dates have four digits of year. */
final class CalendarDates {
    private static final Instant FIRST = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("2999-12-31T23:59:59Z");

    private CalendarDates() {}

    /** RFC 3339, UTC. A waiver "for ever" ends in 2999: OSCAL 1.1 knows no later year. */
    static String text(Instant instant) {
        Instant within = instant.isBefore(FIRST) ? FIRST : instant.isAfter(LAST) ? LAST : instant;
        return within.toString();
    }
}
