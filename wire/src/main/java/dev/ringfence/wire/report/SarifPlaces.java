package dev.ringfence.wire.report;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.host.Source;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * Where a result is: the file that decided, and the guest or other thing that was judged. Paths are relative to a base,
 * because code scanners refuse absolute ones.
 */
final class SarifPlaces {
    private static final String BASE = "HOST_ROOT";
    private static final int RELATED_LIMIT = 16;
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private SarifPlaces() {}

    static void bases(JsonGenerator json, String host) {
        json.writeObjectPropertyStart("originalUriBaseIds");
        json.writeObjectPropertyStart(BASE);
        json.writeStringProperty("uri", "file:///");
        Sarif.message(json, "description", "The root directory of " + host);
        json.writeEndObject();
        json.writeEndObject();
    }

    static void locations(JsonGenerator json, String host, ControlResult result, Optional<String> subject) {
        List<String> files = result.sources().stream()
                .map(Source::where)
                .filter(SarifPlaces::isPath)
                .distinct()
                .toList();
        Optional<String> main = mainFile(files, subject);
        json.writeArrayPropertyStart("locations");
        json.writeStartObject();
        main.ifPresent(file -> physical(json, file));
        json.writeArrayPropertyStart("logicalLocations");
        json.writeStartObject();
        json.writeStringProperty("name", subject.orElse(host));
        json.writeStringProperty(
                "fullyQualifiedName", subject.map(s -> host + "/" + s).orElse(host));
        json.writeStringProperty("kind", subject.map(s -> kind(result)).orElse("host"));
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        // The sources are those of the whole control; beside one of many subjects they would mislead.
        List<String> related = subject.isPresent()
                ? List.of()
                : files.stream()
                        .filter(f -> !f.equals(main.orElse("")))
                        .limit(RELATED_LIMIT)
                        .toList();
        if (!related.isEmpty()) {
            json.writeArrayPropertyStart("relatedLocations");
            for (String file : related) {
                json.writeStartObject();
                physical(json, file);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private static String kind(ControlResult result) {
        return result.control().as().isBlank() ? "resource" : result.control().as();
    }

    private static boolean isPath(String where) {
        return where.startsWith("/") && !where.endsWith("/") && where.indexOf(' ') < 0;
    }

    /** For a subject the file that is named like it, such as a guest's XML; otherwise the first. */
    private static Optional<String> mainFile(List<String> files, Optional<String> subject) {
        Optional<String> named = subject.flatMap(s -> files.stream()
                .filter(f -> f.toLowerCase(Locale.ROOT).endsWith("/" + s.toLowerCase(Locale.ROOT) + ".xml"))
                .findFirst());
        return named.or(() -> files.stream().findFirst());
    }

    private static void physical(JsonGenerator json, String file) {
        json.writeObjectPropertyStart("physicalLocation");
        json.writeObjectPropertyStart("artifactLocation");
        json.writeStringProperty("uri", relativeUri(file));
        json.writeStringProperty("uriBaseId", BASE);
        json.writeEndObject();
        json.writeEndObject();
    }

    /** RFC 3986: everything but unreserved characters is percent-encoded, so no name can look like a scheme or query. */
    static String relativeUri(String path) {
        StringBuilder out = new StringBuilder(path.length());
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        for (byte b : path.substring(start).getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && UNRESERVED.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.toHexDigits(b));
            }
        }
        return out.toString();
    }
}
