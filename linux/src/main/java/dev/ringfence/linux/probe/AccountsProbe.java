package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Accounts;
import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Reads the local accounts, what sudo lets them do, and how the SSH server lets them in. */
public final class AccountsProbe {
    private static final String PASSWD = "/etc/passwd";
    private static final String GROUP = "/etc/group";
    private static final String SHADOW = "/etc/shadow";

    /** Programs that end at once, whoever starts them. */
    private static final Set<String> NO_LOGIN = Set.of("nologin", "false", "true", "sync", "halt", "shutdown");

    private AccountsProbe() {}

    /** Users, groups, sudo and SSH. */
    public static Accounts observe(HostFiles files) {
        Fact<List<Accounts.User>> users = users(files);
        return new Accounts(users, groups(files, users), SudoPolicy.observe(files), SshServer.observe(files));
    }

    private static Fact<List<Accounts.User>> users(HostFiles files) {
        Fact<Map<String, String>> shadow = Readings.parsed(files.text(SHADOW), AccountsProbe::shadow);
        return Readings.parsed(files.text(PASSWD), text -> {
            List<Accounts.User> users = new ArrayList<>();
            for (String[] fields : entries(text, 7)) {
                OptionalLong uid = Readings.decimal(fields[2]);
                OptionalLong gid = Readings.decimal(fields[3]);
                if (uid.isPresent() && gid.isPresent()) {
                    users.add(new Accounts.User(
                            fields[0],
                            uid.getAsLong(),
                            gid.getAsLong(),
                            fields[5],
                            fields[6],
                            !NO_LOGIN.contains(Readings.baseName(fields[6])),
                            password(fields[0], fields[1], shadow)));
                }
            }
            return List.copyOf(users);
        });
    }

    private static Fact<String> password(String user, String inPasswd, Fact<Map<String, String>> shadow) {
        if (!inPasswd.equals("x")) {
            return Fact.of(kind(inPasswd), PASSWD, "parsed");
        }
        // Without a shadow file or an entry there, no password fits.
        return Readings.orElse(
                Readings.parsed(shadow, hashes -> kind(hashes.getOrDefault(user, "*"))),
                () -> Fact.of("locked", SHADOW, "derived"));
    }

    /** Says whether there is a password, never what its hash is. */
    private static String kind(String hash) {
        if (hash.isEmpty()) {
            return "empty";
        }
        return hash.startsWith("!") || hash.startsWith("*") ? "locked" : "set";
    }

    private static Map<String, String> shadow(String text) {
        Map<String, String> hashes = new HashMap<>();
        for (String[] fields : entries(text, 2)) {
            hashes.putIfAbsent(fields[0], fields[1]);
        }
        return hashes;
    }

    private static Fact<List<Accounts.Group>> groups(HostFiles files, Fact<List<Accounts.User>> users) {
        return Readings.then(
                users,
                accounts -> Readings.parsed(files.text(GROUP), text -> {
                    List<Accounts.Group> groups = new ArrayList<>();
                    for (String[] fields : entries(text, 4)) {
                        OptionalLong gid = Readings.decimal(fields[2]);
                        if (gid.isPresent()) {
                            Set<String> members = new LinkedHashSet<>();
                            accounts.stream()
                                    .filter(u -> u.gid() == gid.getAsLong())
                                    .forEach(u -> members.add(u.name()));
                            members.addAll(List.of(fields[3].split(",")));
                            members.remove("");
                            groups.add(new Accounts.Group(fields[0], gid.getAsLong(), new ArrayList<>(members)));
                        }
                    }
                    return List.copyOf(groups);
                }));
    }

    /** Lines with at least that many fields; {@code +} and {@code -} lines of old NIS set-ups are no accounts. */
    private static List<String[]> entries(String text, int fields) {
        List<String[]> entries = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] found = line.split(":", -1);
            if (found.length >= fields && !found[0].isEmpty() && "+-#".indexOf(found[0].charAt(0)) < 0) {
                entries.add(found);
            }
        }
        return entries;
    }
}
