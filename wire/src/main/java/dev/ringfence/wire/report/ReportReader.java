package dev.ringfence.wire.report;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a report's tree into records. Unknown keys are left alone; known ones must be there and fit. */
final class ReportReader {
    private final String name;

    ReportReader(String name) {
        this.name = name;
    }

    AuditDocument document(Map<String, ?> tree) throws MalformedDocumentException {
        List<AuditDocument.Entry> controls = new ArrayList<>();
        for (Node node : nodes(new Node("", tree), "controls")) {
            controls.add(entry(node));
        }
        Map<String, String> leftOut = new LinkedHashMap<>();
        for (Node node : nodes(new Node("", tree), "leftOut")) {
            if (leftOut.put(text(node, "id"), text(node, "reason")) != null) {
                throw misfit(node.path() + ".id", "given twice");
            }
        }
        Node top = new Node("", tree);
        return new AuditDocument(
                text(top, "version"),
                text(top, "host"),
                text(top, "observer"),
                instant(top, "observedAt"),
                text(top, "profile"),
                controls,
                leftOut);
    }

    private record Node(String path, Map<?, ?> map) {
        String at(String key) {
            return path.isEmpty() ? key : path + "." + key;
        }
    }

    private AuditDocument.Entry entry(Node node) throws MalformedDocumentException {
        List<ControlResult.SubjectResult> subjects = new ArrayList<>();
        for (Node subject : nodes(node, "subjects")) {
            subjects.add(new ControlResult.SubjectResult(
                    text(subject, "subject"), constant(subject, "verdict", Verdict.class), text(subject, "evidence")));
        }
        return new AuditDocument.Entry(
                text(node, "id"),
                text(node, "title"),
                constant(node, "severity", Severity.class),
                constant(node, "verdict", Verdict.class),
                text(node, "evidence"),
                subjects,
                waiver(node));
    }

    private Optional<AuditDocument.WaiverNote> waiver(Node control) throws MalformedDocumentException {
        Object value = control.map().get("waiver");
        if (value == null) {
            return Optional.empty();
        }
        Node node = node(control.at("waiver"), value);
        if (!(node.map().get("expired") instanceof Boolean expired)) {
            throw misfit(node.at("expired"), "expected true or false");
        }
        return Optional.of(new AuditDocument.WaiverNote(
                text(node, "owner"),
                text(node, "reason"),
                instant(node, "expires"),
                text(node, "ticket"),
                text(node, "subject"),
                constant(node, "underlying", Verdict.class),
                expired));
    }

    private List<Node> nodes(Node parent, String key) throws MalformedDocumentException {
        if (!(parent.map().get(key) instanceof List<?> list)) {
            throw misfit(parent.at(key), "expected a list");
        }
        List<Node> out = new ArrayList<>(list.size());
        for (int i = 0; i < list.size(); i++) {
            out.add(node(parent.at(key) + "[" + i + "]", list.get(i)));
        }
        return out;
    }

    private Node node(String path, Object value) throws MalformedDocumentException {
        if (!(value instanceof Map<?, ?> map)) {
            throw misfit(path, "expected an object");
        }
        return new Node(path, map);
    }

    private String text(Node node, String key) throws MalformedDocumentException {
        if (!(node.map().get(key) instanceof String text)) {
            throw misfit(node.at(key), "expected a text");
        }
        return text;
    }

    private Instant instant(Node node, String key) throws MalformedDocumentException {
        String text = text(node, key);
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw misfit(node.at(key), "not an instant: " + text);
        }
    }

    private <E extends Enum<E>> E constant(Node node, String key, Class<E> type) throws MalformedDocumentException {
        String text = text(node, key);
        for (E constant : type.getEnumConstants()) {
            if (FactSchema.constantText(constant).equals(text)) {
                return constant;
            }
        }
        throw misfit(node.at(key), "this version does not know '" + text + "'");
    }

    private MalformedDocumentException misfit(String path, String problem) {
        return new MalformedDocumentException(
                "RF-REP-002", name, path + ": " + problem, "Write the report again with this version.");
    }
}
