package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.MandatoryAccess;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MandatoryAccessProbeTest {
    private static final String MODULES = "/var/lib/selinux/targeted/active/modules/";
    private static final String ENABLED = "/sys/module/apparmor/parameters/enabled";
    private static final String PROFILES = "/sys/kernel/security/apparmor/profiles";

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root);
    }

    @Test
    void readsRunningSelinux() {
        selinux("1");
        tree.file("/sys/fs/selinux/booleans/virt_use_nfs", "0 1")
                .file("/sys/fs/selinux/booleans/virt_use_usb", "1 1")
                .directory(MODULES + "100/virt")
                .directory(MODULES + "400/permissive_svirt_t");
        MandatoryAccess.Selinux selinux = value(observe().selinux());
        assertThat(selinux.enforcing()).isTrue();
        assertThat(selinux.policy()).isEqualTo("targeted");
        assertThat(selinux.booleans()).containsEntry("virt_use_nfs", false).containsEntry("virt_use_usb", true);
        assertThat(value(selinux.permissiveTypes())).containsExactly("svirt_t");
        assertThat(value(observe().selinuxConfigured())).isEqualTo("enforcing");
        assertThat(isAbsent(observe().appArmor())).isTrue();
    }

    @Test
    void permissiveNowAndEnforcingAtBootAreBothTold() {
        selinux("0");
        assertThat(value(observe().selinux()).enforcing()).isFalse();
        assertThat(value(observe().selinuxConfigured())).isEqualTo("enforcing");
    }

    @Test
    void disabledModuleMakesNothingPermissive() {
        selinux("1");
        tree.directory(MODULES + "400/permissive_svirt_t").file(MODULES + "disabled/permissive_svirt_t", "");
        assertThat(value(value(observe().selinux()).permissiveTypes())).isEmpty();
    }

    @Test
    void saysNothingOfPermissiveTypesWithoutModuleStore() {
        selinux("1");
        assertThat(reason(value(observe().selinux()).permissiveTypes())).contains("module store");
        tree.loop(MODULES.substring(0, MODULES.length() - 1));
        assertThat(reason(value(observe().selinux()).permissiveTypes())).contains("loop");
    }

    @Test
    void saysNothingWhereSelinuxfsIsHidden() {
        tree.directory("/sys/fs/selinux");
        assertThat(reason(observe().selinux())).contains("not mounted");
    }

    @Test
    void booleanThatCannotBeReadHidesAll() {
        selinux("1");
        tree.file("/sys/fs/selinux/booleans/virt_use_nfs", "0 0").fifo("/sys/fs/selinux/booleans/virt_use_usb");
        assertThat(reason(observe().selinux())).contains("boolean");
    }

    @Test
    void isAbsentWithoutEither() {
        MandatoryAccess access = observe();
        assertThat(isAbsent(access.selinux())).isTrue();
        assertThat(isAbsent(access.selinuxConfigured())).isTrue();
        assertThat(isAbsent(access.appArmor())).isTrue();
        tree.file(ENABLED, "N\n");
        assertThat(isAbsent(observe().appArmor())).isTrue();
    }

    @Test
    void readsProfilesAndTheirModes() {
        tree.file(ENABLED, "Y\n")
                .file(PROFILES, "libvirt-1f0c (enforce)\nvirt-aa-helper (complain)\n/a b//c (d) (kill)\nbroken\n");
        assertThat(value(value(observe().appArmor()).profiles()))
                .containsExactly(
                        new MandatoryAccess.Profile("libvirt-1f0c", "enforce"),
                        new MandatoryAccess.Profile("virt-aa-helper", "complain"),
                        new MandatoryAccess.Profile("/a b//c (d)", "kill"));
    }

    @Test
    void saysNothingOfProfilesWithoutSecurityfs() {
        tree.file(ENABLED, "Y\n");
        assertThat(reason(value(observe().appArmor()).profiles())).contains("securityfs is not mounted");
        tree.loop(PROFILES);
        assertThat(reason(value(observe().appArmor()).profiles())).contains("loop");
    }

    @Test
    void lintsWhatConfinesGuestsOnly() {
        tree.file(ENABLED, "Y\n")
                .file("/etc/apparmor.d/usr.sbin.libvirtd", "/** rwmkl,\n")
                .file("/etc/apparmor.d/libvirt/TEMPLATE.lxc", "/** rw,\n")
                .file("/etc/apparmor.d/abstractions/libvirt-qemu", "/usr/share/qemu/** r,\n")
                .file("/etc/apparmor.d/local/abstractions/libvirt-qemu", "# ours\n/etc/** r,\n")
                .file("/etc/apparmor.d/libvirt/libvirt-1f0c.files", "\"/dev/dm-3\" rwk,\n  /dev/mem rw,\n");
        assertThat(value(value(observe().appArmor()).looseRules()))
                .containsExactly(
                        new MandatoryAccess.LooseRule(
                                "/etc/apparmor.d/local/abstractions/libvirt-qemu", 2, "/etc/** r"),
                        new MandatoryAccess.LooseRule("/etc/apparmor.d/libvirt/libvirt-1f0c.files", 2, "/dev/mem rw"));
    }

    @Test
    void additionThatCannotBeReadHidesAll() {
        tree.file(ENABLED, "Y\n").fifo("/etc/apparmor.d/local/abstractions/libvirt-qemu");
        assertThat(reason(value(observe().appArmor()).looseRules())).contains("fifo");
    }

    @Test
    void observesLiveHost() {
        MandatoryAccess access = MandatoryAccessProbe.observe(HostFiles.live());
        // No kernel runs both for real; where one runs, its state is one that exists.
        if (!isAbsent(access.selinux())) {
            assertThat(value(access.selinux()).booleans()).isNotNull();
        }
        if (!isAbsent(access.appArmor())) {
            assertThat(value(value(access.appArmor()).looseRules()))
                    .allSatisfy(r -> assertThat(r.line()).isPositive());
        }
    }

    private void selinux(String enforcing) {
        tree.file("/sys/fs/selinux/enforce", enforcing)
                .file("/etc/selinux/config", "# comment\nSELINUX=Enforcing\nSELINUXTYPE=targeted\n");
    }

    private MandatoryAccess observe() {
        return MandatoryAccessProbe.observe(tree.files());
    }
}
