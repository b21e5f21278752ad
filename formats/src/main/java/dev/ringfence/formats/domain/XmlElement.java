package dev.ringfence.formats.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One element of the document, with the lookups that the mappers need. What is absent reads as empty, so that mappers
 * need no tests. Elements and attributes with a namespace are found by no lookup by plain name.
 */
final class XmlElement {
    /** Reads as an element without attributes, children and text. */
    static final XmlElement NONE = new XmlElement("", "");

    private final String space;
    private final String name;
    private Map<String, String> attributes = Map.of();
    private List<XmlElement> children = List.of();
    private String text = "";
    private String source = "";

    XmlElement(String space, String name) {
        this.space = space;
        this.name = name;
    }

    void add(XmlElement child) {
        if (children.isEmpty()) {
            children = new ArrayList<>(2);
        }
        children.add(child);
    }

    void put(String attributeSpace, String attribute, String value) {
        if (attributes.isEmpty()) {
            attributes = new HashMap<>();
        }
        attributes.put(attributeSpace.isEmpty() ? attribute : "{" + attributeSpace + "}" + attribute, value);
    }

    void text(String value) {
        text = value;
    }

    void source(String value) {
        source = value;
    }

    String space() {
        return space;
    }

    String name() {
        return name;
    }

    /** The element as text; kept for children of the domain's metadata alone. */
    String source() {
        return source;
    }

    /** All character data directly inside, comments left out. */
    String text() {
        return text;
    }

    /** Attributes by name; one with a namespace is {@code {namespace}name}. */
    Map<String, String> attributes() {
        return attributes;
    }

    List<XmlElement> children() {
        return children;
    }

    boolean is(String plainName) {
        return space.isEmpty() && name.equals(plainName);
    }

    /** An attribute, {@code ""} when absent. */
    String attr(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }

    boolean has(String child) {
        return child(child) != NONE;
    }

    /** The first child of that name, which is the one that libvirt reads. */
    XmlElement child(String childName) {
        for (XmlElement child : children) {
            if (child.is(childName)) {
                return child;
            }
        }
        return NONE;
    }

    List<XmlElement> all(String childName) {
        return map(childName, child -> child);
    }

    /** Every child of that name, mapped. Most are absent in most documents, which must cost nothing. */
    <T> List<T> map(String childName, Function<XmlElement, T> mapper) {
        List<T> mapped = List.of();
        for (XmlElement child : children) {
            if (child.is(childName)) {
                mapped = mapped.isEmpty() ? new ArrayList<>() : mapped;
                mapped.add(mapper.apply(child));
            }
        }
        return mapped;
    }

    /** Text of a child, {@code ""} when absent. */
    String textOf(String childName) {
        return child(childName).text;
    }

    /** An attribute of a child, {@code ""} when absent. */
    String attrOf(String childName, String attribute) {
        return child(childName).attr(attribute);
    }

    /** An attribute as a number, -1 when absent or not one. */
    long number(String attribute) {
        return Numbers.parse(attr(attribute));
    }

    /** An attribute of a child as a number, -1 when absent or not one. */
    long numberOf(String childName, String attribute) {
        return child(childName).number(attribute);
    }

    /** Text of a child as a number, -1 when absent or not one. */
    long textNumberOf(String childName) {
        return Numbers.parse(textOf(childName));
    }

    /** Text of a child and its unit as bytes, -1 when absent or not a size. */
    long sizeBytesOf(String childName, String defaultUnit) {
        return child(childName).sizeBytes(defaultUnit);
    }

    /** The text and the attribute {@code unit} as bytes, -1 when absent or not a size. */
    long sizeBytes(String defaultUnit) {
        String unit = attr("unit");
        return Numbers.sizeBytes(text, unit.isEmpty() ? defaultUnit : unit);
    }
}
