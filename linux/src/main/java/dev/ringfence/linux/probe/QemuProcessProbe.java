package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.core.host.QemuProcess;
import dev.ringfence.linux.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;

/** Running QEMU system emulators, from /proc. A process that ends while it is looked at is left out. Source: proc(5). */
public final class QemuProcessProbe {
    private static final List<String> LABELS = List.of("attr/current", "attr/apparmor/current", "attr/selinux/current");

    private final HostFiles files;
    private final Fact<List<Guest>> guests;
    private final Fact<String> hostMounts;

    private QemuProcessProbe(HostFiles files, Fact<List<Guest>> guests) {
        this.files = files;
        this.guests = guests;
        this.hostMounts = hostMounts(files);
    }

    /** Process 1's, or the kernel's own, which has fewer guards around it: kthreadd stays where the kernel started. */
    private static Fact<String> hostMounts(HostFiles files) {
        Fact<String> first = files.link("/proc/1/ns/mnt");
        boolean kernel = files.line("/proc/2/comm").orElse("").equals("kthreadd");
        return first instanceof Fact.NotObserved && kernel ? files.link("/proc/2/ns/mnt") : first;
    }

    /** Every process whose program is a QEMU system emulator, or an emulator that a guest names. */
    public static Fact<List<QemuProcess>> observe(HostFiles files, Fact<List<Guest>> guests) {
        QemuProcessProbe probe = new QemuProcessProbe(files, guests);
        return RunningQemu.find(files, guests).map(found -> {
            List<QemuProcess> out = new ArrayList<>();
            for (RunningQemu process : found) {
                QemuProcess facts = probe.process(process);
                if (files.exists("/proc/" + process.pid() + "/status").orElse(true)) {
                    out.add(facts);
                }
            }
            return List.copyOf(out);
        });
    }

    private QemuProcess process(RunningQemu process) {
        String at = "/proc/" + process.pid() + "/";
        Fact<List<String>> arguments = files.text(at + "cmdline").map(text -> QemuArguments.redacted(split(text)));
        QemuArguments parsed = QemuArguments.of(arguments.orElse(List.of()));
        Fact<Map<String, String>> status = files.text(at + "status").map(QemuProcessProbe::fields);
        return new QemuProcess(
                process.pid(),
                parsed.guest(),
                parsed.uuid(),
                managed(process.pid(), parsed.guest()),
                field(status, "Uid", text -> decimal(text.split("\\s+"), 1)),
                field(status, "CapEff", Capabilities::names),
                field(status, "Seccomp", QemuProcessProbe::decimal),
                field(status, "NoNewPrivs", text -> decimal(text) != 0),
                ownMounts(at),
                label(at),
                cgroup(at),
                process.executable().map(RunningQemu::onDisk),
                replaced(process, at),
                Readings.parsed(files.text(at + "maps"), QemuProcessProbe::goneLibraries),
                arguments,
                parsed.accelerator(),
                parsed.monitorsOnNetwork(),
                Readings.then(files.text(at + "limits"), text -> limits(at + "limits", text)));
    }

    /** libvirt writes the pid of a domain's process beside its state; a name or UUID alone can be claimed by anybody. */
    private Fact<Boolean> managed(long pid, String guest) {
        return Readings.then(managers(), known -> {
            String file = GuestsProbe.LIVE + "/" + guest + ".pid";
            boolean runs = known.stream()
                    .anyMatch(g -> g.running().orElse(false) && g.name().equals(guest));
            if (!runs || guest.indexOf('/') >= 0) {
                return Fact.of(false, GuestsProbe.LIVE, "derived");
            }
            Fact<String> recorded = files.line(file);
            return recorded instanceof Fact.Absent
                    ? Fact.of(false, file, "read")
                    : Readings.parsed(recorded, text -> text.equals(String.valueOf(pid)));
        });
    }

    /** Where there is no libvirt, it manages nothing. */
    private Fact<List<Guest>> managers() {
        return guests instanceof Fact.Absent<List<Guest>>(var source)
                ? Fact.of(List.of(), source.where(), source.how())
                : guests;
    }

    private Fact<Boolean> ownMounts(String at) {
        return Readings.then(hostMounts, host -> Readings.parsed(files.link(at + "ns/mnt"), own -> !own.equals(host)));
    }

    /** The kernel answers EINVAL where no security module gives labels; the first file that says something counts. */
    private Fact<String> label(String at) {
        Fact<String> first = Fact.absent(at + LABELS.getFirst(), "read");
        for (String file : LABELS) {
            Fact<String> label = files.line(at + file);
            if (label instanceof Fact.Observed<String>(String text, var source)
                    && !bare(text).isEmpty()) {
                return Fact.of(bare(text), source.where(), "read");
            }
            if (label instanceof Fact.NotObserved<String>(var source, String reason)
                    && !reason.equals("Invalid argument")) {
                return label;
            }
            if (file.equals(LABELS.getFirst())) {
                first = label;
            }
        }
        return first instanceof Fact.Absent ? first : Fact.of("", at + LABELS.getFirst(), "read");
    }

    private static String bare(String label) {
        return label.replace("\0", "").strip();
    }

    /** The unified hierarchy's group, or that of the devices controller, or the first that is not the root. */
    private Fact<String> cgroup(String at) {
        return Readings.parsed(files.text(at + "cgroup"), text -> {
            String unified = "/";
            String devices = "/";
            String other = "/";
            for (String line : text.split("\n")) {
                String[] parts = line.split(":", 3);
                if (parts.length < 3) {
                    continue;
                }
                if (parts[1].isEmpty()) {
                    unified = parts[2];
                } else if (List.of(parts[1].split(",")).contains("devices")) {
                    devices = parts[2];
                } else if (other.equals("/")) {
                    other = parts[2];
                }
            }
            return !unified.equals("/") ? unified : !devices.equals("/") ? devices : other;
        });
    }

    /** The running program's file against the one that the same path gives now, in the process's own file system. */
    private Fact<Boolean> replaced(RunningQemu process, String at) {
        return Readings.then(process.executable(), executable -> {
            if (process.deleted()) {
                return Fact.of(true, at + "exe", "readlink");
            }
            if (!files.isLive()) {
                return Fact.of(false, at + "exe", "readlink");
            }
            Fact<Object> running = identity(at + "exe");
            Fact<Object> now = Readings.orElse(identity(at + "root" + executable), () -> identity(executable));
            return Readings.then(running, r -> Readings.parsed(now, n -> !n.equals(r)));
        });
    }

    private Fact<Object> identity(String path) {
        return Readings.then(files.file(path), (Path real) -> {
            try {
                return Fact.<Object>of(Files.readAttributes(real, "unix:dev,ino"), path, "stat");
            } catch (IOException e) {
                return Fact.notObserved(path, "stat", "it ended or changed while it was looked at");
            }
        });
    }

    private static List<String> goneLibraries(String maps) {
        TreeSet<String> out = new TreeSet<>();
        for (String line : maps.split("\n")) {
            int path = line.indexOf('/');
            if (path >= 0 && line.endsWith(" (deleted)")) {
                String file = RunningQemu.onDisk(line.substring(path));
                // Not the shared memory and other nameless files that are always gone.
                if (file.contains(".so") && !file.startsWith("/memfd:") && !file.startsWith("/dev/")) {
                    out.add(file);
                }
            }
        }
        return List.copyOf(out);
    }

    private static Fact<QemuProcess.Limits> limits(String path, String text) {
        Map<String, Long> soft = new HashMap<>();
        for (String line : text.split("\n")) {
            for (String name : List.of("Max core file size", "Max processes", "Max open files")) {
                if (line.startsWith(name)) {
                    String value = line.substring(name.length()).strip().split("\\s+")[0];
                    OptionalLong number = value.equals("unlimited") ? OptionalLong.of(-1) : Readings.decimal(value);
                    number.ifPresent(n -> soft.put(name, n));
                }
            }
        }
        Long core = soft.get("Max core file size");
        Long processes = soft.get("Max processes");
        Long open = soft.get("Max open files");
        return core == null || processes == null || open == null
                ? Fact.notObserved(path, "parsed", "not the kernel's table of limits")
                : Fact.of(new QemuProcess.Limits(core, processes, open), path, "parsed");
    }

    private static <T> Fact<T> field(Fact<Map<String, String>> status, String name, Function<String, T> parse) {
        return Readings.then(status, fields -> {
            String where = status.source().where();
            String text = fields.get(name);
            if (text == null) {
                return Fact.absent(where, "parsed");
            }
            try {
                return Fact.of(parse.apply(text), where, "parsed");
            } catch (NumberFormatException e) {
                return Fact.notObserved(where, "parsed", name + ": " + Readings.excerpt(text));
            }
        });
    }

    private static Map<String, String> fields(String status) {
        Map<String, String> out = new HashMap<>();
        for (String line : status.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                out.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return out;
    }

    private static List<String> split(String arguments) {
        if (arguments.isEmpty()) {
            return List.of();
        }
        return List.of((arguments.endsWith("\0") ? arguments.substring(0, arguments.length() - 1) : arguments)
                .split("\0", -1));
    }

    private static long decimal(String text) {
        return Long.parseLong(text);
    }

    private static long decimal(String[] parts, int index) {
        if (index >= parts.length) {
            throw new NumberFormatException("too few numbers");
        }
        return Long.parseLong(parts[index]);
    }
}
