package dev.ringfence.core.hardening;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of an emulator no guest uses.
 *
 * @param removable parts that could go, each with what it shows of itself
 * @param used parts that guests use
 * @param unneeded all parts that no guest uses, also those that the emulator does not show because their module is not installed
 * @param unusedMachines machine types that no guest names; old ones are only needed to migrate old guests in
 * @param unknown devices in use or not that no part names; nothing is said about them
 */
public record QemuReduction(
        List<Finding> removable,
        List<Finding> used,
        List<QemuPart> unneeded,
        List<String> unusedMachines,
        List<String> unknown) {
    public QemuReduction {
        removable = List.copyOf(removable);
        used = List.copyOf(used);
        unneeded = List.copyOf(unneeded);
        unusedMachines = List.copyOf(unusedMachines);
        unknown = List.copyOf(unknown);
    }

    /** A part, and the entries of the emulator's lists that it stands for. */
    public record Finding(QemuPart part, List<String> entries) {
        public Finding {
            entries = List.copyOf(entries);
        }
    }

    /** Compares what an emulator can do with what guests use. */
    public static QemuReduction of(QemuSurface surface, QemuUse use) {
        Set<String> devices = new LinkedHashSet<>();
        surface.devices().stream().filter(d -> !d.category().equals("CPU")).forEach(d -> devices.add(d.name()));
        Set<String> backends = new TreeSet<>(surface.chardevs());
        backends.addAll(surface.netdevs());
        backends.addAll(surface.objects());
        backends.addAll(surface.audiodevs());
        backends.addAll(surface.displays());
        List<Finding> removable = new ArrayList<>();
        List<Finding> used = new ArrayList<>();
        List<QemuPart> unneeded = new ArrayList<>();
        Set<String> named = new TreeSet<>();
        for (QemuPart part : QemuPart.KNOWN) {
            Set<String> offered = switch (part.kind()) {
                case DEVICE -> devices;
                case ACCELERATOR -> new TreeSet<>(surface.accelerators());
                case BACKEND -> backends;
            };
            Set<String> wanted = switch (part.kind()) {
                case DEVICE -> use.devices();
                case ACCELERATOR -> use.accelerators();
                case BACKEND -> use.backends();
            };
            boolean needed = wanted.stream().anyMatch(part::matches);
            if (!needed) {
                unneeded.add(part);
            }
            List<String> entries = offered.stream().filter(part::matches).toList();
            if (!entries.isEmpty()) {
                named.addAll(entries);
                (needed ? used : removable).add(new Finding(part, entries));
            }
        }
        return new QemuReduction(
                removable,
                used,
                unneeded,
                surface.machines().stream()
                        .filter(m -> m.aliasOf().isEmpty() && !m.name().equals("none"))
                        .filter(m -> !inUse(m.name(), surface, use))
                        .map(m -> m.name())
                        .toList(),
                devices.stream()
                        .filter(d -> !named.contains(d))
                        .sorted(Comparator.naturalOrder())
                        .toList());
    }

    /** A guest may name the versioned type or its alias. */
    private static boolean inUse(String machine, QemuSurface surface, QemuUse use) {
        return use.machines().contains(machine)
                || surface.machines().stream()
                        .anyMatch(m ->
                                m.aliasOf().equals(machine) && use.machines().contains(m.name()));
    }
}
