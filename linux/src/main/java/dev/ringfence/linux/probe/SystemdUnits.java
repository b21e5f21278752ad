package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Units that systemd starts by itself, and units that it may not start, from its unit directories (systemd.unit(5)): a link
 * in {@code x.wants}, {@code x.requires} or {@code x.upholds} starts a unit with x, a link to /dev/null masks it. Asking
 * systemctl would take longer than all other probes.
 *
 * @param enabled without masked ones; what the distribution always starts is included
 * @param masked by the administrator
 */
record SystemdUnits(List<String> enabled, List<String> masked) {
    private static final List<String> ADMINISTRATOR = List.of("/etc/systemd/system", "/run/systemd/system");
    private static final List<String> OTHERS = List.of(
            "/run/systemd/generator.early",
            "/run/systemd/generator",
            "/run/systemd/generator.late",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/lib/systemd/system");
    private static final List<String> STARTING = List.of(".wants", ".requires", ".upholds");

    SystemdUnits {
        enabled = List.copyOf(enabled);
        masked = List.copyOf(masked);
    }

    /** Absent on a host without systemd's configuration. */
    static Fact<SystemdUnits> observe(HostFiles files) {
        Fact<List<String>> configured = files.list(ADMINISTRATOR.getFirst());
        return Readings.then(configured, ignored -> {
            Set<String> enabled = new TreeSet<>();
            Set<String> masked = new TreeSet<>();
            Set<String> directories = new LinkedHashSet<>(ADMINISTRATOR);
            directories.addAll(OTHERS);
            if (files.link("/lib").orElse("").endsWith("usr/lib")) {
                directories.remove("/lib/systemd/system");
            }
            for (String directory : directories) {
                Fact<List<String>> names = files.list(directory);
                if (names instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
                    return Fact.notObserved(source.where(), source.how(), reason);
                }
                if (ADMINISTRATOR.contains(directory)) {
                    Fact<Map<String, String>> links = files.links(directory);
                    if (links instanceof Fact.NotObserved<Map<String, String>>(var source, String reason)) {
                        return Fact.notObserved(source.where(), source.how(), reason);
                    }
                    links.orElse(Map.of()).forEach((unit, target) -> {
                        if (target.equals("/dev/null")) {
                            masked.add(unit);
                        }
                    });
                }
                for (String name : names.orElse(List.of())) {
                    if (STARTING.stream().anyMatch(name::endsWith) && !name.startsWith("initrd")) {
                        Fact<List<String>> units = files.list(directory + "/" + name);
                        if (units instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
                            return Fact.notObserved(source.where(), source.how(), reason);
                        }
                        enabled.addAll(units.orElse(List.of()));
                    }
                }
            }
            enabled.removeAll(masked);
            return Fact.of(
                    new SystemdUnits(new ArrayList<>(enabled), new ArrayList<>(masked)),
                    ADMINISTRATOR.getFirst(),
                    "list");
        });
    }
}
