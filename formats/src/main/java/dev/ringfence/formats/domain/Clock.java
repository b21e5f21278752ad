package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <clock>}.
 *
 * @param offset {@code utc}, {@code localtime}, {@code timezone}, {@code variable}, {@code absolute}
 */
public record Clock(String offset, String timezone, String adjustment, String basis, List<Timer> timers) {
    public Clock {
        timers = List.copyOf(timers);
    }

    /**
     * A guest timer.
     *
     * @param present {@code yes} or {@code no}
     */
    public record Timer(String name, String present, String tickpolicy, String track, String mode) {}
}
