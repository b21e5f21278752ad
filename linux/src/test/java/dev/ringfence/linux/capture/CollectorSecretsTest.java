package dev.ringfence.linux.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.core.host.Accounts;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FactTree;
import dev.ringfence.core.host.Guest;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.HostObservation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A made-up host full of secrets, each of which holds the word SECRET: none may be in the archive, and what the archive says
 * must still be what the host itself says.
 */
final class CollectorSecretsTest {
    private static final String CERTIFICATE = """
            -----BEGIN CERTIFICATE-----
            MIIBjzCCATWgAwIBAgIUO4HOmY7S/et4RhnULSOH6RC5w2UwCgYIKoZIzj0EAwIw
            EDEOMAwGA1UEAwwFd2ViLTcwHhcNMjYxMTIxMDM0ODM2WhcNMzYxMTE4MDM0ODM2
            WjAQMQ4wDAYDVQQDDAV3ZWItNzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOgg
            SADzhotK+ZxYry501/p1/lCCiKOAdpfPaLcUuvJ0zi2g9JBRSYgf8CEnVrq1y++h
            yR/EdsLhFtqYRfHU2O+jbTBrMB0GA1UdDgQWBBTKnLIurUa7WfjPfzbWKWEBZyec
            cjAfBgNVHSMEGDAWgBTKnLIurUa7WfjPfzbWKWEBZyeccjAPBgNVHRMBAf8EBTAD
            AQH/MBgGA1UdEQQRMA+CDXdlYi03LmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIh
            AN4Y6Dg+caphb7kJwtV1lmoDmkm8IOplamct/dPDY1DvAiAJo0mqH9mVTfDnJCpx
            AOBhAsrkiQmY4qZ3QgkH3Dv/fg==
            -----END CERTIFICATE-----
            """;

    private static final String KEY = """
            -----BEGIN PRIVATE KEY-----
            SECRETSECRETSECRETSECRETSECRETSECRETSECRETSECRETSECRETSECRETSECR
            -----END PRIVATE KEY-----
            """;

    @TempDir
    private static Path temporary = Path.of("");

    private static HostFiles host = HostFiles.live();
    private static HostFiles captured = HostFiles.live();
    private static Path unpacked = Path.of("");

    @BeforeAll
    static void collectOnce() throws Exception {
        assumeTrue(BusyBoxHost.isPossible(), "BusyBox, or the right to make namespaces, is missing");
        BusyBoxHost made = new BusyBoxHost(Files.createDirectory(temporary.resolve("host")));
        fill(made);
        host = HostFiles.tree(made.root());
        // Unpacked by hand, so that it outlives this method and goes with the directory.
        try (Capture capture = made.collect(temporary)) {
            unpacked = Files.move(capture.root(), temporary.resolve("unpacked"));
        }
        captured = HostFiles.tree(unpacked);
    }

    private static void fill(BusyBoxHost host) throws IOException {
        host.file(
                        "/etc/passwd",
                        "root:x:0:0:root:/root:/bin/sh\nnova:x:64060:64060::/var/lib/nova:/bin/sh\nopen:x:7:7::/:/bin/sh\n")
                .file("/etc/group", "root:x:0:\nnova:x:64060:\nlibvirt:x:64055:nova\n")
                .file("/etc/shadow", "root:$6$SECRET:1::::::\nnova:!SECRET:1::::::\nopen::1::::::\n")
                .file("/etc/gshadow", "root:SECRET::\n")
                .file("/etc/sudoers", "root ALL=(ALL) ALL\n@includedir /etc/sudoers.d\n")
                .file(
                        "/etc/sudoers.d/nova",
                        "nova ALL = (root) NOPASSWD: /usr/bin/nova-rootwrap /etc/nova/rootwrap.conf *\n")
                .file("/etc/ssh/sshd_config", "PermitRootLogin no\nInclude /etc/ssh/sshd_config.d/*.conf\n")
                .file("/etc/ssh/sshd_config.d/a.conf", "PasswordAuthentication no\n")
                .file("/etc/ssh/ssh_host_ed25519_key", KEY);
        host.file("/etc/nova/nova.conf", """
                        # old: password = SECRET
                        [DEFAULT]
                        transport_url = rabbit://nova:SECRET@10.0.0.1:5671,nova:SECRETTOO@10.0.0.2:5671/?ssl=1
                        my_ip = 10.0.0.7
                        ssl_only = true
                        [neutron]
                        metadata_proxy_shared_secret = "SECRET SECRET SECRET"
                        service_metadata_proxy = true
                        Password:SECRET
                        [keystone_authtoken]
                        admin_token=SECRET
                          SECRET continued
                        www_authenticate_uri = https://keystone:5000
                        password = none
                        password_file = /etc/nova/where
                        [database]
                        connection = mysql+pymysql://nova:SECRET@db/nova
                        [key_manager]
                        fixed_key = 0123SECRET
                        """)
                .file("/etc/nova/nova.conf.d/10.conf", "[vnc]\npassword=SECRET\nserver_listen = 0.0.0.0\n")
                .file("/etc/nova/odd.conf", "[DEFAULT]\na = b\rpassword = SECRET\n")
                .file("/etc/nova/policy.yaml", "\"os_compute_api:servers:index\": \"@\"\n")
                .file(
                        "/etc/nova/rootwrap.conf",
                        "[DEFAULT]\nfilters_path=/etc/nova/rootwrap.d,/srv/filters\nexec_dirs=/bin,/opt/bin\n")
                .file("/etc/nova/rootwrap.d/compute.filters", "[Filters]\nshell: CommandFilter, sh, root\n")
                .file("/srv/filters/more.filters", "[Filters]\ncat: CommandFilter, cat, root\n")
                .file(
                        "/etc/neutron/neutron.conf",
                        "[DEFAULT]\nnova_metadata_insecure = false\n[nova]\npassword = SECRET\n")
                .file("/var/lib/nova/.ssh/id_ed25519", KEY)
                .file("/var/lib/nova/.ssh/config", "Host *\n  StrictHostKeyChecking no\n")
                // The service would like to know what only root can read.
                .link("/var/lib/nova/.ssh/authorized_keys", "../../../../root/SECRET.txt")
                .link("/var/lib/nova/.ssh/authorized_keys2", "../../../../etc/shadow")
                .file("/root/SECRET.txt", "SECRET\n");
        host.file(
                        "/etc/libvirt/qemu.conf",
                        "#vnc_password = \"SECRET\"\nvnc_password = \"SECRET\"\n spice_password='SECRET' # SECRET\nuser = \"root\"\n")
                .file("/etc/libvirt/libvirtd.conf", "listen_tcp = 1\nca_file = \"/srv/ca.pem\"\n")
                .file("/srv/ca.pem", CERTIFICATE)
                .file("/etc/libvirt/auth.conf", "[credentials-test]\npassword=SECRET\n")
                .file("/etc/libvirt/passwd.db", "SECRET")
                .file("/etc/libvirt/secrets/a.base64", "SECRET")
                .file("/etc/libvirt/hooks/qemu", "#!/bin/sh\nexit 0\n")
                .file("/etc/libvirt/qemu/web-7.xml", domain())
                .file("/etc/pki/libvirt/servercert.pem", CERTIFICATE)
                .file("/etc/pki/libvirt/private/serverkey.pem", KEY)
                .file("/etc/pki/qemu/server-cert.pem", KEY + CERTIFICATE + KEY)
                .file("/etc/pki/qemu/server-key.pem", KEY)
                .file("/etc/pki/qemu/server.key", KEY)
                .file("/etc/ceph/ceph.client.admin.keyring", "key = SECRET\n")
                .file("/etc/polkit-1/rules.d/50.rules", "// libvirt\n")
                .file("/etc/sasl2/libvirt.conf", "mech_list: scram-sha-256\n");
        host.file("/var/lib/libvirt/images/cow", qcow2())
                .file("/var/lib/libvirt/images/raw", "SECRET of a guest\n".repeat(9000))
                .file(
                        "/var/lib/libvirt/images/luks",
                        "LUKS\u00ba\u00be\0\1SECRET key slots".getBytes(StandardCharsets.ISO_8859_1))
                .file("/var/lib/libvirt/images/iso", iso())
                .file("/var/lib/libvirt/images/text", "# SECRET\nversion=1\nCID=SECRET\n");
        host.file("/etc/modprobe.d/plain.conf", "blacklist usb-storage\n");
        Path odd = host.root().resolve("etc/libvirt/hooks/odd\nabsent\t/etc/nova");
        Files.createDirectories(odd);
    }

    private static String domain() {
        StringBuilder disks = new StringBuilder();
        for (String name : List.of("cow", "raw", "luks", "iso", "text", "missing")) {
            disks.append(
                            "<disk type='file' device='disk'>\n<driver name='qemu' type='raw'/>\n<source file='/var/lib/libvirt/images/")
                    .append(name)
                    .append("'/>\n<target dev='")
                    .append(name)
                    .append("' bus='virtio'/>\n</disk>\n");
        }
        return "<domain type='kvm'>\n<name>web-7</name>\n<memory>1024</memory>\n<os><type machine='q35'>hvm</type></os>\n<devices>\n"
                + "<emulator>/usr/bin/qemu-system-x86_64</emulator>\n"
                + disks
                + "<graphics type='vnc' port='-1' passwd='SECRET' listen='0.0.0.0'/>\n</devices>\n</domain>\n";
    }

    private static byte[] qcow2() {
        ByteBuffer image = ByteBuffer.allocate(1 << 17);
        image.putInt(0, 0x514649fb).putInt(4, 2).putLong(8, 512).putInt(16, 9).putInt(20, 16);
        image.put(512, "/base.img".getBytes(StandardCharsets.UTF_8));
        image.put(65536, "SECRET".getBytes(StandardCharsets.UTF_8));
        return image.array();
    }

    private static byte[] iso() {
        ByteBuffer image = ByteBuffer.allocate(1 << 16);
        image.put(0, "SECRET".getBytes(StandardCharsets.UTF_8));
        image.put(32769, "CD001".getBytes(StandardCharsets.UTF_8));
        image.put(40000, "SECRET".getBytes(StandardCharsets.UTF_8));
        return image.array();
    }

    @Test
    void noSecretIsInTheArchive() throws IOException {
        List<String> leaks;
        try (Stream<Path> all = Files.walk(unpacked)) {
            leaks = all.filter(Files::isRegularFile)
                    .filter(CollectorSecretsTest::holdsSecret)
                    .map(p -> unpacked.relativize(p).toString())
                    .toList();
        }
        // Paths name the secret's file, which is no secret.
        assertThat(leaks).containsExactly(".ringfence/stat");
        assertThat(Files.readString(unpacked.resolve(".ringfence/stat")).lines().filter(l -> l.contains("SECRET")))
                .allMatch(l -> l.endsWith("/root/SECRET.txt"));
    }

    private static boolean holdsSecret(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("SECRET");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theArchiveSaysWhatTheHostSays() {
        Instant taken = captured.takenAt().orElse(Instant.EPOCH);
        HostFacts onHost = HostObservation.observe(host, "tree", taken);
        HostFacts fromArchive = HostObservation.observe(captured, "capture", Instant.EPOCH);

        assertSame(onHost.openstack(), fromArchive.openstack(), "novaSsh");
        assertSame(onHost.accounts(), fromArchive.accounts(), "");
        assertSame(onHost.libvirt(), fromArchive.libvirt(), "hooks");
        assertSame(onHost.kernel(), fromArchive.kernel(), "sysctl");
        // The last disk is not there, of which a capture says less.
        assertSame(guest(onHost), guest(fromArchive), "disks.value.5");
    }

    private static Guest guest(HostFacts facts) {
        return value(facts.guests()).getFirst();
    }

    @Test
    void optionsKeepTheLengthOfTheirSecrets() {
        Map<String, String> nova = value(HostObservation.observe(captured, "capture", Instant.EPOCH)
                        .openstack()
                        .nova())
                .values();

        assertThat(nova)
                .containsEntry("neutron.metadata_proxy_shared_secret", "[redacted 20]")
                .containsEntry("neutron.Password", "[redacted 6]")
                .containsEntry("keystone_authtoken.admin_token", "[redacted 23]")
                .containsEntry("keystone_authtoken.password_file", "/etc/nova/where")
                .containsEntry("database.connection", "mysql+pymysql://nova:[redacted]@db/nova")
                .containsEntry("vnc.server_listen", "0.0.0.0")
                .containsEntry("DEFAULT.my_ip", "10.0.0.7");
        assertThat(nova.get("DEFAULT.transport_url"))
                .startsWith("rabbit://nova:")
                .endsWith("@10.0.0.2:5671/?ssl=1");
    }

    @Test
    void passwordsAreKnownByTheirKindAlone() throws IOException {
        assertThat(unpacked.resolve("etc/shadow")).hasContent("root:set:\nnova:!:\nopen::\n");
        assertThat(value(HostObservation.observe(captured, "capture", Instant.EPOCH)
                        .accounts()
                        .users()))
                .extracting(u -> u.password().orElse("unseen"))
                .containsExactly("set", "locked", "empty");
    }

    @Test
    void secretFilesHaveAnOwnerAndAModeButNoContent() {
        FileStatus status = new FileStatus(captured);
        for (String path : List.of(
                "/etc/ssh/ssh_host_ed25519_key",
                "/etc/pki/libvirt/private/serverkey.pem",
                "/etc/libvirt/secrets/a.base64",
                "/etc/libvirt/passwd.db",
                "/etc/ceph/ceph.client.admin.keyring",
                "/var/lib/nova/.ssh/id_ed25519")) {
            assertThat(value(status.of(path)).mode())
                    .as(path)
                    .isEqualTo(value(new FileStatus(host).of(path)).mode());
            assertThat(captured.text(path)).as(path).isInstanceOf(Fact.NotObserved.class);
            assertThat(value(captured.exists(path))).as(path).isTrue();
        }
    }

    @Test
    void linksOfServicesAreNotFollowed() {
        assertThat(reason(captured.text("/var/lib/nova/.ssh/authorized_keys")))
                .isEqualTo("a link in a directory of a service, not followed");
        assertThat(captured.text("/root/SECRET.txt")).isInstanceOf(Fact.NotObserved.class);
        assertThat(captured.link("/var/lib/nova/.ssh/authorized_keys").orElse(""))
                .isEqualTo("../../../../root/SECRET.txt");
    }

    @Test
    void namesCannotForgeRecords() {
        assertThat(reason(captured.list("/etc/libvirt/hooks"))).isEqualTo("a name in it cannot be recorded");
        assertThat(value(captured.exists("/etc/nova/nova.conf"))).isTrue();
        assertThat(captured.text("/etc/libvirt/hooks/qemu")).isInstanceOf(Fact.Observed.class);
    }

    @Test
    void filesThatASecretCouldHideInAreLeftOut() {
        assertThat(reason(captured.text("/etc/nova/odd.conf"))).contains("carriage return");
    }

    @Test
    void formatsOfDisksAreKnownWithoutTheirContents() throws IOException {
        Map<String, String> formats = new TreeMap<>();
        for (Guest.GuestDisk disk : value(guest(HostObservation.observe(captured, "capture", Instant.EPOCH))
                .disks())) {
            formats.put(disk.target(), disk.detectedFormat().orElse("unseen"));
        }

        assertThat(formats)
                .containsEntry("cow", "qcow2")
                .containsEntry("raw", "raw")
                .containsEntry("luks", "luks")
                .containsEntry("iso", "iso")
                .containsEntry("text", "vmdk");
        assertThat(Files.size(unpacked.resolve("var/lib/libvirt/images/raw"))).isZero();
    }

    @Test
    void accountsAreThoseOfTheHost() {
        Accounts accounts =
                HostObservation.observe(captured, "capture", Instant.EPOCH).accounts();

        assertThat(value(accounts.sudo())).anyMatch(rule -> rule.who().equals("nova") && rule.noPassword());
        assertThat(value(accounts.sshd()).values()).containsEntry("passwordauthentication", "no");
    }

    /** The same values, and the same facts without one; how they were come by and why they were not may differ. */
    private static void assertSame(Record expected, Record found, String except) {
        Map<String, Object> left = leaves(expected, except);
        Map<String, Object> right = leaves(found, except);
        assertThat(right).isEqualTo(left);
        assertThat(left).isNotEmpty();
    }

    private static Map<String, Object> leaves(Record facts, String except) {
        Map<String, Object> out = new TreeMap<>();
        leaves("", FactTree.of(facts), out);
        out.keySet()
                .removeIf(path -> path.endsWith(".from")
                        || path.endsWith(".how")
                        || path.matches(".*\\.(owner|group|acl\\..*)")
                        || !except.isEmpty() && path.startsWith("." + except));
        out.replaceAll((path, value) -> path.endsWith(".notObserved") ? "" : value);
        return out;
    }

    private static void leaves(String at, Object tree, Map<String, Object> out) {
        switch (tree) {
            case Map<?, ?> map -> map.forEach((key, value) -> leaves(at + "." + key, value, out));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    leaves(at + "." + i, list.get(i), out);
                }
            }
            default -> out.put(at, tree);
        }
    }

    private static <T> T value(Fact<T> fact) {
        return switch (fact) {
            case Fact.Observed<T>(T value, var source) -> value;
            case Fact<T> other -> throw new AssertionError(other);
        };
    }

    private static String reason(Fact<?> fact) {
        return fact instanceof Fact.NotObserved<?>(var source, String reason) ? reason : fact.toString();
    }
}
