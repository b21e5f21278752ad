package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.OpenStack;
import dev.ringfence.linux.HostFiles;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The nova account and its SSH files, with which computes copy disks to each other. Source: passwd(5), sshd(8), ssh_config(5). */
final class NovaAccount {
    private static final int PASSWD_FIELDS = 7;
    private static final List<String> RESTRICTIONS = List.of("from=\"", "command=\"");
    private static final Pattern STRICT =
            Pattern.compile("(?i)stricthostkeychecking[ \\t]*[ \\t=][ \\t]*\"?([A-Za-z-]+)\"?.*");

    private NovaAccount() {}

    /** Absent when there is no nova account. */
    static Fact<OpenStack.NovaSsh> observe(HostFiles files) {
        return Readings.then(files.text("/etc/passwd"), passwd -> {
            for (String line : passwd.split("\n")) {
                String[] fields = line.split(":", -1);
                if (fields.length == PASSWD_FIELDS && fields[0].equals("nova")) {
                    return account(files, fields[5], fields[6].strip());
                }
            }
            return Fact.absent("/etc/passwd", "parsed");
        });
    }

    private static Fact<OpenStack.NovaSsh> account(HostFiles files, String home, String shell) {
        String directory = home + "/.ssh/";
        Fact<String> first = orEmpty(files.text(directory + "authorized_keys"));
        // sshd reads both unless it is told otherwise.
        Fact<String> second = orEmpty(files.text(directory + "authorized_keys2"));
        Fact<String> keys = Readings.then(first, one -> second.map(two -> one + "\n" + two));
        Fact<String> config = orEmpty(files.text(directory + "config"));
        return Readings.then(
                keys,
                k -> Readings.then(config, c -> {
                    List<String> lines = k.lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .toList();
                    return Fact.of(
                            new OpenStack.NovaSsh(
                                    home,
                                    shell,
                                    lines.size(),
                                    lines.stream()
                                            .filter(NovaAccount::isUnrestricted)
                                            .count(),
                                    strictHostKeyChecking(c)),
                            directory,
                            "parsed");
                }));
    }

    private static Fact<String> orEmpty(Fact<String> text) {
        return text instanceof Fact.Absent<String>(var source) ? Fact.of("", source.where(), source.how()) : text;
    }

    /** Options stand before the key's type, apart by commas; text in quotes may hold commas and blanks. */
    private static boolean isUnrestricted(String line) {
        boolean quoted = false;
        int option = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && (i == 0 || line.charAt(i - 1) != '\\')) {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == ' ' || c == '\t')) {
                String text = line.substring(option, i).toLowerCase(Locale.ROOT);
                if (RESTRICTIONS.stream().anyMatch(text::startsWith)) {
                    return false;
                }
                if (c != ',') {
                    return true;
                }
                option = i + 1;
            }
        }
        return true;
    }

    /** The first that is given counts for its hosts; of several the weakest is told. Empty when none is. */
    private static String strictHostKeyChecking(String config) {
        String found = "";
        for (String line : config.split("\n")) {
            var matcher = STRICT.matcher(line.strip());
            if (matcher.matches()) {
                String value = matcher.group(1).toLowerCase(Locale.ROOT);
                boolean weak = value.equals("no") || value.equals("off");
                if (found.isEmpty() || weak) {
                    found = value;
                }
            }
        }
        return found;
    }
}
