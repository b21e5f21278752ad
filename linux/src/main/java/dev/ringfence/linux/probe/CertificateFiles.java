package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Libvirt;
import dev.ringfence.linux.HostFiles;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.TreeSet;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * X.509 certificates and revocation lists in PEM files. Private keys and other contents of the same files are passed over.
 * A file that says that it holds a certificate but does not leaves nothing observed: what cannot be read may be in use.
 *
 * <p>Source: RFC 7468, RFC 5280.
 */
final class CertificateFiles {
    private static final int FILE_LIMIT = 256;
    private static final int FILE_LIMIT_BYTES = 1 << 20;
    private static final int BLOCKS_OF_A_FILE = 64;
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String REVOCATION_LIST = "X509 CRL";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final HostFiles files;
    private final Instant at;
    private final List<Libvirt.Certificate> certificates = new ArrayList<>();
    private final List<Libvirt.RevocationList> lists = new ArrayList<>();

    private CertificateFiles(HostFiles files, Instant at) {
        this.files = files;
        this.at = at;
    }

    /** What was found; either both are observed or none. */
    record Found(Fact<List<Libvirt.Certificate>> certificates, Fact<List<Libvirt.RevocationList>> revocationLists) {
        private static Found unseen(String where, String how, String reason) {
            return new Found(Fact.notObserved(where, how, reason), Fact.notObserved(where, how, reason));
        }
    }

    /**
     * Reads the PEM files in directories, and single files.
     *
     * @param what the places in a few words
     */
    static Found read(
            HostFiles files, Collection<String> directories, Collection<String> single, String what, Instant at) {
        TreeSet<String> paths = new TreeSet<>(single);
        for (String directory : directories) {
            Fact<List<String>> names = files.list(directory);
            if (names instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
                return Found.unseen(directory, "list", reason);
            }
            names.orElse(List.of()).stream()
                    .filter(name -> name.endsWith(".pem") || name.endsWith(".crt") || name.endsWith(".crl"))
                    .forEach(name -> paths.add(directory + "/" + name));
        }
        if (paths.size() > FILE_LIMIT) {
            return Found.unseen(what, "list", "more than " + FILE_LIMIT + " certificate files");
        }
        CertificateFiles reader = new CertificateFiles(files, at);
        for (String path : paths) {
            Fact<Boolean> read = reader.file(path);
            if (read instanceof Fact.NotObserved<Boolean>(var source, String reason)) {
                return Found.unseen(path, source.how(), reason);
            }
        }
        return new Found(
                Fact.of(List.copyOf(reader.certificates), what, "parsed"),
                Fact.of(List.copyOf(reader.lists), what, "parsed"));
    }

    private Fact<Boolean> file(String path) {
        return Readings.then(files.bytes(path, FILE_LIMIT_BYTES), bytes -> {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            try {
                int read = blocks(text, CERTIFICATE, der -> certificates.add(certificate(path, der)));
                read += blocks(text, REVOCATION_LIST, der -> lists.add(revocationList(path, der)));
                return Fact.of(read > 0, path, "parsed");
            } catch (CertificateException | CRLException | IllegalArgumentException e) {
                return Fact.notObserved(
                        path, "parsed", "not a certificate: " + Readings.excerpt(String.valueOf(e.getMessage())));
            }
        });
    }

    private interface Block {
        void read(byte[] der) throws CertificateException, CRLException;
    }

    private static int blocks(String text, String label, Block block) throws CertificateException, CRLException {
        String begin = "-----BEGIN " + label + "-----";
        String end = "-----END " + label + "-----";
        int count = 0;
        for (int from = text.indexOf(begin); from >= 0; from = text.indexOf(begin, from + 1)) {
            int to = text.indexOf(end, from);
            if (to < 0 || count == BLOCKS_OF_A_FILE) {
                throw new CertificateException(to < 0 ? "it has no end" : "too many in one file");
            }
            block.read(Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to)));
            count++;
        }
        return count;
    }

    private Libvirt.Certificate certificate(String path, byte[] der) throws CertificateException {
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        PublicKey key = certificate.getPublicKey();
        return new Libvirt.Certificate(
                path,
                certificate.getSubjectX500Principal().getName(),
                names(certificate),
                key.getAlgorithm(),
                bits(key),
                certificate.getSigAlgName(),
                days(at, certificate.getNotAfter().toInstant()));
    }

    private static List<String> names(X509Certificate certificate) throws CertificateException {
        List<String> out = new ArrayList<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        for (List<?> name : alternatives == null ? List.<List<?>>of() : alternatives) {
            if (name.getFirst() instanceof Integer kind && (kind == DNS_NAME || kind == IP_ADDRESS)) {
                out.add(String.valueOf(name.get(1)));
            }
        }
        if (out.isEmpty()) {
            try {
                for (Rdn part :
                        new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                    if (part.getType().equalsIgnoreCase("CN")) {
                        out.add(String.valueOf(part.getValue()));
                    }
                }
            } catch (InvalidNameException e) {
                throw new CertificateException("its subject is not a name", e);
            }
        }
        return out;
    }

    private static long bits(PublicKey key) {
        return switch (key) {
            case RSAKey rsa -> rsa.getModulus().bitLength();
            case ECKey ec -> ec.getParams().getCurve().getField().getFieldSize();
            case EdECKey ed -> ed.getParams().getName().equalsIgnoreCase("Ed25519") ? 255 : 448;
            case DSAKey dsa ->
                dsa.getParams() == null ? 0 : dsa.getParams().getP().bitLength();
            default -> 0;
        };
    }

    private Libvirt.RevocationList revocationList(String path, byte[] der) throws CertificateException, CRLException {
        X509CRL list = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(der));
        Date next = list.getNextUpdate();
        return new Libvirt.RevocationList(
                path,
                list.getIssuerX500Principal().getName(),
                days(list.getThisUpdate().toInstant(), at),
                next == null ? Fact.absent(path, "parsed") : Fact.of(days(at, next.toInstant()), path, "parsed"));
    }

    /** Whole days, rounded down: one that ended an hour ago has -1 left. */
    private static long days(Instant from, Instant to) {
        return Math.floorDiv(Duration.between(from, to).toSeconds(), 86_400L);
    }
}
