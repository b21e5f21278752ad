package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.core.host.Libvirt;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** libvirt's configuration: daemons, QEMU driver, access rules, hooks, certificates. */
public final class LibvirtProbe {
    private static final String QEMU_CONF = "/etc/libvirt/qemu.conf";
    private static final List<String> SIGNS = List.of(
            "/usr/sbin/libvirtd",
            "/usr/sbin/virtqemud",
            "/usr/bin/libvirtd",
            "/usr/bin/virtqemud",
            QEMU_CONF,
            "/etc/libvirt/libvirtd.conf",
            "/etc/libvirt/virtqemud.conf");

    private static final List<String> CERTIFICATE_DIRECTORIES = List.of(
            "/etc/pki/CA",
            "/etc/pki/libvirt",
            "/etc/pki/qemu",
            "/etc/pki/libvirt-vnc",
            "/etc/pki/libvirt-spice",
            "/etc/pki/libvirt-migrate",
            "/etc/pki/libvirt-chardev",
            "/etc/pki/libvirt-nbd",
            "/etc/pki/libvirt-backup",
            "/etc/pki/libvirt-vxhs");

    private static final String HOOKS = "/etc/libvirt/hooks";
    private static final int HOOK_LIMIT = 256;
    private static final int HOOK_LIMIT_BYTES = 16 << 20;
    private static final List<String> SASL = List.of("/etc/sasl2/libvirt.conf", "/etc/sasl/libvirt.conf");
    private static final String BRIDGE = "/etc/qemu/bridge.conf";

    private final HostFiles files;
    private final FileStatus status;

    private LibvirtProbe(HostFiles files, FileStatus status) {
        this.files = files;
        this.status = status;
    }

    /**
     * Everything of {@link Libvirt}.
     *
     * @param observedAt from which the days of certificates count
     */
    public static Libvirt observe(HostFiles files, FileStatus status, Instant observedAt) {
        LibvirtProbe probe = new LibvirtProbe(files, status);
        Fact<Boolean> installed = probe.installed();
        Fact<Libvirt.Settings> qemu = LibvirtDaemons.settings(files, QEMU_CONF);
        if (qemu instanceof Fact.Absent && installed.orElse(false)) {
            qemu = LibvirtDaemons.defaults(QEMU_CONF);
        }
        Fact<List<Libvirt.Daemon>> daemons = LibvirtDaemons.observe(files);
        CertificateFiles.Found certificates = probe.certificates(qemu, daemons, observedAt);
        return new Libvirt(
                installed,
                qemu,
                daemons,
                SecurityModels.of(files, qemu),
                LibvirtPolkit.observe(files),
                probe.saslMechanisms(),
                probe.hooks(),
                certificates.certificates(),
                certificates.revocationLists(),
                probe.bridgeHelperRules());
    }

    private Fact<Boolean> installed() {
        Fact<Boolean> last = Fact.of(false, SIGNS.getFirst(), "stat");
        for (String sign : SIGNS) {
            Fact<Boolean> there = files.exists(sign);
            if (there.orElse(false)) {
                return there;
            }
            if (there instanceof Fact.NotObserved) {
                last = there;
            }
        }
        return last;
    }

    private CertificateFiles.Found certificates(
            Fact<Libvirt.Settings> qemu, Fact<List<Libvirt.Daemon>> daemons, Instant at) {
        Set<String> directories = new TreeSet<>(CERTIFICATE_DIRECTORIES);
        Set<String> single = new TreeSet<>();
        qemu.orElse(new Libvirt.Settings(QEMU_CONF, Map.of(), Map.of()))
                .values()
                .forEach((key, value) -> {
                    if (key.endsWith("_x509_cert_dir") && value.startsWith("/")) {
                        directories.add(value);
                    }
                });
        for (Libvirt.Daemon daemon : daemons.orElse(List.of())) {
            Map<String, String> values =
                    daemon.settings().map(Libvirt.Settings::values).orElse(Map.of());
            for (String key : List.of("ca_file", "cert_file", "crl_file")) {
                String path = values.getOrDefault(key, "");
                if (path.startsWith("/")) {
                    single.add(path);
                }
            }
        }
        return CertificateFiles.read(files, directories, single, "/etc/pki", at);
    }

    /** Cyrus SASL's {@code mech_list: a b c}; absent when it is left to SASL. */
    private Fact<String> saslMechanisms() {
        for (String path : SASL) {
            Fact<String> text = files.text(path);
            if (!(text instanceof Fact.Absent)) {
                return Readings.then(
                        text,
                        t -> t.lines()
                                .map(String::strip)
                                .filter(line -> line.startsWith("mech_list") && line.indexOf(':') > 0)
                                .map(line -> Fact.of(
                                        line.substring(line.indexOf(':') + 1).strip(), path, "parsed"))
                                .findFirst()
                                .orElse(Fact.absent(path, "parsed")));
            }
        }
        return Fact.absent(SASL.getFirst(), "read");
    }

    private Fact<List<Libvirt.Hook>> hooks() {
        List<Libvirt.Hook> out = new ArrayList<>();
        Fact<List<String>> paths = Readings.then(below(HOOKS), direct -> {
            List<String> all = new ArrayList<>(direct);
            for (String path : direct) {
                Fact<List<String>> inner = below(path);
                if (inner instanceof Fact.NotObserved) {
                    return inner;
                }
                all.addAll(inner.orElse(List.of()));
            }
            return all.size() > HOOK_LIMIT
                    ? Fact.notObserved(HOOKS, "list", "more than " + HOOK_LIMIT + " hooks")
                    : Fact.of(all, HOOKS, "list");
        });
        if (paths instanceof Fact.NotObserved<List<String>> unseen) {
            return unseen.map(p -> List.of());
        }
        for (String path : paths.orElse(List.of())) {
            switch (status.of(path)) {
                case Fact.Observed<FileFacts>(FileFacts file, var source) -> {
                    if (!file.kind().equals("directory")) {
                        out.add(new Libvirt.Hook(file, sha256(path)));
                    }
                }
                case Fact.Absent<FileFacts> gone -> {
                    // Removed while it was looked at.
                }
                case Fact.NotObserved<FileFacts>(var source, String reason) -> {
                    return Fact.notObserved(path, source.how(), reason);
                }
            }
        }
        return Fact.of(List.copyOf(out), HOOKS, "list");
    }

    /** What lies in a directory, also what an archive only recorded; empty for what is no directory. */
    private Fact<List<String>> below(String directory) {
        Fact<List<String>> names = files.list(directory);
        if (names instanceof Fact.NotObserved) {
            return names;
        }
        TreeSet<String> all = new TreeSet<>(files.recordedIn(directory));
        all.addAll(names.orElse(List.of()));
        return Fact.of(all.stream().map(name -> directory + "/" + name).toList(), directory, "list");
    }

    private Fact<String> sha256(String path) {
        return Readings.parsed(files.bytes(path, HOOK_LIMIT_BYTES), bytes -> {
            try {
                return HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        });
    }

    /** Without the file the helper gives nothing to anybody, as with an empty one. */
    private Fact<List<String>> bridgeHelperRules() {
        Fact<String> text = files.text(BRIDGE);
        return text instanceof Fact.Absent
                ? Fact.of(List.of(), BRIDGE, "read")
                : Readings.parsed(
                        text,
                        t -> t.lines()
                                .map(line -> line.replaceFirst("#.*", "").strip())
                                .filter(line -> !line.isEmpty())
                                .toList());
    }
}
