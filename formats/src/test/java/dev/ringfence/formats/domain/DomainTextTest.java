package dev.ringfence.formats.domain;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTextTest {
    private static final String SAMPLE = """
            <?xml version='1.0'?>
            <!-- <domain> managed by hand -->
            <domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
              <name>web &amp; co</name>
              <memory unit='KiB'>1048576</memory>
              <os>
                <type arch="x86_64" machine="pc-i440fx-7.2">hvm</type>
                <boot dev='hd'/>
              </os>
              <features>
                <acpi/>
              </features>
              <cpu mode='host-model'/>
              <on_crash>preserve</on_crash>
              <devices>
                <disk type='file' device='disk'>
                  <driver name='qemu' type='qcow2'/>
                  <source file='/x/vhostmd.img'/>
                  <target dev='vda' bus='ide'/>
                  <shareable/>
                </disk>
                <disk type='file' device="floppy"><target dev='fda' bus='fdc'/></disk>
                <interface type='bridge'>
                  <model type='e1000'/>
                </interface>
                <interface type='bridge'/>
                <channel type='unix'>
                  <target type='virtio' name='org.qemu.guest_agent.0'/>
                </channel>
                <rng model='virtio'>
                  <backend model='random'>/dev/random</backend>
                </rng>
                <!-- <sound model='ich6'/> -->
                <sound model='ich9'/>
              </devices>
              <qemu:commandline>
                <qemu:arg value='-s'/>
              </qemu:commandline>
            </domain>
            """;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static DomainText parsed(String text) {
        return value(DomainText.parse(bytes(text)));
    }

    @Test
    void readsAttributesAndText() {
        DomainText domain = parsed(SAMPLE);
        assertThat(value(domain.read("/domain/name"))).containsExactly("web & co");
        assertThat(value(domain.read("/domain/os/type/@machine"))).containsExactly("pc-i440fx-7.2");
        assertThat(value(domain.read("/domain/devices/disk[@device='floppy']/target/@dev")))
                .containsExactly("fda");
        assertThat(value(domain.read("/domain/devices/disk[contains(source/@file,'vhostmd')]/target/@bus")))
                .containsExactly("ide");
        assertThat(value(domain.read("/domain/qemu:commandline"))).hasSize(1);
        assertThat(value(domain.read("/domain/commandline"))).isEmpty();
        assertThat(value(domain.read("/domstatus/domain"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SAMPLE,
                "<domain/>",
                "<domain\n a = '>' b=\"'\" ><![CDATA[<x>]]><?p <y>?></domain >\r\n",
                "\ufeff<domain></domain>"
            })
    void printsWhatItParsed(String text) {
        assertThat(parsed(text).bytes()).isEqualTo(bytes(text));
    }

    @Test
    void printsTheSamplesOfThisPackage() throws IOException {
        for (String name : List.of("every-word.xml", "status-live.xml")) {
            try (InputStream in = DomainTextTest.class.getResourceAsStream(name)) {
                byte[] sample = in.readAllBytes();
                assertThat(value(DomainText.parse(sample)).bytes()).isEqualTo(sample);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/domain/os/type/@machine|q35|machine=\"pc-i440fx-7.2\"|machine=\"q35\"",
                "/domain/devices/interface/model/@type|virtio|<model type='e1000'/>|<model type='virtio'/>",
                "/domain/devices/disk[@device='disk']/target/@bus|virtio|bus='ide'|bus='virtio'",
                "/domain/devices/disk[@device='disk']/driver/@error_policy|stop|type='qcow2'/>|type='qcow2' error_policy='stop'/>",
                "/domain/memory/@dumpCore|off|<memory unit='KiB'>|<memory unit='KiB' dumpCore='off'>",
                "/domain/on_crash|destroy|>preserve<|>destroy<",
                "/domain/cpu/@mode|custom|mode='host-model'|mode='custom'",
                "/domain/devices/rng/backend|/dev/urandom|/dev/random|/dev/urandom",
                "/domain/name|a<b>'c'|web &amp; co|a&lt;b&gt;'c'",
                "/domain/os/type/@machine|a\"'&|pc-i440fx-7.2|a&quot;'&amp;"
            })
    void setsWhatIsThereInPlace(String path, String value, String before, String after) {
        String expected = SAMPLE.replace(before, after);
        if (path.contains("interface")) {
            expected = expected.replace(
                    "<interface type='bridge'/>",
                    "<interface type='bridge'>\n      <model type='virtio'/>\n    </interface>");
        }
        DomainText set = value(parsed(SAMPLE).set(path, value));
        assertThat(set.text()).isEqualTo(expected);
        assertThat(value(set.read(path))).isNotEmpty().allMatch(v -> v.equals(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/domain/features/smm/@state|on|~    <acpi/>\n|    <acpi/>\n    <smm state='on'/>\n~",
                "/domain/cpu/feature[@name='vmx']/@policy|disable|~  <cpu mode='host-model'/>|  <cpu mode='host-model'>\n    <feature name='vmx' policy='disable'/>\n  </cpu>~",
                "/domain/memoryBacking/nosharepages|<nosharepages/>|~</qemu:commandline>\n|</qemu:commandline>\n  <memoryBacking>\n    <nosharepages/>\n  </memoryBacking>\n~",
                "/domain/os/firmware/feature[@name='secure-boot']/@enabled|yes|~<boot dev='hd'/>\n|<boot dev='hd'/>\n    <firmware>\n      <feature name='secure-boot' enabled='yes'/>\n    </firmware>\n~",
                "/domain/devices/rng/rate/@bytes|1024|~</backend>\n|</backend>\n      <rate bytes='1024'/>\n~"
            })
    void makesWhatIsMissing(String path, String value, String changes) {
        String[] parts = changes.split("\\|");
        DomainText set = value(parsed(SAMPLE).set(path, value));
        assertThat(set.text()).isEqualTo(SAMPLE.replace(parts[0], parts[1]));
        assertThat(value(value(set.set(path, value)).read(path))).hasSize(1);
        assertThat(value(set.set(path, value)).text()).isEqualTo(set.text());
    }

    @Test
    void whatWasMadeComesOffAgain() {
        DomainText made = value(parsed(SAMPLE).set("/domain/features/smm/@state", "on"));
        assertThat(value(made.remove("/domain/features/smm")).text()).isEqualTo(SAMPLE);
        DomainText attribute = value(parsed(SAMPLE).set("/domain/memory/@dumpCore", "off"));
        assertThat(value(attribute.remove("/domain/memory/@dumpCore")).text()).isEqualTo(SAMPLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/domain/devices/tpm/backend/@type",
                "/domain/devices/audio/@type",
                "/domain/devices/graphics/listen[@type='address']/@address",
                "/domain/devices/controller[@type='usb']/@model",
                "/domain/launchSecurity[@type='sev']/policy",
                "/other/name"
            })
    void makesNoDevicesAndNothingUnderACondition(String path) {
        assertThat(code(parsed(SAMPLE).set(path, "x"))).isEqualTo("RF-XED-004");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "/domain/devices/disk[@device='floppy']|~    <disk type='file' device=\"floppy\"><target dev='fda' bus='fdc'/></disk>\n~",
                "/domain/devices/disk/shareable|~      <shareable/>\n~",
                "/domain/devices/sound|~    <sound model='ich9'/>\n~",
                "/domain/devices/channel[target/@name='org.qemu.guest_agent.0']|~    <channel type='unix'>\n      <target type='virtio' name='org.qemu.guest_agent.0'/>\n    </channel>\n~",
                "/domain/qemu:commandline|~  <qemu:commandline>\n    <qemu:arg value='-s'/>\n  </qemu:commandline>\n~",
                "/domain/devices/disk/target/@bus|~ bus='ide'~",
                "/domain/devices/hostdev[@type='usb']|~@@~"
            })
    void removesWhatIsNamedAndNothingElse(String path, String gone) {
        String expected = SAMPLE.replace(gone, "");
        if (path.endsWith("@bus")) {
            expected = expected.replace(" bus='fdc'", "");
        }
        DomainText removed = value(parsed(SAMPLE).remove(path));
        assertThat(removed.text()).isEqualTo(expected);
        assertThat(value(removed.read(path))).isEmpty();
    }

    @Test
    void changesTheAttributeThatTheConditionAsksFor() {
        assertThat(value(parsed(SAMPLE).set("/domain/devices/disk[@device='floppy']/@device", "disk"))
                        .text())
                .isEqualTo(SAMPLE.replace("device=\"floppy\"", "device=\"disk\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "domain",
                "/",
                "//disk",
                "/domain/*",
                "/domain/devices/disk[1]",
                "/domain/devices/disk[@a='b'][@c='d']",
                "/domain/devices/disk[@a=\"b'",
                "/domain/devices/disk[contains(@a='b')]",
                "/domain/devices/disk[@a,'b']",
                "/domain/devices/disk[contains(@a,'b']",
                "/domain/@a/b",
                "/@a",
                "/domain/foo:bar",
                "/domain/name/text()",
                "/domain/a|/domain/b",
                "/domain/name ",
                "/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"
            })
    void refusesPathsBeyondTheSubset(String path) {
        assertThat(code(parsed(SAMPLE).set(path, "x"))).isEqualTo("RF-XED-002");
        assertThat(code(parsed(SAMPLE).remove(path))).isEqualTo("RF-XED-002");
        assertThat(code(parsed(SAMPLE).read(path))).isEqualTo("RF-XED-002");
    }

    @Test
    void refusesWhatCannotBeWritten() {
        assertThat(code(parsed(SAMPLE).set("/domain/name", "a\nb"))).isEqualTo("RF-XED-003");
        assertThat(code(parsed(SAMPLE).set("/domain/name", "\ud800"))).isEqualTo("RF-XED-003");
        assertThat(code(parsed(SAMPLE).set("/domain/os", "x"))).isEqualTo("RF-XED-005");
        assertThat(code(parsed("<domain><name>a<!-- c --></name></domain>").set("/domain/name", "x")))
                .isEqualTo("RF-XED-005");
        assertThat(code(parsed("<domain>text</domain>").set("/domain/name", "x")))
                .isEqualTo("RF-XED-005");
        assertThat(code(parsed(SAMPLE).remove("/domain"))).isEqualTo("RF-XED-005");
    }

    @Test
    void refusesBytesThatCouldNotBeWrittenBack() {
        byte[] latin = "<?xml version='1.0' encoding='ISO-8859-1'?><domain><name>caf\u00e9</name></domain>"
                .getBytes(StandardCharsets.ISO_8859_1);
        DomainText domain = value(DomainText.parse(latin));
        assertThat(domain.bytes()).isEqualTo(latin);
        assertThat(value(domain.read("/domain/name"))).containsExactly("caf\u00e9");
        assertThat(code(domain.set("/domain/name", "\u20ac"))).isEqualTo("RF-XED-003");
        assertThat(code(DomainText.parse(
                        "<domain><name>caf\u00e9</name></domain>".getBytes(StandardCharsets.ISO_8859_1))))
                .isEqualTo("RF-XED-001");
        assertThat(code(DomainText.parse(bytes("<!DOCTYPE d><domain/>")))).isEqualTo("RF-XML-003");
    }

    @Test
    void worksInOneLineToo() {
        String text = "<domain><os><type>hvm</type></os><cpu/></domain>";
        assertThat(value(parsed(text).set("/domain/os/type/@machine", "q35")).text())
                .isEqualTo("<domain><os><type machine='q35'>hvm</type></os><cpu/></domain>");
        assertThat(value(parsed(text).set("/domain/cpu/feature[@name='vmx']/@policy", "disable"))
                        .text())
                .isEqualTo(
                        "<domain><os><type>hvm</type></os><cpu><feature name='vmx' policy='disable'/></cpu></domain>");
        assertThat(value(parsed(text).remove("/domain/os")).text()).isEqualTo("<domain><cpu/></domain>");
    }

    @Test
    void anyDocumentPrintsAsItWasAndEditsHold() {
        List<String> paths = List.of(
                "/domain/os/type/@machine",
                "/domain/devices/interface/model/@type",
                "/domain/cpu/feature[@name='vmx']/@policy",
                "/domain/on_crash");
        Fuzz.bytes(List.of(bytes(SAMPLE), bytes(SAMPLE.replace("\n", "\r\n"))), 3_000, input -> {
            if (!(DomainText.parse(input) instanceof Decoded.Value<DomainText>(DomainText domain))) {
                return;
            }
            assertThat(domain.bytes()).isEqualTo(input);
            for (String path : paths) {
                if (domain.set(path, "a'\"<>&") instanceof Decoded.Value<DomainText>(DomainText set)) {
                    assertThat(value(set.read(path))).isNotEmpty().allMatch(v -> v.equals("a'\"<>&"));
                    assertThat(value(set.read("/domain/name"))).isEqualTo(value(domain.read("/domain/name")));
                }
                assertThat(value(value(domain.remove(path)).read(path))).isEmpty();
            }
        });
    }
}
