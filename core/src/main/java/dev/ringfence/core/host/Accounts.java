package dev.ringfence.core.host;

import java.util.List;
import java.util.Map;

/** Who can act on the host. */
public record Accounts(Fact<List<User>> users, Fact<List<Group>> groups, Fact<List<SudoRule>> sudo, Fact<Sshd> sshd) {
    /**
     * A local account.
     *
     * @param loginShell whether its shell lets it log in
     * @param password {@code set}, {@code locked}, {@code empty}; unobserved without root
     */
    public record User(
            String name, long uid, long gid, String home, String shell, boolean loginShell, Fact<String> password) {}

    /** A local group with its members, those whose primary group it is included. */
    public record Group(String name, long gid, List<String> members) {
        public Group {
            members = List.copyOf(members);
        }
    }

    /**
     * One user specification of sudoers, aliases replaced.
     *
     * @param who users and {@code %groups} with commas between them
     * @param runAs {@code users} or {@code users:groups}, with commas; {@code root} when nobody is named
     * @param commands with their arguments; {@code !} before one that is excluded
     * @param noPassword by its tag or by Defaults
     */
    public record SudoRule(
            String file, long line, String who, String runAs, List<String> commands, boolean noPassword) {
        public SudoRule {
            commands = List.copyOf(commands);
        }
    }

    /**
     * The SSH server's configuration.
     *
     * @param values effective global value by lower-case keyword, the server's defaults filled in; switches in lower
     *     case, the older {@code without-password} as {@code prohibit-password}; values of a keyword that may stand more
     *     than once, such as {@code allowusers}, with blanks between them
     * @param conditional keywords set inside Match blocks, {@code keyword value (condition)}
     */
    public record Sshd(Map<String, String> values, List<String> conditional) {
        public Sshd {
            values = Map.copyOf(values);
            conditional = List.copyOf(conditional);
        }
    }
}
