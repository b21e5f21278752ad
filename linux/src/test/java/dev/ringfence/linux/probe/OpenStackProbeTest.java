package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.core.host.OpenStack;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenStackProbeTest {
    private static final String NOVA = "/etc/nova/";
    private static final String PASSWD = "root:x:0:0::/root:/bin/bash\nnova:x:64060:64060::/srv/nova:/bin/bash\n";

    @TempDir
    private Path root;

    @Test
    void mergesTheFilesOfAService() {
        OpenStack.Settings nova = value(observe(new HostTree(root)
                        .file(NOVA + "nova.conf", "[DEFAULT]\ndebug = true\n[libvirt]\nvirt_type = kvm\n")
                        .file(NOVA + "nova-compute.conf", "[libvirt]\nvirt_type = qemu\n")
                        .file(NOVA + "nova.conf.d/10.conf", "[DEFAULT]\ndebug = false\n")
                        .file(NOVA + "nova.conf.d/README", "not read\n"))
                .nova());
        assertThat(nova.files())
                .containsExactly(NOVA + "nova.conf", NOVA + "nova-compute.conf", NOVA + "nova.conf.d/10.conf");
        assertThat(nova.values())
                .containsOnly(Map.entry("DEFAULT.debug", "false"), Map.entry("libvirt.virt_type", "qemu"));
    }

    @Test
    void keepsListsAndRepeatedOptions() {
        OpenStack.Settings nova =
                value(observe(new HostTree(root).file(NOVA + "nova.conf", """
                        [pci]
                        device_spec = {"address": "*:*"}
                        alias = {"name": "a"}
                        alias = {"name": "b"}
                        [Console]
                        allowed_origins = one, two
                        """)).nova());
        assertThat(nova.lists())
                .containsOnly(
                        Map.entry("pci.device_spec", List.of("{\"address\": \"*:*\"}")),
                        Map.entry("pci.alias", List.of("{\"name\": \"a\"}", "{\"name\": \"b\"}")),
                        Map.entry("console.allowed_origins", List.of("one", "two")));
    }

    @Test
    void leavesSecretsOut() {
        OpenStack.Settings nova =
                value(observe(new HostTree(root).file(NOVA + "nova.conf", """
                        [DEFAULT]
                        my_secret_password = hunter2
                        banner = $my_secret_password
                        transport_url = rabbit://nova:hunter2@mq1:5672,nova:hunter2@mq2:5672/
                        [neutron]
                        metadata_proxy_shared_secret = 0123456789
                        """)).nova());
        assertThat(nova.toString()).doesNotContain("hunter2").doesNotContain("0123456789");
        assertThat(nova.values())
                .containsEntry("neutron.metadata_proxy_shared_secret", "[redacted 10]")
                .containsEntry("DEFAULT.banner", "[redacted 7]");
        assertThat(nova.values().get("DEFAULT.transport_url"))
                .startsWith("rabbit://")
                .endsWith("mq2:5672/");
    }

    @Test
    void hostWithoutServicesHasNone() {
        OpenStack openstack = observe(new HostTree(root));
        assertThat(isAbsent(openstack.nova())).isTrue();
        assertThat(isAbsent(openstack.neutron())).isTrue();
        assertThat(value(openstack.policies())).isEmpty();
        assertThat(value(openstack.rootwrap())).isEmpty();
    }

    @Test
    void fileThatCannotBeReadLeavesItsServiceUnobservedAndNoOther() {
        OpenStack openstack = observe(new HostTree(root)
                .file(NOVA + "nova.conf", "[DEFAULT]\ndebug = true\n")
                .fifo(NOVA + "nova.conf.d/50.conf")
                .file("/etc/neutron/neutron.conf", "[DEFAULT]\ncore_plugin = ml2\n"));
        assertThat(reason(openstack.nova())).contains("fifo");
        assertThat(value(openstack.neutron()).values()).containsEntry("DEFAULT.core_plugin", "ml2");
        assertThat(reason(observe(new HostTree(root.resolve("b")).file(NOVA + "nova.conf", "debug = true\n"))
                        .nova()))
                .startsWith("RF-OSL-");
    }

    @Test
    void readsPolicyFilesInEveryPlace() {
        List<OpenStack.Policy> policies = value(observe(new HostTree(root)
                        .file(NOVA + "nova.conf", "[oslo_policy]\npolicy_file = own.yaml\npolicy_dirs = /srv/policy\n")
                        .file(NOVA + "policy.json", "{\"a\": \"@\"}")
                        .file(NOVA + "own.yaml", "\"b\": \"\"\n")
                        .file(NOVA + "policy.d/unused.yaml", "\"x\": \"\"\n")
                        .file("/srv/policy/00", "\"c\": \"!\"\n")
                        .file("/etc/neutron/policy.d/00.yaml", "\"d\": \"role:admin\"\n"))
                .policies());
        assertThat(policies)
                .containsExactlyInAnyOrder(
                        new OpenStack.Policy("nova", NOVA + "policy.json", Map.of("a", "@")),
                        new OpenStack.Policy("nova", NOVA + "own.yaml", Map.of("b", "")),
                        new OpenStack.Policy("nova", "/srv/policy/00", Map.of("c", "!")),
                        new OpenStack.Policy("neutron", "/etc/neutron/policy.d/00.yaml", Map.of("d", "role:admin")));
    }

    @Test
    void policyThatCannotBeReadIsNotObserved() {
        assertThat(reason(observe(new HostTree(root).fifo(NOVA + "policy.yaml")).policies()))
                .contains("fifo");
        assertThat(reason(observe(new HostTree(root.resolve("b")).file(NOVA + "policy.yaml", "a: ["))
                        .policies()))
                .startsWith("RF-OPL-");
    }

    @Test
    void readsRootwrapWithItsFilters() {
        OpenStack.RootwrapConf nova = value(observe(new HostTree(root)
                                .file(NOVA + "rootwrap.conf", """
                                [DEFAULT]
                                filters_path=/etc/nova/rootwrap.d,/usr/share/nova/rootwrap
                                exec_dirs=/sbin,/srv/bin
                                use_syslog=False
                                """)
                                .file(NOVA + "rootwrap.d/compute.filters", """
                                [Filters]
                                sh: CommandFilter, sh, root
                                list: RegExpFilter, ls, root, ls, -l
                                """)
                                .file(NOVA + "rootwrap.d/.hidden", "broken")
                                .directory("/srv/bin"))
                        .rootwrap())
                .getFirst();
        assertThat(nova.service()).isEqualTo("nova");
        assertThat(nova.settings()).containsEntry("use_syslog", "False").containsEntry("exec_dirs", "/sbin,/srv/bin");
        assertThat(nova.filters()).extracting(OpenStack.Filter::name).containsExactly("sh", "list");
        assertThat(nova.filters().get(0).amountsToRoot()).isNotEmpty();
        assertThat(nova.filters().get(1).amountsToRoot()).isEmpty();
        assertThat(value(path(nova, "/srv/bin")).kind()).isEqualTo("directory");
        assertThat(value(path(nova, NOVA + "rootwrap.d/compute.filters")).kind())
                .isEqualTo("file");
        assertThat(isAbsent(path(nova, "/usr/share/nova/rootwrap"))).isTrue();
    }

    @Test
    void filterFileThatCannotBeReadIsNotObserved() {
        String conf = "[DEFAULT]\nfilters_path=/etc/nova/rootwrap.d\n";
        assertThat(reason(observe(new HostTree(root)
                                .file(NOVA + "rootwrap.conf", conf)
                                .fifo(NOVA + "rootwrap.d/a.filters"))
                        .rootwrap()))
                .contains("fifo");
        assertThat(reason(observe(new HostTree(root.resolve("b"))
                                .file(NOVA + "rootwrap.conf", conf)
                                .loop(NOVA + "rootwrap.d"))
                        .rootwrap()))
                .contains("loop");
    }

    @Test
    void countsKeysThatAreNotRestricted() {
        OpenStack.NovaSsh ssh = value(observe(new HostTree(root)
                        .file("/etc/passwd", PASSWD)
                        .file("/srv/nova/.ssh/authorized_keys", """
                                # a comment
                                ssh-rsa AAA one
                                from="10.0.0.0/8",no-pty ssh-ed25519 AAA two
                                no-pty,COMMAND="/bin/true, sure" ssh-rsa AAA three
                                no-pty ssh-rsa AAA ,command="x" four
                                environment="A=b,command=\\"x\\"" ssh-rsa AAA five
                                """)
                        .file("/srv/nova/.ssh/authorized_keys2", "ssh-rsa AAA six\n")
                        .file(
                                "/srv/nova/.ssh/config",
                                "Host *\n  StrictHostKeyChecking=no\nHost x\nStrictHostKeyChecking yes\n"))
                .novaSsh());
        assertThat(ssh.home()).isEqualTo("/srv/nova");
        assertThat(ssh.shell()).isEqualTo("/bin/bash");
        assertThat(ssh.authorizedKeys()).isEqualTo(6);
        assertThat(ssh.unrestrictedKeys()).isEqualTo(4);
        assertThat(ssh.strictHostKeyChecking()).isEqualTo("no");
    }

    @Test
    void accountWithoutKeysHasNone() {
        OpenStack.NovaSsh ssh =
                value(observe(new HostTree(root).file("/etc/passwd", PASSWD)).novaSsh());
        assertThat(ssh.authorizedKeys()).isZero();
        assertThat(ssh.strictHostKeyChecking()).isEmpty();
        assertThat(isAbsent(observe(new HostTree(root.resolve("b")).file("/etc/passwd", "root:x:0:0::/root:/bin/sh\n"))
                        .novaSsh()))
                .isTrue();
        assertThat(reason(observe(new HostTree(root.resolve("c"))
                                .file("/etc/passwd", PASSWD)
                                .fifo("/srv/nova/.ssh/authorized_keys"))
                        .novaSsh()))
                .contains("fifo");
    }

    private static Fact<FileFacts> path(OpenStack.RootwrapConf conf, String path) {
        return Objects.requireNonNull(conf.paths().get(path), path);
    }

    private static OpenStack observe(HostTree tree) {
        HostFiles files = tree.files();
        return OpenStackProbe.observe(files, new FileStatus(files));
    }
}
