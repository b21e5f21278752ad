package dev.ringfence.formats.domain;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainXmlTest {
    private static Domain decoded(String inside) {
        return value(DomainXml.decode(Samples.domain(inside)));
    }

    private static Devices devices(String inside) {
        return value(DomainXml.decode(Samples.devices(inside))).devices();
    }

    @Test
    void absentThingsAreEmptyAndNeverNull() {
        Domain domain = decoded("");
        assertThat(domain.name()).isEqualTo("d");
        assertThat(domain.type()).isEqualTo("kvm");
        assertThat(domain.id()).isEqualTo(-1);
        assertThat(domain.uuid()).isEmpty();
        assertThat(domain.cpu().present()).isFalse();
        assertThat(domain.memory().sizeBytes()).isEqualTo(-1);
        assertThat(domain.memoryBacking().nosharepages()).isFalse();
        assertThat(domain.metadata().nova().present()).isFalse();
        assertThat(domain.metadata().ringfence().present()).isFalse();
        assertThat(domain.qemu().commandline()).isFalse();
        assertThat(domain.launchSecurity().debugAllowed()).isEmpty();
        assertThat(domain.devices().disks()).isEmpty();
        assertThat(domain.unknownElements()).isEmpty();
    }

    @Test
    void liveStatusFileGivesProcessAndDomain() {
        DomainStatus status = value(DomainXml.decodeStatus(Samples.bytes("status-live.xml")));
        assertThat(status.state()).isEqualTo("running");
        assertThat(status.reason()).isEqualTo("booted");
        assertThat(status.pid()).isEqualTo(7208);
        assertThat(status.monitorPath()).isEqualTo("/var/lib/libvirt/qemu/domain-3-g1/monitor.sock");
        assertThat(status.monitorType()).isEqualTo("unix");
        assertThat(status.vcpus()).containsExactly(new DomainStatus.VcpuThread(0, 7215));
        assertThat(status.namespaces()).containsExactly("mount");
        assertThat(status.qemuCaps()).hasSize(4).contains("kvm");
        assertThat(status.blockjobsActive()).isEqualTo("no");
        assertThat(status.chardevStdioLogd()).isTrue();
        assertThat(status.rememberOwner()).isTrue();
        assertThat(status.taints()).isEmpty();

        Domain domain = status.domain();
        assertThat(domain.name()).isEqualTo("g1");
        assertThat(domain.type()).isEqualTo("qemu");
        assertThat(domain.id()).isEqualTo(3);
        assertThat(domain.uuid()).isEqualTo("b82ba6a1-3821-4af7-8032-e1ce84ad3d27");
        assertThat(domain.memory().sizeBytes()).isEqualTo(512L << 20);
        assertThat(domain.memoryBacking().nosharepages()).isTrue();
        assertThat(domain.cpu().features()).contains(new Cpu.Feature("svm", "disable"));
        assertThat(domain.resource().partition()).isEqualTo("/machine");
        assertThat(domain.seclabels())
                .containsExactly(new SecLabel("dynamic", "dac", "yes", "", "+64055:+64055", "+64055:+64055", ""));
        assertThat(domain.unknownElements()).isEmpty();
        assertThat(domain.devices().unknownDevices()).isEmpty();

        Disk disk = domain.devices().disks().getFirst();
        assertThat(disk.source().file()).isEqualTo("/srv/guests/img/top.qcow2");
        assertThat(disk.driver().type()).isEqualTo("qcow2");
        assertThat(disk.backingStores().getFirst().source().file()).isEqualTo("/srv/guests/img/base.qcow2");
        assertThat(disk.backingChainTerminated()).isTrue();
        assertThat(disk.address().pci()).isEqualTo("0000:03:00.0");
        assertThat(domain.devices().disks().get(1).source().present()).isFalse();
        Graphics vnc = domain.devices().graphics().getFirst();
        assertThat(vnc.listens()).containsExactly(new Graphics.GraphicsListen("address", "127.0.0.1", "", ""));
        assertThat(vnc.passwdSet()).isTrue();
    }

    @Test
    void statusFileKeepsTaintsDeprecationsAndJobs() {
        DomainStatus status = value(DomainXml.decodeStatus(Samples.utf8("""
                <domstatus state='paused' reason='migration' pid='12'>
                  <taint flag='high-privileges'/><taint flag='custom-argv'/>
                  <deprecation>machine is old</deprecation>
                  <job type='none' async='migration out' phase='perform2'/>
                  <domain type='kvm'><name>d</name></domain>
                </domstatus>
                """)));
        assertThat(status.taints()).containsExactly("high-privileges", "custom-argv");
        assertThat(status.deprecations()).containsExactly("machine is old");
        assertThat(status.jobs()).containsExactly("migration out");
    }

    @Test
    void noPasswordIsKept() {
        assertThat(value(DomainXml.decodeStatus(Samples.bytes("status-live.xml")))
                        .toString())
                .doesNotContain("guessme1");
        assertThat(devices("<graphics type='vnc' passwd=''/>")
                        .graphics()
                        .getFirst()
                        .passwdSet())
                .isTrue();
        assertThat(devices("<graphics type='vnc'/>").graphics().getFirst().passwdSet())
                .isFalse();
    }

    @Test
    void backingChainThatIsLeftToProbingIsSeen() {
        Disk probed =
                devices("<disk type='file'><source file='/a'/></disk>").disks().getFirst();
        Disk known = devices("<disk type='file'><source file='/a'/><backingStore/></disk>")
                .disks()
                .getFirst();
        assertThat(probed.backingChainTerminated()).isFalse();
        assertThat(known.backingChainTerminated()).isTrue();
        assertThat(known.backingStores()).isEmpty();
    }

    @Test
    void encryptionAndLoginBesideTheSourceCount() {
        Disk disk = devices("""
                <disk type='network'><source protocol='rbd' name='p/v'/>
                  <auth username='cinder'><secret type='ceph' uuid='u'/></auth>
                  <encryption format='luks'><secret type='passphrase' uuid='v'/></encryption></disk>
                """).disks().getFirst();
        assertThat(disk.source().auth())
                .isEqualTo(new DiskSource.Auth(true, "cinder", new DiskSource.Secret("ceph", "u", "")));
        assertThat(disk.source().encryption().format()).isEqualTo("luks");
    }

    @Test
    void everyKindOfSeclabelAndGraphicsListenStaysApart() {
        Domain domain = decoded("<seclabel type='none' model='selinux'/><seclabel type='dynamic' model='dac'/>");
        assertThat(domain.seclabels().stream().map(SecLabel::type)).containsExactly("none", "dynamic");
        Graphics graphics = devices("<graphics type='vnc'><listen type='address' address='::'/>"
                        + "<listen type='socket' socket='/s'/></graphics>")
                .graphics()
                .getFirst();
        assertThat(graphics.listens().stream().map(Graphics.GraphicsListen::type))
                .containsExactly("address", "socket");
    }

    @Test
    void hostDevicesCarryTheirAddressAsTheKernelWritesIt() {
        Devices devices = devices("""
                <hostdev mode='subsystem' type='pci' managed='yes'>
                  <source><address domain='0x0000' bus='0x3b' slot='0x00' function='0x0'/></source>
                  <rom bar='off'/><address type='pci' domain='0x0000' bus='0x05' slot='0x00' function='0x0'/>
                </hostdev>
                <hostdev mode='subsystem' type='pci'><source><address bus='0x3b' slot='0x20' function='0'/></source></hostdev>
                """);
        assertThat(devices.hostdevs().getFirst().pci()).isEqualTo("0000:3b:00.0");
        assertThat(devices.hostdevs().getFirst().rom().bar()).isEqualTo("off");
        assertThat(devices.hostdevs().getFirst().address().pci()).isEqualTo("0000:05:00.0");
        assertThat(devices.hostdevs().get(1).pci()).as("slot out of range").isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1,,1024",
        "1,b,1",
        "1,bytes,1",
        "2,KB,2000",
        "2,k,2048",
        "2,KiB,2048",
        "1,MB,1000000",
        "1,MiB,1048576",
        "1,G,1073741824",
        "1,TiB,1099511627776",
        "1,PB,1000000000000000",
        "1,EiB,1152921504606846976",
        "8,EiB,-1",
        "1,ZiB,-1",
        "1,KX,-1",
        "-5,KiB,-1",
        "x,KiB,-1",
        "'',KiB,-1",
        "0x10,k,16384"
    })
    void sizesFollowLibvirtsUnits(String number, String unit, long bytes) {
        String attribute = unit == null ? "" : " unit='" + unit + "'";
        assertThat(decoded("<memory" + attribute + ">" + number + "</memory>")
                        .memory()
                        .sizeBytes())
                .isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "sev,0x0001,no,yes", "sev,0x0000,yes,yes", "sev,0x0009,no,no", "sev-snp,0x30000,no,no",
        "sev-snp,0xb0000,yes,no", "sev-snp,0x70000,no,yes", "tdx,0x10000000,no,no", "tdx,0x1,yes,no",
        "tdx,0x20000000,no,yes", "sev,rubbish,'',''", "s390-pv,1,'',''"
    })
    void launchSecurityPolicyBitsAreRead(String type, String policy, String debug, String migration) {
        LaunchSecurity security = decoded(
                        "<launchSecurity type='" + type + "'><policy>" + policy + "</policy></launchSecurity>")
                .launchSecurity();
        assertThat(security.debugAllowed()).isEqualTo(debug);
        assertThat(security.migrationAllowed()).isEqualTo(migration);
    }

    @Test
    void qemuNamespaceIsSeenUnderAnyPrefix() {
        Domain domain = decoded("<x:commandline xmlns:x='http://libvirt.org/schemas/domain/qemu/1.0'>"
                + "<x:arg value='-gdb'/></x:commandline>");
        assertThat(domain.qemu().commandline()).isTrue();
        assertThat(domain.qemu().args()).containsExactly("-gdb");
        Domain other = decoded("<qemu:commandline xmlns:qemu='urn:other'><qemu:arg value='-gdb'/></qemu:commandline>");
        assertThat(other.qemu().commandline()).isFalse();
        assertThat(other.extensions()).containsExactly("{urn:other}commandline");
    }

    @Test
    void commentsAndCdataDoNotHideText() {
        Domain domain = value(DomainXml.decode(
                Samples.utf8("<domain><!-- c --><name>a<!-- c -->b<![CDATA[<c>]]></name><?pi x?></domain>")));
        assertThat(domain.name()).isEqualTo("ab<c>");
    }

    @Test
    void readsLatinOneAndReplacesBrokenUtf8() {
        byte[] latin = "<?xml version='1.0' encoding='ISO-8859-1'?><domain><name>caf\u00e9</name></domain>"
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] broken = "<domain><name>caf\u00e9</name></domain>".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(value(DomainXml.decode(latin)).name()).isEqualTo("caf\u00e9");
        assertThat(value(DomainXml.decode(broken)).name()).isEqualTo("caf\ufffd");
    }

    @Test
    void listsCannotBeChanged() {
        List<Disk> disks = devices("<disk/>").disks();
        assertThatThrownBy(() -> disks.add(disks.getFirst())).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void refusesStatusWhereADomainIsAsked() {
        assertThat(code(DomainXml.decode(Samples.bytes("status-live.xml")))).isEqualTo("RF-XML-009");
        assertThat(code(DomainXml.decodeStatus(Samples.domain("")))).isEqualTo("RF-XML-009");
        assertThat(code(DomainXml.decodeStatus(Samples.utf8("<domstatus/>")))).isEqualTo("RF-XML-009");
        assertThat(code(DomainXml.decode(Samples.utf8("<domain xmlns='urn:x'><name>d</name></domain>"))))
                .isEqualTo("RF-XML-009");
    }
}
