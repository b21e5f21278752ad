package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Libvirt;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateFilesTest {
    private static final String DIRECTORY = "/etc/pki/libvirt";
    private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path root;

    @Test
    void readsNamesKeyAndDaysLeft() {
        Libvirt.Certificate server = only("server.pem");
        assertThat(server.file()).isEqualTo(DIRECTORY + "/server.pem");
        assertThat(server.subject()).contains("CN=ignored.example");
        assertThat(server.names()).containsExactlyInAnyOrder("compute1.example", "10.0.0.1");
        assertThat(server.keyAlgorithm()).isEqualTo("RSA");
        assertThat(server.keyBits()).isEqualTo(3072);
        assertThat(server.signatureAlgorithm()).isEqualTo("SHA256withECDSA");
        assertThat(server.daysLeft()).isEqualTo(40);
    }

    @Test
    void readsTheCommonNameOfOneWithoutAlternatives() {
        Libvirt.Certificate weak = only("weak.pem");
        assertThat(weak.names()).containsExactly("old.example");
        assertThat(weak.keyBits()).isEqualTo(1024);
        assertThat(weak.signatureAlgorithm()).startsWith("SHA1");
    }

    @Test
    void knowsTheSizeOfCurves() {
        assertThat(only("ca.pem").keyAlgorithm()).isEqualTo("EC");
        assertThat(only("ca.pem").keyBits()).isEqualTo(256);
        assertThat(only("ed.pem").keyBits()).isEqualTo(255);
    }

    @Test
    void daysLeftAreNegativeFromTheFirstSecondOn() {
        HostTree tree = new HostTree(root).file(DIRECTORY + "/server.pem", pem("server.pem"));
        assertThat(value(read(tree, "2027-01-01T00:00:00Z").certificates())
                        .getFirst()
                        .daysLeft())
                .isZero();
        assertThat(value(read(tree, "2027-01-01T00:00:01Z").certificates())
                        .getFirst()
                        .daysLeft())
                .isEqualTo(-1);
    }

    @Test
    void readsRevocationLists() {
        HostTree tree = new HostTree(root).file(DIRECTORY + "/cacrl.pem", pem("crl.pem"));
        CertificateFiles.Found found = read(tree, "2026-01-11T00:00:00Z");
        assertThat(value(found.certificates())).isEmpty();
        Libvirt.RevocationList list = value(found.revocationLists()).getFirst();
        assertThat(list.issuer()).contains("Test CA");
        assertThat(list.daysOld()).isEqualTo(10);
        assertThat(value(list.daysLeft())).isEqualTo(21);
    }

    @Test
    void readsEveryCertificateOfAChainAndPassesOverKeys() {
        String key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        HostTree tree = new HostTree(root)
                .file(DIRECTORY + "/chain.pem", key + "a comment\n" + pem("server.pem") + pem("ca.pem"))
                .file(DIRECTORY + "/dh-params.pem", "-----BEGIN DH PARAMETERS-----\nAA\n-----END DH PARAMETERS-----\n")
                .file(DIRECTORY + "/README", "-----BEGIN CERTIFICATE-----");
        assertThat(value(read(tree, "2026-11-21T12:00:00Z").certificates()))
                .extracting(Libvirt.Certificate::keyBits)
                .containsExactly(3072L, 256L);
    }

    @Test
    void nothingIsObservedWhenOneCertificateCannotBeRead() {
        for (String broken : List.of(
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n",
                "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n")) {
            HostTree tree = new HostTree(root.resolve("t" + broken.hashCode()))
                    .file(DIRECTORY + "/a.pem", pem("server.pem"))
                    .file(DIRECTORY + "/b.pem", broken);
            assertThat(reason(read(tree, "2026-11-21T12:00:00Z").certificates()))
                    .contains("not a certificate");
            assertThat(reason(read(tree, "2026-11-21T12:00:00Z").revocationLists()))
                    .contains("not a certificate");
        }
        HostTree fifo = new HostTree(root.resolve("fifo")).fifo(DIRECTORY + "/a.pem");
        assertThat(reason(read(fifo, "2026-11-21T12:00:00Z").certificates())).contains("fifo");
        HostTree large = new HostTree(root.resolve("large")).bytes(DIRECTORY + "/a.pem", new byte[(1 << 20) + 1]);
        assertThat(reason(read(large, "2026-11-21T12:00:00Z").certificates())).contains("larger");
    }

    @Test
    void missingFilesAreNone() {
        CertificateFiles.Found found = CertificateFiles.read(
                new HostTree(root).files(), List.of(DIRECTORY), List.of("/etc/missing.pem"), "pki", AT);
        assertThat(value(found.certificates())).isEmpty();
        assertThat(isAbsent(found.certificates())).isFalse();
    }

    @Test
    void answersWhateverTheBytesSay() {
        List<String> samples = List.of(pem("server.pem"), pem("ed.pem"), pem("crl.pem"));
        HostTree tree = new HostTree(root);
        Fuzz.text(samples, 300, text -> {
            tree.file(DIRECTORY + "/fuzz.pem", text);
            assertThat(read(tree, "2026-11-21T12:00:00Z").certificates()).isNotNull();
        });
    }

    private Libvirt.Certificate only(String name) {
        HostTree tree = new HostTree(root.resolve(name)).file(DIRECTORY + "/" + name, pem(name));
        List<Libvirt.Certificate> found = value(read(tree, AT.toString()).certificates());
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static CertificateFiles.Found read(HostTree tree, String at) {
        return CertificateFiles.read(tree.files(), List.of(DIRECTORY), List.of(), "pki", Instant.parse(at));
    }

    static String pem(String name) {
        try (InputStream in = Objects.requireNonNull(CertificateFilesTest.class.getResourceAsStream("pki/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
