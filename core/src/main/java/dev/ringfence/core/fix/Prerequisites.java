package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Libvirt;
import dev.ringfence.core.host.OpenStack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What must be on the host before a setting may be made, because without it libvirt, Nova or a guest does not start any
 * more, or somebody is locked out.
 */
final class Prerequisites {
    private static final List<String> MIGRATION_TLS =
            List.of("/etc/pki/qemu/ca-cert.pem", "/etc/pki/qemu/server-cert.pem", "/etc/pki/qemu/server-key.pem");

    /** Files by key of libvirt's dialect or option of Nova; libvirt's default places. */
    private static final Map<String, List<String>> FILES = Map.of(
            "qemu.conf:vnc_tls",
            List.of("/etc/pki/libvirt-vnc/server-cert.pem"),
            "qemu.conf:spice_tls",
            List.of("/etc/pki/libvirt-spice/server-cert.pem"),
            "qemu.conf:migrate_tls_force",
            MIGRATION_TLS,
            "qemu.conf:default_tls_x509_verify",
            MIGRATION_TLS,
            "nova.conf:libvirt.live_migration_with_native_tls",
            MIGRATION_TLS,
            "nova.conf:libvirt.live_migration_scheme",
            List.of("/etc/pki/libvirt/servercert.pem", "/etc/pki/libvirt/clientcert.pem"));

    /** A directory key of qemu.conf under which a certificate may lie instead. */
    private static final Map<String, String> OTHER_PLACE = Map.of(
            "qemu.conf:vnc_tls", "vnc_tls_x509_cert_dir",
            "qemu.conf:spice_tls", "spice_tls_x509_cert_dir",
            "qemu.conf:migrate_tls_force", "migrate_tls_x509_cert_dir");

    private final HostView host;

    Prerequisites(HostView host) {
        this.host = host;
    }

    /** Why a change must not be made yet; empty when it may. */
    Optional<String> missing(Fix.Change change) {
        if (change.value().isEmpty()) {
            return Optional.empty();
        }
        return switch (change.kind()) {
            case LIBVIRT_CONF -> libvirt(change);
            case OSLO_CONF -> oslo(change).or(() -> certificates(change)).or(() -> path(change.value()));
            case SSHD ->
                change.target().equals("PasswordAuthentication") && !hasKey()
                        ? Optional.of("no account has an SSH key, so that nobody could log in any more")
                        : Optional.empty();
            case KERNEL_ARGUMENT ->
                change.target().startsWith("fips=")
                        ? Optional.of("a kernel in FIPS mode needs a prepared initramfs and partitions to match")
                        : Optional.empty();
            case SYSCTL,
                    SYSFS,
                    MODPROBE_OPTION,
                    MODPROBE_BLACKLIST,
                    FILE_MODE,
                    FILE_OWNER,
                    SELINUX_BOOLEAN,
                    UNIT,
                    DOMAIN_XML,
                    PACKAGE,
                    COMMAND -> Optional.empty();
        };
    }

    private Optional<String> libvirt(Fix.Change change) {
        String key = change.target().substring(change.target().lastIndexOf(':') + 1);
        if (key.equals("audit_level") && change.value().equals("2") && !host.runs("auditd")) {
            return Optional.of("auditd does not run, and libvirt does not start with audit_level 2 without it");
        }
        if (key.equals("access_drivers")
                && host.facts().libvirt().polkit().orElse(List.of()).isEmpty()) {
            return Optional.of("no polkit rule speaks of libvirt, and without rules it locks out everybody but root");
        }
        if ((key.equals("security_require_confined") || key.equals("security_default_confined"))
                && host.facts().libvirt().securityModels().orElse(List.of()).stream()
                        .noneMatch(m -> m.equals("selinux") || m.equals("apparmor"))) {
            return Optional.of("neither SELinux nor AppArmor confines guests yet, and no guest starts then");
        }
        if (key.equals("lock_manager") && !hasLockPlugin()) {
            return Optional.of("libvirt's lockd plugin is not installed, and no guest starts without it");
        }
        return certificates(change).or(() -> path(change.value().replace("\"", "")));
    }

    private Optional<String> oslo(Fix.Change change) {
        if (!change.target().endsWith("nova.conf:DEFAULT.ssl_only")) {
            return Optional.empty();
        }
        String certificate = host.facts()
                .openstack()
                .nova()
                .orElse(new OpenStack.Settings(List.of(), Map.of(), Map.of()))
                .values()
                .getOrDefault("DEFAULT.cert", "");
        return !certificate.isEmpty() && host.isThere(certificate)
                ? Optional.empty()
                : Optional.of("the console proxies have no certificate (option cert), and do not start without it");
    }

    private boolean hasKey() {
        List<String> homes = new ArrayList<>(List.of("/root"));
        host.state().list("/home").orElse(List.of()).forEach(name -> homes.add("/home/" + name));
        return homes.stream()
                .anyMatch(home -> host.state().file(home + "/.ssh/authorized_keys")
                                instanceof Fact.Observed<CurrentState.FileOnHost>(var file, var source)
                        && file.content().text().lines().anyMatch(l -> !l.isBlank() && !l.startsWith("#")));
    }

    private boolean hasLockPlugin() {
        for (String directory : List.of("/usr/lib", "/usr/lib64")) {
            if (host.isThere(directory + "/libvirt/lock-driver/lockd.so")) {
                return true;
            }
            for (String name : host.state().list(directory).orElse(List.of())) {
                if (name.contains("-linux-gnu")
                        && host.isThere(directory + "/" + name + "/libvirt/lock-driver/lockd.so")) {
                    return true;
                }
            }
        }
        return false;
    }

    private Optional<String> certificates(Fix.Change change) {
        String name = change.target().substring(change.target().lastIndexOf('/') + 1);
        String directoryKey = OTHER_PLACE.getOrDefault(name, "");
        boolean elsewhere = !directoryKey.isEmpty()
                && host.facts().libvirt().qemu() instanceof Fact.Observed<Libvirt.Settings>(var settings, var source)
                && (settings.values().containsKey(directoryKey)
                        || settings.values().containsKey("default_tls_x509_cert_dir"));
        if (elsewhere) {
            return Optional.empty();
        }
        return FILES.getOrDefault(name, List.of()).stream()
                .filter(path -> !host.isThere(path))
                .findFirst()
                .map(path -> path + " is not there, and TLS does not work without it");
    }

    /** A value that is a path must be there. */
    private Optional<String> path(String value) {
        String first = value.split(",", 2)[0].strip();
        return first.startsWith("/") && !first.contains(" ") && !host.isThere(first)
                ? Optional.of(first + " is not there")
                : Optional.empty();
    }
}
