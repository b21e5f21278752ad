package dev.ringfence.formats.domain;

import java.util.ArrayList;
import java.util.List;

/**
 * An element and its place in the text.
 *
 * @param element what it says
 * @param start offset of its {@code <}
 * @param nameEnd offset behind its name
 * @param openEnd offset behind the {@code >} of its start tag
 * @param attributes in order, namespace declarations included
 * @param closeStart offset of its end tag; {@code openEnd} for an empty element
 * @param end offset behind it
 */
record XmlNode(
        XmlElement element,
        int start,
        int nameEnd,
        int openEnd,
        List<Attribute> attributes,
        int closeStart,
        int end,
        List<XmlNode> children) {

    /** {@code name='value'} and its place; the value's span is inside the quotes. */
    record Attribute(String name, char quote, int from, int valueFrom, int valueTo) {
        int to() {
            return valueTo + 1;
        }
    }

    /** Whether it is written {@code <a/>}. */
    boolean selfClosing() {
        return closeStart == openEnd && end == openEnd;
    }

    /** The children that a step names. */
    List<XmlNode> children(DomainPath.Step step) {
        List<XmlNode> found = new ArrayList<>();
        for (XmlNode child : children) {
            if (step.matches(child.element())) {
                found.add(child);
            }
        }
        return found;
    }

    /**
     * Gives every element of a well-formed document its place. The text was accepted by {@link XmlReader}, so that only
     * comments, CDATA and processing instructions can hold a {@code <} that begins no tag.
     */
    static XmlNode scan(String text, XmlElement root) {
        return new Scan(text).root(root);
    }

    private static final class Scan {
        private final String text;
        private int at;

        Scan(String text) {
            this.text = text;
        }

        XmlNode root(XmlElement root) {
            nextTag();
            return node(root);
        }

        /** Moves to the next start or end tag. */
        private void nextTag() {
            while (true) {
                at = text.indexOf('<', at);
                if (text.startsWith("<!--", at)) {
                    at = text.indexOf("-->", at + 4) + 3;
                } else if (text.startsWith("<![CDATA[", at)) {
                    at = text.indexOf("]]>", at + 9) + 3;
                } else if (text.startsWith("<?", at)) {
                    at = text.indexOf("?>", at + 2) + 2;
                } else {
                    return;
                }
            }
        }

        /** Recursion is bounded by the depth that the reader accepts. */
        private XmlNode node(XmlElement element) {
            int start = at++;
            while (!isSpace(text.charAt(at)) && text.charAt(at) != '>' && text.charAt(at) != '/') {
                at++;
            }
            int nameEnd = at;
            List<Attribute> attributes = attributes();
            boolean empty = text.charAt(at) == '/';
            at += empty ? 2 : 1;
            int openEnd = at;
            if (empty) {
                return new XmlNode(element, start, nameEnd, openEnd, attributes, openEnd, openEnd, List.of());
            }
            List<XmlNode> children = new ArrayList<>(element.children().size());
            for (XmlElement child : element.children()) {
                nextTag();
                children.add(node(child));
            }
            nextTag();
            int closeStart = at;
            at = text.indexOf('>', at) + 1;
            return new XmlNode(element, start, nameEnd, openEnd, attributes, closeStart, at, children);
        }

        private List<Attribute> attributes() {
            List<Attribute> attributes = new ArrayList<>(2);
            while (true) {
                while (isSpace(text.charAt(at))) {
                    at++;
                }
                if (text.charAt(at) == '>' || text.charAt(at) == '/') {
                    return attributes;
                }
                int from = at;
                while (text.charAt(at) != '=' && !isSpace(text.charAt(at))) {
                    at++;
                }
                String name = text.substring(from, at);
                while (text.charAt(at) != '"' && text.charAt(at) != '\'') {
                    at++;
                }
                char quote = text.charAt(at);
                int valueFrom = at + 1;
                at = text.indexOf(quote, valueFrom);
                attributes.add(new Attribute(name, quote, from, valueFrom, at));
                at++;
            }
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c == '\t' || c == '\n' || c == '\r';
        }
    }
}
