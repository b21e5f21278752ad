package dev.ringfence.wire.inspect;

import dev.ringfence.core.host.FactSchema;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.elf.ElfHardening;
import dev.ringfence.formats.elf.ElfIdentity;
import dev.ringfence.formats.elf.Property;
import dev.ringfence.wire.json.JsonDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Hardening verdicts as a JSON array, one object for each file. A property is true, false, or null where it does not apply
 * or cannot be seen; {@code why} says so by its name.
 */
public final class ElfJson {
    private ElfJson() {}

    /**
     * What was found at one path.
     *
     * @param neededBy the file that loads it, empty for a file that was asked for
     */
    public sealed interface Entry {
        String path();

        /** A judged file. */
        record Judged(String path, String neededBy, ElfHardening hardening) implements Entry {}

        /** A file that could not be judged. */
        record Refused(String path, String neededBy, Refusal refusal) implements Entry {}
    }

    /** Writes the array. */
    public static void write(List<Entry> entries, OutputStream out) throws IOException {
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartArray();
            entries.forEach(e -> entry(json, e));
            json.writeEndArray();
        });
    }

    private static void entry(JsonGenerator json, Entry entry) {
        json.writeStartObject();
        json.writeStringProperty("path", entry.path());
        switch (entry) {
            case Entry.Judged(String path, String neededBy, ElfHardening hardening) -> {
                neededBy(json, neededBy);
                hardening(json, hardening);
            }
            case Entry.Refused(String path, String neededBy, Refusal refusal) -> {
                neededBy(json, neededBy);
                json.writeObjectPropertyStart("refused");
                json.writeStringProperty("code", refusal.code());
                json.writeStringProperty("reason", refusal.reason());
                json.writeEndObject();
            }
        }
        json.writeEndObject();
    }

    private static void neededBy(JsonGenerator json, String neededBy) {
        if (!neededBy.isEmpty()) {
            json.writeStringProperty("neededBy", neededBy);
        }
    }

    private static void hardening(JsonGenerator json, ElfHardening elf) {
        Map<String, String> why = new LinkedHashMap<>();
        String relro = FactSchema.constantText(elf.relro().level());
        if (relro.equals("not-applicable")) {
            json.writeNullProperty("relro");
            why.put("relro", elf.relro().why());
        } else {
            json.writeStringProperty("relro", relro);
        }
        property(json, "canary", elf.canary(), why);
        property(json, "nx", elf.nx(), why);
        property(json, "pie", elf.pie(), why);
        json.writeObjectPropertyStart("fortify");
        json.writeNumberProperty("fortified", elf.fortify().fortifiedCount());
        json.writeNumberProperty("fortifiable", elf.fortify().fortifiableCount());
        json.writeEndObject();
        property(json, "bindNow", elf.bindNow(), why);
        json.writeObjectPropertyStart("cet");
        property(json, "ibt", elf.ibt(), why);
        property(json, "shstk", elf.shstk(), why);
        json.writeEndObject();
        property(json, "bti", elf.bti(), why);
        property(json, "pac", elf.pac(), why);
        property(json, "stackClash", elf.stackClash(), why);
        property(json, "cfi", elf.controlFlow(), why);
        property(json, "stripped", elf.stripped(), why);
        ElfIdentity identity = elf.identity();
        text(json, "rpath", identity.rpath());
        text(json, "runpath", identity.runpath());
        json.writeArrayPropertyStart("needed");
        identity.needed().forEach(json::writeString);
        json.writeEndArray();
        json.writeNumberProperty("bits", identity.bits());
        json.writeStringProperty("endian", identity.order() == java.nio.ByteOrder.BIG_ENDIAN ? "big" : "little");
        json.writeStringProperty("machine", identity.machine().name());
        json.writeStringProperty("kind", FactSchema.constantText(identity.kind()));
        json.writeBooleanProperty("static", identity.staticallyLinked());
        json.writeStringProperty("language", FactSchema.constantText(identity.language()));
        text(json, "interpreter", identity.interpreter());
        text(json, "soname", identity.soname());
        text(json, "buildId", identity.buildId());
        json.writeObjectPropertyStart("why");
        why.forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    private static void property(JsonGenerator json, String name, Property property, Map<String, String> why) {
        Optional<Boolean> decided = property.decided();
        if (decided.isPresent()) {
            json.writeBooleanProperty(name, decided.get());
        } else {
            json.writeNullProperty(name);
            why.put(name, property.why());
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value);
        }
    }
}
