package dev.ringfence.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file tree that stands for a host. */
record HostTree(Path root) {
    /** A hypervisor with memory merging on or off, and nothing else of note. */
    static HostTree in(Path directory, boolean merging) throws IOException {
        HostTree tree = new HostTree(directory);
        tree.file("/etc/hostname", "hv1\n");
        tree.file("/etc/os-release", "ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n");
        tree.file("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 mitigations=auto\n");
        tree.file("/proc/sys/kernel/osrelease", "6.1.0-56-amd64\n");
        tree.file("/sys/kernel/mm/ksm/run", merging ? "1\n" : "0\n");
        tree.file("/sys/kernel/mm/ksm/pages_sharing", merging ? "512\n" : "0\n");
        tree.file("/sys/devices/system/cpu/vulnerabilities/spectre_v2", "Mitigation: Retpolines; BHI: Vulnerable\n");
        return tree;
    }

    void file(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
