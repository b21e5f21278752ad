package dev.ringfence.wire.inspect;

import dev.ringfence.core.hardening.QemuRecipe;
import dev.ringfence.core.hardening.QemuReduction;
import dev.ringfence.core.hardening.QemuSurface;
import dev.ringfence.core.hardening.QemuUse;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.formats.qemu.QemuHelp;
import dev.ringfence.wire.json.JsonDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/** What an emulator can do, and what of it no guest uses, as JSON. */
public final class QemuJson {
    private QemuJson() {}

    /** Writes one document. */
    public static void write(QemuSurface surface, QemuUse use, QemuReduction reduction, OutputStream out)
            throws IOException {
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            json.writeStringProperty("schema", "ringfence-qemu-1");
            json.writeStringProperty("path", surface.path());
            json.writeStringProperty("version", surface.version());
            json.writeNumberProperty("guests", use.guests());
            json.writeArrayPropertyStart("devices");
            for (QemuHelp.Device device : surface.devices()) {
                json.writeStartObject();
                json.writeStringProperty("name", device.name());
                json.writeStringProperty("bus", device.bus());
                json.writeStringProperty("category", device.category());
                json.writeEndObject();
            }
            json.writeEndArray();
            texts(
                    json,
                    "machines",
                    surface.machines().stream().map(QemuHelp.Machine::name).toList());
            texts(json, "types", surface.types());
            texts(json, "accelerators", surface.accelerators());
            texts(json, "chardevs", surface.chardevs());
            texts(json, "netdevs", surface.netdevs());
            texts(json, "objects", surface.objects());
            texts(json, "audiodevs", surface.audiodevs());
            texts(json, "displays", surface.displays());
            texts(json, "usedDevices", use.devices().stream().sorted().toList());
            findings(json, "removable", reduction.removable());
            findings(json, "used", reduction.used());
            texts(json, "unusedMachines", reduction.unusedMachines());
            texts(json, "notJudged", reduction.unknown());
            texts(json, "packagesToRemove", QemuRecipe.packages(reduction));
            texts(json, "configureSwitches", QemuRecipe.switches(reduction));
            texts(json, "deviceSymbols", QemuRecipe.symbols(reduction));
            json.writeEndObject();
        });
    }

    private static void texts(JsonGenerator json, String name, Collection<String> texts) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    private static void findings(JsonGenerator json, String name, List<QemuReduction.Finding> findings) {
        json.writeArrayPropertyStart(name);
        for (QemuReduction.Finding finding : findings) {
            json.writeStartObject();
            json.writeStringProperty("part", finding.part().title());
            json.writeStringProperty(
                    "kind", FactSchema.constantText(finding.part().kind()));
            json.writeStringProperty("symbol", finding.part().symbol());
            json.writeStringProperty("configure", finding.part().configure());
            json.writeStringProperty("debianPackage", finding.part().debianPackage());
            texts(json, "entries", finding.entries());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
