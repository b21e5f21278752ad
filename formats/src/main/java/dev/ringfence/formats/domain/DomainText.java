package dev.ringfence.formats.domain;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.XmlNode.Attribute;
import dev.ringfence.formats.text.LineEdits;
import dev.ringfence.formats.text.LineEdits.Span;
import dev.ringfence.formats.text.SourceText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A domain's XML as text, for edits that leave every other byte as it was. Immutable and thread-safe. Whether libvirt takes
 * the result, libvirt must say.
 *
 * <p>A document that {@link DomainXml} would refuse as XML is refused with the same code. Beyond that:
 *
 * <ul>
 *   <li>RF-XED-001 the bytes are not of the document's character set, so that they could not be written back
 *   <li>RF-XED-002 a path beyond the part of XPath that is taken, see {@link #set}
 *   <li>RF-XED-003 a value that XML cannot hold
 *   <li>RF-XED-004 the document has no such place, and none may be made
 *   <li>RF-XED-005 the place holds more than could be replaced, or is the whole document
 * </ul>
 */
public final class DomainText {
    private static final Pattern LATIN =
            Pattern.compile("^<\\?xml[^>]{0,200}?\\bencoding\\s{0,9}=\\s{0,9}[\"'](?i:iso-8859-1)[\"']");
    /** A missing device is never made up; what belongs to one may be. */
    private static final String DEVICES = "devices";

    private final SourceText source;
    private final XmlNode root;

    private DomainText(SourceText source, XmlNode root) {
        this.source = source;
        this.root = root;
    }

    /** Parses a document. */
    public static Decoded<DomainText> parse(byte[] bytes) {
        return switch (XmlReader.read(bytes)) {
            case Decoded.Refused<XmlElement> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<XmlElement>(XmlElement element) -> {
                SourceText source = decode(bytes);
                boolean latin = LATIN.matcher(source.text()).find();
                yield latin == (source.charset().equals(StandardCharsets.ISO_8859_1))
                        ? new Decoded.Value<>(new DomainText(source, XmlNode.scan(source.text(), element)))
                        : Decoded.refused("RF-XED-001", "the bytes are not of the document's character set");
            }
        };
    }

    private static SourceText decode(byte[] bytes) {
        SourceText latin = new SourceText(new String(bytes, StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
        return LATIN.matcher(latin.text()).find() ? latin : SourceText.decode(bytes);
    }

    /** The text, the same as what was parsed. */
    public String text() {
        return source.text();
    }

    /** The bytes, the same as what was parsed. */
    public byte[] bytes() {
        return source.bytes();
    }

    /**
     * What the document says at a path: attribute values, or the text of elements without surrounding white space.
     *
     * @return refused with RF-XED-002
     */
    public Decoded<List<String>> read(String path) {
        return switch (DomainPath.parse(path)) {
            case Decoded.Refused<DomainPath> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<DomainPath>(DomainPath parsed) -> new Decoded.Value<>(values(parsed));
        };
    }

    private List<String> values(DomainPath path) {
        List<String> values = new ArrayList<>();
        for (XmlNode node : nodes(path.steps())) {
            if (path.attribute().isEmpty()) {
                values.add(node.element().text().strip());
            } else if (node.element().attributes().get(path.attribute()) instanceof String value) {
                values.add(value);
            }
        }
        return List.copyOf(values);
    }

    private List<XmlNode> nodes(List<DomainPath.Step> steps) {
        List<XmlNode> found = steps.getFirst().matches(root.element()) ? List.of(root) : List.of();
        for (DomainPath.Step step : steps.subList(1, steps.size())) {
            List<XmlNode> below = new ArrayList<>();
            found.forEach(node -> below.addAll(node.children(step)));
            found = below;
        }
        return found;
    }

    /**
     * The document with this value at every place that the path names. The path is absolute, of child steps with at most
     * one condition each, such as {@code /domain/devices/disk[@device='lun']/@device}. Where an element is missing below one
     * that is there, it is made, but for devices themselves and for elements under a condition other than {@code @name}.
     *
     * @param value of the attribute, or the text of the element; an element's name in angle brackets, {@code <a/>}, asks
     *     that the element is there
     */
    public Decoded<DomainText> set(String path, String value) {
        if (value.chars().anyMatch(c -> c < ' ' || c >= 0xfffe) || !source.canHold(value)) {
            return Decoded.refused("RF-XED-003", "XML cannot hold the value");
        }
        return switch (DomainPath.parse(path)) {
            case Decoded.Refused<DomainPath> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<DomainPath>(DomainPath parsed) -> set(parsed, value);
        };
    }

    /** A piece of text in place of another. */
    private record Change(Span span, String by) {}

    private Decoded<DomainText> set(DomainPath path, String value) {
        List<Change> changes = new ArrayList<>();
        String last = path.steps().getLast().name();
        boolean presence = path.attribute().isEmpty() && value.equals("<" + last + "/>");
        for (XmlNode node : nodes(path.steps())) {
            if (!path.attribute().isEmpty()) {
                changes.add(attribute(node, path.attribute(), value));
            } else if (presence) {
                changes.add(new Change(new Span(node.start(), node.start()), ""));
            } else if (node.children().isEmpty()
                    && source.text()
                                    .substring(node.openEnd(), node.closeStart())
                                    .indexOf('<')
                            < 0) {
                changes.add(text(node, value));
            } else {
                return Decoded.refused("RF-XED-005", "the element holds more than text");
            }
        }
        String content = presence ? "" : value;
        String made = made(path, content);
        for (int depth = path.steps().size() - 1; depth > 0 && makeable(path.steps(), depth); depth--) {
            DomainPath.Step missing = path.steps().get(depth);
            for (XmlNode parent : nodes(path.steps().subList(0, depth))) {
                if (parent.children(missing).isEmpty()) {
                    if (!parent.element().text().isBlank()) {
                        return Decoded.refused("RF-XED-005", "the element to add to holds text");
                    }
                    changes.add(insertion(parent, path, depth, made));
                }
            }
        }
        return changes.isEmpty()
                ? Decoded.refused("RF-XED-004", "the document has no such place, and none may be made")
                : edited(changes);
    }

    private static boolean makeable(List<DomainPath.Step> steps, int depth) {
        DomainPath.Step step = steps.get(depth);
        boolean device = depth == 2 && steps.get(1).name().equals(DEVICES);
        boolean plain = step.condition() == null || step.condition().identifies();
        return !device && plain && step.space().isEmpty() && !step.name().equals(DEVICES);
    }

    /** The last element of the path as it is to be made. */
    private static String made(DomainPath path, String content) {
        DomainPath.Step step = path.steps().getLast();
        StringBuilder out = new StringBuilder(start(step));
        if (!path.attribute().isEmpty()) {
            boolean named =
                    step.condition() != null && step.condition().attribute().equals(path.attribute());
            out.setLength(named ? step.name().length() + 1 : out.length());
            out.append(' ')
                    .append(path.attribute())
                    .append("='")
                    .append(escaped(content, '\''))
                    .append('\'');
        } else if (!content.isEmpty()) {
            return out.append('>')
                    .append(escaped(content, ' '))
                    .append("</")
                    .append(step.name())
                    .append('>')
                    .toString();
        }
        return out.append("/>").toString();
    }

    private static String start(DomainPath.Step step) {
        DomainPath.Condition condition = step.condition();
        return "<" + step.name()
                + (condition == null
                        ? ""
                        : " " + condition.attribute() + "='" + escaped(condition.value(), '\'') + "'");
    }

    private static Change attribute(XmlNode node, String name, String value) {
        for (Attribute attribute : node.attributes()) {
            if (attribute.name().equals(name)) {
                return new Change(
                        new Span(attribute.valueFrom(), attribute.valueTo()), escaped(value, attribute.quote()));
            }
        }
        int at = node.attributes().isEmpty()
                ? node.nameEnd()
                : node.attributes().getLast().to();
        char quote =
                node.attributes().isEmpty() ? '\'' : node.attributes().getLast().quote();
        return new Change(new Span(at, at), " " + name + "=" + quote + escaped(value, quote) + quote);
    }

    private Change text(XmlNode node, String value) {
        if (!node.selfClosing()) {
            return new Change(new Span(node.openEnd(), node.closeStart()), escaped(value, ' '));
        }
        return opened(node, escaped(value, ' '));
    }

    /** {@code <a/>} to {@code <a>content</a>}. */
    private Change opened(XmlNode node, String content) {
        String name = source.text().substring(node.start() + 1, node.nameEnd());
        return new Change(new Span(node.openEnd() - 2, node.openEnd()), ">" + content + "</" + name + ">");
    }

    /** The missing elements from this depth on, as the last child, indented as its neighbours are. */
    private Change insertion(XmlNode parent, DomainPath path, int depth, String made) {
        String text = source.text();
        String outer = indent(parent.start());
        String inner = parent.children().isEmpty()
                ? outer.isEmpty() ? "" : outer + "  "
                : indent(parent.children().getFirst().start());
        StringBuilder content = new StringBuilder();
        List<DomainPath.Step> steps = path.steps();
        String step = inner;
        for (int i = depth; i < steps.size() - 1; i++) {
            content.append(step).append(start(steps.get(i))).append('>');
            step += step.isEmpty() ? "" : "  ";
        }
        content.append(step).append(made);
        for (int i = steps.size() - 2; i >= depth; i--) {
            step = step.isEmpty() ? "" : step.substring(0, step.length() - 2);
            content.append(step).append("</").append(steps.get(i).name()).append('>');
        }
        if (parent.selfClosing()) {
            return opened(parent, content + outer);
        }
        if (!parent.children().isEmpty()) {
            int at = parent.children().getLast().end();
            return new Change(new Span(at, at), content.toString());
        }
        boolean bare = text.substring(parent.openEnd(), parent.closeStart()).isEmpty();
        return new Change(new Span(parent.openEnd(), parent.openEnd()), bare ? content + outer : content.toString());
    }

    /** The line end and white space before this place, {@code ""} where something else stands in the line. */
    private String indent(int at) {
        String text = source.text();
        int from = at;
        while (from > 0 && (text.charAt(from - 1) == ' ' || text.charAt(from - 1) == '\t')) {
            from--;
        }
        if (from == 0 || text.charAt(from - 1) != '\n') {
            return from == 0 ? source.separator() : "";
        }
        return source.separator() + text.substring(from, at);
    }

    /** The document without what the path names; the same where there is none. */
    public Decoded<DomainText> remove(String path) {
        return switch (DomainPath.parse(path)) {
            case Decoded.Refused<DomainPath> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<DomainPath>(DomainPath parsed) -> remove(parsed);
        };
    }

    private Decoded<DomainText> remove(DomainPath path) {
        List<Change> changes = new ArrayList<>();
        for (XmlNode node : nodes(path.steps())) {
            if (!path.attribute().isEmpty()) {
                for (Attribute attribute : node.attributes()) {
                    if (attribute.name().equals(path.attribute())) {
                        changes.add(new Change(new Span(spaceBefore(attribute.from()), attribute.to()), ""));
                    }
                }
            } else if (node == root) {
                return Decoded.refused("RF-XED-005", "the root element cannot be removed");
            } else {
                changes.add(new Change(new Span(lineBefore(node.start()), node.end()), ""));
            }
        }
        return changes.isEmpty() ? new Decoded.Value<>(this) : edited(changes);
    }

    private int spaceBefore(int at) {
        int from = at;
        while (from > 0 && Character.isWhitespace(source.text().charAt(from - 1))) {
            from--;
        }
        return from;
    }

    /** The line end before an element that begins its line, else the element itself. */
    private int lineBefore(int at) {
        String text = source.text();
        int from = at;
        while (from > 0 && (text.charAt(from - 1) == ' ' || text.charAt(from - 1) == '\t')) {
            from--;
        }
        if (from == 0 || text.charAt(from - 1) != '\n') {
            return at;
        }
        from--;
        return from > 0 && text.charAt(from - 1) == '\r' ? from - 1 : from;
    }

    private static String escaped(String value, char quote) {
        StringBuilder out = new StringBuilder(value.length());
        for (char c : value.toCharArray()) {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append(quote == '"' ? "&quot;" : "\"");
                case '\'' -> out.append(quote == '\'' ? "&apos;" : "'");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    private Decoded<DomainText> edited(List<Change> changes) {
        String text = source.text();
        List<Change> fromBehind = new ArrayList<>(changes);
        fromBehind.sort(Comparator.comparingInt((Change c) -> c.span().from()).reversed());
        for (Change change : fromBehind) {
            text = LineEdits.replace(text, change.span(), change.by());
        }
        return parse(source.with(text).bytes());
    }
}
