package dev.ringfence.core.hardening;

import dev.ringfence.formats.qemu.QemuHelp;
import java.util.List;

/**
 * What an installed emulator can do, as it says itself. A list that it would not print is empty.
 *
 * @param path of the binary
 * @param version its first line
 * @param types every object type that it can make, devices and back ends among them (QMP qom-list-types)
 * @param displays and the rest: names of back ends
 */
public record QemuSurface(
        String path,
        String version,
        List<QemuHelp.Device> devices,
        List<String> types,
        List<QemuHelp.Machine> machines,
        List<String> accelerators,
        List<String> chardevs,
        List<String> netdevs,
        List<String> objects,
        List<String> audiodevs,
        List<String> displays) {
    public QemuSurface {
        devices = List.copyOf(devices);
        types = List.copyOf(types);
        machines = List.copyOf(machines);
        accelerators = List.copyOf(accelerators);
        chardevs = List.copyOf(chardevs);
        netdevs = List.copyOf(netdevs);
        objects = List.copyOf(objects);
        audiodevs = List.copyOf(audiodevs);
        displays = List.copyOf(displays);
    }
}
