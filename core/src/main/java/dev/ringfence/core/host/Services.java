package dev.ringfence.core.host;

import java.util.List;
import java.util.Map;

/**
 * What runs beside the guests, and what keeps the records.
 *
 * @param processes every process but kernel threads
 * @param enabled units that start by themselves
 * @param masked units that cannot be started
 * @param logTargets where logs go beyond this host
 * @param auditRules of /etc/audit
 */
public record Services(
        Fact<List<Process>> processes,
        Fact<List<String>> enabled,
        Fact<List<String>> masked,
        Fact<TimeSync> timeSync,
        Fact<List<LogTarget>> logTargets,
        Fact<List<String>> auditRules,
        Fact<Map<String, String>> auditd,
        Fact<Map<String, String>> journald) {
    /**
     * A running process.
     *
     * @param uid real user id
     * @param executable path of its binary, without {@code (deleted)}; empty when it could not be read, which for another
     *     user's process needs root
     */
    public record Process(long pid, String name, long uid, String executable) {}

    /**
     * Time synchronisation.
     *
     * @param daemon {@code chrony}, {@code ntp}, {@code systemd-timesyncd}
     * @param sources configured servers and pools
     * @param authenticated how many of them use NTS or a key
     */
    public record TimeSync(String daemon, Fact<Boolean> running, List<String> sources, long authenticated) {
        public TimeSync {
            sources = List.copyOf(sources);
        }
    }

    /** A remote log destination. */
    public record LogTarget(String file, String target, boolean encrypted) {}
}
