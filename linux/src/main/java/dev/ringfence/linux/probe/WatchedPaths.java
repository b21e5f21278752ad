package dev.ringfence.linux.probe;

import java.util.List;
import java.util.stream.Stream;

/**
 * The files whose owner and mode controls ask about. A {@code *} stands for any part of one name; it is matched against
 * what the host has. Whoever makes a capture records these.
 */
public final class WatchedPaths {
    /** The most files that one pattern with a {@code *} stands for. */
    public static final int MATCH_LIMIT = 256;

    private static final List<String> DEVICES = List.of(
            "/dev/kvm",
            "/dev/sev",
            "/dev/vfio",
            "/dev/vfio/*",
            "/dev/vhost-net",
            "/dev/vhost-vsock",
            "/dev/mem",
            "/dev/net/tun",
            "/dev/userfaultfd");

    private static final List<String> HELPERS = List.of(
            "/usr/lib/qemu/qemu-bridge-helper",
            "/usr/libexec/qemu-bridge-helper",
            "/usr/bin/qemu-pr-helper",
            "/usr/libexec/qemu-pr-helper",
            "/usr/lib/qemu/virtiofsd",
            "/usr/libexec/virtiofsd",
            "/usr/lib/qemu/virtfs-proxy-helper",
            "/usr/bin/virtfs-proxy-helper",
            "/usr/libexec/virtfs-proxy-helper",
            "/usr/lib/qemu/vhost-user-*",
            "/usr/libexec/vhost-user-*",
            "/usr/bin/swtpm",
            "/usr/bin/qemu-system-*",
            "/usr/libexec/qemu-kvm",
            "/usr/bin/qemu-storage-daemon",
            "/etc/qemu",
            "/etc/qemu/bridge.conf",
            "/usr/share/qemu/firmware/*.json",
            "/usr/share/OVMF/*",
            "/usr/share/AAVMF/*");

    private static final List<String> LIBVIRT = List.of(
            "/etc/libvirt",
            "/etc/libvirt/*.conf",
            "/etc/libvirt/hooks",
            "/etc/libvirt/hooks/*",
            "/etc/libvirt/hooks/*/*",
            "/etc/libvirt/qemu",
            "/etc/libvirt/qemu/*.xml",
            "/etc/libvirt/qemu/autostart",
            "/etc/libvirt/qemu/networks",
            "/etc/libvirt/secrets",
            "/etc/libvirt/secrets/*",
            "/etc/libvirt/nwfilter",
            "/etc/libvirt/storage",
            "/run/libvirt",
            "/run/libvirt/libvirt-sock",
            "/run/libvirt/libvirt-sock-ro",
            "/run/libvirt/libvirt-admin-sock",
            "/run/libvirt/virtqemud-sock",
            "/run/libvirt/virtqemud-sock-ro",
            "/run/libvirt/virtqemud-admin-sock",
            "/run/libvirt/qemu",
            "/var/lib/libvirt",
            "/var/lib/libvirt/images",
            "/var/lib/libvirt/images/*",
            "/var/lib/libvirt/boot",
            "/var/lib/libvirt/qemu",
            "/var/lib/libvirt/qemu/ram",
            "/var/lib/libvirt/qemu/nvram",
            "/var/lib/libvirt/qemu/nvram/*",
            "/var/lib/libvirt/qemu/save",
            "/var/lib/libvirt/qemu/save/*",
            "/var/lib/libvirt/qemu/dump",
            "/var/lib/libvirt/qemu/dump/*",
            "/var/lib/libvirt/qemu/snapshot",
            "/var/lib/libvirt/swtpm",
            "/var/lib/libvirt/swtpm/*",
            "/var/cache/libvirt/qemu",
            "/var/log/libvirt",
            "/var/log/libvirt/qemu",
            "/var/log/libvirt/qemu/*",
            "/var/log/swtpm/libvirt/qemu",
            "/dev/hugepages/libvirt/qemu",
            "/etc/sasl2/libvirt.conf",
            "/etc/libvirt/passwd.db");

    private static final List<String> KEYS = List.of(
            "/etc/pki",
            "/etc/pki/CA",
            "/etc/pki/CA/*.pem",
            "/etc/pki/CA/private",
            "/etc/pki/CA/private/*",
            "/etc/pki/libvirt",
            "/etc/pki/libvirt/*.pem",
            "/etc/pki/libvirt/private",
            "/etc/pki/libvirt/private/*",
            "/etc/pki/qemu",
            "/etc/pki/qemu/*",
            "/etc/pki/libvirt-vnc",
            "/etc/pki/libvirt-vnc/*",
            "/etc/pki/libvirt-spice",
            "/etc/pki/libvirt-spice/*",
            "/etc/pki/libvirt-migrate",
            "/etc/pki/libvirt-migrate/*",
            "/etc/pki/libvirt-chardev",
            "/etc/pki/libvirt-chardev/*",
            "/etc/pki/libvirt-nbd",
            "/etc/pki/libvirt-nbd/*",
            "/etc/pki/libvirt-backup",
            "/etc/pki/libvirt-backup/*",
            "/etc/ceph",
            "/etc/ceph/*.keyring");

    private static final List<String> OPENSTACK = List.of(
            "/etc/nova",
            "/etc/nova/*",
            "/etc/nova/nova.conf.d/*",
            "/etc/nova/policy.d/*",
            "/etc/nova/rootwrap.d/*",
            "/usr/share/nova/rootwrap",
            "/usr/share/nova/rootwrap/*",
            "/etc/neutron",
            "/etc/neutron/*",
            "/etc/neutron/plugins/ml2/*",
            "/etc/neutron/policy.d/*",
            "/etc/neutron/rootwrap.d/*",
            "/usr/share/neutron/rootwrap",
            "/usr/share/neutron/rootwrap/*",
            "/var/lib/nova",
            "/var/lib/nova/instances",
            "/var/lib/nova/.ssh",
            "/var/lib/nova/.ssh/*",
            "/var/log/nova",
            "/var/log/nova/*.log",
            "/var/log/neutron",
            "/var/log/neutron/*.log");

    private static final List<String> HOST = List.of(
            "/etc/passwd",
            "/etc/shadow",
            "/etc/sudoers",
            "/etc/sudoers.d",
            "/etc/sudoers.d/*",
            "/etc/ssh/sshd_config",
            "/etc/ssh/ssh_host_*_key",
            "/etc/polkit-1/rules.d",
            "/etc/polkit-1/rules.d/*",
            "/etc/modprobe.d",
            "/etc/modprobe.d/*",
            "/etc/udev/rules.d",
            "/etc/udev/rules.d/*",
            "/etc/apparmor.d/libvirt",
            "/etc/apparmor.d/libvirt/TEMPLATE.qemu",
            "/etc/apparmor.d/abstractions/libvirt-qemu",
            "/etc/apparmor.d/local/abstractions/libvirt-qemu",
            "/boot/grub/grub.cfg",
            "/boot/grub2/grub.cfg",
            "/var/log/journal",
            "/run/docker.sock");

    private WatchedPaths() {}

    /** Every path and pattern, in groups that belong together. */
    public static List<String> all() {
        return Stream.of(DEVICES, HELPERS, LIBVIRT, KEYS, OPENSTACK, HOST)
                .flatMap(List::stream)
                .toList();
    }
}
