package dev.ringfence.wire.inspect;

import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.image.ImageChain;
import dev.ringfence.formats.image.ImageFormat;
import dev.ringfence.formats.image.ImageReport;
import dev.ringfence.formats.image.Reference;
import dev.ringfence.wire.json.JsonDocument;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * An inspected image as one JSON object. Names that come from the image are hostile text. {@code virtualSize} is null where
 * the image does not say it readably; {@code chain} holds the files below the image that were looked at.
 */
public final class ImageJson {
    private ImageJson() {}

    /** Writes the object. */
    public static void write(ImageChain chain, OutputStream out) throws IOException {
        JsonDocument.write(out, JsonDocument.Layout.INDENTED, json -> {
            json.writeStartObject();
            file(json, chain.top(), chain.findings());
            json.writeArrayPropertyStart("chain");
            for (ImageChain.Link link : chain.links().subList(1, chain.links().size())) {
                json.writeStartObject();
                file(json, link, link.report().findings());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void file(JsonGenerator json, ImageChain.Link link, List<Refusal> findings) {
        ImageReport report = link.report();
        json.writeStringProperty("path", link.path());
        json.writeStringProperty("format", report.format().title());
        if (report.virtualSizeBytes() < 0) {
            json.writeNullProperty("virtualSize");
        } else {
            json.writeNumberProperty("virtualSize", report.virtualSizeBytes());
        }
        json.writeNumberProperty("fileSize", report.fileSizeBytes());
        text(json, "backing", name(report.backing()));
        text(json, "dataFile", name(report.dataFile()));
        json.writeStringProperty("verdict", findings.isEmpty() ? "safe" : "refused");
        texts(json, "codes", findings.stream().map(Refusal::code).distinct().toList());
        json.writeArrayPropertyStart("findings");
        for (Refusal finding : findings) {
            json.writeStartObject();
            json.writeStringProperty("code", finding.code());
            json.writeStringProperty("reason", finding.reason());
            json.writeEndObject();
        }
        json.writeEndArray();
        ImageFormat declared = report.declared();
        text(json, "declaredFormat", declared == null ? null : declared.title());
        texts(
                json,
                "claimedFormats",
                report.claimed().stream().map(ImageFormat::title).toList());
        json.writeStringProperty("variant", report.variant());
        json.writeNumberProperty("allocatedSize", link.allocatedBytes());
        Reference backing = report.backing();
        text(json, "backingFormat", backing == null ? null : backing.format());
        texts(json, "extents", report.extents().stream().map(Reference::name).toList());
        text(json, "encryption", report.encryption());
        json.writeNumberProperty("snapshots", report.snapshotCount());
        texts(json, "features", report.features());
        json.writeNumberProperty("reads", report.readCount());
        json.writeNumberProperty("readBytes", report.readBytes());
    }

    private static @Nullable String name(@Nullable Reference reference) {
        return reference == null ? null : reference.name();
    }

    private static void texts(JsonGenerator json, String name, Collection<String> texts) {
        json.writeArrayPropertyStart(name);
        texts.forEach(json::writeString);
        json.writeEndArray();
    }

    private static void text(JsonGenerator json, String name, @Nullable String value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value);
        }
    }
}
