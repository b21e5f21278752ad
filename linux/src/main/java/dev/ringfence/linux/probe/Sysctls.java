package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The kernel settings below /proc/sys that controls ask for. */
final class Sysctls {
    private static final String ROOT = "/proc/sys";
    private static final List<String> NAMES = names();

    private Sysctls() {}

    /** Every setting by its dotted name; absent where this kernel does not have it. */
    static Fact<Map<String, Fact<String>>> observe(HostFiles files) {
        return Readings.then(files.exists(ROOT), there -> {
            if (!there) {
                return Fact.notObserved(ROOT, "stat", "the kernel's settings are not there");
            }
            Map<String, Fact<String>> values = new HashMap<>();
            for (String name : NAMES) {
                values.put(name, files.line(ROOT + "/" + name.replace('.', '/')));
            }
            return Fact.of(Map.copyOf(values), ROOT, "read");
        });
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(List.of(
                "crypto.fips_enabled",
                "dev.tty.ldisc_autoload",
                "dev.tty.legacy_tiocsti",
                "fs.protected_fifos",
                "fs.protected_hardlinks",
                "fs.protected_regular",
                "fs.protected_symlinks",
                "fs.suid_dumpable",
                "kernel.apparmor_restrict_unprivileged_userns",
                "kernel.core_pattern",
                "kernel.core_pipe_limit",
                "kernel.core_uses_pid",
                "kernel.dmesg_restrict",
                "kernel.io_uring_disabled",
                "kernel.kexec_load_disabled",
                "kernel.kptr_restrict",
                "kernel.modules_disabled",
                "kernel.oops_limit",
                "kernel.panic",
                "kernel.panic_on_oops",
                "kernel.perf_event_paranoid",
                "kernel.randomize_va_space",
                "kernel.split_lock_mitigate",
                "kernel.sysrq",
                "kernel.tainted",
                "kernel.unprivileged_bpf_disabled",
                "kernel.unprivileged_userns_clone",
                "kernel.warn_limit",
                "kernel.yama.ptrace_scope",
                "net.bridge.bridge-nf-call-arptables",
                "net.bridge.bridge-nf-call-ip6tables",
                "net.bridge.bridge-nf-call-iptables",
                "net.core.bpf_jit_enable",
                "net.core.bpf_jit_harden",
                "net.ipv4.icmp_echo_ignore_broadcasts",
                "net.ipv4.icmp_ignore_bogus_error_responses",
                "net.ipv4.ip_forward",
                "net.ipv4.tcp_rfc1337",
                "net.ipv4.tcp_syncookies",
                "user.max_user_namespaces",
                "vm.mmap_min_addr",
                "vm.mmap_rnd_bits",
                "vm.overcommit_memory",
                "vm.swappiness",
                "vm.unprivileged_userfaultfd"));
        for (String scope : List.of("all", "default")) {
            for (String name : List.of(
                    "accept_redirects",
                    "accept_source_route",
                    "arp_ignore",
                    "forwarding",
                    "log_martians",
                    "proxy_arp",
                    "rp_filter",
                    "secure_redirects",
                    "send_redirects")) {
                names.add("net.ipv4.conf." + scope + "." + name);
            }
            for (String name :
                    List.of("accept_ra", "accept_redirects", "accept_source_route", "disable_ipv6", "forwarding")) {
                names.add("net.ipv6.conf." + scope + "." + name);
            }
        }
        return List.copyOf(names);
    }
}
