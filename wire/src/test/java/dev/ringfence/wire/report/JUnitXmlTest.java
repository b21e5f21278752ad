package dev.ringfence.wire.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.AuditReport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

class JUnitXmlTest {
    private static Element parse(AuditReport report) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(new Strict());
            return builder.parse(new ByteArrayInputStream(Written.bytes(JUnitXml::write, report)))
                    .getDocumentElement();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SAXException | ParserConfigurationException e) {
            throw new AssertionError("not XML: " + e.getMessage(), e);
        }
    }

    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }

    private static List<Element> elements(Element root, String name) {
        NodeList found = root.getElementsByTagName(name);
        List<Element> out = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            out.add((Element) found.item(i));
        }
        return out;
    }

    @Test
    void hasOneCaseForEachControlWithItsOutcome() {
        Element root = parse(SampleReports.typical());
        assertThat(elements(root, "testcase"))
                .extracting(e -> {
                    NodeList outcome = e.getElementsByTagName("*");
                    return e.getAttribute("name").substring(0, 7) + " "
                            + (outcome.getLength() == 0
                                    ? "passed"
                                    : outcome.item(0).getNodeName());
                })
                .containsExactly(
                        "MEM-001 failure",
                        "LVT-002 failure",
                        "GST-003 failure",
                        "NET-004 skipped",
                        "FRM-001 skipped",
                        "OST-001 skipped",
                        "KRN-001 passed");
    }

    @Test
    void saysWhyACaseIsSkipped() {
        assertThat(elements(parse(SampleReports.typical()), "skipped"))
                .extracting(e -> e.getAttribute("message").split(":", -1)[0])
                .containsExactly("waived", "not covered", "not applicable");
    }

    @Test
    void countsAsBuildServersDo() {
        Element suite = elements(parse(SampleReports.typical()), "testsuite").getFirst();
        assertThat(List.of(
                        suite.getAttribute("tests"),
                        suite.getAttribute("failures"),
                        suite.getAttribute("errors"),
                        suite.getAttribute("skipped")))
                .containsExactly("7", "3", "0", "3");
        assertThat(suite.getAttribute("timestamp")).isEqualTo("2026-11-20T09:41:27");
    }

    @Test
    void tellsSubjectsAndFixOfAFailure() {
        assertThat(elements(parse(SampleReports.typical()), "failure").get(2).getTextContent())
                .contains("web-7: fail: no label")
                .contains("libvirt-conf /etc/libvirt/qemu.conf:user = \"qemu\"");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void staysXmlWhateverTheTextsHold(long seed) {
        assertThat(elements(parse(SampleReports.hostile(seed)), "testcase")).hasSize(12);
    }

    @Test
    void keepsMarkupAsText() {
        StringBuilder seen = new StringBuilder();
        for (long seed = 1; seed < 20; seed++) {
            elements(parse(SampleReports.hostile(seed)), "failure")
                    .forEach(e -> seen.append(e.getAttribute("message")).append(e.getTextContent()));
        }
        assertThat(seen.toString())
                .contains("<script>alert(1)</script>")
                .contains("]]>")
                .contains("\"'&<>`=/")
                .contains("\ud83d\ude00");
    }

    @Test
    void givesTheSameBytesAgain() {
        assertThat(Written.bytes(JUnitXml::write, SampleReports.typical()))
                .isEqualTo(Written.bytes(JUnitXml::write, SampleReports.typical()));
    }
}
