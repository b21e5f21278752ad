package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Libvirt;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.polkit.Pkla;
import dev.ringfence.formats.polkit.PolkitRules;
import dev.ringfence.linux.HostFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * polkit rules that mention libvirt, and those that let everybody do everything and so manage libvirt. Source: polkit(8),
 * pklalocalauthority(8).
 */
final class LibvirtPolkit {
    private static final List<String> RULES = List.of(
            "/etc/polkit-1/rules.d",
            "/run/polkit-1/rules.d",
            "/usr/local/share/polkit-1/rules.d",
            "/usr/share/polkit-1/rules.d");
    private static final List<String> AUTHORITIES =
            List.of("/etc/polkit-1/localauthority", "/var/lib/polkit-1/localauthority");
    private static final int FILE_LIMIT = 512;
    private static final int FILE_LIMIT_BYTES = (1 << 20) + 1;

    private final HostFiles files;
    private final List<Libvirt.PolkitRule> found = new ArrayList<>();
    private int read;

    private LibvirtPolkit(HostFiles files) {
        this.files = files;
    }

    /** The rule files; not observed when one cannot be read, because any may let everybody in. */
    static Fact<List<Libvirt.PolkitRule>> observe(HostFiles files) {
        LibvirtPolkit probe = new LibvirtPolkit(files);
        for (String directory : RULES) {
            Fact<Boolean> done = probe.each(directory, ".rules", probe::rules);
            if (done instanceof Fact.NotObserved<Boolean> unseen) {
                return unseen.map(d -> List.of());
            }
        }
        for (String authority : AUTHORITIES) {
            Fact<List<String>> groups = files.list(authority);
            if (groups instanceof Fact.NotObserved<List<String>> unseen) {
                return unseen.map(d -> List.of());
            }
            for (String group : groups.orElse(List.of())) {
                Fact<Boolean> done = probe.each(authority + "/" + group, ".pkla", probe::authority);
                if (done instanceof Fact.NotObserved<Boolean> unseen) {
                    return unseen.map(d -> List.of());
                }
            }
        }
        return Fact.of(List.copyOf(probe.found), RULES.getFirst(), "parsed");
    }

    private interface Reader {
        void read(String path, byte[] bytes);
    }

    private Fact<Boolean> each(String directory, String suffix, Reader reader) {
        Fact<List<String>> names = files.list(directory);
        if (names instanceof Fact.NotObserved<List<String>> unseen) {
            return unseen.map(n -> false);
        }
        for (String name : names.orElse(List.of())) {
            if (!name.endsWith(suffix)) {
                continue;
            }
            if (++read > FILE_LIMIT) {
                return Fact.notObserved(directory, "list", "more than " + FILE_LIMIT + " rule files");
            }
            String path = directory + "/" + name;
            switch (files.bytes(path, FILE_LIMIT_BYTES)) {
                case Fact.Observed<byte[]>(byte[] bytes, var source) -> reader.read(path, bytes);
                case Fact.Absent<byte[]> gone -> {
                    // Removed, or a link to nowhere: polkit has nothing to read either.
                }
                case Fact.NotObserved<byte[]> unseen -> {
                    return unseen.map(n -> false);
                }
            }
        }
        return Fact.of(true, directory, "list");
    }

    private void rules(String path, byte[] bytes) {
        PolkitRules.Verdict verdict = switch (PolkitRules.parse(bytes, PolkitRules.LIBVIRT_MANAGE)) {
            case Decoded.Value<PolkitRules>(PolkitRules parsed) -> parsed.verdict();
            case Decoded.Refused<PolkitRules> refused -> PolkitRules.Verdict.CANNOT_TELL;
        };
        add(
                path,
                bytes,
                switch (verdict) {
                    case YES -> "yes";
                    case NO -> "no";
                    case CANNOT_TELL -> "unknown";
                });
    }

    private void authority(String path, byte[] bytes) {
        String grants = switch (Pkla.parse(bytes)) {
            case Decoded.Value<Pkla>(Pkla pkla) ->
                pkla.entries().stream()
                                .anyMatch(entry ->
                                        entry.covers(PolkitRules.LIBVIRT_MANAGE) && entry.everybody() && entry.allows())
                        ? "yes"
                        : "no";
            case Decoded.Refused<Pkla> refused -> "unknown";
        };
        add(path, bytes, grants);
    }

    private void add(String path, byte[] bytes, String grantsEveryone) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean mentions = text.contains("libvirt");
        if (mentions || grantsEveryone.equals("yes")) {
            String line = text.lines()
                    .filter(l -> l.contains(mentions ? "libvirt" : "YES"))
                    .filter(l -> !l.strip().startsWith("//") && !l.strip().startsWith("#"))
                    .findFirst()
                    .orElse("");
            found.add(new Libvirt.PolkitRule(path, grantsEveryone, Readings.excerpt(line)));
        }
    }
}
