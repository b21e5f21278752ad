package dev.ringfence.formats.sudoers;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Aliases by type and name. */
final class AliasTable {
    private static final int MAX_MEMBERS = 20_000;
    private static final int MAX_LEVELS = 32;

    private final Map<String, List<String>> members = new HashMap<>();
    private final Map<String, List<String>> replaced = new HashMap<>();

    AliasTable(List<Sudoers.Alias> aliases) {
        // sudo refuses a second definition of a name; the first is kept.
        aliases.forEach(a -> members.putIfAbsent(a.type() + " " + a.name(), a.members()));
    }

    /** Adds the rules that this one stands for; false when there are too many. */
    boolean expand(Rule rule, List<Rule> out) {
        List<String> users = replace("User_Alias", rule.users());
        List<String> hosts = replace("Host_Alias", rule.hosts());
        List<String> runas = replace("Runas_Alias", rule.runasUsers());
        List<String> groups = replace("Runas_Alias", rule.runasGroups());
        String written = (rule.denied() ? "!" : "") + rule.command();
        List<String> commands = rule.args().isEmpty() ? replace("Cmnd_Alias", List.of(written)) : List.of(written);
        for (String command : commands) {
            if (out.size() >= MAX_MEMBERS) {
                return false;
            }
            boolean own = command.equals(written);
            Commands.Parsed parsed = own
                    ? new Commands.Parsed(rule.command(), rule.args(), rule.denied(), rule.digests())
                    : Commands.parse(command);
            out.add(new Rule(
                    users,
                    hosts,
                    runas,
                    groups,
                    rule.options(),
                    rule.tags(),
                    parsed.command(),
                    parsed.args(),
                    parsed.denied(),
                    parsed.digests(),
                    rule.line()));
        }
        return true;
    }

    private List<String> replace(String type, List<String> names) {
        if (names.stream().noneMatch(n -> members.containsKey(key(type, n)))) {
            return names;
        }
        // The same list of names is asked for by every command of a line.
        return replaced.computeIfAbsent(type + " " + String.join(",", names), k -> {
            Set<String> out = new LinkedHashSet<>();
            Set<String> seen = new HashSet<>();
            names.forEach(n -> collect(type, n, false, out, seen, 0));
            return List.copyOf(out);
        });
    }

    /** Each name is followed once, so that aliases that repeat each other cost no more than their members. */
    private void collect(String type, String name, boolean outerNegated, Set<String> out, Set<String> seen, int level) {
        boolean negated = outerNegated ^ isNegated(name);
        String plain = (negated ? "!" : "") + bare(name);
        List<String> found = members.get(key(type, name));
        if (found == null || level >= MAX_LEVELS || out.size() >= MAX_MEMBERS) {
            out.add(plain);
        } else if (seen.add(plain)) {
            found.forEach(member -> collect(type, member, negated, out, seen, level + 1));
        }
    }

    private static String key(String type, String name) {
        return type + " " + bare(name);
    }

    private static boolean isNegated(String name) {
        return (name.length() - bare(name).length()) % 2 == 1;
    }

    private static String bare(String name) {
        int from = 0;
        while (from < name.length() && name.charAt(from) == '!') {
            from++;
        }
        return name.substring(from);
    }
}
