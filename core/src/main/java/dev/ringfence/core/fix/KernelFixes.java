package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.modprobe.ModprobeConf;
import dev.ringfence.formats.sysctl.SysctlConf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Changes of the kernel's values, now and in a drop-in that keeps them; and of what its modules get. */
final class KernelFixes {
    private static final String SYSCTL_CONF = "/etc/sysctl.conf";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]{1,200}");
    private static final Pattern MODULE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** Settings of which a larger value is stricter still. */
    private static final Set<String> LARGER_IS_STRICTER = Set.of(
            "kernel.kptr_restrict",
            "kernel.dmesg_restrict",
            "kernel.perf_event_paranoid",
            "kernel.yama.ptrace_scope",
            "kernel.unprivileged_bpf_disabled",
            "kernel.randomize_va_space");

    /** Settings that the kernel takes back only at a restart, once they have this value. */
    private static final Map<String, String> ONE_WAY = Map.of(
            "kernel.kexec_load_disabled", "1",
            "kernel.unprivileged_bpf_disabled", "1",
            "kernel.modules_disabled", "1",
            "kernel.yama.ptrace_scope", "3");

    private final HostView host;
    private final Drafts drafts;
    private final BootArguments boot;

    KernelFixes(HostView host, Drafts drafts, BootArguments boot) {
        this.host = host;
        this.drafts = drafts;
        this.boot = boot;
    }

    Outcome sysctl(Fix.Change change, Cause cause) {
        String name = change.target();
        String value = change.value();
        String path = "/proc/sys/" + name.replace('.', '/');
        if (!NAME.matcher(name).matches() || value.isEmpty()) {
            return new Outcome.ByHand("the control names no kernel setting and value in '" + name + "'");
        }
        switch (host.state().kernelValue(path)) {
            case Fact.Absent<String> absent -> {
                return new Outcome.Already("this kernel has no " + name);
            }
            case Fact.Observed<String>(String now, var source) -> {
                if (isStricter(name, now, value)) {
                    return new Outcome.Already(name + " is " + now);
                }
            }
            case Fact.NotObserved<String> unseen -> {
                // A disk that is not running: the file alone is planned.
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        outcomes.add(sysctlFile(DropIns.SYSCTL, name, value, cause));
        // procps reads it after every drop-in.
        if (drafts.existing(SYSCTL_CONF) instanceof Drafts.Opened.Draft(FileDraft draft)
                && SysctlConf.parse(draft.content()) instanceof Decoded.Value<SysctlConf>(SysctlConf conf)
                && conf.setting(name).filter(s -> !s.value().equals(value)).isPresent()) {
            outcomes.add(sysctlFile(SYSCTL_CONF, name, value, cause));
        }
        if (!(host.state().kernelValue(path) instanceof Fact.NotObserved<String>)) {
            outcomes.add(drafts.value(path, value, cause, !value.equals(ONE_WAY.get(name))));
        }
        return Outcome.together(outcomes);
    }

    private static boolean isStricter(String name, String now, String wanted) {
        try {
            return LARGER_IS_STRICTER.contains(name) && Integer.parseInt(now) > Integer.parseInt(wanted);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private Outcome sysctlFile(String path, String name, String value, Cause cause) {
        return edit(path, name, value, cause, bytes -> {
            byte[] begun = path.equals(DropIns.SYSCTL) ? DropIns.begun(bytes) : bytes;
            return ConfigurationFixes.then(
                    SysctlConf.parse(begun),
                    conf -> conf.setting(name)
                                    .filter(s -> s.value().equals(value))
                                    .isPresent()
                            ? new Decoded.Value<>(bytes)
                            : ConfigurationFixes.map(conf.set(name, value), SysctlConf::bytes));
        });
    }

    Outcome edit(String path, String key, String value, Cause cause, FileDraft.Edit edit) {
        return switch (drafts.open(path, FileAttributes.NEW_FILE)) {
            case Drafts.Opened.Missing missing -> new Outcome.Already(path + " is not there");
            case Drafts.Opened.Unreadable(String why) -> new Outcome.ByHand(why);
            case Drafts.Opened.Draft(FileDraft draft) -> draft.edit(key, value, cause, edit);
        };
    }

    /** A value below /sys; what no module option or kernel argument of the same fix keeps, tmpfiles.d keeps. */
    Outcome sysfs(Fix.Change change, Cause cause) {
        String path = change.target();
        if (!path.startsWith("/sys/") || path.contains("..") || change.value().isEmpty()) {
            return new Outcome.ByHand("the control names no value below /sys in '" + path + "'");
        }
        List<Outcome> outcomes = new ArrayList<>();
        boolean running = !(host.state().kernelValue(path) instanceof Fact.NotObserved<String>);
        if (running && isReadOnly(path)) {
            outcomes.add(new Outcome.Already(path + " cannot be written while the module is loaded"));
        } else if (running) {
            outcomes.add(drafts.value(path, change.value(), cause, true));
        }
        boolean there = host.state().kernelValue(path) instanceof Fact.Observed<String>;
        boolean keptOtherwise = cause.finding().control().fix().changes().stream()
                .anyMatch(c -> c.kind() == Fix.Kind.MODPROBE_OPTION || c.kind() == Fix.Kind.KERNEL_ARGUMENT);
        if (there && !keptOtherwise) {
            String line = "w " + path + " - - - - " + change.value();
            if (lastOf(cause, path).equals(change.value())
                    && outcomes.stream().noneMatch(Outcome.ByHand.class::isInstance)) {
                outcomes.add(edit(
                        DropIns.TMPFILES,
                        path,
                        change.value(),
                        cause,
                        bytes -> DropIns.line(bytes, "w " + path, line)));
            }
        }
        return outcomes.isEmpty()
                ? new Outcome.Already(path + " is a value of a running kernel")
                : Outcome.together(outcomes);
    }

    /** Of several values that a fix writes in a row, the one that stays. */
    private static String lastOf(Cause cause, String path) {
        return cause.finding().control().fix().changes().stream()
                .filter(c -> c.kind() == Fix.Kind.SYSFS && c.target().equals(path))
                .toList()
                .getLast()
                .value();
    }

    private boolean isReadOnly(String path) {
        return host.state().attributes(path) instanceof Fact.Observed<CurrentState.PathOnHost>(var there, var source)
                && (there.attributes().modeBits() & 0222) == 0;
    }

    /** {@code module.parameter}; for a module that is part of the kernel its argument. */
    Outcome option(Fix.Change change, Cause cause) {
        int dot = change.target().indexOf('.');
        String module = dot < 0 ? "" : change.target().substring(0, dot);
        String parameter = change.target().substring(dot + 1);
        if (!MODULE.matcher(module).matches() || change.value().isEmpty()) {
            return new Outcome.ByHand("the control names no module and parameter in '" + change.target() + "'");
        }
        if (module.equals("kvm_intel") && host.isOtherVendor("GenuineIntel")
                || module.equals("kvm_amd") && host.isOtherVendor("AuthenticAMD")) {
            return new Outcome.Already("this processor does not use " + module);
        }
        if (isBuiltIn(module)) {
            return boot.add(module + "." + parameter + "=" + change.value(), cause);
        }
        return edit(
                DropIns.MODPROBE,
                change.target(),
                change.value(),
                cause,
                bytes -> ConfigurationFixes.then(
                        ModprobeConf.parse(DropIns.begun(bytes)),
                        conf -> conf.option(module, parameter)
                                        .filter(change.value()::equals)
                                        .isPresent()
                                ? new Decoded.Value<>(bytes)
                                : ConfigurationFixes.map(
                                        conf.setOption(module, parameter, change.value()), ModprobeConf::bytes)));
    }

    private boolean isBuiltIn(String module) {
        String name = module.replace('-', '_');
        return host.facts().kernel().modules() instanceof Fact.Observed<List<String>>(List<String> loaded, var source)
                && !loaded.contains(name)
                && host.state().list("/sys/module/" + name + "/parameters") instanceof Fact.Observed<List<String>>;
    }

    /** Keeps a module from loading, by its name and by its aliases. One that is loaded stays until a person unloads it. */
    Outcome blacklist(Fix.Change change, Cause cause) {
        String module = change.target();
        if (!MODULE.matcher(module).matches()) {
            return new Outcome.ByHand("the control names no module in '" + module + "'");
        }
        String name = module.replace('-', '_');
        Outcome outcome = isForbidden(name)
                ? new Outcome.Already(module + " is kept from loading")
                : edit(
                        DropIns.MODPROBE,
                        "blacklist " + module,
                        "yes",
                        cause,
                        bytes -> ConfigurationFixes.then(
                                ModprobeConf.parse(DropIns.begun(bytes)),
                                conf -> ConfigurationFixes.then(
                                        conf.blacklist(module),
                                        listed -> ConfigurationFixes.map(
                                                listed.setInstall(module, "/bin/false"), ModprobeConf::bytes))));
        boolean loaded = host.facts().kernel().modules().orElse(List.of()).contains(name);
        if (loaded && !(outcome instanceof Outcome.ByHand)) {
            return Outcome.together(List.of(
                    outcome,
                    new Outcome.ByHand(module + " is loaded: 'modprobe -r " + module
                            + "' unloads it when nothing uses it, a restart of the host otherwise")));
        }
        return outcome;
    }

    private boolean isForbidden(String module) {
        return host.facts().kernel().modprobe().orElse(List.of()).stream()
                .anyMatch(d -> d.module().equals(module)
                        && d.directive().equals("install")
                        && d.arguments().stream().anyMatch(a -> a.endsWith("/false") || a.endsWith("/true")));
    }
}
