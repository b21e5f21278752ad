package dev.ringfence.formats.rootwrap;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.PythonText;
import java.util.Arrays;
import java.util.List;

/**
 * A {@code *.filters} file.
 *
 * <p>Refusals: those of {@link RootwrapConf}, and RF-RWF-004 no {@code [Filters]} section.
 *
 * @param filters in order; of two with one name rootwrap knows the last alone
 */
public record RootwrapFilters(List<Filter> filters) {
    public RootwrapFilters {
        filters = List.copyOf(filters);
    }

    /** Parses the file. */
    public static Decoded<RootwrapFilters> parse(byte[] bytes) {
        return switch (PythonIni.parse(bytes)) {
            case Decoded.Refused<PythonIni> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<PythonIni> ini ->
                ini.value().has("Filters")
                        ? new Decoded.Value<>(new RootwrapFilters(ini.value().options("Filters").stream()
                                .map(RootwrapFilters::filter)
                                .toList()))
                        : Decoded.refused("RF-RWF-004", "no [Filters] section");
        };
    }

    private static Filter filter(PythonIni.Option option) {
        List<String> words = Arrays.stream(option.value().split(",", -1))
                .map(PythonText::strip)
                .toList();
        String filterClass = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        return switch (filterClass) {
            case "KillFilter" -> of(option, filterClass, "/bin/kill", at(rest, 0), from(rest, 1), List.of());
            case "ReadFileFilter" -> of(option, filterClass, "/bin/cat", "root", from(rest, 0), List.of());
            case "EnvFilter" -> env(option, rest);
            default -> of(option, filterClass, at(rest, 0), at(rest, 1), from(rest, 2), List.of());
        };
    }

    private static Filter env(PythonIni.Option option, List<String> rest) {
        List<String> args = from(rest, 2);
        List<String> names = args.stream()
                .takeWhile(a -> a.contains("="))
                .map(a -> a.substring(0, a.indexOf('=')))
                .toList();
        boolean programBehind = at(rest, 0).contains("env") && names.size() < args.size();
        String command = programBehind ? args.get(names.size()) : at(rest, 0);
        return of(option, "EnvFilter", command, at(rest, 1), args, names);
    }

    private static Filter of(
            PythonIni.Option option,
            String filterClass,
            String command,
            String user,
            List<String> args,
            List<String> env) {
        return new Filter(option.name(), filterClass, command, user, args, env, option.line());
    }

    private static String at(List<String> words, int index) {
        return index < words.size() ? words.get(index) : "";
    }

    private static List<String> from(List<String> words, int index) {
        return words.subList(Math.min(index, words.size()), words.size());
    }
}
