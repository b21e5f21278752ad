package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.dpkg.DpkgStatus;
import dev.ringfence.linux.HostFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Installed packages and their versions, from dpkg's database. */
public final class PackagesProbe {
    private static final String STATUS = "/var/lib/dpkg/status";
    private static final int LIMIT_BYTES = 64 << 20;

    private static final List<String> RPM_DATABASES =
            List.of("/usr/lib/sysimage/rpm", "/var/lib/rpm/rpmdb.sqlite", "/var/lib/rpm/Packages");

    /** States in which none, or not all, of a package's files are there. */
    private static final Set<String> NOT_THERE = Set.of("not-installed", "config-files", "half-installed");

    private PackagesProbe() {}

    /** Version by package name; a package of several architectures is named once. */
    public static Fact<Map<String, String>> observe(HostFiles files) {
        Fact<byte[]> status = files.bytes(STATUS, LIMIT_BYTES);
        if (status instanceof Fact.Absent<byte[]>) {
            return unknown(files);
        }
        return Readings.then(status, bytes -> switch (DpkgStatus.parse(bytes)) {
            case Decoded.Value<DpkgStatus>(DpkgStatus parsed) -> Fact.of(installed(parsed), STATUS, "parsed");
            case Decoded.Refused<DpkgStatus>(var refusal) -> Fact.notObserved(STATUS, "parsed", refusal.toString());
        });
    }

    /** No database is not an empty one. */
    private static Fact<Map<String, String>> unknown(HostFiles files) {
        for (String database : RPM_DATABASES) {
            if (files.exists(database).orElse(false)) {
                return Fact.notObserved(database, "read", "an rpm database; only that of dpkg is read");
            }
        }
        return Fact.notObserved(STATUS, "read", "no package database found");
    }

    private static Map<String, String> installed(DpkgStatus status) {
        Map<String, String> out = new HashMap<>();
        for (DpkgStatus.Package each : status.packages()) {
            String state = each.status().substring(each.status().lastIndexOf(' ') + 1);
            if (!state.isEmpty()
                    && !NOT_THERE.contains(state)
                    && !each.version().isEmpty()) {
                out.put(each.name(), each.version());
            }
        }
        return Map.copyOf(out);
    }
}
