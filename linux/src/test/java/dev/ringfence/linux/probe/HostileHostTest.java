package dev.ringfence.linux.probe;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.ringfence.linux.HostFiles;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a host's files hold, and whatever stands in their place, no probe throws. */
class HostileHostTest {
    private static final List<String> PATHS = List.of(
            "/.ringfence/ip-link.json",
            "/.ringfence/iptables-legacy.txt",
            "/.ringfence/nft-ruleset.json",
            "/boot/vmlinuz-6.1.0",
            "/etc/apparmor.d/abstractions/libvirt-qemu",
            "/etc/apparmor.d/libvirt/libvirt-x.files",
            "/etc/audit/auditd.conf",
            "/etc/audit/rules.d/a.rules",
            "/etc/chrony/chrony.conf",
            "/etc/crypto-policies/config",
            "/etc/default/grub",
            "/etc/default/grub.d/a.cfg",
            "/etc/group",
            "/etc/hostname",
            "/etc/machine-id",
            "/etc/modprobe.d/a.conf",
            "/etc/ntp.conf",
            "/etc/os-release",
            "/etc/passwd",
            "/etc/qemu/firmware/a.json",
            "/etc/rsyslog.conf",
            "/etc/selinux/config",
            "/etc/shadow",
            "/etc/ssh/sshd_config",
            "/etc/sudoers",
            "/etc/systemd/journal-upload.conf",
            "/etc/systemd/journald.conf",
            "/etc/systemd/timesyncd.conf",
            "/proc/1/comm",
            "/proc/1/mountinfo",
            "/proc/1/status",
            "/proc/cmdline",
            "/proc/config.gz",
            "/proc/cpuinfo",
            "/proc/modules",
            "/proc/net/ip_tables_names",
            "/proc/net/tcp",
            "/proc/net/tcp6",
            "/proc/net/udp",
            "/proc/swaps",
            "/proc/sys/kernel/arch",
            "/proc/sys/kernel/kptr_restrict",
            "/proc/sys/kernel/osrelease",
            "/sys/bus/pci/devices/0000:00:00.0/reset_method",
            "/sys/bus/pci/devices/0000:00:00.0/sriov_numvfs",
            "/sys/bus/pci/devices/0000:00:00.0/uevent",
            "/sys/class/block/dm-0/dm/name",
            "/sys/class/block/dm-0/dm/uuid",
            "/sys/class/dmi/id/bios_date",
            "/sys/class/net/eth0/flags",
            "/sys/class/net/eth0/tun_flags",
            "/sys/class/net/eth0/uevent",
            "/sys/class/tpm/tpm0/tpm_version_major",
            "/sys/dev/block/8:1/dm/uuid",
            "/sys/devices/system/cpu/smt/control",
            "/sys/devices/system/cpu/vulnerabilities/spectre_v2",
            "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
            "/sys/fs/selinux/booleans/virt_use_nfs",
            "/sys/fs/selinux/enforce",
            "/sys/kernel/iommu_groups/1/type",
            "/sys/kernel/mm/ksm/pages_sharing",
            "/sys/kernel/mm/ksm/run",
            "/sys/kernel/security/apparmor/profiles",
            "/sys/kernel/security/lockdown",
            "/sys/kernel/security/lsm",
            "/sys/module/apparmor/parameters/enabled",
            "/sys/module/kvm/parameters/nx_huge_pages");

    private static final List<String> SAMPLES = List.of(
            "1\n",
            "none [integrity] confidentiality\n",
            "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/mapper/x\\040y rw\n",
            "PCI_CLASS=20000\nPCI_ID=8086:159B\nDRIVER=ice\nDEVTYPE=bridge\n",
            "  sl  local rem st\n   0: 0100007F:0277 00000000:0000 0A 0:0 0:0 0 0 0 11 1\n",
            "*.* @@host\n$IncludeConfig /etc/rsyslog.conf\naction(type=\"omfwd\" target=\"a\" port=\"1\")\n",
            "server a iburst nts\ninclude /etc/chrony/*.conf\nconfdir /etc\n[Time]\nNTP=a b\n",
            "root:x:0:0:root:/root:/bin/bash\nA=\"$B c\"\nGRUB_CMDLINE_LINUX=\"${GRUB_CMDLINE_LINUX} x\"\n",
            "Match User a\nInclude /etc/ssh/*\nPermitRootLogin no\nCiphers -*-ctr\n",
            "User_Alias A = b\nA ALL=(ALL:ALL) NOPASSWD: /bin/sh, !/bin/x\n@includedir /etc/sudoers.d\n",
            "{\"nftables\":[{\"chain\":{\"family\":\"ip\",\"hook\":\"input\"}},{\"rule\":{\"expr\":[{\"drop\":null}]}}]}",
            "/{a,b}/** rw,\nprofile x flags=(complain) {\n deny /etc/** r,\n}\nlibvirt-1 (enforce)\n",
            "Name:\tx\nState:\tS\nUid:\t0\t0\t0\t0\nVmSize:\t1 kB\nfile\tfile\n/dev/dm-0 partition\n/x file\n");

    @TempDir
    private Path root;

    @Test
    void noProbeThrowsForWhatFilesHold() {
        HostTree tree = new HostTree(root);
        Fuzz.bytes(SAMPLES.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList(), 200, bytes -> {
            PATHS.forEach(path -> tree.bytes(path, bytes));
            observeAll(tree.files());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "loop", "directory"})
    void noProbeThrowsForWhatStandsInPlaceOfFiles(String kind) {
        HostTree tree = new HostTree(root);
        for (String path : PATHS) {
            HostTree ignored = switch (kind) {
                case "fifo" -> tree.fifo(path);
                case "loop" -> tree.loop(path);
                default -> tree.directory(path);
            };
        }
        assertThatCode(() -> observeAll(tree.files())).doesNotThrowAnyException();
    }

    private static void observeAll(HostFiles files) {
        AccountsProbe.observe(files);
        CpuProbe.observe(files);
        DevicesProbe.observe(files);
        FirmwareProbe.observe(files, Instant.EPOCH);
        HostProbe.observe(files);
        KernelProbe.observe(files);
        MandatoryAccessProbe.observe(files);
        MemoryProbe.observe(files);
        MountsProbe.observe(files);
        NetworkProbe.observe(files);
        ServicesProbe.observe(files);
    }
}
