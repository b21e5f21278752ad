package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.MandatoryAccess;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads SELinux from selinuxfs and its configuration, AppArmor from securityfs and the profiles of guests. */
public final class MandatoryAccessProbe {
    private static final String SELINUX = "/sys/fs/selinux";
    private static final String SELINUX_CONFIG = "/etc/selinux/config";
    private static final String APPARMOR_ENABLED = "/sys/module/apparmor/parameters/enabled";
    private static final String APPARMOR_PROFILES = "/sys/kernel/security/apparmor/profiles";
    private static final String APPARMOR_CONFIG = "/etc/apparmor.d";
    private static final String PERMISSIVE_MODULE = "permissive_";

    private MandatoryAccessProbe() {}

    /** Both modules. */
    public static MandatoryAccess observe(HostFiles files) {
        Fact<ShellAssignments> config = Readings.parsed(
                files.text(SELINUX_CONFIG, ShellAssignments.FILE_LIMIT_BYTES),
                text -> new ShellAssignments().then(text));
        return new MandatoryAccess(
                selinux(files, config.map(c -> c.value("SELINUXTYPE")).orElse("")),
                Readings.then(
                        config,
                        c -> c.has("SELINUX")
                                ? Fact.of(c.value("SELINUX").toLowerCase(Locale.ROOT), SELINUX_CONFIG, "parsed")
                                : Fact.absent(SELINUX_CONFIG, "parsed")),
                appArmor(files));
    }

    private static Fact<MandatoryAccess.Selinux> selinux(HostFiles files, String policy) {
        Fact<Boolean> enforcing = Readings.flag(files, SELINUX + "/enforce");
        if (enforcing instanceof Fact.Absent<Boolean> && files.exists(SELINUX).orElse(false)) {
            // The kernel makes the directory only when SELinux is on; a container may hide what is in it.
            return Fact.notObserved(SELINUX, "read", "selinuxfs is not mounted");
        }
        return Readings.then(
                enforcing,
                now -> Readings.then(
                        booleans(files),
                        booleans -> Fact.of(
                                new MandatoryAccess.Selinux(now, policy, booleans, permissiveTypes(files, policy)),
                                SELINUX,
                                "read")));
    }

    private static Fact<Map<String, Boolean>> booleans(HostFiles files) {
        String directory = SELINUX + "/booleans";
        return Readings.then(
                Readings.orElse(files.list(directory), () -> Fact.of(List.of(), directory, "list")), names -> {
                    Map<String, Boolean> values = new HashMap<>();
                    for (String name : names) {
                        // "1 0": the current value and the one that waits to be committed.
                        String text = files.line(directory + "/" + name).orElse("");
                        if (!text.startsWith("0") && !text.startsWith("1")) {
                            return Fact.notObserved(directory + "/" + name, "read", "the boolean could not be read");
                        }
                        values.put(name, text.startsWith("1"));
                    }
                    return Fact.of(Map.copyOf(values), directory, "read");
                });
    }

    /** {@code semanage permissive -a svirt_t} installs a policy module that is called {@code permissive_svirt_t}. */
    private static Fact<List<String>> permissiveTypes(HostFiles files, String policy) {
        if (policy.isEmpty() || policy.indexOf('/') >= 0) {
            return Fact.notObserved(SELINUX_CONFIG, "parsed", "the name of the policy is not known");
        }
        for (String store : List.of("/var/lib/selinux/", "/etc/selinux/")) {
            String modules = store + policy + "/active/modules";
            Fact<List<String>> priorities = files.list(modules);
            if (!(priorities instanceof Fact.Absent<List<String>>)) {
                return Readings.then(priorities, names -> {
                    Set<String> types = new TreeSet<>();
                    for (String priority : names) {
                        Fact<List<String>> installed = files.list(modules + "/" + priority);
                        if (installed instanceof Fact.NotObserved<List<String>> unseen) {
                            return unseen;
                        }
                        if (!priority.equals("disabled")) {
                            installed.orElse(List.of()).stream()
                                    .filter(n -> n.startsWith(PERMISSIVE_MODULE))
                                    .forEach(n -> types.add(n.substring(PERMISSIVE_MODULE.length())));
                        }
                    }
                    files.list(modules + "/disabled").orElse(List.of()).stream()
                            .filter(n -> n.startsWith(PERMISSIVE_MODULE))
                            .forEach(n -> types.remove(n.substring(PERMISSIVE_MODULE.length())));
                    return Fact.of(List.copyOf(types), modules, "list");
                });
            }
        }
        return Fact.notObserved("/var/lib/selinux/" + policy, "list", "the policy's module store is not there");
    }

    private static Fact<MandatoryAccess.AppArmor> appArmor(HostFiles files) {
        return Readings.then(
                Readings.flag(files, APPARMOR_ENABLED),
                on -> on
                        ? Fact.of(
                                new MandatoryAccess.AppArmor(profiles(files), looseRules(files)),
                                APPARMOR_ENABLED,
                                "read")
                        : Fact.absent(APPARMOR_ENABLED, "read"));
    }

    private static Fact<List<MandatoryAccess.Profile>> profiles(HostFiles files) {
        Fact<String> text = files.text(APPARMOR_PROFILES, 16 << 20);
        if (text instanceof Fact.Absent<String>) {
            return Fact.notObserved(APPARMOR_PROFILES, "read", "AppArmor runs, but securityfs is not mounted");
        }
        return Readings.parsed(text, t -> {
            List<MandatoryAccess.Profile> profiles = new ArrayList<>();
            t.lines().forEach(line -> {
                int mode = line.lastIndexOf(" (");
                if (mode > 0 && line.endsWith(")")) {
                    profiles.add(new MandatoryAccess.Profile(
                            line.substring(0, mode), line.substring(mode + 2, line.length() - 1)));
                }
            });
            return List.copyOf(profiles);
        });
    }

    /** What confines guests: libvirt's abstraction, what was added to it, and the profile of each guest. */
    private static Fact<List<MandatoryAccess.LooseRule>> looseRules(HostFiles files) {
        Set<String> paths = new LinkedHashSet<>(List.of(
                APPARMOR_CONFIG + "/abstractions/libvirt-qemu", APPARMOR_CONFIG + "/local/abstractions/libvirt-qemu"));
        for (String directory : List.of("/abstractions/libvirt-qemu.d", "/libvirt")) {
            switch (files.list(APPARMOR_CONFIG + directory)) {
                case Fact.Observed<List<String>>(List<String> names, var source) ->
                    names.stream()
                            .filter(n -> !n.endsWith(".lxc"))
                            .forEach(n -> paths.add(APPARMOR_CONFIG + directory + "/" + n));
                case Fact.Absent<List<String>> absent -> {}
                case Fact.NotObserved<List<String>>(var source, String reason) -> {
                    return Fact.notObserved(source.where(), source.how(), reason);
                }
            }
        }
        AppArmorRules rules = new AppArmorRules();
        for (String path : paths) {
            switch (files.text(path)) {
                case Fact.Observed<String>(String text, var source) -> rules.judge(path, text);
                case Fact.Absent<String> absent -> {}
                case Fact.NotObserved<String>(var source, String reason) -> {
                    return Fact.notObserved(source.where(), source.how(), reason);
                }
            }
        }
        return rules.isIncomplete()
                ? Fact.notObserved(APPARMOR_CONFIG, "parsed", "more rules than could be judged")
                : Fact.of(rules.found(), APPARMOR_CONFIG, "parsed");
    }
}
