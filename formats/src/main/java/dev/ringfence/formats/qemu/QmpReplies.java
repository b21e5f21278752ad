package dev.ringfence.formats.qemu;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads what QEMU answers on its machine protocol: one JSON value a line.
 *
 * <p>Refusals: {@code RF-QMU-003} a line is not JSON; {@code RF-QMU-004} no answer lists types.
 */
public final class QmpReplies {
    /** What is sent to ask for every type that can be made, and to end. */
    public static final String QUESTION = """
            {"execute":"qmp_capabilities"}
            {"execute":"qom-list-types","arguments":{"abstract":false}}
            {"execute":"quit"}
            """;

    private QmpReplies() {}

    /** Names of the object types that the emulator can make, sorted. */
    public static Decoded<List<String>> types(String output) {
        List<String> names = new ArrayList<>();
        for (String line : output.split("\r?\n")) {
            if (line.isBlank()) {
                continue;
            }
            switch (JsonText.read(line)) {
                case Decoded.Refused<Json>(var refusal) -> {
                    return Decoded.refused("RF-QMU-003", "an answer is not JSON: " + refusal.reason());
                }
                case Decoded.Value<Json>(Json reply) ->
                    reply.member("return").stream()
                            .flatMap(found ->
                                    found instanceof Json.Elements(List<Json> all) ? all.stream() : Stream.of())
                            .flatMap(type -> type.member("name").stream())
                            .flatMap(name -> name.text().stream())
                            .forEach(names::add);
            }
        }
        if (names.isEmpty()) {
            return Decoded.refused("RF-QMU-004", "no answer of the emulator lists its types");
        }
        Collections.sort(names);
        return new Decoded.Value<>(List.copyOf(names));
    }
}
