package dev.ringfence.formats.sudoers;

import java.util.List;

/**
 * Who may run one command, where, and as whom. A line with several commands is several rules; run-as, options and tags
 * are those that hold for the command, also when an earlier command of the line set them.
 *
 * @param users names as written: {@code nova}, {@code %group}, {@code #1000}, {@code %#1000}, {@code +netgroup}, {@code
 *     ALL}, an alias; {@code !} before a name excludes it
 * @param hosts likewise
 * @param runasUsers {@code root} when the line names nobody; empty for the invoking user
 * @param runasGroups groups that may be chosen
 * @param options such as {@code CWD=/}, as written
 * @param tags in force, such as {@code NOPASSWD}; of two opposites the last
 * @param command path, {@code ALL}, {@code sudoedit}, {@code list}, a directory, or an alias
 * @param args {@code ""} when any arguments are allowed, {@code ""} in quotes when none are, else a pattern
 * @param denied the command is excluded with {@code !}
 * @param digests checksums that the command must have, as written
 * @param line where the rule begins, counted from 1
 */
public record Rule(
        List<String> users,
        List<String> hosts,
        List<String> runasUsers,
        List<String> runasGroups,
        List<String> options,
        List<String> tags,
        String command,
        String args,
        boolean denied,
        List<String> digests,
        int line) {
    public Rule {
        users = List.copyOf(users);
        hosts = List.copyOf(hosts);
        runasUsers = List.copyOf(runasUsers);
        runasGroups = List.copyOf(runasGroups);
        options = List.copyOf(options);
        tags = List.copyOf(tags);
        digests = List.copyOf(digests);
    }

    /** Whether no password is asked for. */
    public boolean nopasswd() {
        return tags.contains("NOPASSWD");
    }
}
