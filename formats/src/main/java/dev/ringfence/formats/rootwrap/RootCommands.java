package dev.ringfence.formats.rootwrap;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Programs that give root to whoever chooses their arguments. The one place that lists them, and why. */
final class RootCommands {
    private static final Map<String, String> REASONS = new HashMap<>();

    /** Environment variables that load code into a program. */
    static final Set<String> CODE_VARIABLES = Set.of(
            "LD_PRELOAD",
            "LD_LIBRARY_PATH",
            "LD_AUDIT",
            "PATH",
            "PYTHONPATH",
            "PYTHONHOME",
            "PYTHONSTARTUP",
            "PYTHONINSPECT",
            "PERL5LIB",
            "PERL5OPT",
            "PERLLIB",
            "RUBYLIB",
            "RUBYOPT",
            "NODE_PATH",
            "NODE_OPTIONS",
            "BASH_ENV",
            "ENV",
            "SHELLOPTS",
            "IFS",
            "GCONV_PATH",
            "EDITOR",
            "VISUAL",
            "PAGER",
            "LVM_SYSTEM_DIR",
            "GIT_SSH_COMMAND",
            "GIT_EXTERNAL_DIFF",
            "JAVA_TOOL_OPTIONS");

    /** Files whose content alone leads to root or to other hosts. */
    static final Set<String> SECRET_FILES = Set.of(
            "/etc/shadow",
            "/etc/shadow-",
            "/etc/gshadow",
            "/etc/gshadow-",
            "/etc/sudoers",
            "/root/.ssh/id_rsa",
            "/root/.ssh/id_ed25519",
            "/root/.ssh/id_ecdsa",
            "/etc/krb5.keytab");

    static {
        because(
                "runs any command",
                "sh",
                "bash",
                "dash",
                "zsh",
                "ksh",
                "ash",
                "csh",
                "tcsh",
                "fish",
                "busybox",
                "toybox",
                "env",
                "xargs",
                "nice",
                "ionice",
                "timeout",
                "nohup",
                "setsid",
                "stdbuf",
                "taskset",
                "chrt",
                "numactl",
                "time",
                "script",
                "watch",
                "flock",
                "parallel",
                "nsenter",
                "unshare",
                "chroot",
                "setpriv",
                "capsh",
                "su",
                "runuser",
                "sudo",
                "doas",
                "pkexec",
                "start-stop-daemon",
                "systemd-run",
                "cgexec",
                "prlimit",
                "strace",
                "ltrace",
                "gdb",
                "ip",
                "ssh",
                "scp",
                "sftp",
                "screen",
                "tmux",
                "expect",
                "at",
                "batch",
                "crontab",
                "run-parts",
                "logrotate",
                "ld.so",
                "ld-linux");
        because(
                "an interpreter: runs any code",
                "python",
                "python2",
                "python3",
                "perl",
                "ruby",
                "lua",
                "node",
                "nodejs",
                "php",
                "tclsh",
                "wish",
                "awk",
                "gawk",
                "mawk",
                "nawk",
                "sed",
                "ed",
                "vi",
                "vim",
                "view",
                "nvim",
                "emacs",
                "nano",
                "pico",
                "less",
                "more",
                "man",
                "find",
                "git",
                "make",
                "java",
                "jshell",
                "gcc",
                "cc");
        because(
                "writes any file",
                "dd",
                "tee",
                "cp",
                "mv",
                "ln",
                "install",
                "rsync",
                "tar",
                "cpio",
                "unzip",
                "gzip",
                "gunzip",
                "xz",
                "bzip2",
                "zstd",
                "qzip",
                "patch",
                "truncate",
                "split",
                "sort",
                "curl",
                "wget",
                "openssl",
                "qemu-img",
                "qemu-io",
                "qemu-nbd",
                "socat",
                "nc",
                "ncat",
                "netcat",
                "touch",
                "mkdir",
                "mknod",
                "debugfs",
                "rm",
                "unlink",
                "shred",
                "dellfcopy",
                "restorecon");
        because(
                "changes who owns or may write any file",
                "chmod",
                "chown",
                "chgrp",
                "setfacl",
                "setcap",
                "chattr",
                "chcon",
                "semanage");
        because(
                "reads any file",
                "cat",
                "head",
                "tail",
                "tac",
                "nl",
                "od",
                "xxd",
                "hexdump",
                "strings",
                "base64",
                "cut",
                "grep",
                "egrep",
                "fgrep",
                "diff",
                "cmp",
                "dmesg",
                "tcpdump");
        because(
                "mounts or maps storage over any path",
                "mount",
                "umount",
                "mount.nfs",
                "mount.cifs",
                "mount.quobyte",
                "fusermount",
                "pivot_root",
                "losetup",
                "dmsetup",
                "cryptsetup",
                "mkfs",
                "mke2fs",
                "swapon",
                "pstorage-mount",
                "sshfs",
                "guestmount");
        because(
                "loads code into the kernel or sets it up",
                "insmod",
                "modprobe",
                "rmmod",
                "kmod",
                "sysctl",
                "kexec",
                "bpftool");
        because(
                "manages services, users or containers",
                "systemctl",
                "service",
                "initctl",
                "useradd",
                "usermod",
                "groupadd",
                "groupmod",
                "gpasswd",
                "passwd",
                "chpasswd",
                "visudo",
                "vipw",
                "docker",
                "podman",
                "runc",
                "ctr",
                "nerdctl",
                "lxc",
                "lxc-attach",
                "machinectl",
                "virsh",
                "virt-install",
                "dpkg",
                "apt",
                "apt-get",
                "rpm",
                "yum",
                "dnf",
                "pip",
                "pip3",
                "snap",
                "update-alternatives",
                "alternatives");
        because("runs any Python entry point", "privsep-helper");
    }

    /** The program that starts a privsep daemon. */
    static final String PRIVSEP = "privsep-helper";

    private RootCommands() {}

    private static void because(String reason, String... names) {
        for (String name : names) {
            REASONS.put(name, reason);
        }
    }

    /** Why free arguments of this program give root, empty when it is not known to. Versions are ignored. */
    static Optional<String> reason(String command) {
        String name = command.substring(command.lastIndexOf('/') + 1);
        String reason = REASONS.get(name);
        if (reason == null) {
            reason = REASONS.get(name.replaceAll("[0-9.]+$", ""));
        }
        if (reason == null && name.indexOf('.') > 0) {
            reason = REASONS.get(name.substring(0, name.indexOf('.')));
        }
        return Optional.ofNullable(reason);
    }
}
