package dev.ringfence.core.audit;

import java.util.List;

/**
 * How to make a control hold.
 *
 * @param reach the widest thing that the fix disturbs
 * @param summary one or two sentences for a person
 * @param changes exact changes; empty when only a person can do it
 * @param cost what it costs in performance or features, empty when nothing
 */
public record Fix(Reach reach, String summary, List<Change> changes, String cost) {
    public Fix {
        changes = List.copyOf(changes);
    }

    /** What a fix disturbs, least first. */
    public enum Reach {
        /** Takes effect at once; nothing restarts. */
        LIVE,
        /** A libvirt, Nova or system daemon restarts or reloads. */
        DAEMON,
        /** Guests restart, or move away and back. */
        GUEST,
        /** The host restarts. */
        REBOOT,
        /** A package is replaced. */
        BUILD
    }

    /** What a change acts on. */
    public enum Kind {
        /** target: file of libvirt's dialect and key, {@code /etc/libvirt/qemu.conf:user}; value as written there, empty to remove. */
        LIBVIRT_CONF,
        /** target: file, section and option, {@code /etc/nova/nova.conf:libvirt.virt_type}; empty value removes. */
        OSLO_CONF,
        /** target: dotted name. */
        SYSCTL,
        /** target: path below /sys; lost at reboot. */
        SYSFS,
        /** target: argument to add (value {@code add}) or to remove (value {@code remove}). */
        KERNEL_ARGUMENT,
        /** target: {@code module.parameter}. */
        MODPROBE_OPTION,
        /** target: module; it is kept from loading. */
        MODPROBE_BLACKLIST,
        /** target: path; value: octal mode. */
        FILE_MODE,
        /** target: path; value: {@code owner:group}. */
        FILE_OWNER,
        /** target: boolean; value {@code on} or {@code off}. */
        SELINUX_BOOLEAN,
        /** target: unit; value {@code disable}, {@code mask} or {@code enable}. */
        UNIT,
        /** target: XPath in the domain XML; value: what it must be. */
        DOMAIN_XML,
        /** target: keyword; value: its value in a drop-in of sshd_config. */
        SSHD,
        /** target: package; value: {@code install}, {@code remove} or {@code upgrade}. */
        PACKAGE,
        /** target: a command line. */
        COMMAND
    }

    /** One exact change. */
    public record Change(Kind kind, String target, String value) {}
}
