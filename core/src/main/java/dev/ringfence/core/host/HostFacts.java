package dev.ringfence.core.host;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything observed of one host at one time.
 *
 * @param observedAt when the observation began
 * @param observer who looked, and how
 * @param files what {@code stat} says of the paths in {@code linux.WatchedPaths}, by path
 * @param packages installed version by package name
 */
public record HostFacts(
        Instant observedAt,
        Observer observer,
        Host host,
        Kernel kernel,
        Cpu cpu,
        Memory memory,
        Firmware firmware,
        Devices devices,
        MandatoryAccess mandatoryAccess,
        Libvirt libvirt,
        Fact<List<Guest>> guests,
        Fact<List<QemuProcess>> qemuProcesses,
        Fact<List<Emulator>> emulators,
        OpenStack openstack,
        Accounts accounts,
        Network network,
        Services services,
        Fact<Map<String, Fact<FileFacts>>> files,
        Fact<List<Mount>> mounts,
        Fact<Map<String, String>> packages) {
    /** The same under another name, such as that of the file that was read. */
    public HostFacts withName(Fact<String> other) {
        Host named = new Host(
                other,
                host.machineId(),
                host.bootId(),
                host.osId(),
                host.osVersion(),
                host.osName(),
                host.architecture(),
                host.hypervisor());
        return copy(named, guests, openstack);
    }

    /** The same with other guests. */
    public HostFacts withGuests(Fact<List<Guest>> other) {
        return copy(host, other, openstack);
    }

    /** The same with other OpenStack services. */
    public HostFacts withOpenstack(OpenStack other) {
        return copy(host, guests, other);
    }

    private HostFacts copy(Host otherHost, Fact<List<Guest>> otherGuests, OpenStack otherOpenstack) {
        return new HostFacts(
                observedAt,
                observer,
                otherHost,
                kernel,
                cpu,
                memory,
                firmware,
                devices,
                mandatoryAccess,
                libvirt,
                otherGuests,
                qemuProcesses,
                emulators,
                otherOpenstack,
                accounts,
                network,
                services,
                files,
                mounts,
                packages);
    }

    /**
     * Who looked.
     *
     * @param method {@code live}, {@code tree}, {@code ssh} or {@code capture}
     * @param root the directory that was taken as the root, {@code /} for a live host
     * @param uid the effective user id of the observer, -1 where unknown
     */
    public record Observer(String method, String root, long uid) {
        public boolean isRoot() {
            return uid == 0;
        }
    }

    /**
     * Which host.
     *
     * @param machineId from /etc/machine-id, 32 hexadecimal digits
     * @param osId such as {@code debian}
     * @param osVersion such as {@code 12}
     * @param hypervisor whether the host shows signs of running guests: /dev/kvm, libvirt, QEMU or nova-compute
     */
    public record Host(
            Fact<String> name,
            Fact<String> machineId,
            Fact<String> bootId,
            Fact<String> osId,
            Fact<String> osVersion,
            Fact<String> osName,
            Fact<String> architecture,
            Fact<Boolean> hypervisor) {}
}
