package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Libvirt;
import dev.ringfence.core.host.OpenStack;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.libvirtconf.LibvirtConf;
import dev.ringfence.formats.libvirtconf.LibvirtValue;
import dev.ringfence.formats.oslo.OsloFile;
import dev.ringfence.formats.oslo.OsloValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Changes of libvirt's and OpenStack's configuration files, in place: neither reads drop-ins. */
final class ConfigurationFixes {
    private static final Set<String> TRUE = Set.of("true", "1", "yes", "on");
    private static final Set<String> FALSE = Set.of("false", "0", "no", "off");

    /** libvirt's own mode for its files: they may hold passwords. */
    private static final FileAttributes LIBVIRT_FILE = new FileAttributes("root", "root", "0600");

    /** What reads a file of OpenStack, by the file's directory or path; only those that the host has are restarted. */
    private static final Map<String, List<String>> READERS = Map.of(
            "/etc/nova/nova.conf",
            List.of(
                    "nova-compute.service",
                    "nova-api-metadata.service",
                    "nova-novncproxy.service",
                    "nova-serialproxy.service",
                    "nova-spicehtml5proxy.service",
                    "nova-spiceproxy.service",
                    "openstack-nova-compute.service"),
            "/etc/nova/nova-compute.conf",
            List.of("nova-compute.service", "openstack-nova-compute.service"),
            "/etc/neutron/metadata_agent.ini",
            List.of("neutron-metadata-agent.service"));

    private final HostView host;
    private final Drafts drafts;

    ConfigurationFixes(HostView host, Drafts drafts) {
        this.host = host;
        this.drafts = drafts;
    }

    /** {@code /etc/libvirt/qemu.conf:user}. */
    Outcome libvirt(Fix.Change change, Cause cause) {
        int colon = change.target().lastIndexOf(':');
        if (colon < 1) {
            return new Outcome.ByHand("the control names no key in '" + change.target() + "'");
        }
        String path = change.target().substring(0, colon);
        String key = change.target().substring(colon + 1);
        Drafts.Opened opened =
                mayBeMade(path) && !change.value().isEmpty() ? drafts.open(path, LIBVIRT_FILE) : drafts.existing(path);
        return switch (opened) {
            case Drafts.Opened.Missing missing -> new Outcome.Already(path + " is not there");
            case Drafts.Opened.Unreadable(String why) -> new Outcome.ByHand(why);
            case Drafts.Opened.Draft(FileDraft draft) -> {
                libvirtReaders(path).forEach(unit -> draft.restart(new Step.UnitRestart(unit, false)));
                yield draft.edit(key, change.value(), cause, bytes -> libvirt(bytes, key, change.value()));
            }
        };
    }

    private static Decoded<byte[]> libvirt(byte[] bytes, String key, String value) {
        return then(LibvirtConf.parse(bytes), conf -> {
            if (value.isEmpty()) {
                return map(conf.remove(key), LibvirtConf::bytes);
            }
            return then(LibvirtConf.parse(("value = " + value + "\n").getBytes(StandardCharsets.UTF_8)), written -> {
                LibvirtValue wanted = written.entries().getFirst().value();
                boolean same =
                        conf.entry(key).filter(e -> e.value().equals(wanted)).isPresent();
                return same ? new Decoded.Value<>(bytes) : map(conf.set(key, wanted), LibvirtConf::bytes);
            });
        });
    }

    /** A daemon that runs on defaults alone may get a file; one that is not here must not. */
    private boolean mayBeMade(String path) {
        String daemon = path.substring(path.lastIndexOf('/') + 1).replace(".conf", "");
        boolean installed = host.facts().libvirt().installed().orElse(false);
        return installed
                && (daemon.equals("qemu")
                        || host.facts().libvirt().daemons().orElse(List.of()).stream()
                                .anyMatch(d -> d.name().equals(daemon)));
    }

    private List<String> libvirtReaders(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).replace(".conf", "");
        List<String> daemons = host.facts().libvirt().daemons().orElse(List.of()).stream()
                .map(Libvirt.Daemon::name)
                .toList();
        List<String> readers = name.equals("qemu") ? List.of("libvirtd", "virtqemud") : List.of(name);
        return readers.stream()
                .filter(daemons::contains)
                .map(daemon -> daemon + ".service")
                .toList();
    }

    /** {@code /etc/nova/nova.conf:libvirt.virt_type}. */
    Outcome oslo(Fix.Change change, Cause cause) {
        int colon = change.target().lastIndexOf(':');
        int dot = change.target().indexOf('.', colon + 1);
        if (colon < 1 || dot < 0) {
            return new Outcome.ByHand("the control names no option in '" + change.target() + "'");
        }
        String path = change.target().substring(0, colon);
        String group = change.target().substring(colon + 1, dot);
        String key = change.target().substring(dot + 1);
        List<Outcome> outcomes = new ArrayList<>();
        List<String> holders = new ArrayList<>();
        for (String file : readBeside(path)) {
            if (holds(file, group, key)) {
                holders.add(file);
            }
        }
        // Removed wherever it is; set where it counts, which is the last file that has it.
        List<String> edited =
                holders.isEmpty() ? List.of(path) : change.value().isEmpty() ? holders : List.of(holders.getLast());
        edited.forEach(file -> outcomes.add(oslo(file, group, key, change.value(), cause)));
        return Outcome.together(outcomes);
    }

    /** The files that one service reads together with this one, in order, this one among them. */
    private List<String> readBeside(String path) {
        for (Fact<OpenStack.Settings> service : List.of(
                host.facts().openstack().nova(), host.facts().openstack().neutron())) {
            List<String> files = service.orElse(new OpenStack.Settings(List.of(), Map.of(), Map.of()))
                    .files();
            if (files.contains(path)) {
                return files.stream().filter(f -> f.startsWith("/etc/")).toList();
            }
        }
        return List.of(path);
    }

    private boolean holds(String path, String group, String key) {
        return drafts.existing(path) instanceof Drafts.Opened.Draft(FileDraft draft)
                && OsloFile.parse(path, draft.content()) instanceof Decoded.Value<OsloFile>(OsloFile file)
                && !file.values(group, key).isEmpty();
    }

    private Outcome oslo(String path, String group, String key, String value, Cause cause) {
        return switch (drafts.existing(path)) {
            case Drafts.Opened.Missing missing -> new Outcome.Already(path + " is not there");
            case Drafts.Opened.Unreadable(String why) -> new Outcome.ByHand(why);
            case Drafts.Opened.Draft(FileDraft draft) -> {
                READERS.getOrDefault(path, List.of()).stream()
                        .filter(host::hasUnit)
                        .forEach(unit -> draft.restart(new Step.UnitRestart(unit, false)));
                yield draft.edit(
                        "[" + group + "] " + key,
                        value,
                        cause,
                        bytes -> then(OsloFile.parse(path, bytes), file -> {
                            if (value.isEmpty()) {
                                return map(file.remove(group, key), OsloFile::bytes);
                            }
                            Optional<OsloValue> last =
                                    file.values(group, key).reversed().stream().findFirst();
                            return last.filter(v -> same(v.text(), value)).isPresent()
                                    ? new Decoded.Value<>(bytes)
                                    : map(file.set(group, key, value), OsloFile::bytes);
                        }));
            }
        };
    }

    private static boolean same(String written, String wanted) {
        String a = written.strip().toLowerCase(Locale.ROOT);
        String b = wanted.toLowerCase(Locale.ROOT);
        return written.strip().equals(wanted)
                || TRUE.contains(a) && TRUE.contains(b)
                || FALSE.contains(a) && FALSE.contains(b);
    }

    /** A next step of decoding. */
    static <T, R> Decoded<R> then(Decoded<T> decoded, java.util.function.Function<T, Decoded<R>> next) {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> next.apply(value);
            case Decoded.Refused<T>(var refusal) -> new Decoded.Refused<>(refusal);
        };
    }

    /** The bytes of what was edited. */
    static <T, R> Decoded<R> map(Decoded<T> decoded, java.util.function.Function<T, R> convert) {
        return then(decoded, value -> new Decoded.Value<>(convert.apply(value)));
    }
}
