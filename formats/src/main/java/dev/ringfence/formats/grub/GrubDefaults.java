package dev.ringfence.formats.grub;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.grub.ShellReader.Assignment;
import dev.ringfence.formats.grub.ShellToken.Cell;
import dev.ringfence.formats.text.LineEdits;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A file of GRUB's defaults: the variables that it assigns, and its text for lossless edits. Immutable and thread-safe.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-GRB-001 larger than 256 KiB
 *   <li>RF-GRB-002 the file holds a NUL
 *   <li>RF-GRB-003 a quote or an expansion is not closed
 *   <li>RF-GRB-004 an edit with a variable, value or argument that is not taken
 *   <li>RF-GRB-005 only a shell could tell what the file makes of the variable, so that it is not edited
 *   <li>RF-GRB-006 the argument is written in pieces, half in quotes, so that it cannot be taken out
 * </ul>
 */
public final class GrubDefaults {
    static final int MAX_BYTES = 256 << 10;
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    /** What needs no quoting for the kernel, and none in a shell's double or single quotes. */
    private static final Pattern ARGUMENT =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.,:;=/@%+*?&|<>()!~^\\[\\]-]{0,1023}");

    private final SourceText source;
    private final ShellReader read;

    private GrubDefaults(SourceText source, ShellReader read) {
        this.source = source;
        this.read = read;
    }

    /** Parses a file; other than UTF-8 it may hold any bytes but NUL. */
    public static Decoded<GrubDefaults> parse(byte[] bytes) {
        return bytes.length > MAX_BYTES ? tooLarge() : parse(SourceText.decode(bytes));
    }

    private static Decoded<GrubDefaults> tooLarge() {
        return Decoded.refused("RF-GRB-001", "the file is larger than 256 KiB");
    }

    private static Decoded<GrubDefaults> parse(SourceText source) {
        if (source.text().indexOf('\0') >= 0) {
            return Decoded.refused("RF-GRB-002", "the file holds a NUL");
        }
        return switch (new ShellLexer(source.text()).read()) {
            case Decoded.Refused<List<ShellToken>> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<List<ShellToken>> tokens -> {
                ShellReader read = new ShellReader(source.text());
                read.read(tokens.value());
                yield new Decoded.Value<>(new GrubDefaults(source, read));
            }
        };
    }

    /** The text, the same as what was parsed. */
    public String text() {
        return source.text();
    }

    /** The bytes, the same as what was parsed. */
    public byte[] bytes() {
        return source.bytes();
    }

    /** Whether this file assigns the variable, whatever its value. */
    public boolean assigns(String variable) {
        return !of(variable).isEmpty();
    }

    /** The value that counts, empty when the file has none or when only a shell could tell. */
    public Optional<String> value(String variable) {
        List<Assignment> found = of(variable);
        if (found.isEmpty()
                || uncertain(variable)
                || !found.getLast().cells().stream().allMatch(Cell::known)) {
            return Optional.empty();
        }
        return Optional.of(plain(found.getLast().cells()));
    }

    private static String plain(List<Cell> cells) {
        StringBuilder out = new StringBuilder(cells.size());
        cells.forEach(c -> out.append(c.value()));
        return out.toString();
    }

    private List<Assignment> of(String variable) {
        return read.assignments.stream().filter(a -> a.name().equals(variable)).toList();
    }

    private boolean uncertain(String variable) {
        return read.unforeseeable || read.touched.contains(variable);
    }

    /** The kernel arguments that this file itself writes into the variable, in order; expansions are left out. */
    public List<String> arguments(String variable) {
        List<String> arguments = new ArrayList<>();
        for (Assignment assignment : of(variable)) {
            for (List<Cell> argument : split(assignment.cells())) {
                if (argument.stream().allMatch(Cell::known)) {
                    arguments.add(plain(argument).replace("\"", ""));
                }
            }
        }
        return List.copyOf(arguments);
    }

    /** Runs of cells between blanks; the kernel's double quotes keep blanks together. */
    private static List<List<Cell>> split(List<Cell> cells) {
        List<List<Cell>> arguments = new ArrayList<>();
        List<Cell> open = new ArrayList<>();
        boolean quoted = false;
        for (Cell cell : cells) {
            boolean blank = cell.known() && " \t\n\r".indexOf(cell.value()) >= 0;
            quoted ^= cell.known() && cell.value() == '"';
            if (!blank || quoted) {
                open.add(cell);
            } else if (!open.isEmpty()) {
                arguments.add(open);
                open = new ArrayList<>();
            }
        }
        if (!open.isEmpty()) {
            arguments.add(open);
        }
        return arguments;
    }

    /**
     * The file with one more kernel argument at the end of the variable. Nothing changes where this file has it already.
     * A file that does not assign the variable adds to what earlier files assigned, {@code NAME="$NAME argument"}.
     */
    public Decoded<GrubDefaults> addArgument(String variable, String argument) {
        if (!VARIABLE.matcher(variable).matches() || !ARGUMENT.matcher(argument).matches()) {
            return notTaken();
        }
        if (uncertain(variable)) {
            return onlyAShell(variable);
        }
        if (arguments(variable).contains(argument)) {
            return new Decoded.Value<>(this);
        }
        String text = source.text();
        Predicate<GrubDefaults> holds = f -> f.arguments(variable).contains(argument);
        List<Assignment> found = of(variable);
        if (found.isEmpty()) {
            return appended(variable + "=\"$" + variable + " " + argument + "\"\n", holds);
        }
        Assignment last = found.getLast();
        String gap = last.cells().isEmpty() ? "" : " ";
        char end = text.charAt(last.to() - 1);
        boolean closed = last.to() - last.valueFrom() > 1 && closesQuote(last, end);
        if (closed) {
            Span place = new Span(last.to() - 1, last.to() - 1);
            return edited(LineEdits.replace(text, place, gap + argument), holds);
        }
        if (!last.cells().stream().allMatch(Cell::known)) {
            return onlyAShell(variable);
        }
        String printed = printed(plain(last.cells()) + gap + argument);
        return edited(LineEdits.replace(text, new Span(last.valueFrom(), last.to()), printed), holds);
    }

    /** Whether the last character of the value is a closing quote, so that text can go in before it. */
    private static boolean closesQuote(Assignment assignment, char end) {
        if (end != '"' && end != '\'') {
            return false;
        }
        if (assignment.cells().isEmpty()) {
            return true;
        }
        Cell last = assignment.cells().getLast();
        return last.quote() == end && last.to() == assignment.to() - 1;
    }

    /** A word in double quotes. */
    private static String printed(String value) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            if ("$`\"\\".indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    /**
     * The file without this kernel argument, wherever it assigns the variable. A name without {@code =} takes out the bare
     * word and the name with any value; {@code -} and {@code _} are one in names, as for the kernel.
     */
    public Decoded<GrubDefaults> removeArgument(String variable, String argument) {
        if (!VARIABLE.matcher(variable).matches() || !ARGUMENT.matcher(argument).matches()) {
            return notTaken();
        }
        if (uncertain(variable)) {
            return onlyAShell(variable);
        }
        List<Span> spans = new ArrayList<>();
        for (Assignment assignment : of(variable)) {
            List<List<Cell>> arguments = split(assignment.cells());
            for (List<Cell> cells : arguments) {
                boolean known = cells.stream().allMatch(Cell::known);
                if (!known || !matches(plain(cells), argument)) {
                    continue;
                }
                Optional<Span> span = removable(assignment.cells(), cells);
                if (span.isEmpty()) {
                    return Decoded.refused("RF-GRB-006", "the argument is half in quotes");
                }
                spans.add(span.get());
            }
        }
        return edited(
                LineEdits.cut(source.text(), disjoint(spans)),
                f -> f.arguments(variable).stream().noneMatch(a -> matches(a, argument)));
    }

    private static boolean matches(String found, String argument) {
        String plainFound = found.replace("\"", "");
        int equals = argument.indexOf('=');
        int foundEquals = plainFound.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        String foundName = foundEquals < 0 ? plainFound : plainFound.substring(0, foundEquals);
        if (!name.replace('-', '_').equals(foundName.replace('-', '_'))) {
            return false;
        }
        return equals < 0 || foundEquals >= 0 && argument.substring(equals).equals(plainFound.substring(foundEquals));
    }

    /** The argument and one blank beside it, written in one piece; empty when it is not. */
    private static Optional<Span> removable(List<Cell> all, List<Cell> argument) {
        int first = all.indexOf(argument.getFirst());
        int last = first + argument.size() - 1;
        int from = first;
        int to = last;
        if (first > 0 && adjoin(all.get(first - 1), all.get(first))) {
            from = first - 1;
        } else if (first == 0 && last + 1 < all.size() && adjoin(all.get(last), all.get(last + 1))) {
            to = last + 1;
        }
        for (int i = from; i < to; i++) {
            if (!adjoin(all.get(i), all.get(i + 1))) {
                return Optional.empty();
            }
        }
        return Optional.of(new Span(all.get(from).from(), all.get(to).to()));
    }

    private static boolean adjoin(Cell before, Cell after) {
        return before.to() == after.from() && before.quote() == after.quote();
    }

    /** The first of an assignment takes the blank behind it, which the second could take as well. */
    private static List<Span> disjoint(List<Span> spans) {
        List<Span> out = new ArrayList<>();
        for (Span span : spans) {
            int from = out.isEmpty()
                    ? span.from()
                    : Math.max(span.from(), out.getLast().to());
            out.add(new Span(from, Math.max(from, span.to())));
        }
        return out;
    }

    /** The file with this value. The assignment that counts is changed in place; a new one goes to the end. */
    public Decoded<GrubDefaults> set(String variable, String value) {
        if (!VARIABLE.matcher(variable).matches() || value.chars().anyMatch(c -> c < ' ')) {
            return notTaken();
        }
        if (uncertain(variable)) {
            return onlyAShell(variable);
        }
        Predicate<GrubDefaults> holds = f -> f.value(variable).equals(Optional.of(value));
        List<Assignment> found = of(variable);
        if (found.isEmpty()) {
            return appended(variable + "=" + printed(value) + "\n", holds);
        }
        Span span = new Span(found.getLast().valueFrom(), found.getLast().to());
        return edited(LineEdits.replace(source.text(), span, printed(value)), holds);
    }

    /** A line at the end; a carriage return would become a part of the value, so that none is written. */
    private Decoded<GrubDefaults> appended(String line, Predicate<GrubDefaults> holds) {
        return edited(LineEdits.insert(source.text(), source.text().length(), line, "\n"), holds);
    }

    private static Decoded<GrubDefaults> notTaken() {
        return Decoded.refused("RF-GRB-004", "the variable, value or argument cannot be written safely");
    }

    private static Decoded<GrubDefaults> onlyAShell(String variable) {
        return Decoded.refused("RF-GRB-005", "only a shell could tell what the file makes of " + variable);
    }

    private Decoded<GrubDefaults> edited(String text, Predicate<GrubDefaults> holds) {
        if (!source.canHold(text)) {
            return notTaken();
        }
        SourceText changed = source.with(text);
        if (changed.bytes().length > MAX_BYTES) {
            return tooLarge();
        }
        Decoded<GrubDefaults> edited = parse(changed);
        return edited instanceof Decoded.Value<GrubDefaults>(GrubDefaults file) && holds.test(file)
                ? edited
                : notTaken();
    }
}
