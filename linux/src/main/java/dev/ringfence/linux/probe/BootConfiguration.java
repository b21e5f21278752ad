package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the next boot will be like: the kernel's arguments and the kernels that are there to be booted. */
final class BootConfiguration {
    private static final String GRUB = "/etc/default/grub";
    private static final String GRUB_DIRECTORY = "/etc/default/grub.d";
    private static final String KERNEL_CMDLINE = "/etc/kernel/cmdline";
    private static final List<String> GRUB_VARIABLES = List.of("GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT");

    private BootConfiguration() {}

    /** Tokens of GRUB's two variables, or of the command line that kernel-install takes where there is no GRUB. */
    static Fact<List<String>> arguments(HostFiles files) {
        return Readings.orElse(
                grub(files), () -> Readings.parsed(files.text(KERNEL_CMDLINE), BootConfiguration::tokens));
    }

    private static Fact<List<String>> grub(HostFiles files) {
        return Readings.then(files.text(GRUB, ShellAssignments.FILE_LIMIT_BYTES), main -> {
            ShellAssignments variables = new ShellAssignments().then(main);
            Fact<List<String>> more = ConfigDirectories.effective(files, ".cfg", List.of(GRUB_DIRECTORY));
            if (!(more instanceof Fact.Observed<List<String>>(List<String> paths, var source))) {
                return more;
            }
            for (String path : paths) {
                Fact<String> text = ConfigDirectories.text(files, path, ShellAssignments.FILE_LIMIT_BYTES);
                if (text instanceof Fact.NotObserved<String> unseen) {
                    return Fact.notObserved(path, "read", unseen.reason());
                }
                variables.then(text.orElse(""));
            }
            List<String> tokens = new ArrayList<>();
            for (String name : GRUB_VARIABLES) {
                if (variables.isUncertain(name)) {
                    return Fact.notObserved(GRUB, "parsed", name + " depends on what a command says");
                }
                tokens.addAll(tokens(variables.value(name)));
            }
            return Fact.of(List.copyOf(tokens), GRUB, "parsed");
        });
    }

    /**
     * The arguments of a kernel command line up to {@code --}, after which they belong to init. Double quotes keep blanks
     * together, as in the kernel's own next_arg().
     */
    static List<String> tokens(String line) {
        List<String> tokens = new ArrayList<>();
        StringBuilder token = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : ' ';
            if (Character.isWhitespace(c) && (!quoted || i == line.length())) {
                if (begun && token.toString().equals("--")) {
                    return List.copyOf(tokens);
                }
                if (begun) {
                    tokens.add(token.toString());
                }
                token.setLength(0);
                begun = false;
            } else if (c == '"') {
                quoted = !quoted;
                begun = true;
            } else {
                token.append(c);
                begun = true;
            }
        }
        return List.copyOf(tokens);
    }

    /**
     * Releases of the kernels on disk, oldest first. Kernels of one version but another flavour stand beside each other,
     * the running one last of them, because it is no newer and no older.
     */
    static Fact<List<String>> installed(HostFiles files, String running) {
        Set<String> releases = new TreeSet<>();
        switch (files.list("/boot")) {
            case Fact.Observed<List<String>>(List<String> names, var source) ->
                names.stream()
                        .filter(n -> n.startsWith("vmlinuz-") || n.startsWith("vmlinux-"))
                        .map(n -> n.substring("vmlinuz-".length()))
                        .filter(n -> !n.isEmpty() && Character.isDigit(n.charAt(0)) && !n.startsWith("0-rescue"))
                        .filter(n -> !n.endsWith(".old"))
                        .forEach(releases::add);
            case Fact.Absent<List<String>> absent -> {}
            case Fact.NotObserved<List<String>> unseen -> {
                return unseen;
            }
        }
        // Some distributions keep the image beside its modules.
        for (String release : files.list("/usr/lib/modules").orElse(List.of())) {
            if (files.exists("/usr/lib/modules/" + release + "/vmlinuz").orElse(false)) {
                releases.add(release);
            }
        }
        if (releases.isEmpty()) {
            return Fact.absent("/boot", "list");
        }
        List<String> sorted = new ArrayList<>(releases);
        sorted.sort(KernelReleases.OLDEST_FIRST
                .thenComparing(r -> r.equals(running))
                .thenComparing(java.util.Comparator.naturalOrder()));
        return Fact.of(List.copyOf(sorted), "/boot", "list");
    }
}
