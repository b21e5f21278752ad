package dev.ringfence.cli.report;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Stride;
import dev.ringfence.core.audit.Threat;
import dev.ringfence.core.audit.Verdict;
import java.time.Duration;
import java.time.Instant;

/** What the constants of an audit are called when a person reads them. */
final class Words {
    private Words() {}

    static String of(Severity severity) {
        return switch (severity) {
            case CRITICAL -> "Critical";
            case HIGH -> "High";
            case MEDIUM -> "Medium";
            case LOW -> "Low";
        };
    }

    static String of(Verdict verdict) {
        return switch (verdict) {
            case PASS -> "Passed";
            case FAIL -> "Failed";
            case NOT_APPLICABLE -> "Not applicable";
            case NOT_COVERED -> "Not covered";
            case WAIVED -> "Waived";
        };
    }

    static String of(Threat threat) {
        return switch (threat) {
            case GUEST_TO_HOST -> "Guest → host";
            case GUEST_TO_GUEST -> "Guest → guest";
        };
    }

    static String of(Stride stride) {
        return switch (stride) {
            case SPOOFING -> "Spoofing";
            case TAMPERING -> "Tampering";
            case REPUDIATION -> "Repudiation";
            case INFORMATION_DISCLOSURE -> "Information disclosure";
            case DENIAL_OF_SERVICE -> "Denial of service";
            case ELEVATION_OF_PRIVILEGE -> "Elevation of privilege";
        };
    }

    /** What the fix disturbs. */
    static String of(Fix.Reach reach) {
        return switch (reach) {
            case LIVE -> "takes effect at once";
            case DAEMON -> "restarts a daemon";
            case GUEST -> "restarts or moves guests";
            case REBOOT -> "reboots the host";
            case BUILD -> "replaces a package";
        };
    }

    static String of(Fix.Kind kind) {
        return switch (kind) {
            case LIBVIRT_CONF -> "libvirt setting";
            case OSLO_CONF -> "OpenStack setting";
            case SYSCTL -> "sysctl";
            case SYSFS -> "sysfs, until reboot";
            case KERNEL_ARGUMENT -> "kernel argument";
            case MODPROBE_OPTION -> "module option";
            case MODPROBE_BLACKLIST -> "module blocked";
            case FILE_MODE -> "file mode";
            case FILE_OWNER -> "file owner";
            case SELINUX_BOOLEAN -> "SELinux boolean";
            case UNIT -> "systemd unit";
            case DOMAIN_XML -> "domain XML";
            case SSHD -> "sshd setting";
            case PACKAGE -> "package";
            case COMMAND -> "command";
        };
    }

    /** {@code 2026-11-20 09:41 UTC}. */
    static String minute(Instant instant) {
        return instant.toString().replaceFirst("T(\\d\\d:\\d\\d).*", " $1 UTC");
    }

    /** {@code 2027-01-31}. */
    static String day(Instant instant) {
        return instant.toString().replaceFirst("T.*", "");
    }

    /** How far away the end of a waiver is. */
    static String left(Instant from, Instant to) {
        long days = Duration.between(from, to).toDays();
        return days < 0 || !from.isBefore(to)
                ? "over"
                : days == 0 ? "less than a day left" : count(days, "day") + " left";
    }

    /** {@code 1 control}, {@code 2 controls}. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
