package dev.ringfence.formats.sudoers;

import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.text.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the lines of a sudoers file. */
final class SudoersReader {
    private static final int MAX_LINE_CHARS = 65_536;
    private static final int MAX_HOSTS_CHARS = 1_024;
    private static final Pattern INCLUDE = Pattern.compile("[#@](includedir|include)\\s+(.*)");
    private static final Pattern ALIAS =
            Pattern.compile("(User_Alias|Runas_Alias|Host_Alias|Cmnd_Alias|Cmd_Alias)\\s+(.*)");
    private static final Pattern ALIAS_NAME = Pattern.compile("[A-Z][A-Z0-9_]*");
    private static final Pattern NEXT_ALIAS = Pattern.compile("\\s{0,99}[A-Z][A-Z0-9_]{0,255}\\s{0,99}=");
    private static final Pattern SETTING = Pattern.compile("([A-Za-z0-9_]+)\\s*(\\+=|-=|=)?\\s*(.*)");
    private static final Pattern OPTION = Pattern.compile(
            "(ROLE|TYPE|PRIVS|LIMITPRIVS|NOTBEFORE|NOTAFTER|TIMEOUT|CWD|CHROOT|APPARMOR_PROFILE)\\s*=\\s*");
    private static final Pattern TAG = Pattern.compile("([A-Z_]+)\\s*:\\s*");
    private static final Set<String> TAGS = Set.of(
            "EXEC",
            "NOEXEC",
            "FOLLOW",
            "NOFOLLOW",
            "INTERCEPT",
            "NOINTERCEPT",
            "LOG_INPUT",
            "NOLOG_INPUT",
            "LOG_OUTPUT",
            "NOLOG_OUTPUT",
            "MAIL",
            "NOMAIL",
            "PASSWD",
            "NOPASSWD",
            "SETENV",
            "NOSETENV");
    private static final Set<String> DIGESTS = Set.of("sha224", "sha256", "sha384", "sha512");
    private static final Map<Character, String> SCOPES = Map.of(':', "user", '@', "host", '>', "runas", '!', "command");

    private final List<Sudoers.Defaults> defaults = new ArrayList<>();
    private final List<Sudoers.Alias> aliases = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<Sudoers.Include> includes = new ArrayList<>();
    private final List<Refusal> problems = new ArrayList<>();
    private int number;

    Sudoers read(String text) {
        StringBuilder joined = new StringBuilder();
        boolean open = false;
        for (Line line : Line.split(text)) {
            if (!open) {
                number = line.number();
                joined.setLength(0);
            }
            String content = line.text().endsWith("\r")
                    ? line.text().substring(0, line.text().length() - 1)
                    : line.text();
            String code = Words.withoutComment(content);
            // A comment ends at its line even when a backslash is its last character.
            open = code.length() == content.length() && code.endsWith("\\");
            joined.append(open ? code.substring(0, code.length() - 1) : code);
            if (!open) {
                statement(joined.toString().strip());
            }
        }
        if (open) {
            statement(joined.toString().strip());
        }
        return new Sudoers(defaults, aliases, rules, includes, problems);
    }

    private void problem(String code, String reason) {
        problems.add(new Refusal(code, reason + " in line " + number));
    }

    private void statement(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (text.length() > MAX_LINE_CHARS) {
            problem("RF-SUD-008", "more than 64 KiB in one statement");
            return;
        }
        if (!Words.balanced(text)) {
            problem("RF-SUD-002", "a quote or bracket is not closed");
            return;
        }
        Matcher include = INCLUDE.matcher(text);
        Matcher alias = ALIAS.matcher(text);
        if (include.matches()) {
            include(include.group(1).equals("includedir"), include.group(2).strip());
        } else if (text.startsWith("@") || text.startsWith("#include")) {
            problem("RF-SUD-006", "an include without a path");
        } else if (alias.matches()) {
            alias(alias.group(1).equals("Cmd_Alias") ? "Cmnd_Alias" : alias.group(1), alias.group(2));
        } else if (text.startsWith("Defaults") && isScope(text)) {
            defaults(text.substring("Defaults".length()));
        } else {
            userSpec(text);
        }
    }

    private static boolean isScope(String text) {
        int end = "Defaults".length();
        return text.length() > end && (Commands.isBlank(text.charAt(end)) || SCOPES.containsKey(text.charAt(end)));
    }

    private void include(boolean directory, String path) {
        String plain = Commands.unescape(Words.unquote(path));
        if (plain.isEmpty()) {
            problem("RF-SUD-006", "an include without a path");
        } else {
            includes.add(new Sudoers.Include(directory, plain, number));
        }
    }

    private void alias(String type, String text) {
        int from = 0;
        while (from <= text.length()) {
            int end = endOfDefinition(text, from);
            String definition = text.substring(from, end);
            from = end + 1;
            int equal = Words.find(definition, '=', 0);
            String name = equal < 0 ? "" : definition.substring(0, equal).strip();
            List<String> members = equal < 0 ? List.of() : Words.list(definition.substring(equal + 1));
            if (!ALIAS_NAME.matcher(name).matches() || members.isEmpty()) {
                problem("RF-SUD-005", "an alias without a name or members");
                return;
            }
            // Members that are commands are split when a rule uses them.
            boolean commands = type.equals("Cmnd_Alias");
            aliases.add(new Sudoers.Alias(
                    type,
                    name,
                    commands
                            ? members
                            : members.stream().map(Commands::unescape).toList(),
                    number));
        }
    }

    /** The colon before the next {@code NAME =}; another belongs to a checksum or an address. */
    private static int endOfDefinition(String text, int from) {
        int colon = Words.find(text, ':', from);
        while (colon >= 0
                && !NEXT_ALIAS.matcher(text).region(colon + 1, text.length()).lookingAt()) {
            colon = Words.find(text, ':', colon + 1);
        }
        return colon < 0 ? text.length() : colon;
    }

    private void defaults(String text) {
        String scope = SCOPES.getOrDefault(text.charAt(0), "");
        String rest = scope.isEmpty() ? text.strip() : text.substring(1).strip();
        List<String> members = List.of();
        if (!scope.isEmpty()) {
            int end = Words.endOfList(rest);
            members = Words.names(rest.substring(0, end));
            rest = rest.substring(end).strip();
        }
        List<Sudoers.Setting> settings = new ArrayList<>();
        for (String part : Words.split(rest, ',')) {
            setting(part.strip()).ifPresent(settings::add);
        }
        if (settings.isEmpty()) {
            problem("RF-SUD-003", "Defaults without a setting");
            return;
        }
        defaults.add(new Sudoers.Defaults(scope, members, settings, number));
    }

    private static Optional<Sudoers.Setting> setting(String part) {
        boolean negated = part.startsWith("!");
        Matcher matcher = SETTING.matcher(negated ? part.substring(1).strip() : part);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String operator = matcher.group(2) == null ? "" : matcher.group(2);
        return Optional.of(new Sudoers.Setting(
                matcher.group(1),
                operator,
                Commands.unescape(Words.unquote(matcher.group(3).strip())),
                negated));
    }

    /** {@code users hosts = commands : hosts = commands …}. */
    private void userSpec(String text) {
        int usersEnd = Words.endOfList(text);
        List<String> users = Words.names(text.substring(0, usersEnd));
        if (users.isEmpty() || usersEnd == text.length()) {
            problem("RF-SUD-003", "not a rule, Defaults, alias or include");
            return;
        }
        String rest = text.substring(usersEnd);
        while (!rest.isEmpty()) {
            int equal = Words.find(rest, '=', 0);
            List<String> hosts = equal < 0 ? List.of() : Words.names(rest.substring(0, equal));
            if (hosts.isEmpty() || hosts.stream().anyMatch(h -> h.indexOf(' ') >= 0)) {
                problem("RF-SUD-004", "a rule without hosts or =");
                return;
            }
            int end = endOfCommands(rest, equal + 1);
            commands(users, hosts, rest.substring(equal + 1, end));
            rest = end < rest.length() ? rest.substring(end + 1) : "";
        }
    }

    /** The colon that begins the next list of hosts: one with an {@code =} behind it and no tag before it. */
    private static int endOfCommands(String text, int from) {
        int colon = Words.find(text, ':', from);
        while (colon >= 0) {
            int wordStart = colon;
            while (wordStart > from
                    && (Character.isLetterOrDigit(text.charAt(wordStart - 1)) || text.charAt(wordStart - 1) == '_')) {
                wordStart--;
            }
            String word = text.substring(wordStart, colon);
            boolean tagOrDigest = TAGS.contains(word) || DIGESTS.contains(word);
            if (!tagOrDigest && isHostsAndEqual(text, colon + 1)) {
                return colon;
            }
            colon = Words.find(text, ':', colon + 1);
        }
        return text.length();
    }

    private static boolean isHostsAndEqual(String text, int from) {
        String window = text.substring(from, Math.min(text.length(), from + MAX_HOSTS_CHARS));
        int equal = Words.find(window, '=', 0);
        if (equal < 0) {
            return false;
        }
        String hosts = window.substring(0, equal).strip();
        return !hosts.isEmpty() && Words.endOfList(hosts) == hosts.length();
    }

    private void commands(List<String> users, List<String> hosts, String text) {
        List<String> runasUsers = List.of("root");
        List<String> runasGroups = List.of();
        List<String> options = new ArrayList<>();
        List<String> tags = new ArrayList<>();
        for (String part : Words.split(text, ',')) {
            String rest = part.strip();
            if (rest.startsWith("(")) {
                int close = Words.find(rest, ')', 1);
                String runas = rest.substring(1, Math.max(1, close));
                int colon = Words.find(runas, ':', 0);
                runasUsers = Words.names(colon < 0 ? runas : runas.substring(0, colon));
                runasGroups = colon < 0 ? List.of() : Words.names(runas.substring(colon + 1));
                rest = rest.substring(close + 1).strip();
            }
            rest = tags(options(rest, options), tags);
            if (rest.isEmpty()) {
                problem("RF-SUD-004", "a rule without a command");
                return;
            }
            Commands.Parsed command = Commands.parse(rest);
            if (command.command().isEmpty()) {
                problem("RF-SUD-004", "a rule without a command");
                return;
            }
            rules.add(new Rule(
                    users,
                    hosts,
                    runasUsers,
                    runasGroups,
                    options,
                    tags,
                    command.command(),
                    command.args(),
                    command.denied(),
                    command.digests(),
                    number));
        }
    }

    private static String options(String text, List<String> options) {
        String rest = text;
        Matcher matcher = OPTION.matcher(rest);
        while (matcher.lookingAt()) {
            int end = Words.endOfWord(rest, matcher.end());
            String name = matcher.group(1) + "=";
            options.removeIf(o -> o.startsWith(name));
            options.add(name + Words.unquote(rest.substring(matcher.end(), end)));
            rest = rest.substring(end).strip();
            matcher = OPTION.matcher(rest);
        }
        return rest;
    }

    private static String tags(String text, List<String> tags) {
        String rest = text;
        Matcher matcher = TAG.matcher(rest);
        while (matcher.lookingAt() && TAGS.contains(matcher.group(1))) {
            String tag = matcher.group(1);
            tags.remove(tag);
            tags.remove(tag.startsWith("NO") ? tag.substring(2) : "NO" + tag);
            tags.add(tag);
            rest = rest.substring(matcher.end());
            matcher = TAG.matcher(rest);
        }
        return rest.strip();
    }
}
