package dev.ringfence.core.host;

import dev.ringfence.formats.libvirtconf.LibvirtConf;
import dev.ringfence.formats.libvirtconf.LibvirtValue;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * libvirt on the host.
 *
 * @param installed whether the daemon's package or binary is there
 * @param qemu /etc/libvirt/qemu.conf
 * @param daemons configuration of the daemons that are there: libvirtd, virtqemud, virtproxyd…
 * @param securityModels what confines guests: {@code selinux}, {@code apparmor}, {@code dac}; without the first two,
 *     guests are kept apart by user id alone. Derived as libvirt does it: driver setting, then active modules.
 * @param polkit rules that mention libvirt
 * @param hooks files below /etc/libvirt/hooks
 * @param certificates of /etc/pki/libvirt*, /etc/pki/qemu, /etc/pki/CA and the directories that qemu.conf names
 * @param revocationLists that libvirt's configuration names, or /etc/pki/CA/cacrl.pem
 * @param bridgeHelperRules active lines of /etc/qemu/bridge.conf, which says what qemu-bridge-helper gives to anybody
 */
public record Libvirt(
        Fact<Boolean> installed,
        Fact<Settings> qemu,
        Fact<List<Daemon>> daemons,
        Fact<List<String>> securityModels,
        Fact<List<PolkitRule>> polkit,
        Fact<String> saslMechanisms,
        Fact<List<Hook>> hooks,
        Fact<List<Certificate>> certificates,
        Fact<List<RevocationList>> revocationLists,
        Fact<List<String>> bridgeHelperRules) {
    /**
     * A file in libvirt's dialect. Only active keys; numbers as decimal text, lists in {@code lists} alone. A password is
     * replaced by {@code [redacted N]}, N being its length.
     */
    public record Settings(String file, Map<String, String> values, Map<String, List<String>> lists) {
        public Settings {
            values = Map.copyOf(values);
            lists = Map.copyOf(lists);
        }

        /** What a file sets, as libvirt reads it. */
        public static Settings of(String file, LibvirtConf conf) {
            Map<String, String> values = new HashMap<>();
            Map<String, List<String>> lists = new HashMap<>();
            conf.settings().forEach((key, entry) -> {
                switch (entry.value()) {
                    case LibvirtValue.Number number -> values.put(key, Long.toString(number.value()));
                    case LibvirtValue.Text text ->
                        values.put(
                                key,
                                key.endsWith("_password") && !text.value().isEmpty()
                                        ? "[redacted " + text.value().length() + "]"
                                        : text.value());
                    case LibvirtValue.Items items ->
                        lists.put(
                                key,
                                items.values().stream()
                                        .map(item -> String.valueOf(item.plain()))
                                        .toList());
                }
            });
            return new Settings(file, values, lists);
        }
    }

    /**
     * A libvirt daemon's configuration and command line.
     *
     * @param name such as {@code libvirtd}
     * @param running unobserved where no process is visible, as in the tree of a host that is switched off
     * @param listens whether it runs with {@code --listen}, or would: the arguments in /etc/default or /etc/sysconfig
     * @param enabledSockets its socket units that are enabled, such as {@code libvirtd-tcp.socket}
     * @param settings empty when it has no file: its defaults hold
     */
    public record Daemon(
            String name,
            Fact<Boolean> running,
            Fact<Boolean> listens,
            List<String> enabledSockets,
            Fact<Settings> settings) {
        public Daemon {
            enabledSockets = List.copyOf(enabledSockets);
        }
    }

    /**
     * A polkit rule file.
     *
     * @param grantsEveryone {@code yes}, {@code no} or {@code unknown}: whether it can allow libvirt's management action
     *     without looking at who asks
     */
    public record PolkitRule(String file, String grantsEveryone, String excerpt) {}

    /**
     * A hook script: runs as root at every guest event.
     *
     * @param sha256 of what libvirt would run, 64 hexadecimal digits
     */
    public record Hook(FileFacts file, Fact<String> sha256) {}

    /**
     * An X.509 certificate on disk.
     *
     * @param names for which it speaks: DNS names and addresses of its alternative names, or the common name without those
     * @param keyAlgorithm {@code RSA}, {@code EC}, {@code EdDSA}…
     * @param keyBits size of the RSA modulus or of the curve
     * @param daysLeft whole days from the observation to its end, negative when expired
     */
    public record Certificate(
            String file,
            String subject,
            List<String> names,
            String keyAlgorithm,
            long keyBits,
            String signatureAlgorithm,
            long daysLeft) {
        public Certificate {
            names = List.copyOf(names);
        }
    }

    /**
     * A list of revoked certificates on disk.
     *
     * @param daysOld whole days since it was issued
     * @param daysLeft whole days until the next one is due, negative when overdue; absent when it does not say
     */
    public record RevocationList(String file, String issuer, long daysOld, Fact<Long> daysLeft) {}
}
