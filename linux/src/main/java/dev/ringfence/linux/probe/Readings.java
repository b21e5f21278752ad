package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Source;
import dev.ringfence.linux.HostFiles;
import java.util.OptionalLong;
import java.util.function.Function;

/** The steps from what a file holds to a fact. A text that says nothing sensible becomes a fact that says so. */
final class Readings {
    private Readings() {}

    /** What a reader makes of the observed value; the source stays. */
    static <T, R> Fact<R> parsed(Fact<T> fact, Function<? super T, ? extends R> reader) {
        return then(fact, value -> Fact.of(reader.apply(value), fact.source().where(), "parsed"));
    }

    /** What follows from an observed value; absence and non-observation carry over. */
    static <T, R> Fact<R> then(Fact<T> fact, Function<? super T, Fact<R>> next) {
        return switch (fact) {
            case Fact.Observed<T>(T value, var source) -> next.apply(value);
            case Fact.Absent<T>(Source source) -> Fact.absent(source.where(), source.how());
            case Fact.NotObserved<T>(Source source, String reason) ->
                Fact.notObserved(source.where(), source.how(), reason);
        };
    }

    /** The first fact, or the second where the first is certainly not there. */
    static <T> Fact<T> orElse(Fact<T> first, java.util.function.Supplier<Fact<T>> second) {
        return first instanceof Fact.Absent<T> ? second.get() : first;
    }

    /** A file that holds one decimal number. */
    static Fact<Long> number(HostFiles files, String path) {
        return then(files.line(path), text -> {
            OptionalLong number = decimal(text);
            return number.isPresent()
                    ? Fact.of(number.getAsLong(), path, "read")
                    : Fact.notObserved(path, "read", "not a number: " + excerpt(text));
        });
    }

    /** A file that holds a switch of the kernel: 0 or 1, N or Y. */
    static Fact<Boolean> flag(HostFiles files, String path) {
        return then(files.line(path), text -> switch (text) {
            case "1", "Y", "y" -> Fact.of(true, path, "read");
            case "0", "N", "n" -> Fact.of(false, path, "read");
            default -> Fact.notObserved(path, "read", "neither on nor off: " + excerpt(text));
        });
    }

    /** A file whose line says something; an empty line is an absent thing. */
    static Fact<String> nonEmptyLine(HostFiles files, String path) {
        return then(files.line(path), text -> text.isEmpty() ? Fact.absent(path, "read") : Fact.of(text, path, "read"));
    }

    /** A decimal number in ASCII digits, or nothing. */
    static OptionalLong decimal(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text.strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The last part of a path, as in the target of a link. */
    static String baseName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Text from a host that is fit for one line of a report. */
    static String excerpt(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.isEmpty() ? "empty" : line.length() <= 80 ? line : line.substring(0, 79) + "…";
    }
}
