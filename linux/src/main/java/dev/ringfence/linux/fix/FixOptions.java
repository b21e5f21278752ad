package dev.ringfence.linux.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.formats.json.Json;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an operator allows a call to do.
 *
 * @param reaches which steps are applied, by their reach
 * @param steps for a rollback: numbers of the steps, empty for all
 * @param allOrNothing whether one step that fails takes the others back
 */
public record FixOptions(Set<Fix.Reach> reaches, Set<Integer> steps, boolean allOrNothing, Restart restart) {
    public FixOptions {
        reaches = Set.copyOf(reaches);
        steps = Set.copyOf(steps);
    }

    /** How daemons are restarted. */
    public sealed interface Restart {
        /** Not at all: what needs it stays pending. */
        record None() implements Restart {}

        /** By systemd. */
        record Systemd() implements Restart {}

        /** By a program of the operator's, where systemd does not run; once, whichever daemons need it. */
        record ByCommand(Argv argv) implements Restart {}
    }

    /** As the journal keeps them, so that an interrupted call can go on as it was begun. */
    Map<String, Json> json() {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("reaches", words(reaches.stream().map(Enum::name).sorted().toList()));
        members.put("steps", words(steps.stream().sorted().map(String::valueOf).toList()));
        members.put("allOrNothing", new Json.Flag(allOrNothing));
        switch (restart) {
            case Restart.None n -> members.put("restart", new Json.Characters("none"));
            case Restart.Systemd s -> members.put("restart", new Json.Characters("systemd"));
            case Restart.ByCommand(Argv argv) -> members.put("restart", words(argv.words()));
        }
        return members;
    }

    private static Json.Elements words(List<String> words) {
        return new Json.Elements(words.stream().<Json>map(Json.Characters::new).toList());
    }

    static FixOptions of(Json data) {
        Set<Fix.Reach> reaches = EnumSet.noneOf(Fix.Reach.class);
        texts(data, "reaches").forEach(name -> reaches.add(Fix.Reach.valueOf(name.toUpperCase(Locale.ROOT))));
        Set<Integer> steps = new TreeSet<>();
        texts(data, "steps").forEach(number -> steps.add(Integer.valueOf(number)));
        List<String> argv = texts(data, "restart");
        Restart restart;
        if (!argv.isEmpty()) {
            restart = new Restart.ByCommand(new Argv(argv));
        } else {
            restart = data.textOf("restart").equals("systemd") ? new Restart.Systemd() : new Restart.None();
        }
        return new FixOptions(
                reaches, steps, data.member("allOrNothing").filter(Json::isTrue).isPresent(), restart);
    }

    private static List<String> texts(Json data, String name) {
        List<String> out = new ArrayList<>();
        data.member(name)
                .orElse(new Json.Nothing())
                .elements()
                .forEach(e -> e.text().ifPresent(out::add));
        return out;
    }
}
