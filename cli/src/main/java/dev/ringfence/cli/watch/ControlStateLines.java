package dev.ringfence.cli.watch;

import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.Source;
import dev.ringfence.core.watch.ControlState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the judging process tells the watching one: a line for each control, and a last line that says it is all. */
final class ControlStateLines {
    private static final String END = "end";

    private ControlStateLines() {}

    static String print(List<ControlState> states) {
        StringBuilder out = new StringBuilder();
        for (ControlState state : states) {
            out.append(escaped(state.control()))
                    .append('\t')
                    .append(state.verdict())
                    .append('\t')
                    .append(escaped(state.evidence()));
            for (Source source : state.sources()) {
                out.append('\t').append(escaped(source.where())).append('\t').append(escaped(source.how()));
            }
            out.append('\n');
        }
        return out.append(END).append('\n').toString();
    }

    /**
     * Reads the lines.
     *
     * @throws IOException if they are not whole
     */
    static List<ControlState> parse(String text) throws IOException {
        String[] lines = text.split("\n", -1);
        if (lines.length < 2 || !lines[lines.length - 2].equals(END)) {
            throw new IOException("the judging process ended early");
        }
        List<ControlState> states = new ArrayList<>();
        for (int i = 0; i < lines.length - 2; i++) {
            String[] words = lines[i].split("\t", -1);
            Optional<Verdict> verdict = words.length < 3 ? Optional.empty() : verdict(words[1]);
            if (verdict.isEmpty() || words.length % 2 == 0) {
                throw new IOException("the judging process wrote a malformed line");
            }
            List<Source> sources = new ArrayList<>();
            for (int word = 3; word < words.length; word += 2) {
                sources.add(new Source(unescaped(words[word]), unescaped(words[word + 1])));
            }
            states.add(new ControlState(unescaped(words[0]), verdict.get(), unescaped(words[2]), sources));
        }
        return states;
    }

    private static Optional<Verdict> verdict(String name) {
        for (Verdict verdict : Verdict.values()) {
            if (verdict.name().equals(name)) {
                return Optional.of(verdict);
            }
        }
        return Optional.empty();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                out.append(next == 't' ? '\t' : next == 'n' ? '\n' : next);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
