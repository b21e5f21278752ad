package dev.ringfence.formats.domain;

import java.util.List;

/**
 * One libvirt domain: the {@code <domain>} element.
 *
 * @param type the accelerator: {@code kvm}, {@code qemu}, …
 * @param id the run-time number, -1 when the document has none (not running)
 * @param name the domain's name, never empty
 * @param genid the VM generation identifier; {@code ""} when absent or left to libvirt
 * @param onCrash {@code destroy}, {@code restart}, {@code preserve}, {@code coredump-destroy}, {@code coredump-restart}
 * @param suspendToMem {@code yes} or {@code no}, from {@code pm/suspend-to-mem}
 * @param iothreads number of I/O threads, -1 when absent
 * @param extensions elements from other XML namespaces directly below {@code <domain>}, as {@code {namespace}name}
 * @param unknownElements names of children of {@code <domain>} that this package does not know
 */
public record Domain(
        String type,
        long id,
        String name,
        String uuid,
        String genid,
        String title,
        String description,
        Metadata metadata,
        Memory memory,
        MemoryBacking memoryBacking,
        Vcpu vcpu,
        long iothreads,
        Cpu cpu,
        Os os,
        Features features,
        Clock clock,
        String onPoweroff,
        String onReboot,
        String onCrash,
        String onLockfailure,
        String suspendToMem,
        String suspendToDisk,
        Resource resource,
        CpuTune cputune,
        MemTune memtune,
        BlkioTune blkiotune,
        NumaTune numatune,
        List<Sysinfo> sysinfos,
        List<SecLabel> seclabels,
        LaunchSecurity launchSecurity,
        Devices devices,
        Qemu qemu,
        List<String> extensions,
        List<String> unknownElements) {
    public Domain {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("domain without a name");
        }
        sysinfos = List.copyOf(sysinfos);
        seclabels = List.copyOf(seclabels);
        extensions = List.copyOf(extensions);
        unknownElements = List.copyOf(unknownElements);
    }
}
