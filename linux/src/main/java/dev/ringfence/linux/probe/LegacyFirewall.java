package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.Inquiry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The filter table of the older iptables, which nft(8) does not list. Most hosts have none; then nothing is asked.
 *
 * @param loaded whether the kernel holds such a table for the family
 * @param dropping by hook, {@code input} or {@code forward}: whether what no rule decides is dropped
 */
record LegacyFirewall(boolean loaded, Map<String, Boolean> dropping) {
    /** Its rules for IPv4. */
    static final Inquiry IPV4 = new Inquiry("iptables-legacy.txt", List.of("iptables-legacy-save", "-t", "filter"));

    /** Its rules for IPv6. */
    static final Inquiry IPV6 = new Inquiry("ip6tables-legacy.txt", List.of("ip6tables-legacy-save", "-t", "filter"));

    private static final Duration LIMIT = Duration.ofSeconds(3);

    LegacyFirewall {
        dropping = Map.copyOf(dropping);
    }

    boolean drops(String hook) {
        return dropping.getOrDefault(hook, false);
    }

    /** Asks for the rules where the kernel says that the table is loaded. */
    static Fact<LegacyFirewall> observe(HostFiles files, Inquiry inquiry, String tableNames) {
        Fact<String> tables = files.text(tableNames);
        if (tables instanceof Fact.NotObserved<String> unseen) {
            return unseen.map(t -> none());
        }
        if (tables.orElse("").lines().noneMatch(t -> t.strip().equals("filter"))) {
            return Fact.of(none(), tableNames, "read");
        }
        Fact<String> printed = inquiry.ask(files, LIMIT);
        String where = printed.source().where();
        return printed instanceof Fact.Absent<String>
                ? Fact.notObserved(
                        where, "command", "a legacy filter table is loaded, but its program is not there to ask")
                : Readings.then(printed, text -> Fact.of(parse(text), where, "command"));
    }

    private static LegacyFirewall none() {
        return new LegacyFirewall(false, Map.of());
    }

    /** Reads the form of iptables-save: {@code :INPUT DROP [0:0]} and {@code -A INPUT -j REJECT --reject-with …}. */
    static LegacyFirewall parse(String text) {
        Map<String, Boolean> byPolicy = new HashMap<>();
        Map<String, Boolean> byRule = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (line.startsWith(":") && words.length >= 2) {
                byPolicy.put(words[0].substring(1).toLowerCase(Locale.ROOT), words[1].equals("DROP"));
            } else if (words.length >= 4 && words[0].equals("-A") && words[2].equals("-j")) {
                // The first rule without a condition decides.
                String hook = words[1].toLowerCase(Locale.ROOT);
                switch (words[3]) {
                    case "DROP", "REJECT" -> byRule.putIfAbsent(hook, true);
                    case "ACCEPT" -> byRule.putIfAbsent(hook, false);
                    default -> {}
                }
            }
        }
        Map<String, Boolean> dropping = new HashMap<>();
        byPolicy.forEach((hook, drops) -> dropping.put(hook, byRule.getOrDefault(hook, drops)));
        return new LegacyFirewall(true, dropping);
    }
}
