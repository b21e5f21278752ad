package dev.ringfence.linux.probe;

import dev.ringfence.core.host.MandatoryAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the rules of a guest's AppArmor profile that are wider than a guest needs. A file rule is judged by what it
 * reaches: it is loose when it covers a path that no guest may touch, such as another guest's disk. Rules of libvirt's own
 * abstraction as distributions ship it are not loose. Total; linear in the length of the text, and the work for patterns
 * is bounded. For one thread.
 */
final class AppArmorRules {
    private static final int RULE_LIMIT = 8192;

    /** What no guest may read or write, reached by a pattern or by name. */
    private static final List<String> FORBIDDEN = List.of(
            "/etc/shadow",
            "/etc/nova/nova.conf",
            "/etc/libvirt/qemu.conf",
            "/root/.ssh/id_ed25519",
            "/dev/mem",
            "/dev/kmem",
            "/dev/port",
            "/proc/1/mem",
            "/proc/1/environ",
            "/proc/kcore",
            "/run/libvirt/libvirt-sock",
            "/var/run/libvirt/libvirt-sock",
            "/run/libvirt/virtqemud-sock",
            "/run/docker.sock");

    /** What belongs to others: a guest may have one by its name, but not by a pattern that has all. */
    private static final List<String> OTHERS = List.of(
            "/var/lib/libvirt/images/another-guest.qcow2",
            "/var/lib/nova/instances/00000000-0000-4000-8000-000000000000/disk",
            "/var/lib/nova/instances/_base/0000000000000000000000000000000000000000",
            "/var/lib/libvirt/qemu/nvram/another-guest/another_file",
            "/var/lib/libvirt/swtpm/00000000-0000-4000-8000-000000000000/tpm2/tpm2-00.permall",
            "/var/lib/libvirt/qemu/save/another-guest.save",
            "/home/somebody/.ssh/id_ed25519",
            "/dev/sdq",
            "/dev/nvme7n1",
            "/dev/dm-77",
            "/dev/vg-of-others/disk");

    /** What a guest may read at most. */
    private static final List<String> READ_ONLY = List.of(
            "/usr/bin/some-program",
            "/usr/lib/some-library.so",
            "/etc/some-configuration",
            "/etc/cron.d/some-job",
            "/sys/kernel/some-switch",
            "/proc/sys/kernel/some-switch",
            "/proc/sysrq-trigger");

    private static final Set<String> STRONG_CAPABILITIES = Set.of(
            "sys_admin",
            "sys_module",
            "sys_rawio",
            "sys_ptrace",
            "sys_boot",
            "mac_admin",
            "mac_override",
            "bpf",
            "perfmon",
            "syslog");

    /** Words that alone allow everything of their kind. */
    private static final Set<String> WIDE_ALONE =
            Set.of("all", "capability", "change_profile", "file", "mount", "network", "ptrace", "remount", "userns");

    private static final Pattern QUALIFIER = Pattern.compile("^(?:audit|allow|owner|other|file|quiet)\\s+(?=\\S)");
    private static final Pattern PATH_FIRST =
            Pattern.compile("(\"[^\"]+\"|(?:/|@\\{)\\S*)\\s+([A-Za-z]+)(?:\\s*->.*)?");
    private static final Pattern PATH_LAST = Pattern.compile("([A-Za-z]+)\\s+(\"[^\"]+\"|(?:/|@\\{)\\S*)(?:\\s*->.*)?");
    private static final Pattern FLAGS = Pattern.compile("flags=\\(([^)]*)\\)");
    private static final Pattern UNCONFINED = Pattern.compile("\\b(?:complain|unconfined|default_allow)\\b");

    private static final Pattern DIRECTIVE = Pattern.compile("[ \\t]*(?:include[ \\t]|@\\{\\w+\\}[ \\t]*\\+?=)");

    /** Enough for the profiles of thousands of guests; made-up patterns could ask for any amount. */
    private final PathGlob.Budget budget = new PathGlob.Budget(300_000_000);

    private final List<MandatoryAccess.LooseRule> found = new ArrayList<>();

    /** Judges one file more. */
    AppArmorRules judge(String file, String text) {
        new Scanner(text).scan((line, rule) -> {
            if (rule.length() > RULE_LIMIT) {
                found.add(new MandatoryAccess.LooseRule(file, line, "a rule too long to be judged"));
            } else if (isLoose(rule)) {
                found.add(new MandatoryAccess.LooseRule(file, line, Readings.excerpt(rule)));
            }
        });
        return this;
    }

    /** The loose rules of all files, with the line on which each begins. */
    List<MandatoryAccess.LooseRule> found() {
        return List.copyOf(found);
    }

    /** Whether the files hold more than was judged. */
    boolean isIncomplete() {
        return budget.isExhausted();
    }

    private interface RuleSink {
        void accept(long line, String rule);
    }

    /**
     * Cuts a text into rules. A rule ends with a comma, a profile's head with a brace that white space follows; braces
     * within a path are followed by none.
     */
    private static final class Scanner {
        private final String text;
        private final StringBuilder rule = new StringBuilder();
        private int at;
        private long line = 1;
        private long start = 1;
        private int depth;
        private boolean quoted;

        Scanner(String text) {
            this.text = text;
        }

        void scan(RuleSink sink) {
            while (at < text.length()) {
                boolean beginsLine = at == 0 || text.charAt(at - 1) == '\n';
                if (beginsLine && rule.isEmpty() && isDirective()) {
                    skipLine();
                }
                step(sink);
            }
            end(sink, "");
        }

        private void step(RuleSink sink) {
            if (at >= text.length()) {
                return;
            }
            char c = text.charAt(at++);
            if (c == '\n') {
                line++;
                // Neither a quoted path nor one with braces goes on in the next line.
                quoted = false;
                depth = 0;
                add(' ');
            } else if (quoted) {
                quoted = c != '"';
                add(c);
            } else if (c == '#' && (rule.isEmpty() || rule.charAt(rule.length() - 1) == ' ')) {
                skipLine();
            } else if (c == '{' && (at >= text.length() || Character.isWhitespace(text.charAt(at)))) {
                end(sink, " {");
            } else if ((c == ',' || c == '}') && depth == 0) {
                end(sink, "");
            } else {
                quoted = c == '"';
                depth += c == '{' || c == '(' ? 1 : c == '}' || c == ')' ? -1 : 0;
                depth = Math.max(0, depth);
                add(Character.isWhitespace(c) ? ' ' : c);
            }
        }

        private void add(char c) {
            boolean begins = rule.isEmpty();
            boolean repeated = c == ' ' && !quoted && (begins || rule.charAt(rule.length() - 1) == ' ');
            if (begins && !repeated) {
                start = line;
            }
            if (!repeated && rule.length() <= RULE_LIMIT) {
                rule.append(c);
            }
        }

        private void end(RuleSink sink, String mark) {
            String whole = rule.toString().strip() + mark;
            if (!whole.isEmpty()) {
                sink.accept(start, whole);
            }
            rule.setLength(0);
        }

        /** Lines that end without a comma: {@code include <x>}, {@code @{VARIABLE} = value}. */
        private boolean isDirective() {
            return DIRECTIVE.matcher(text).region(at, text.length()).lookingAt();
        }

        private void skipLine() {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        }
    }

    boolean isLoose(String rule) {
        String bare = rule;
        if (bare.endsWith("{")) {
            Matcher flags = FLAGS.matcher(bare);
            return flags.find() && UNCONFINED.matcher(flags.group(1)).find();
        }
        for (Matcher m = QUALIFIER.matcher(bare); m.find(); m = QUALIFIER.matcher(bare)) {
            bare = bare.substring(m.end());
        }
        if (bare.isEmpty() || bare.startsWith("deny ")) {
            return false;
        }
        if (WIDE_ALONE.contains(bare)) {
            return true;
        }
        List<String> words = List.of(bare.split("\\s+"));
        if (words.getFirst().equals("capability")) {
            return words.stream().anyMatch(STRONG_CAPABILITIES::contains);
        }
        if (words.getFirst().equals("network")) {
            return words.contains("raw") || words.contains("packet");
        }
        if (words.getFirst().equals("change_profile")) {
            return words.contains("unconfined") || words.contains("**");
        }
        Matcher first = PATH_FIRST.matcher(bare);
        if (first.matches()) {
            return isLoose(first.group(1), first.group(2));
        }
        Matcher last = PATH_LAST.matcher(bare);
        return last.matches() && isLoose(last.group(2), last.group(1));
    }

    private boolean isLoose(String path, String permissions) {
        // Any form of u before x runs a program without confinement: ux, Ux, pux.
        if (permissions.contains("ux") || permissions.contains("Ux")) {
            return true;
        }
        boolean writes = permissions.indexOf('w') >= 0 || permissions.indexOf('a') >= 0;
        if (!writes && permissions.indexOf('r') < 0) {
            return false;
        }
        Optional<PathGlob> glob = PathGlob.of(path.replace("\"", ""));
        return glob.map(g -> covers(g, FORBIDDEN)
                        || (g.hasWildcard() && covers(g, OTHERS))
                        || (writes && g.hasWildcard() && covers(g, READ_ONLY)))
                .orElse(true);
    }

    private boolean covers(PathGlob glob, List<String> paths) {
        return paths.stream().anyMatch(path -> glob.matches(path, budget));
    }
}
