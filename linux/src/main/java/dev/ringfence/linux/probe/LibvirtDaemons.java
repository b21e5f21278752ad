package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Libvirt;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.libvirtconf.LibvirtConf;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * libvirt's daemons: those with a configuration file, an enabled socket or a process. Source: libvirtd(8), virtqemud(8)
 * and the other pages of that kind.
 */
final class LibvirtDaemons {
    private static final List<String> NAMES = List.of(
            "libvirtd",
            "virtqemud",
            "virtproxyd",
            "virtlogd",
            "virtlockd",
            "virtnetworkd",
            "virtstoraged",
            "virtsecretd",
            "virtnodedevd",
            "virtnwfilterd",
            "virtinterfaced",
            "virtlxcd",
            "virtxend",
            "virtvboxd",
            "virtchd");
    private static final List<String> WANTED = List.of(
            "/etc/systemd/system/sockets.target.wants",
            "/run/systemd/system/sockets.target.wants",
            "/usr/lib/systemd/system/sockets.target.wants",
            "/lib/systemd/system/sockets.target.wants");
    private static final int CONF_LIMIT_BYTES = (4 << 20) + 1;
    /** {@code -l}, alone or among other short options without a value. */
    private static final Pattern LISTEN = Pattern.compile("-[dv]*l[dv]*|--l(?:i(?:s(?:t(?:en?)?)?)?)?");

    private static final Pattern ARGUMENTS =
            Pattern.compile("(?m)^[ \\t]*(?:export[ \\t]+)?[A-Za-z0-9_]*(?:opts|ARGS)[ \\t]*=(.*)$");

    private final HostFiles files;
    private final Fact<Map<String, List<List<String>>>> running;
    private final Fact<List<String>> sockets;

    private LibvirtDaemons(HostFiles files) {
        this.files = files;
        this.running = processes(files);
        this.sockets = enabledSockets(files);
    }

    /** Every daemon that is there. */
    static Fact<List<Libvirt.Daemon>> observe(HostFiles files) {
        LibvirtDaemons daemons = new LibvirtDaemons(files);
        return Readings.then(daemons.sockets, sockets -> {
            List<Libvirt.Daemon> out = new ArrayList<>();
            for (String name : NAMES) {
                Libvirt.Daemon daemon = daemons.daemon(name, sockets);
                boolean there = !(daemon.settings() instanceof Fact.Absent)
                        || daemon.running().orElse(false)
                        || !daemon.enabledSockets().isEmpty();
                if (there) {
                    out.add(withDefaults(daemon));
                }
            }
            return Fact.of(List.copyOf(out), "/etc/libvirt and /proc", "derived");
        });
    }

    /** A file in libvirt's dialect; absent when there is none. */
    static Fact<Libvirt.Settings> settings(HostFiles files, String path) {
        return Readings.then(files.bytes(path, CONF_LIMIT_BYTES), bytes -> switch (LibvirtConf.parse(bytes)) {
            case Decoded.Value<LibvirtConf>(LibvirtConf conf) ->
                Fact.of(Libvirt.Settings.of(path, conf), path, "parsed");
            case Decoded.Refused<LibvirtConf>(var refusal) -> Fact.notObserved(path, "parsed", refusal.toString());
        });
    }

    /** Settings where libvirt is there without a file: its defaults hold. */
    static Fact<Libvirt.Settings> defaults(String path) {
        return Fact.of(new Libvirt.Settings(path, Map.of(), Map.of()), path, "derived");
    }

    private static Libvirt.Daemon withDefaults(Libvirt.Daemon daemon) {
        return new Libvirt.Daemon(
                daemon.name(),
                daemon.running(),
                daemon.listens(),
                daemon.enabledSockets(),
                Readings.orElse(daemon.settings(), () -> defaults(conf(daemon.name()))));
    }

    private static String conf(String name) {
        return "/etc/libvirt/" + name + ".conf";
    }

    private Libvirt.Daemon daemon(String name, List<String> allSockets) {
        Pattern own = Pattern.compile(name + "(?:-[a-z]+)?\\.socket");
        return new Libvirt.Daemon(
                name,
                running.map(r -> r.containsKey(name)),
                listens(name),
                allSockets.stream().filter(s -> own.matcher(s).matches()).toList(),
                settings(files, conf(name)));
    }

    /** The process says it; without one, what would be its arguments. */
    private Fact<Boolean> listens(String name) {
        List<List<String>> processes = running.orElse(Map.of()).getOrDefault(name, List.of());
        if (!processes.isEmpty()) {
            return Fact.of(processes.stream().anyMatch(LibvirtDaemons::hasListen), "/proc", "read");
        }
        for (String directory : List.of("/etc/default/", "/etc/sysconfig/")) {
            Fact<String> arguments = files.text(directory + name);
            if (arguments instanceof Fact.NotObserved<String> unseen) {
                return unseen.map(text -> false);
            }
            boolean wanted = ARGUMENTS
                    .matcher(arguments.orElse(""))
                    .results()
                    .anyMatch(match -> hasListen(List.of(match.group(1).split("[\\s\"']+"))));
            if (wanted) {
                return Fact.of(true, directory + name, "read");
            }
        }
        return Fact.of(false, "/etc/default/" + name, "derived");
    }

    private static boolean hasListen(List<String> arguments) {
        return arguments.stream().anyMatch(argument -> LISTEN.matcher(argument).matches());
    }

    /** Arguments of each daemon's processes. A name that a process gave itself counts only where its program is hidden. */
    private static Fact<Map<String, List<List<String>>>> processes(HostFiles files) {
        return Readings.then(RunningQemu.visiblePids(files), pids -> {
            Map<String, List<List<String>>> out = new HashMap<>();
            for (long pid : pids) {
                String name = files.line("/proc/" + pid + "/comm").orElse("");
                if (!NAMES.contains(name)) {
                    continue;
                }
                Fact<String> executable = files.link("/proc/" + pid + "/exe");
                boolean itself = executable instanceof Fact.NotObserved
                        || Readings.baseName(RunningQemu.onDisk(executable.orElse("")))
                                .equals(name);
                if (itself) {
                    String arguments = files.text("/proc/" + pid + "/cmdline").orElse("");
                    out.computeIfAbsent(name, n -> new ArrayList<>()).add(List.of(arguments.split("\0")));
                }
            }
            return Fact.of(out, "/proc", "read");
        });
    }

    private static Fact<List<String>> enabledSockets(HostFiles files) {
        TreeSet<String> out = new TreeSet<>();
        for (String directory : WANTED) {
            Fact<List<String>> names = files.list(directory);
            if (names instanceof Fact.NotObserved) {
                return names;
            }
            for (String name : names.orElse(List.of())) {
                boolean masked =
                        files.link("/etc/systemd/system/" + name).orElse("").equals("/dev/null");
                if (name.endsWith(".socket") && !masked) {
                    out.add(name);
                }
            }
        }
        return Fact.of(List.copyOf(out), WANTED.getFirst(), "list");
    }
}
