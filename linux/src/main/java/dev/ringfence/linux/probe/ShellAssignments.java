package dev.ringfence.linux.probe;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables that a shell file assigns: os-release, /etc/default/grub. Nothing is run. Quotes and {@code $NAME} are
 * resolved; a value that only running the file could tell (a command's output, an assignment under a condition) makes the
 * variable uncertain. Total; linear in the length of the text but for what {@code $NAME} repeats, which is bounded.
 */
final class ShellAssignments {
    /** What a file of assignments may measure; a real one has a few kilobytes. */
    static final int FILE_LIMIT_BYTES = 256 << 10;

    private static final int VALUE_LIMIT = 4096;
    private static final Pattern ASSIGNED = Pattern.compile("\\b([A-Za-z_][A-Za-z0-9_]*)\\+?=");
    private static final Set<String> OPENING = Set.of("if", "case", "for", "while", "until", "{", "select");
    private static final Set<String> CLOSING = Set.of("fi", "esac", "done", "}");

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Set<String> uncertain = new HashSet<>();

    /** The last value of a variable, empty when it has none. */
    String value(String name) {
        return values.getOrDefault(name, "");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    boolean isUncertain(String name) {
        return uncertain.contains(name);
    }

    /** Reads one file on top of those before it, as a shell that sources them in turn would. */
    ShellAssignments then(String text) {
        new Reading(text).run();
        return this;
    }

    private final class Reading {
        private final String text;
        private int at;
        private int blocks;

        Reading(String text) {
            this.text = text;
        }

        void run() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (Character.isWhitespace(c) || c == ';') {
                    at++;
                } else if (c == '#') {
                    skipLine();
                } else {
                    statement();
                }
            }
        }

        private void statement() {
            int start = at;
            while (at < text.length() && isNamePart(text.charAt(at))) {
                at++;
            }
            String name = text.substring(start, at);
            boolean append = text.startsWith("+=", at);
            if (!name.isEmpty() && !Character.isDigit(name.charAt(0)) && (append || text.startsWith("=", at))) {
                at += append ? 2 : 1;
                assign(name, append);
                return;
            }
            if (name.isEmpty()) {
                at++;
                name = text.substring(start, at);
            }
            if (name.equals("export") || name.equals("then") || name.equals("else") || name.equals("do")) {
                return;
            }
            if (OPENING.contains(name)) {
                blocks++;
            } else if (CLOSING.contains(name)) {
                blocks = Math.max(0, blocks - 1);
            }
            restOfCommand();
        }

        /** A command: what it may assign, {@code [ -f x ] && NAME=y}, is not known. */
        private void restOfCommand() {
            int start = at;
            while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != ';') {
                at++;
            }
            if (text.substring(start, at).strip().endsWith("{")) {
                blocks++;
            }
            Matcher assigned = ASSIGNED.matcher(text).region(start, at);
            while (assigned.find()) {
                uncertain.add(assigned.group(1));
            }
        }

        private void assign(String name, boolean append) {
            StringBuilder value = new StringBuilder(append ? value(name) : "");
            boolean known = word(value) && value.length() <= VALUE_LIMIT;
            if (known) {
                values.put(name, value.toString());
            }
            if (!known || blocks > 0) {
                uncertain.add(name);
            } else if (!append) {
                uncertain.remove(name);
            }
        }

        /** Reads one shell word; false when only a shell could tell its value. */
        private boolean word(StringBuilder out) {
            boolean known = true;
            char quote = 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (quote == 0 && (Character.isWhitespace(c) || c == ';' || c == '&' || c == '|')) {
                    return known;
                }
                at++;
                if (quote == '\'') {
                    if (c == '\'') {
                        quote = 0;
                    } else {
                        out.append(c);
                    }
                } else if (c == '\\') {
                    backslash(out, quote);
                } else if (c == quote) {
                    quote = 0;
                } else if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                } else if (c == '$') {
                    known &= variable(out);
                } else if (c == '`') {
                    known = false;
                    int end = text.indexOf('`', at);
                    at = end < 0 ? text.length() : end + 1;
                } else {
                    out.append(c);
                }
            }
            return known && quote == 0;
        }

        private void backslash(StringBuilder out, char quote) {
            if (at >= text.length()) {
                return;
            }
            char next = text.charAt(at++);
            if (next == '\n') {
                return;
            }
            if (quote == '"' && "$`\"\\".indexOf(next) < 0) {
                out.append('\\');
            }
            out.append(next);
        }

        private boolean variable(StringBuilder out) {
            boolean braces = text.startsWith("{", at);
            int start = braces ? at + 1 : at;
            int end = start;
            while (end < text.length() && isNamePart(text.charAt(end))) {
                end++;
            }
            String name = text.substring(start, end);
            if (name.isEmpty() || Character.isDigit(name.charAt(0)) || (braces && !text.startsWith("}", end))) {
                // $(command), ${name:-value}, $1 and the like.
                return false;
            }
            at = braces ? end + 1 : end;
            if (out.length() <= VALUE_LIMIT) {
                out.append(value(name));
            }
            return !isUncertain(name);
        }

        private void skipLine() {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end;
        }

        private static boolean isNamePart(char c) {
            return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        }
    }
}
