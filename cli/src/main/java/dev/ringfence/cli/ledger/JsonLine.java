package dev.ringfence.cli.ledger;

import dev.ringfence.ledger.leaf.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One JSON object on a line, with members in order of their names. */
final class JsonLine {
    private final Map<String, Json> members = new TreeMap<>();

    JsonLine with(String name, String text) {
        return with(name, new Json.Characters(text));
    }

    JsonLine with(String name, long number) {
        return with(name, new Json.Whole(number));
    }

    JsonLine with(String name, boolean flag) {
        return with(name, new Json.Flag(flag));
    }

    JsonLine with(String name, List<? extends Json> elements) {
        return with(name, new Json.Elements(List.copyOf(elements)));
    }

    JsonLine with(String name, Json value) {
        members.put(name, value);
        return this;
    }

    Json value() {
        return new Json.Members(members);
    }

    @Override
    public String toString() {
        return value().canonical();
    }
}
