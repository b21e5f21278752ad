package dev.ringfence.formats.sudoers;

import java.util.ArrayList;
import java.util.List;

/** Separators, quotes and backslashes of a sudoers line. */
final class Words {
    private Words() {}

    /** The line up to its comment. {@code #} is none before a number (a user id), in quotes, or behind a backslash. */
    static String withoutComment(String line) {
        String start = line.stripLeading();
        if (start.startsWith("#include ") || start.startsWith("#include\t") || start.startsWith("#includedir")) {
            return line;
        }
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '#' && !quoted && !isId(line, i)) {
                return line.substring(0, i);
            }
        }
        return line;
    }

    private static boolean isId(String line, int hash) {
        int digit = line.startsWith("-", hash + 1) ? hash + 2 : hash + 1;
        boolean number = digit < line.length() && Character.isDigit(line.charAt(digit));
        boolean begins = hash == 0 || "!%,(: \t=".indexOf(line.charAt(hash - 1)) >= 0;
        return number && begins;
    }

    /** Whether quotes and round brackets close. */
    static boolean balanced(String text) {
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && depth > 0) {
                depth--;
            }
        }
        return !quoted && depth == 0;
    }

    /** The next such character outside quotes, brackets and backslashes, -1 when there is none. */
    static int find(String text, char wanted, int from) {
        boolean quoted = false;
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && depth == 0 && c == wanted) {
                return i;
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && depth > 0) {
                depth--;
            }
        }
        return -1;
    }

    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        int at = find(text, separator, 0);
        while (at >= 0) {
            parts.add(text.substring(from, at));
            from = at + 1;
            at = find(text, separator, from);
        }
        parts.add(text.substring(from));
        return parts;
    }

    /** Names of a list, without quotes and backslashes; {@code !} stays in front. */
    static List<String> names(String text) {
        return list(text).stream().map(Commands::unescape).toList();
    }

    /** Members of a list without quotes; {@code !} stays in front. */
    static List<String> list(String text) {
        return split(text, ',').stream()
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .map(Words::member)
                .toList();
    }

    private static String member(String text) {
        int from = 0;
        StringBuilder bangs = new StringBuilder();
        while (from < text.length() && (text.charAt(from) == '!' || Commands.isBlank(text.charAt(from)))) {
            if (text.charAt(from) == '!') {
                bangs.append('!');
            }
            from++;
        }
        return bangs + unquote(text.substring(from));
    }

    /** End of the first list in the text: the blank that is not beside a comma and not behind a {@code !}. */
    static int endOfList(String text) {
        int at = 0;
        while (at < text.length()) {
            at = skipBlanks(text, at);
            while (at < text.length() && text.charAt(at) == '!') {
                at = skipBlanks(text, at + 1);
            }
            at = endOfWord(text, at);
            int next = skipBlanks(text, at);
            if (next < text.length() && text.charAt(next) == ',') {
                at = next + 1;
            } else {
                return at;
            }
        }
        return at;
    }

    /** End of the word that begins here: a blank, a comma or an {@code =} outside quotes. */
    static int endOfWord(String text, int from) {
        boolean quoted = false;
        int at = from;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (Commands.isBlank(c) || c == ',' || c == '=')) {
                return at;
            }
            at++;
        }
        return at;
    }

    private static int skipBlanks(String text, int from) {
        int at = from;
        while (at < text.length() && Commands.isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    static String unquote(String text) {
        return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
    }
}
