package dev.ringfence.formats.modprobe;

import dev.ringfence.formats.text.LineEdits.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One directive, {@code options kvm_intel nested=0}, with its place.
 *
 * @param words the command first; there is at least one
 * @param span its lines with their ends
 * @param literal whether the words are what is to be seen: no backslash, no open quote
 * @param line of its first word, counted from 1
 */
public record Directive(List<Word> words, Span span, boolean literal, int line) {
    public Directive {
        words = List.copyOf(words);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a directive without a word");
        }
    }

    /** One word and its place. */
    public record Word(String text, Span span) {}

    /** {@code alias}, {@code blacklist}, {@code install}, {@code options}, {@code remove}, {@code softdep} or unknown. */
    public String command() {
        return words.getFirst().text();
    }

    /** What the directive is about, in the kernel's spelling; {@code ""} where nothing follows the command. */
    public String module() {
        return words.size() < 2 ? "" : plain(words.get(1).text());
    }

    /** The words from this one on, with single blanks. */
    public String rest(int from) {
        return String.join(
                " ",
                words.subList(Math.min(from, words.size()), words.size()).stream()
                        .map(Word::text)
                        .toList());
    }

    /** The kernel's spelling of a module's or parameter's name. */
    static String plain(String name) {
        return name.replace('-', '_');
    }

    Span withBlankBefore(Word word) {
        return new Span(
                words.get(words.indexOf(word) - 1).span().to(), word.span().to());
    }

    /** Every directive of a text. A line begins with a comment or with a command; a backslash at its end joins the next. */
    static List<Directive> read(String text) {
        List<Directive> found = new ArrayList<>();
        int start = 0;
        int line = 1;
        while (start < text.length()) {
            int end = start;
            boolean joined = false;
            int lines = 1;
            while (end < text.length() && (text.charAt(end) != '\n' || joined)) {
                if (text.charAt(end) == '\n') {
                    lines++;
                }
                joined = text.charAt(end) == '\\' && !joined;
                end++;
            }
            int next = Math.min(end + 1, text.length());
            if (text.charAt(start) != '#') {
                Directive directive = directive(text, start, end, next, line);
                if (directive != null) {
                    found.add(directive);
                }
            }
            start = next;
            line += lines;
        }
        return found;
    }

    private static @Nullable Directive directive(String text, int start, int end, int next, int line) {
        List<Word> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean literal = true;
        int from = start;
        for (int i = start; i <= end; i++) {
            char c = i < end ? text.charAt(i) : ' ';
            // The kernel keeps blanks inside double quotes of a parameter together; kmod hands the line over as it is.
            boolean blank = (c == ' ' || c == '\t') && (!quoted || i == end);
            if (blank) {
                if (!word.isEmpty()) {
                    words.add(new Word(word.toString(), new Span(from, i)));
                }
                word.setLength(0);
                from = i + 1;
            } else if (c == '\\') {
                literal = false;
                if (i + 1 < end && text.charAt(i + 1) != '\n') {
                    word.append(text.charAt(i + 1));
                }
                i++;
            } else {
                quoted ^= c == '"';
                word.append(c);
            }
        }
        return words.isEmpty() ? null : new Directive(words, new Span(start, next), literal && !quoted, line);
    }
}
