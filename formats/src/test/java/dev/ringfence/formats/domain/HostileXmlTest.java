package dev.ringfence.formats.domain;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileXmlTest {
    private static String codeOf(String document) {
        return code(DomainXml.decode(Samples.utf8(document)));
    }

    @Test
    void refusesBillionLaughs() {
        String entities = IntStream.range(1, 10)
                .mapToObj(i -> "<!ENTITY l" + i + " '" + ("&l" + (i - 1) + ";").repeat(10) + "'>")
                .collect(Collectors.joining());
        assertThat(codeOf("<!DOCTYPE d [<!ENTITY l0 'lol'>" + entities + "]><domain><name>&l9;</name></domain>"))
                .isEqualTo("RF-XML-003");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><domain><name>&x;</name></domain>",
                "<!DOCTYPE d SYSTEM 'http://127.0.0.1:1/x.dtd'><domain><name>d</name></domain>",
                "<!DOCTYPE d [<!ENTITY % p SYSTEM 'file:///etc/hostname'>%p;]><domain><name>d</name></domain>",
                "<?xml version='1.0'?><!-- c --><!DOCTYPE domain><domain><name>d</name></domain>"
            })
    void refusesEveryDocumentType(String document) {
        assertThat(codeOf(document)).isEqualTo("RF-XML-003");
    }

    @Test
    void refusesEntitiesThatNobodyDeclared() {
        assertThat(codeOf("<domain><name>&x;</name></domain>")).isIn("RF-XML-002", "RF-XML-004");
        assertThat(value(DomainXml.decode(Samples.utf8("<domain><name>&amp;&#65;</name></domain>")))
                        .name())
                .isEqualTo("&A");
    }

    @Test
    void refusesAnythingElseAsNotXml() {
        assertThat(codeOf("")).isEqualTo("RF-XML-002");
        assertThat(codeOf("<domain><name>d</domain>")).isEqualTo("RF-XML-002");
        assertThat(codeOf("<domain><name>d</name></domain><domain/>")).isEqualTo("RF-XML-002");
        assertThat(codeOf("<domain a='1' a='2'><name>d</name></domain>")).isEqualTo("RF-XML-002");
    }

    @Test
    void refusesSizeBeyondTheLimit() {
        byte[] large = Samples.utf8("<domain><name>d</name><!--" + " ".repeat(4 << 20) + "--></domain>");
        assertThat(code(DomainXml.decode(large))).isEqualTo("RF-XML-001");
    }

    @Test
    void refusesDepthBeyondTheLimit() {
        String inside = "<a>".repeat(63) + "</a>".repeat(63);
        assertThat(value(DomainXml.decode(Samples.domain(inside))).unknownElements())
                .containsExactly("a");
        assertThat(code(DomainXml.decode(Samples.domain("<a>" + inside + "</a>"))))
                .isEqualTo("RF-XML-005");
    }

    @Test
    void refusesElementsBeyondTheLimit() {
        assertThat(value(DomainXml.decode(Samples.devices("<disk/>".repeat(32_000))))
                        .devices()
                        .disks())
                .hasSize(32_000);
        assertThat(code(DomainXml.decode(Samples.devices("<disk/>".repeat(33_000)))))
                .isEqualTo("RF-XML-006");
    }

    @Test
    void refusesAttributesBeyondTheLimit() {
        String many = IntStream.range(0, 129).mapToObj(i -> "a" + i + "='1'").collect(Collectors.joining(" "));
        assertThat(code(DomainXml.decode(Samples.domain("<os " + many + "/>")))).isEqualTo("RF-XML-008");
        assertThat(code(DomainXml.decode(Samples.domain("<os a='" + "x".repeat(65_537) + "'/>"))))
                .isEqualTo("RF-XML-008");
        assertThat(value(DomainXml.decode(Samples.domain("<os firmware='" + "x".repeat(65_536) + "'/>")))
                        .os()
                        .firmware())
                .hasSize(65_536);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-7", "IBM037", "UTF-32LE", "x-unknown"})
    void refusesOtherEncodings(String encoding) {
        assertThat(codeOf("<?xml version='1.0' encoding='" + encoding + "'?><domain><name>d</name></domain>"))
                .isEqualTo("RF-XML-007");
    }

    @Test
    void refusesUtf16WithoutADeclaration() {
        byte[] wide = "<domain><name>d</name></domain>".getBytes(StandardCharsets.UTF_16LE);
        assertThat(code(DomainXml.decode(wide))).isEqualTo("RF-XML-007");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "uuid", "os", "devices", "metadata", "cpu", "memoryBacking", "features", "memory"})
    void refusesASecondElementThatAnotherReaderMightTake(String name) {
        String twice = "<" + name + "/><" + name + "/>";
        assertThat(codeOf("<domain><name>d</name>" + twice + "</domain>")).isEqualTo("RF-XML-010");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<devices><x:disk xmlns:x='urn:x'/></devices>",
                "<devices><disk xmlns:x='urn:x' x:type='file'/></devices>",
                "<os><x:kernel xmlns:x='urn:x'>/k</x:kernel></os>",
                "<devices xmlns='urn:x'/><devices><disk xmlns='urn:x'/></devices>"
            })
    void refusesOtherNamespacesInsideLibvirtsElements(String inside) {
        assertThat(code(DomainXml.decode(Samples.domain(inside)))).isEqualTo("RF-XML-011");
    }

    @Test
    void refusesADomainWithoutAName() {
        assertThat(codeOf("<domain/>")).isEqualTo("RF-XML-012");
        assertThat(codeOf("<domain><name/></domain>")).isEqualTo("RF-XML-012");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<r:instance owner='a'/><r:instance owner='b'/>",
                "<r:instance owner='a'><r:owner>b</r:owner></r:instance>",
                "<r:instance><r:owner>a</r:owner><r:owner>b</r:owner></r:instance>",
                "<n:instance/><n:instance/>",
                "<n:instance/><o:instance xmlns:o='http://openstack.org/xmlns/libvirt/nova/1.0'/>",
                "<n:instance><n:owner/><n:owner/></n:instance>",
                "<n:instance><n:owner><n:project uuid='a'/><n:project uuid='b'/></n:owner></n:instance>",
                "<n:instance><n:root uuid='a'/><n:root uuid='b'/></n:instance>"
            })
    void refusesMetadataWithTwoMeanings(String inside) {
        String metadata = "<metadata xmlns:r='urn:ringfence:1' xmlns:n='http://openstack.org/xmlns/libvirt/nova/1.1'>"
                + inside + "</metadata>";
        assertThat(code(DomainXml.decode(Samples.domain(metadata)))).isEqualTo("RF-XML-013");
    }

    @Test
    void metadataOfOthersIsKeptAsText() {
        Metadata metadata = value(
                        DomainXml.decode(
                                Samples.domain(
                                        "<metadata><b:x xmlns:b='urn:b' k='a&quot;&lt;'>t &amp; <b:y/><z xmlns='urn:c'/></b:x></metadata>")))
                .metadata();
        assertThat(metadata.elements())
                .containsExactly(new Metadata.Element(
                        "urn:b",
                        "x",
                        "<b:x xmlns:b=\"urn:b\" k=\"a&quot;&lt;\">t &amp; <b:y></b:y><z xmlns=\"urn:c\"></z></b:x>"));
        assertThat(metadata.ringfence().present()).isFalse();
    }

    @Test
    void truncationAtEveryPositionIsRefused() {
        byte[] whole = Samples.utf8("""
                <?xml version='1.0'?>
                <!-- c --><domstatus state='running' pid='7'><monitor path='/m&amp;' type='unix'/>
                <domain type='kvm' id='1'><name>d</name><metadata><r:instance xmlns:r='urn:ringfence:1' owner='é'/>
                </metadata><os><type arch='x86_64'>hvm</type></os><devices><disk type='file'><![CDATA[ ]]></disk></devices>
                </domain></domstatus>""");
        for (int length = 0; length < whole.length; length++) {
            Decoded<DomainStatus> decoded = DomainXml.decodeStatus(Arrays.copyOf(whole, length));
            assertThat(decoded).as("cut at %d", length).isInstanceOf(Decoded.Refused.class);
        }
        assertThat(value(DomainXml.decodeStatus(whole)).pid()).isEqualTo(7);
    }

    @Test
    void mutatedDocumentsNeverThrow() {
        List<byte[]> samples =
                List.of(Samples.bytes("status-live.xml"), Samples.bytes("every-word.xml"), Samples.domain("<os/>"));
        Fuzz.bytes(samples, 1_000, bytes -> {
            Decoded<Domain> domain = DomainXml.decode(bytes);
            Decoded<DomainStatus> status = DomainXml.decodeStatus(bytes);
            assertThat(domain).isNotNull();
            assertThat(status).isNotNull();
        });
    }
}
