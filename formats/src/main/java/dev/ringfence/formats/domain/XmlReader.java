package dev.ringfence.formats.domain;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Hostile bytes to a bounded tree of elements. */
final class XmlReader {
    static final int MAX_BYTES = 4 << 20;
    static final int MAX_DEPTH = 64;
    static final int MAX_ELEMENTS = 32_768;
    static final int MAX_ATTRIBUTES = 128;
    static final int MAX_ATTRIBUTE_CHARS = 65_536;
    static final int MAX_NAME_CHARS = 256;

    private static final Pattern ENCODING =
            Pattern.compile("^<\\?xml[^>]{0,200}?\\bencoding\\s{0,9}=\\s{0,9}[\"']([A-Za-z0-9._-]{1,40})[\"']");

    private final Deque<XmlElement> open = new ArrayDeque<>();
    private final Deque<StringBuilder> texts = new ArrayDeque<>();
    /** Copies one element of the metadata while it is read; null outside. */
    private @Nullable StringBuilder copy;

    private int copyDepth;
    private int elements;

    private XmlReader() {}

    static Decoded<XmlElement> read(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-XML-001", "the document is larger than 4 MiB");
        }
        String text = decode(bytes);
        if (text.isEmpty()) {
            return Decoded.refused("RF-XML-007", "the document is not UTF-8, US-ASCII or ISO-8859-1");
        }
        try {
            return new XmlReader().parse(text);
        } catch (XMLStreamException malformed) {
            return Decoded.refused(
                    "RF-XML-002", "not well-formed XML, or past a limit of the XML parser, at " + place(malformed));
        }
    }

    /** The text without a byte order mark, {@code ""} for an encoding that is not accepted. */
    private static String decode(byte[] bytes) {
        int from = bytes.length >= 3 && bytes[0] == (byte) 0xef && bytes[1] == (byte) 0xbb && bytes[2] == (byte) 0xbf
                ? 3
                : 0;
        String head = new String(bytes, from, Math.min(300, bytes.length - from), StandardCharsets.ISO_8859_1);
        Charset charset = StandardCharsets.UTF_8;
        Matcher declared = ENCODING.matcher(head);
        if (declared.find()) {
            switch (declared.group(1).toUpperCase(Locale.ROOT)) {
                case "UTF-8", "UTF8", "US-ASCII", "ASCII" -> {}
                case "ISO-8859-1" -> charset = StandardCharsets.ISO_8859_1;
                default -> {
                    return "";
                }
            }
        }
        String text = new String(bytes, from, bytes.length - from, charset);
        // A NUL is no XML character: it stands for UTF-16 or UTF-32 here.
        return text.indexOf('\0') >= 0 ? "" : text.isEmpty() ? " " : text;
    }

    private static String place(XMLStreamException malformed) {
        return malformed.getLocation() == null
                ? "an unknown place"
                : "line " + malformed.getLocation().getLineNumber();
    }

    /**
     * The JDK's own parser, never one from the class path. It is told not to read document types and to resolve
     * nothing; the events below refuse them as well, so that neither alone has to be trusted.
     */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setXMLResolver((publicId, systemId, baseUri, namespace) -> {
            throw new XMLStreamException("external entities are off");
        });
        return factory;
    }

    private Decoded<XmlElement> parse(String text) throws XMLStreamException {
        XMLStreamReader in = factory().createXMLStreamReader(new StringReader(text));
        try {
            XmlElement root = XmlElement.NONE;
            while (in.hasNext()) {
                switch (in.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        Refusal refusal = start(in);
                        if (refusal != null) {
                            return new Decoded.Refused<>(refusal);
                        }
                    }
                    case XMLStreamConstants.END_ELEMENT -> root = end(in);
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> text(in);
                    case XMLStreamConstants.DTD -> {
                        return Decoded.refused("RF-XML-003", "the document has a document type");
                    }
                    case XMLStreamConstants.ENTITY_REFERENCE -> {
                        return Decoded.refused("RF-XML-004", "the document has an entity that is not predefined");
                    }
                    default -> {}
                }
            }
            return new Decoded.Value<>(root);
        } finally {
            in.close();
        }
    }

    private @Nullable Refusal start(XMLStreamReader in) {
        if (open.size() == MAX_DEPTH) {
            return new Refusal("RF-XML-005", "elements are nested deeper than " + MAX_DEPTH);
        }
        if (++elements > MAX_ELEMENTS) {
            return new Refusal("RF-XML-006", "more than " + MAX_ELEMENTS + " elements");
        }
        int attributes = in.getAttributeCount();
        if (attributes > MAX_ATTRIBUTES || in.getLocalName().length() > MAX_NAME_CHARS) {
            return new Refusal("RF-XML-008", "an element with too many attributes or too long a name");
        }
        XmlElement element = new XmlElement(orEmpty(in.getNamespaceURI()), in.getLocalName());
        for (int i = 0; i < attributes; i++) {
            String value = in.getAttributeValue(i);
            if (value.length() > MAX_ATTRIBUTE_CHARS
                    || in.getAttributeLocalName(i).length() > MAX_NAME_CHARS) {
                return new Refusal("RF-XML-008", "an attribute that is too long");
            }
            element.put(orEmpty(in.getAttributeNamespace(i)), in.getAttributeLocalName(i), value);
        }
        if (copy == null && inMetadata()) {
            copy = new StringBuilder();
            copyDepth = open.size();
        }
        copyStart(in, element);
        open.push(element);
        texts.push(new StringBuilder());
        return null;
    }

    /** True directly below {@code domain/metadata}, wherever the domain itself sits. */
    private boolean inMetadata() {
        if (open.size() < 2) {
            return false;
        }
        var upwards = open.iterator();
        return upwards.next().is("metadata") && upwards.next().is("domain");
    }

    private XmlElement end(XMLStreamReader in) {
        XmlElement element = open.pop();
        element.text(texts.pop().toString());
        if (copy != null) {
            copy.append("</")
                    .append(qualified(in.getPrefix(), in.getLocalName()))
                    .append('>');
            if (open.size() == copyDepth) {
                element.source(copy.toString());
                copy = null;
            }
        }
        if (!open.isEmpty()) {
            open.element().add(element);
        }
        return element;
    }

    private void text(XMLStreamReader in) {
        if (open.isEmpty()) {
            return;
        }
        texts.element().append(in.getTextCharacters(), in.getTextStart(), in.getTextLength());
        if (copy != null) {
            escape(copy, in.getText(), false);
        }
    }

    private void copyStart(XMLStreamReader in, XmlElement element) {
        if (copy == null) {
            return;
        }
        copy.append('<').append(qualified(in.getPrefix(), in.getLocalName()));
        boolean declared = false;
        for (int i = 0; i < in.getNamespaceCount(); i++) {
            declare(orEmpty(in.getNamespacePrefix(i)), orEmpty(in.getNamespaceURI(i)));
            declared |= orEmpty(in.getNamespacePrefix(i)).equals(orEmpty(in.getPrefix()));
        }
        if (!declared && open.size() == copyDepth && !element.space().isEmpty()) {
            declare(orEmpty(in.getPrefix()), element.space());
        }
        for (int i = 0; i < in.getAttributeCount(); i++) {
            copy.append(' ')
                    .append(qualified(in.getAttributePrefix(i), in.getAttributeLocalName(i)))
                    .append("=\"");
            escape(copy, in.getAttributeValue(i), true);
            copy.append('"');
        }
        copy.append('>');
    }

    private void declare(String prefix, String space) {
        if (copy != null) {
            copy.append(prefix.isEmpty() ? " xmlns" : " xmlns:" + prefix).append("=\"");
            escape(copy, space, true);
            copy.append('"');
        }
    }

    private static String qualified(@Nullable String prefix, String name) {
        return prefix == null || prefix.isEmpty() ? name : prefix + ":" + name;
    }

    private static void escape(StringBuilder out, String text, boolean quoted) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '"' -> out.append(quoted ? "&quot;" : "\"");
                default -> out.append(c);
            }
        }
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
