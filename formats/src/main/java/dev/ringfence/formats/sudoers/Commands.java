package dev.ringfence.formats.sudoers;

import java.util.ArrayList;
import java.util.List;

/** Splits a command of a rule or alias. */
final class Commands {
    private static final List<String> DIGESTS = List.of("sha224:", "sha256:", "sha384:", "sha512:");

    private Commands() {}

    /** The parts of a command. */
    record Parsed(String command, String args, boolean denied, List<String> digests) {}

    static Parsed parse(String text) {
        boolean denied = false;
        int at = 0;
        while (at < text.length() && (text.charAt(at) == '!' || isBlank(text.charAt(at)))) {
            denied ^= text.charAt(at) == '!';
            at++;
        }
        String rest = text.substring(at).strip();
        List<String> digests = new ArrayList<>();
        while (startsWithDigest(rest)) {
            int end = wordEnd(rest, rest.indexOf(':') + 1);
            digests.add(rest.substring(0, end).strip());
            rest = rest.substring(end).strip();
        }
        int end = wordEnd(rest, 0);
        return new Parsed(unescape(rest.substring(0, end)), args(rest.substring(end)), denied, digests);
    }

    /** Plain text with one blank between words, which is what sudo compares. */
    private static String args(String text) {
        return unescape(text.strip().replaceAll("[ \\t\\r]+", " "));
    }

    private static boolean startsWithDigest(String text) {
        return DIGESTS.stream().anyMatch(text::startsWith) && wordEnd(text, text.indexOf(':') + 1) < text.length();
    }

    private static int wordEnd(String text, int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        while (at < text.length() && !isBlank(text.charAt(at))) {
            at += text.charAt(at) == '\\' && at + 1 < text.length() ? 2 : 1;
        }
        return at;
    }

    /** A backslash makes the next character plain; before a wildcard it stays, as the pattern needs it. */
    static String unescape(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && "*?[]!".indexOf(text.charAt(i + 1)) < 0) {
                i++;
                c = text.charAt(i);
            }
            out.append(c);
        }
        return out.toString();
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }
}
