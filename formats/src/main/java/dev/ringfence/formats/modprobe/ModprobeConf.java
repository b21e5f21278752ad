package dev.ringfence.formats.modprobe;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.LineEdits;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One file of modprobe.d: its directives, and its text for lossless edits. Immutable and thread-safe. What kmod does not
 * know is kept and has no meaning.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-MPD-001 larger than 1 MiB
 *   <li>RF-MPD-002 the file holds a NUL
 *   <li>RF-MPD-003 an edit with a name, value or command that a line cannot hold
 *   <li>RF-MPD-004 the directive to change holds a backslash or an open quote, where kmod and the kernel read other words
 *       than are to be seen
 * </ul>
 */
public final class ModprobeConf {
    static final int MAX_BYTES = 1 << 20;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,127}");
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_.,:=/@%+*-]{1,1024}");
    private static final Pattern COMMAND = Pattern.compile("[\\x20-\\x5b\\x5d-\\x7e]{1,1024}");

    private final SourceText source;
    private final List<Directive> directives;

    private ModprobeConf(SourceText source, List<Directive> directives) {
        this.source = source;
        this.directives = List.copyOf(directives);
    }

    /** Parses a file; other than UTF-8 it may hold any bytes but NUL. */
    public static Decoded<ModprobeConf> parse(byte[] bytes) {
        return bytes.length > MAX_BYTES ? tooLarge() : parse(SourceText.decode(bytes));
    }

    private static Decoded<ModprobeConf> tooLarge() {
        return Decoded.refused("RF-MPD-001", "the file is larger than 1 MiB");
    }

    private static Decoded<ModprobeConf> parse(SourceText source) {
        return source.text().indexOf('\0') >= 0
                ? Decoded.refused("RF-MPD-002", "the file holds a NUL")
                : new Decoded.Value<>(new ModprobeConf(source, Directive.read(source.text())));
    }

    /** Every directive in order. */
    public List<Directive> directives() {
        return directives;
    }

    /** The value of a module's parameter that counts within this file, the last one; {@code ""} for a bare name. */
    public Optional<String> option(String module, String parameter) {
        return options(module, parameter).reversed().stream().findFirst().map(Parameter::value);
    }

    private record Parameter(Directive directive, Directive.Word word, String value) {
        int valueStart() {
            return word.span().to() - value.length();
        }
    }

    private List<Parameter> options(String module, String parameter) {
        List<Parameter> found = new ArrayList<>();
        for (Directive directive : of("options", module)) {
            for (Directive.Word word :
                    directive.words().subList(2, directive.words().size())) {
                int equals = word.text().indexOf('=');
                String name = equals < 0 ? word.text() : word.text().substring(0, equals);
                if (Directive.plain(name).equals(Directive.plain(parameter))) {
                    found.add(new Parameter(
                            directive, word, equals < 0 ? "" : word.text().substring(equals + 1)));
                }
            }
        }
        return found;
    }

    private List<Directive> of(String command, String module) {
        return directives.stream()
                .filter(d -> d.command().equals(command)
                        && d.words().size() > 1
                        && d.module().equals(Directive.plain(module)))
                .toList();
    }

    /** Whether aliases may not load this module. */
    public boolean blacklisted(String module) {
        return !of("blacklist", module).isEmpty();
    }

    /** What runs in place of loading this module, the last one that is given. */
    public Optional<String> install(String module) {
        return of("install", module).reversed().stream().findFirst().map(d -> d.rest(2));
    }

    /** The text, the same as what was parsed. */
    public String text() {
        return source.text();
    }

    /** The bytes, the same as what was parsed. */
    public byte[] bytes() {
        return source.bytes();
    }

    /**
     * The file with this value of a module's parameter. The value that counts is changed in place; a new one makes a new
     * line at the end.
     */
    public Decoded<ModprobeConf> setOption(String module, String parameter, String value) {
        if (!NAME.matcher(module).matches()
                || !PARAMETER.matcher(parameter).matches()
                || !VALUE.matcher(value).matches()) {
            return unwritable();
        }
        List<Parameter> present = options(module, parameter);
        if (present.isEmpty()) {
            return added(
                    "options " + module + " " + parameter + "=" + value, c -> c.hasOption(module, parameter, value));
        }
        Parameter last = present.getLast();
        if (!last.directive().literal()) {
            return unsafe(last.directive());
        }
        Span span = new Span(last.valueStart(), last.word().span().to());
        String equals = last.word().text().indexOf('=') < 0 ? "=" : "";
        return edited(
                LineEdits.replace(source.text(), span, equals + value), c -> c.hasOption(module, parameter, value));
    }

    private boolean hasOption(String module, String parameter, String value) {
        return option(module, parameter).equals(Optional.of(value));
    }

    /** The file without this parameter of a module; a line that sets nothing else goes. */
    public Decoded<ModprobeConf> removeOption(String module, String parameter) {
        List<Span> spans = new ArrayList<>();
        List<Parameter> found = options(module, parameter);
        for (Directive directive : of("options", module)) {
            List<Directive.Word> gone = found.stream()
                    .filter(p -> p.directive().equals(directive))
                    .map(Parameter::word)
                    .toList();
            if (gone.isEmpty()) {
                continue;
            }
            if (!directive.literal()) {
                return unsafe(directive);
            }
            if (gone.size() == directive.words().size() - 2) {
                spans.add(directive.span());
            } else {
                gone.forEach(word -> spans.add(directive.withBlankBefore(word)));
            }
        }
        return edited(
                LineEdits.cut(source.text(), spans),
                c -> c.options(module, parameter).isEmpty());
    }

    /** The file with {@code blacklist module}, which stops aliases, not an explicit modprobe; see {@link #setInstall}. */
    public Decoded<ModprobeConf> blacklist(String module) {
        if (!NAME.matcher(module).matches()) {
            return unwritable();
        }
        return blacklisted(module)
                ? new Decoded.Value<>(this)
                : added("blacklist " + module, c -> c.blacklisted(module));
    }

    /** The file without the lines that blacklist this module. */
    public Decoded<ModprobeConf> removeBlacklist(String module) {
        return without("blacklist", module, c -> !c.blacklisted(module));
    }

    /** The file with this command in place of loading the module, {@code /bin/false} to forbid it altogether. */
    public Decoded<ModprobeConf> setInstall(String module, String command) {
        if (!NAME.matcher(module).matches()
                || !COMMAND.matcher(command).matches()
                || !command.strip().equals(command)) {
            return unwritable();
        }
        List<Directive> present = of("install", module);
        Predicate<ModprobeConf> holds = c -> c.install(module).equals(Optional.of(command));
        if (present.isEmpty()) {
            return added("install " + module + " " + command, holds);
        }
        Directive last = present.getLast();
        if (!last.literal() || last.words().size() < 3) {
            return unsafe(last);
        }
        Span span = new Span(
                last.words().get(2).span().from(), last.words().getLast().span().to());
        return edited(LineEdits.replace(source.text(), span, command), holds);
    }

    /** The file without a command in place of loading this module. */
    public Decoded<ModprobeConf> removeInstall(String module) {
        return without("install", module, c -> c.install(module).isEmpty());
    }

    private Decoded<ModprobeConf> without(String command, String module, Predicate<ModprobeConf> holds) {
        List<Span> spans = new ArrayList<>();
        for (Directive directive : of(command, module)) {
            spans.add(directive.span());
        }
        return edited(LineEdits.cut(source.text(), spans), holds);
    }

    private Decoded<ModprobeConf> added(String line, Predicate<ModprobeConf> holds) {
        String text = source.text();
        // kmod takes a carriage return for a part of the word, so that a new line must not have one. A backslash at the
        // very end would join the new line to the old one.
        return text.endsWith("\\")
                ? Decoded.refused("RF-MPD-004", "the file ends with a backslash")
                : edited(LineEdits.insert(text, text.length(), line + "\n", "\n"), holds);
    }

    private static Decoded<ModprobeConf> unwritable() {
        return Decoded.refused("RF-MPD-003", "the name, value or command cannot be written in this syntax");
    }

    private static Decoded<ModprobeConf> unsafe(Directive directive) {
        return Decoded.refused(
                "RF-MPD-004", "line " + directive.line() + " holds a backslash, an open quote or no value");
    }

    private Decoded<ModprobeConf> edited(String text, Predicate<ModprobeConf> holds) {
        if (!source.canHold(text)) {
            return unwritable();
        }
        SourceText changed = source.with(text);
        if (changed.bytes().length > MAX_BYTES) {
            return tooLarge();
        }
        Decoded<ModprobeConf> edited = parse(changed);
        return edited instanceof Decoded.Value<ModprobeConf>(ModprobeConf conf) && holds.test(conf)
                ? edited
                : unwritable();
    }
}
