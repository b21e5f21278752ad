package dev.ringfence.core.watch;

import dev.ringfence.core.host.Source;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is watched, and for which controls. It follows from what an audit read: a control is looked at again when something
 * that it read has changed. Immutable.
 *
 * <p>Not watched, because they change all the time or cannot change while the kernel runs: sockets and firewall rules,
 * mounts, the package database, programs in {@code /usr/bin}, logs, what libvirt keeps of running guests below {@code /run}.
 */
public final class WatchList {
    /** Read together with a place, or in place of it: the audit names the first place of such a group alone. */
    private static final Map<String, List<String>> COMPANIONS = Map.ofEntries(
            Map.entry("/etc/modprobe.d", List.of("/run/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d")),
            Map.entry("/etc/default/grub", List.of("/etc/default/grub.d")),
            Map.entry("/etc/kernel/cmdline", List.of("/etc/default/grub", "/etc/default/grub.d")),
            Map.entry("/etc/ssh/sshd_config", List.of("/etc/ssh/sshd_config.d")),
            Map.entry("/usr/etc/sudoers", List.of("/etc/sudoers", "/etc/sudoers.d")),
            Map.entry("/etc/sudoers", List.of("/etc/sudoers.d")),
            Map.entry(
                    "/etc/polkit-1/rules.d",
                    List.of("/usr/share/polkit-1/rules.d", "/etc/polkit-1/localauthority/50-local.d")),
            Map.entry("/etc/nova/nova.conf", List.of("/etc/nova/nova-compute.conf", "/etc/nova/nova.conf.d")),
            Map.entry("/etc/neutron/neutron.conf", List.of("/etc/neutron/neutron.conf.d")),
            Map.entry("/etc/systemd/journald.conf", List.of("/etc/systemd/journald.conf.d")),
            Map.entry("/etc/systemd/timesyncd.conf", List.of("/etc/systemd/timesyncd.conf.d")),
            Map.entry("/etc/rsyslog.conf", List.of("/etc/rsyslog.d")),
            Map.entry("/etc/libvirt/hooks", List.of("/etc/libvirt/hooks/qemu.d")),
            Map.entry("/sys/kernel/mm/ksm", List.of("/sys/kernel/mm/ksm/run")));

    /** Noise, or covered by something better. */
    private static final Set<String> UNWATCHED = Set.of(
            "/",
            "/boot",
            "/etc/pki",
            "/proc/1/mountinfo",
            "/proc/cmdline",
            "/proc/cpuinfo",
            "/proc/modules",
            "/proc/net",
            "/proc/swaps",
            "/proc/sys",
            "/sys",
            "/sys/bus/pci/devices",
            "/sys/class/net",
            "/sys/kernel/mm/ksm",
            "/sys/module",
            "/usr/bin",
            "/var/lib/dpkg/status");

    private static final List<String> UNWATCHED_BELOW = List.of(
            "/var/log/", "/run/libvirt/qemu", "/dev/", "/sys/dev/", "/proc/net/", "/usr/bin/", "/usr/share/OVMF/");

    private final SortedMap<Thing, SortedSet<String>> controls;

    private WatchList(SortedMap<Thing, SortedSet<String>> controls) {
        this.controls = Collections.unmodifiableSortedMap(controls);
    }

    /** The list that follows from an audit. */
    public static WatchList of(List<ControlState> states) {
        SortedMap<Thing, SortedSet<String>> controls = new TreeMap<>();
        for (ControlState state : states) {
            for (Source source : state.sources()) {
                for (Thing thing : things(source)) {
                    controls.computeIfAbsent(thing, t -> new TreeSet<>()).add(state.control());
                }
            }
        }
        return new WatchList(controls);
    }

    /** Everything to watch, in order. */
    public Set<Thing> things() {
        return controls.keySet();
    }

    /** The controls that read a thing, none for one that is not watched. */
    public SortedSet<String> controls(Thing thing) {
        return Collections.unmodifiableSortedSet(controls.getOrDefault(thing, Collections.emptySortedSet()));
    }

    private static Set<Thing> things(Source source) {
        Set<Thing> things = new TreeSet<>();
        if (!source.how().equals("command")) {
            for (String word : source.where().split(" ")) {
                if (word.startsWith("/") && word.indexOf('*') < 0) {
                    add(word, source.how(), things);
                }
            }
        }
        return things;
    }

    private static void add(String path, String how, Set<Thing> things) {
        boolean process = path.equals("/proc") || path.matches("/proc/[0-9].*");
        if (process && !path.equals("/proc/1/mountinfo")) {
            things.add(Thing.QEMU);
            return;
        }
        if (path.equals(Thing.GUESTS.path()) || path.startsWith(Thing.GUESTS.path() + "/")) {
            things.add(Thing.GUESTS);
            return;
        }
        COMPANIONS.getOrDefault(path, List.of()).forEach(other -> things.add(thing(other, how)));
        if (!UNWATCHED.contains(path) && UNWATCHED_BELOW.stream().noneMatch(path::startsWith)) {
            things.add(thing(path, how));
        }
    }

    private static Thing thing(String path, String how) {
        if (path.startsWith("/proc/") || path.startsWith("/sys/")) {
            return new Thing(Thing.Kind.VALUE, path);
        }
        return new Thing(how.equals("stat") ? Thing.Kind.STATUS : Thing.Kind.CONTENT, path);
    }
}
