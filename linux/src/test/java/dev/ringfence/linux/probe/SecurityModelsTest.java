package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Libvirt;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityModelsTest {
    private static final String PROFILES = "/sys/kernel/security/apparmor/profiles";
    private static final String TEMPLATE = "/etc/apparmor.d/libvirt/TEMPLATE.qemu";
    private static final String LIVE = "/run/libvirt/qemu/g.xml";

    @TempDir
    private Path root;

    @Test
    void hostWithoutModulesHasOwnershipAlone() {
        assertThat(models(new HostTree(root))).containsExactly("dac");
    }

    @Test
    void takesSelinuxBeforeAppArmor() {
        HostTree tree = appArmor("libvirtd (enforce)\n").file("/sys/fs/selinux/enforce", "1");
        assertThat(models(tree)).containsExactly("dac", "selinux");
    }

    @Test
    void takesAppArmorWhereTheDaemonsProfileIsLoaded() {
        assertThat(models(appArmor("a (enforce)\nlibvirtd (enforce)\n"))).containsExactly("apparmor", "dac");
        assertThat(models(appArmor("libvirtd (complain)\n"))).containsExactly("apparmor", "dac");
        assertThat(models(appArmor("/usr/sbin/virtqemud (enforce)\n"))).containsExactly("apparmor", "dac");
    }

    @Test
    void doesNotTakeAppArmorWithoutProfileOrTemplate() {
        assertThat(models(appArmor("libvirtd//qemu_bridge_helper (enforce)\nother (enforce)\n")))
                .containsExactly("dac");
        assertThat(models(appArmor("libvirtd (enforce)\n").delete(TEMPLATE))).containsExactly("dac");
    }

    @Test
    void followsTheDriverThatIsSet() {
        HostTree both = appArmor("libvirtd (enforce)\n").file("/sys/fs/selinux/enforce", "0");
        assertThat(value(SecurityModels.of(both.files(), driver("none")))).containsExactly("dac");
        assertThat(value(SecurityModels.of(both.files(), driver("apparmor")))).containsExactly("apparmor", "dac");
        assertThat(value(SecurityModels.of(
                        both.files(), settings(Map.of(), Map.of("security_driver", List.of("selinux", "apparmor"))))))
                .containsExactly("apparmor", "dac", "selinux");
        assertThat(value(SecurityModels.of(new HostTree(root.resolve("x")).files(), driver("selinux"))))
                .containsExactly("dac");
    }

    @Test
    void believesARunningGuestBeforeTheConfiguration() {
        String labels = "<seclabel type='dynamic' model='dac' relabel='yes'/>";
        HostTree tree = appArmor("libvirtd (enforce)\n").file(LIVE, status(labels));
        assertThat(models(tree)).containsExactly("dac");
        tree.file(
                LIVE,
                status(labels + "<seclabel type='dynamic' model='selinux'/><seclabel type='none' model='none'/>"));
        assertThat(models(tree)).containsExactly("dac", "selinux");
    }

    @Test
    void guestThatCannotBeReadSaysNothing() {
        assertThat(models(new HostTree(root).file(LIVE, "<domstatus"))).containsExactly("dac");
    }

    @Test
    void doesNotGuessWhatItCannotSee() {
        assertThat(reason(SecurityModels.of(
                        new HostTree(root).files(),
                        Fact.notObserved("/etc/libvirt/qemu.conf", "read", "permission denied"))))
                .contains("permission denied");
        assertThat(isAbsent(
                        SecurityModels.of(new HostTree(root).files(), Fact.absent("/etc/libvirt/qemu.conf", "read"))))
                .isTrue();
        HostTree off = new HostTree(root.resolve("off")).delete("/sys/notes");
        assertThat(reason(SecurityModels.of(off.files(), driver("")))).contains("kernel is not visible");
        assertThat(value(SecurityModels.of(off.files(), driver("none")))).containsExactly("dac");
        HostTree hidden = new HostTree(root.resolve("hidden")).fifo(PROFILES);
        assertThat(reason(SecurityModels.of(hidden.files(), driver("")))).contains("fifo");
    }

    private HostTree appArmor(String profiles) {
        return new HostTree(root).file(PROFILES, profiles).file(TEMPLATE, "");
    }

    private static List<String> models(HostTree tree) {
        return value(SecurityModels.of(tree.files(), driver("")));
    }

    private static Fact<Libvirt.Settings> driver(String name) {
        return settings(name.isEmpty() ? Map.of() : Map.of("security_driver", name), Map.of());
    }

    private static Fact<Libvirt.Settings> settings(Map<String, String> values, Map<String, List<String>> lists) {
        return Fact.of(
                new Libvirt.Settings("/etc/libvirt/qemu.conf", values, lists), "/etc/libvirt/qemu.conf", "parsed");
    }

    private static String status(String labels) {
        return GuestsProbeTest.status("<domain type='kvm'><name>g</name><devices/>%s</domain>".formatted(labels));
    }
}
