package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.core.host.OpenStack;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.oslo.OsloConfig;
import dev.ringfence.formats.oslo.OsloFile;
import dev.ringfence.formats.oslopolicy.OsloPolicy;
import dev.ringfence.formats.rootwrap.FilterLint;
import dev.ringfence.formats.rootwrap.RootwrapConf;
import dev.ringfence.formats.rootwrap.RootwrapFilters;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** OpenStack services that have their configuration on the host: nova and neutron in full, rootwrap and policy of others. */
public final class OpenStackProbe {
    private static final int CONF_LIMIT_BYTES = (4 << 20) + 1;
    private static final List<String> SERVICES =
            List.of("nova", "neutron", "cinder", "ceilometer", "manila", "ironic", "octavia", "zun");

    /** In the order in which the service reads them; a directory stands for its *.conf files. */
    private static final List<String> NOVA = List.of(
            "/usr/share/nova/nova-dist.conf",
            "/etc/nova/nova.conf",
            "/etc/nova/nova-compute.conf",
            "/etc/nova/nova.conf.d",
            "/etc/nova/nova-compute.conf.d");

    private static final List<String> NEUTRON = List.of(
            "/usr/share/neutron/neutron-dist.conf",
            "/etc/neutron/neutron.conf",
            "/etc/neutron/plugins/ml2/openvswitch_agent.ini",
            "/etc/neutron/plugins/ml2/linuxbridge_agent.ini",
            "/etc/neutron/plugins/ml2/ovn_agent.ini",
            "/etc/neutron/plugins/ml2/sriov_agent.ini",
            "/etc/neutron/metadata_agent.ini",
            "/etc/neutron/neutron_ovn_metadata_agent.ini",
            "/etc/neutron/neutron.conf.d");

    private static final OpenStack.Settings NOTHING_SET = new OpenStack.Settings(List.of(), Map.of(), Map.of());
    private static final Fact<OpenStack.Settings> NO_SETTINGS = Fact.absent("/etc", "read");

    private final HostFiles files;
    private final FileStatus status;

    private OpenStackProbe(HostFiles files, FileStatus status) {
        this.files = files;
        this.status = status;
    }

    /** Everything of {@link OpenStack}. A file that cannot be read leaves its service's settings unobserved. */
    public static OpenStack observe(HostFiles files, FileStatus status) {
        OpenStackProbe probe = new OpenStackProbe(files, status);
        Fact<OpenStack.Settings> nova = probe.settings(NOVA, "/etc/nova/nova.conf");
        Fact<OpenStack.Settings> neutron = probe.settings(NEUTRON, "/etc/neutron/neutron.conf");
        return new OpenStack(
                nova,
                neutron,
                probe.policies(Map.of("nova", nova, "neutron", neutron)),
                probe.rootwraps(),
                NovaAccount.observe(files));
    }

    private Fact<OpenStack.Settings> settings(List<String> places, String main) {
        List<OsloFile> parsed = new ArrayList<>();
        for (String place : places) {
            Fact<List<String>> paths =
                    place.endsWith(".d") ? inDirectory(place, ".conf") : Fact.of(List.of(place), place, "");
            if (paths instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
                return Fact.notObserved(source.where(), source.how(), reason);
            }
            for (String path : paths.orElse(List.of())) {
                switch (oslo(path)) {
                    case Fact.Observed<OsloFile>(OsloFile file, var source) -> parsed.add(file);
                    case Fact.Absent<OsloFile> absent -> {
                        // Most of them are optional.
                    }
                    case Fact.NotObserved<OsloFile>(var source, String reason) -> {
                        return Fact.notObserved(path, source.how(), reason);
                    }
                }
            }
        }
        if (parsed.isEmpty()) {
            return Fact.absent(main, "read");
        }
        List<String> names = parsed.stream().map(OsloFile::name).toList();
        return Fact.of(OpenStack.Settings.of(names, OsloConfig.of(parsed)), String.join(" ", names), "parsed");
    }

    private Fact<OsloFile> oslo(String path) {
        return Readings.then(files.bytes(path, CONF_LIMIT_BYTES), bytes -> decoded(path, OsloFile.parse(path, bytes)));
    }

    private static <T> Fact<T> decoded(String path, Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> Fact.of(value, path, "parsed");
            case Decoded.Refused<T>(var refusal) -> Fact.notObserved(path, "parsed", refusal.toString());
        };
    }

    private Fact<List<String>> inDirectory(String directory, String suffix) {
        return Readings.parsed(
                files.list(directory),
                names -> names.stream()
                        .filter(name -> name.endsWith(suffix) && !name.startsWith("."))
                        .map(name -> directory + "/" + name)
                        .toList());
    }

    private Fact<List<OpenStack.Policy>> policies(Map<String, Fact<OpenStack.Settings>> settings) {
        List<OpenStack.Policy> out = new ArrayList<>();
        for (String service : SERVICES) {
            OpenStack.Settings own = settings.getOrDefault(service, NO_SETTINGS).orElse(NOTHING_SET);
            Fact<Set<String>> paths = policyPaths("/etc/" + service + "/", own);
            if (paths instanceof Fact.NotObserved<Set<String>>(var source, String reason)) {
                return Fact.notObserved(source.where(), source.how(), reason);
            }
            for (String path : paths.orElse(Set.of())) {
                Fact<OsloPolicy> policy = Readings.then(
                        files.bytes(path, CONF_LIMIT_BYTES), bytes -> decoded(path, OsloPolicy.parse(bytes)));
                switch (policy) {
                    case Fact.Observed<OsloPolicy>(OsloPolicy rules, var source) ->
                        out.add(new OpenStack.Policy(service, path, rules.rules()));
                    case Fact.Absent<OsloPolicy> absent -> {
                        // The service's own defaults.
                    }
                    case Fact.NotObserved<OsloPolicy>(var source, String reason) -> {
                        return Fact.notObserved(path, source.how(), reason);
                    }
                }
            }
        }
        return Fact.of(List.copyOf(out), "/etc/*/policy.*", "parsed");
    }

    /** The usual files, and what [oslo_policy] names, relative to the service's directory; of directories every file. */
    private Fact<Set<String>> policyPaths(String home, OpenStack.Settings settings) {
        Set<String> paths = new LinkedHashSet<>(List.of(home + "policy.yaml", home + "policy.json"));
        String named = settings.values().getOrDefault("oslo_policy.policy_file", "");
        if (!named.isEmpty()) {
            paths.add(named.startsWith("/") ? named : home + named);
        }
        String directory = settings.values().getOrDefault("oslo_policy.policy_dirs", "policy.d");
        for (String each : settings.lists().getOrDefault("oslo_policy.policy_dirs", List.of(directory))) {
            String absolute = each.startsWith("/") ? each : home + each;
            Fact<List<String>> names = files.list(absolute);
            if (names instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
                return Fact.notObserved(absolute, "list", reason);
            }
            names.orElse(List.of()).stream()
                    .filter(name -> !name.startsWith("."))
                    .forEach(name -> paths.add(absolute + "/" + name));
        }
        return Fact.of(paths, home, "list");
    }

    private Fact<List<OpenStack.RootwrapConf>> rootwraps() {
        List<OpenStack.RootwrapConf> out = new ArrayList<>();
        for (String service : SERVICES) {
            String path = "/etc/" + service + "/rootwrap.conf";
            Fact<OpenStack.RootwrapConf> one = Readings.then(
                    files.bytes(path, CONF_LIMIT_BYTES),
                    bytes -> Readings.then(
                            decoded(path, RootwrapConf.parse(bytes)), conf -> rootwrap(service, path, conf)));
            switch (one) {
                case Fact.Observed<OpenStack.RootwrapConf>(OpenStack.RootwrapConf conf, var source) -> out.add(conf);
                case Fact.Absent<OpenStack.RootwrapConf> absent -> {
                    // The service is not here, or does without.
                }
                case Fact.NotObserved<OpenStack.RootwrapConf>(var source, String reason) -> {
                    return Fact.notObserved(source.where(), source.how(), reason);
                }
            }
        }
        return Fact.of(List.copyOf(out), "/etc/*/rootwrap.conf", "parsed");
    }

    private Fact<OpenStack.RootwrapConf> rootwrap(String service, String path, RootwrapConf conf) {
        Map<String, Fact<FileFacts>> paths = new HashMap<>();
        List<OpenStack.Filter> filters = new ArrayList<>();
        conf.execDirs().forEach(directory -> paths.put(directory, status.of(directory)));
        for (String directory : conf.filtersPath()) {
            paths.put(directory, status.of(directory));
            Fact<List<String>> names = files.list(directory);
            if (names instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
                return Fact.notObserved(directory, "list", reason);
            }
            for (String name : names.orElse(List.of())) {
                String file = directory + "/" + name;
                // rootwrap reads every file but hidden ones, whatever its name ends with.
                if (name.startsWith(".")) {
                    continue;
                }
                paths.put(file, status.of(file));
                Fact<RootwrapFilters> read = Readings.then(
                        files.bytes(file, CONF_LIMIT_BYTES), bytes -> decoded(file, RootwrapFilters.parse(bytes)));
                if (read instanceof Fact.NotObserved<RootwrapFilters>(var source, String reason)) {
                    return Fact.notObserved(file, source.how(), reason);
                }
                read.orElse(new RootwrapFilters(List.of())).filters().forEach(f -> filters.add(filter(file, f)));
            }
        }
        return Fact.of(new OpenStack.RootwrapConf(service, path, settings(conf), filters, paths), path, "parsed");
    }

    private static OpenStack.Filter filter(String file, dev.ringfence.formats.rootwrap.Filter filter) {
        FilterLint.Verdict verdict = FilterLint.judge(filter);
        return new OpenStack.Filter(
                file,
                filter.name(),
                filter.filterClass(),
                filter.command(),
                filter.user(),
                verdict.reach() == FilterLint.Reach.ROOT ? verdict.reason() : "");
    }

    private static Map<String, String> settings(RootwrapConf conf) {
        Map<String, String> out = new HashMap<>();
        out.put("filters_path", String.join(",", conf.filtersPath()));
        out.put("exec_dirs", String.join(",", conf.execDirs()));
        out.put("use_syslog", conf.useSyslog());
        out.put("syslog_log_facility", conf.syslogLogFacility());
        out.put("syslog_log_level", conf.syslogLogLevel());
        out.put("daemon_timeout", conf.daemonTimeoutSeconds());
        out.put("rlimit_nofile", conf.rlimitNofile());
        out.values().removeIf(String::isEmpty);
        return out;
    }
}
