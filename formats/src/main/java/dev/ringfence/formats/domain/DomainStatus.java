package dev.ringfence.formats.domain;

import java.util.List;

/**
 * The run-time file that libvirt's QEMU driver keeps for a running domain ({@code /run/libvirt/qemu/NAME.xml}).
 *
 * @param state {@code running}, {@code paused}, …
 * @param reason why it is in that state, such as {@code booted} or {@code migrated}
 * @param pid process of QEMU, -1 when the file has none
 * @param monitorPath the QMP socket
 * @param monitorType {@code unix}
 * @param vcpus threads of the virtual CPUs
 * @param namespaces names of the Linux namespaces that libvirt made for QEMU, such as {@code mount}
 * @param taints libvirt's own warnings, such as {@code high-privileges} or {@code custom-argv}
 * @param deprecations messages on deprecated settings
 * @param qemuCaps capability flags of the QEMU binary that was started
 * @param jobs kinds of the jobs under way ({@code <job type=… async=…>}), such as {@code migration out}
 * @param libDir the domain's private directory
 * @param blockjobsActive {@code yes} while a block job runs
 * @param domain the domain as it runs
 */
public record DomainStatus(
        String state,
        String reason,
        long pid,
        String monitorPath,
        String monitorType,
        List<VcpuThread> vcpus,
        List<String> namespaces,
        List<String> taints,
        List<String> deprecations,
        List<String> qemuCaps,
        List<String> jobs,
        String libDir,
        String channelTargetDir,
        String blockjobsActive,
        boolean chardevStdioLogd,
        boolean rememberOwner,
        Domain domain) {
    public DomainStatus {
        vcpus = List.copyOf(vcpus);
        namespaces = List.copyOf(namespaces);
        taints = List.copyOf(taints);
        deprecations = List.copyOf(deprecations);
        qemuCaps = List.copyOf(qemuCaps);
        jobs = List.copyOf(jobs);
    }

    /**
     * Thread of one virtual CPU.
     *
     * @param id number of the virtual CPU
     * @param pid thread identifier, -1 when absent
     */
    public record VcpuThread(long id, long pid) {}
}
