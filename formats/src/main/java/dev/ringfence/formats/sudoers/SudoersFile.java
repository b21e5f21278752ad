package dev.ringfence.formats.sudoers;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.LineEdits;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;

/**
 * A sudoers file as text: a whole statement is added or taken out, and every other byte stays. Immutable and thread-safe.
 * What is written must pass {@code visudo -c} before sudo sees it.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-SUD-001 larger than 1 MiB
 *   <li>RF-SUD-009 no statement of the file is exactly this one
 *   <li>RF-SUD-010 a statement to add that {@link Sudoers} cannot read, or that is more than one
 *   <li>RF-SUD-011 the last line of the file goes on, so that nothing can be added behind it
 * </ul>
 */
public final class SudoersFile {
    private final SourceText source;
    private final List<Statement> statements;
    private final boolean open;

    private SudoersFile(SourceText source, List<Statement> statements, boolean open) {
        this.source = source;
        this.statements = List.copyOf(statements);
        this.open = open;
    }

    /**
     * One statement.
     *
     * @param text lines that go on joined, without comment and surrounding white space
     * @param line counted from 1
     */
    public record Statement(String text, int line, Span span) {}

    /** Parses a file; any text is accepted, see {@link Sudoers} for what it means. */
    public static Decoded<SudoersFile> parse(byte[] bytes) {
        return bytes.length > Sudoers.MAX_BYTES
                ? Decoded.refused("RF-SUD-001", "the file is larger than 1 MiB")
                : new Decoded.Value<>(parse(SourceText.decode(bytes)));
    }

    private static SudoersFile parse(SourceText source) {
        List<Statement> statements = new ArrayList<>();
        StringBuilder joined = new StringBuilder();
        boolean open = false;
        int start = 0;
        int number = 1;
        int next = 0;
        for (Line line : Line.split(source.text())) {
            if (!open) {
                start = line.start();
                number = line.number();
                joined.setLength(0);
            }
            next = line.next();
            String content = line.text().endsWith("\r")
                    ? line.text().substring(0, line.text().length() - 1)
                    : line.text();
            String code = Words.withoutComment(content);
            open = code.length() == content.length() && code.endsWith("\\");
            joined.append(open ? code.substring(0, code.length() - 1) : code);
            if (!open && !joined.toString().isBlank()) {
                statements.add(new Statement(joined.toString().strip(), number, new Span(start, next)));
            }
        }
        if (open) {
            statements.add(new Statement(joined.toString().strip(), number, new Span(start, next)));
        }
        return new SudoersFile(source, statements, open);
    }

    /** Every statement in order. */
    public List<Statement> statements() {
        return statements;
    }

    /** The text, the same as what was parsed. */
    public String text() {
        return source.text();
    }

    /** The bytes, the same as what was parsed. */
    public byte[] bytes() {
        return source.bytes();
    }

    /** The file with one more statement at its end, where it wins over those before it. */
    public Decoded<SudoersFile> add(String statement) {
        boolean oneLine = statement.strip().equals(statement)
                && !statement.endsWith("\\")
                && statement.chars().noneMatch(c -> c < ' ' || c == 0x7f);
        SourceText alone = source.with(statement);
        if (!oneLine || !source.canHold(statement) || parse(alone).statements().size() != 1) {
            return unreadable();
        }
        boolean understood = Sudoers.parse(alone.bytes()) instanceof Decoded.Value<Sudoers>(Sudoers read)
                && read.problems().isEmpty();
        if (!understood) {
            return unreadable();
        }
        if (open) {
            return Decoded.refused("RF-SUD-011", "the last line of the file goes on");
        }
        String separator = source.separator();
        String text = LineEdits.insert(source.text(), source.text().length(), statement + separator, separator);
        return parse(source.with(text).bytes());
    }

    private static Decoded<SudoersFile> unreadable() {
        return Decoded.refused("RF-SUD-010", "not one statement that can be read");
    }

    /** The file without the statements that are exactly this one, and without comments in their lines. */
    public Decoded<SudoersFile> remove(String statement) {
        List<Span> spans = statements.stream()
                .filter(s -> s.text().equals(statement))
                .map(Statement::span)
                .toList();
        return spans.isEmpty()
                ? Decoded.refused("RF-SUD-009", "no statement of the file is exactly this one")
                : new Decoded.Value<>(parse(source.with(LineEdits.cut(source.text(), spans))));
    }
}
