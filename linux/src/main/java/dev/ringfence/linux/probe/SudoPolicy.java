package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Accounts;
import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.sudoers.Rule;
import dev.ringfence.formats.sudoers.Sudoers;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rules of sudoers(5), from its file and those that it includes, with aliases replaced. */
final class SudoPolicy {
    private static final List<String> PATHS = List.of("/etc/sudoers", "/usr/etc/sudoers");
    private static final int FILE_LIMIT_BYTES = 1 << 20;
    private static final int FILE_LIMIT = 512;
    private static final int ALIAS_LIMIT = 10_000;

    private final HostFiles files;
    private final List<String> paths = new ArrayList<>();
    private final List<Sudoers> policies = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private String unread = "";

    private SudoPolicy(HostFiles files) {
        this.files = files;
    }

    /** One for each user specification; absent where sudo is not configured. */
    static Fact<List<Accounts.SudoRule>> observe(HostFiles files) {
        String main = files.exists(PATHS.getFirst()).orElse(true) ? PATHS.getFirst() : PATHS.getLast();
        Fact<byte[]> first = files.bytes(main, FILE_LIMIT_BYTES);
        return Readings.then(first, bytes -> {
            SudoPolicy policy = new SudoPolicy(files);
            policy.add(main, bytes);
            List<Accounts.SudoRule> rules = policy.rules();
            return policy.unread.isEmpty()
                    ? Fact.of(rules, main, "parsed")
                    : Fact.notObserved(main, "parsed", policy.unread);
        });
    }

    private void add(String path, byte[] bytes) {
        switch (Sudoers.parse(bytes)) {
            case Decoded.Refused<Sudoers>(var refusal) -> unread = path + ": " + refusal;
            case Decoded.Value<Sudoers>(Sudoers policy) -> {
                // sudo may skip the line or refuse to run, by version; either way the rest is not the whole policy.
                if (!policy.problems().isEmpty()) {
                    unread = path + ": " + policy.problems().getFirst();
                }
                paths.add(path);
                policies.add(policy);
                policy.includes().forEach(include -> include(path, include));
            }
        }
    }

    private void include(String from, Sudoers.Include include) {
        String named = include.path();
        String path = named.startsWith("/") ? named : from.substring(0, from.lastIndexOf('/') + 1) + named;
        if (path.indexOf('%') >= 0) {
            unread = Readings.excerpt(path) + ": depends on the name that the host has for sudo";
            return;
        }
        if (!include.directory()) {
            read(path);
            return;
        }
        switch (files.list(path)) {
            case Fact.Observed<List<String>>(List<String> names, var source) ->
                names.stream()
                        .filter(n -> n.indexOf('.') < 0 && !n.endsWith("~"))
                        .forEach(n -> read(path + "/" + n));
            case Fact.Absent<List<String>> absent -> {}
            case Fact.NotObserved<List<String>>(var source, String reason) -> unread = path + ": " + reason;
        }
    }

    private void read(String path) {
        if (!seen.add(path)) {
            return;
        }
        if (seen.size() > FILE_LIMIT) {
            unread = "includes too many files";
            return;
        }
        switch (files.bytes(path, FILE_LIMIT_BYTES)) {
            case Fact.Observed<byte[]>(byte[] bytes, var source) -> add(path, bytes);
            case Fact.Absent<byte[]> absent -> {}
            case Fact.NotObserved<byte[]>(var source, String reason) ->
                // A directory inside the directory is skipped by sudo as well.
                unread = reason.endsWith("but a directory") ? unread : path + ": " + reason;
        }
    }

    private List<Accounts.SudoRule> rules() {
        Sudoers all = Sudoers.merge(policies);
        List<Accounts.SudoRule> rules = new ArrayList<>();
        if (all.aliases().size() > ALIAS_LIMIT) {
            unread = "more than " + ALIAS_LIMIT + " aliases";
            return rules;
        }
        for (int i = 0; i < policies.size(); i++) {
            // Each file by itself, so that a rule keeps its place; with the aliases of all.
            Sudoers own = new Sudoers(List.of(), all.aliases(), policies.get(i).rules(), List.of(), List.of());
            Sudoers expanded = own.expanded();
            if (!expanded.problems().isEmpty()) {
                unread = paths.get(i) + ": " + expanded.problems().getFirst();
            }
            rules(paths.get(i), expanded.rules(), all.defaults(), rules);
        }
        return List.copyOf(rules);
    }

    private static void rules(
            String path, List<Rule> found, List<Sudoers.Defaults> defaults, List<Accounts.SudoRule> rules) {
        for (Rule rule : found) {
            String command =
                    (rule.denied() ? "!" : "") + rule.command() + (rule.args().isEmpty() ? "" : " " + rule.args());
            Accounts.SudoRule one = new Accounts.SudoRule(
                    path,
                    rule.line(),
                    String.join(",", rule.users()),
                    runAs(rule),
                    List.of(command),
                    rule.nopasswd() || (!rule.tags().contains("PASSWD") && needsNoPassword(rule, defaults)));
            // One specification with several commands comes as several rules in a row.
            if (!rules.isEmpty() && isSame(rules.getLast(), one)) {
                List<String> commands = new ArrayList<>(rules.removeLast().commands());
                commands.add(command);
                rules.add(new Accounts.SudoRule(path, rule.line(), one.who(), one.runAs(), commands, one.noPassword()));
            } else {
                rules.add(one);
            }
        }
    }

    private static boolean isSame(Accounts.SudoRule a, Accounts.SudoRule b) {
        return a.file().equals(b.file())
                && a.line() == b.line()
                && a.who().equals(b.who())
                && a.runAs().equals(b.runAs())
                && a.noPassword() == b.noPassword();
    }

    private static String runAs(Rule rule) {
        String users = String.join(",", rule.runasUsers());
        return rule.runasGroups().isEmpty() ? users : users + ":" + String.join(",", rule.runasGroups());
    }

    /** {@code Defaults !authenticate}, for all or for a user of the rule; {@code exempt_group}. */
    private static boolean needsNoPassword(Rule rule, List<Sudoers.Defaults> defaults) {
        boolean without = false;
        for (Sudoers.Defaults line : defaults) {
            boolean concerns = line.scope().isEmpty()
                    || (line.scope().equals("user")
                            && line.members().stream()
                                    .anyMatch(
                                            m -> m.equals("ALL") || rule.users().contains(m)));
            for (Sudoers.Setting setting : line.settings()) {
                if (concerns && setting.name().equals("authenticate")) {
                    without = setting.negated();
                } else if (concerns && setting.name().equals("exempt_group")) {
                    without |= rule.users().contains("%" + setting.value());
                }
            }
        }
        return without;
    }
}
