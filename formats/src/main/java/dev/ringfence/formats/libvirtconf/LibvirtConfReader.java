package dev.ringfence.formats.libvirtconf;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.libvirtconf.LibvirtConf.Entry;
import dev.ringfence.formats.libvirtconf.LibvirtConf.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over the text of a libvirt configuration file. */
final class LibvirtConfReader {
    private static final int MAX_LIST_DEPTH = 16;

    private final String text;
    private int at;
    private int line = 1;
    private @Nullable Refusal refusal;

    LibvirtConfReader(String text) {
        this.text = text;
    }

    Decoded<List<Statement>> read() {
        List<Statement> statements = new ArrayList<>();
        while (refusal == null) {
            skipBlanksAndEnds();
            if (atEnd()) {
                return new Decoded.Value<>(List.copyOf(statements));
            }
            if (peek() == '#') {
                skipComment();
                continue;
            }
            Statement statement = statement();
            if (statement != null) {
                statements.add(statement);
                endOfStatement();
            }
        }
        return new Decoded.Refused<>(refusal);
    }

    private @Nullable Statement statement() {
        int start = at;
        int startLine = line;
        while (!atEnd() && (isLetter(peek()) || at > start && (isDigit(peek()) || peek() == '_'))) {
            at++;
        }
        if (at == start) {
            refuse("RF-LVC-002", "expected a name");
            return null;
        }
        String key = text.substring(start, at);
        skipBlanks();
        if (atEnd() || peek() != '=') {
            refuse("RF-LVC-003", "expected = after " + shorten(key));
            return null;
        }
        at++;
        skipBlanks();
        int valueStart = at;
        LibvirtValue value = value(0);
        return value == null ? null : new Statement(new Entry(key, value, startLine), start, valueStart, at);
    }

    private @Nullable LibvirtValue value(int depth) {
        skipBlanks();
        if (atEnd()) {
            refuse("RF-LVC-004", "expected a value");
            return null;
        }
        char c = peek();
        if (c == '"' || c == '\'') {
            return string(c);
        }
        if (c == '[') {
            return list(depth);
        }
        if (isDigit(c) || c == '-' || c == '+') {
            return number();
        }
        refuse("RF-LVC-004", "expected a value");
        return null;
    }

    private @Nullable LibvirtValue string(char quote) {
        // libvirt looks for triple quotes only where seven characters are left.
        if (quote == '"' && text.length() - at > 6 && text.startsWith("\"\"\"", at)) {
            int close = text.indexOf("\"\"\"", at + 3);
            if (close < 0) {
                refuse("RF-LVC-005", "a string is not closed");
                return null;
            }
            String value = text.substring(at + 3, close);
            line += (int) value.chars().filter(c -> c == '\n').count();
            at = close + 3;
            return new LibvirtValue.Text(value);
        }
        int from = at + 1;
        int to = from;
        while (to < text.length() && text.charAt(to) != quote && !isEnd(text.charAt(to))) {
            to++;
        }
        if (to == text.length() || text.charAt(to) != quote) {
            refuse("RF-LVC-005", "a string is not closed");
            return null;
        }
        at = to + 1;
        return new LibvirtValue.Text(text.substring(from, to));
    }

    private @Nullable LibvirtValue list(int depth) {
        if (depth == MAX_LIST_DEPTH) {
            refuse("RF-LVC-009", "lists are nested deeper than " + MAX_LIST_DEPTH);
            return null;
        }
        List<LibvirtValue> items = new ArrayList<>();
        at++;
        skipBlanksAndEnds();
        while (!atEnd() && peek() != ']') {
            LibvirtValue item = value(depth + 1);
            if (item == null) {
                return null;
            }
            items.add(item);
            skipBlanksAndEnds();
            if (!atEnd() && peek() == ',') {
                at++;
                skipBlanksAndEnds();
            } else if (!atEnd() && peek() != ']') {
                refuse("RF-LVC-007", "expected a comma in a list");
                return null;
            }
        }
        if (atEnd()) {
            refuse("RF-LVC-007", "a list is not closed");
            return null;
        }
        at++;
        return new LibvirtValue.Items(items);
    }

    private @Nullable LibvirtValue number() {
        int from = at;
        if (peek() == '-' || peek() == '+') {
            at++;
        }
        while (!atEnd() && isDigit(peek())) {
            at++;
        }
        try {
            return new LibvirtValue.Number(Long.parseLong(text.substring(from, at)));
        } catch (NumberFormatException notANumber) {
            refuse("RF-LVC-006", "not a number of 64 bits");
            return null;
        }
    }

    private void endOfStatement() {
        skipBlanks();
        if (!atEnd() && peek() == '#') {
            skipComment();
        }
        if (atEnd() || isEnd(peek())) {
            return;
        }
        if (peek() == ';') {
            at++;
        } else {
            refuse("RF-LVC-008", "expected the end of the line");
        }
    }

    private void skipComment() {
        while (!atEnd() && !isEnd(peek())) {
            at++;
        }
    }

    private void skipBlanks() {
        while (!atEnd() && (peek() == ' ' || peek() == '\t')) {
            at++;
        }
    }

    private void skipBlanksAndEnds() {
        while (!atEnd() && (peek() == ' ' || peek() == '\t' || isEnd(peek()))) {
            if (peek() == '\n') {
                line++;
            }
            at++;
        }
    }

    private boolean atEnd() {
        return at >= text.length();
    }

    private char peek() {
        return text.charAt(at);
    }

    private void refuse(String code, String reason) {
        refusal = new Refusal(code, reason + " in line " + line);
    }

    private static String shorten(String key) {
        return key.length() <= 64 ? key : key.substring(0, 64) + "…";
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isEnd(char c) {
        return c == '\n' || c == '\r';
    }
}
