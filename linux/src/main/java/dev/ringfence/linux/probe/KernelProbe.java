package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Kernel;
import dev.ringfence.core.host.Mount;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.kconfig.KernelConfig;
import dev.ringfence.linux.HostFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Reads the running kernel: its arguments, settings, modules and build, and what the next boot will bring. */
public final class KernelProbe {
    private static final String RELEASE = "/proc/sys/kernel/osrelease";
    private static final String CMDLINE = "/proc/cmdline";
    private static final String CONFIG = "/proc/config.gz";
    private static final String SECURITY = "/sys/kernel/security";
    private static final String LOCKDOWN = SECURITY + "/lockdown";
    private static final String SWAPS = "/proc/swaps";
    private static final Pattern SWAP_FILE = Pattern.compile("\\sfile\\s");
    private static final int CONFIG_LIMIT_BYTES = 4 << 20;

    private KernelProbe() {}

    /** The kernel as it runs, with the configuration of its next boot. */
    public static Kernel observe(HostFiles files) {
        Fact<String> release = Readings.nonEmptyLine(files, RELEASE);
        return new Kernel(
                release,
                Readings.parsed(files.text(CMDLINE), BootConfiguration::tokens),
                BootConfiguration.arguments(files),
                config(files, release),
                Sysctls.observe(files),
                Readings.then(security(files, LOCKDOWN), KernelProbe::selected),
                Readings.parsed(
                        security(files, SECURITY + "/lsm"),
                        (String modules) -> Arrays.stream(modules.split(","))
                                .filter(m -> !m.isEmpty())
                                .toList()),
                ModuleParameters.observe(files),
                Readings.parsed(
                        files.text("/proc/modules"),
                        text -> text.lines()
                                .map(line -> line.split(" ", 2)[0])
                                .filter(name -> !name.isEmpty())
                                .toList()),
                ModprobeDirectories.observe(files),
                BootConfiguration.installed(files, release.orElse("")),
                Readings.then(files.text(SWAPS), text -> Fact.of(swaps(files, text), SWAPS, "parsed")));
    }

    /** A file of securityfs. Where nothing is mounted there, its absence says nothing of the kernel. */
    private static Fact<String> security(HostFiles files, String path) {
        Fact<String> line = files.line(path);
        boolean mounted = !files.list(SECURITY).orElse(List.of()).isEmpty();
        return line instanceof Fact.Absent<String> && !mounted
                ? Fact.notObserved(path, "read", "securityfs is not mounted")
                : line;
    }

    /** The choice in brackets: {@code none [integrity] confidentiality}. */
    private static Fact<String> selected(String line) {
        int start = line.indexOf('[');
        int end = line.indexOf(']', start + 1);
        return start >= 0 && end > start + 1
                ? Fact.of(line.substring(start + 1, end), LOCKDOWN, "parsed")
                : Fact.notObserved(LOCKDOWN, "parsed", "no choice is marked: " + Readings.excerpt(line));
    }

    /** From the running kernel itself where it carries its configuration, else from the file of its release. */
    private static Fact<Map<String, String>> config(HostFiles files, Fact<String> release) {
        Fact<byte[]> packed = files.bytes(CONFIG, CONFIG_LIMIT_BYTES);
        if (packed instanceof Fact.Observed<byte[]>(byte[] bytes, var source)) {
            return Readings.then(unpacked(bytes), text -> options(CONFIG, text));
        }
        return Readings.then(release, r -> {
            if (r.indexOf('/') >= 0) {
                return Fact.notObserved(RELEASE, "read", "not a kernel release: " + Readings.excerpt(r));
            }
            Fact<byte[]> found = files.bytes("/boot/config-" + r, CONFIG_LIMIT_BYTES);
            if (found instanceof Fact.Absent<byte[]>) {
                found = files.bytes("/usr/lib/modules/" + r + "/config", CONFIG_LIMIT_BYTES);
            }
            String where = found.source().where();
            return Readings.then(found, bytes -> options(where, bytes));
        });
    }

    private static Fact<byte[]> unpacked(byte[] packed) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = in.readNBytes(CONFIG_LIMIT_BYTES);
            return in.read() < 0
                    ? Fact.of(bytes, CONFIG, "read")
                    : Fact.notObserved(CONFIG, "read", "unpacks to more than " + CONFIG_LIMIT_BYTES + " bytes");
        } catch (IOException e) {
            return Fact.notObserved(CONFIG, "read", "cannot be unpacked: " + e.getMessage());
        }
    }

    private static Fact<Map<String, String>> options(String where, byte[] bytes) {
        return switch (KernelConfig.parse(bytes)) {
            case Decoded.Value<KernelConfig>(KernelConfig config) -> {
                // What is not set is what the map does not have.
                Map<String, String> set = new HashMap<>(config.options());
                set.values().removeIf(value -> value.equals("n"));
                yield Fact.of(Map.copyOf(set), where, "parsed");
            }
            case Decoded.Refused<KernelConfig>(var refusal) -> Fact.notObserved(where, "parsed", refusal.toString());
        };
    }

    private static List<Kernel.Swap> swaps(HostFiles files, String text) {
        List<Kernel.Swap> swaps = new ArrayList<>();
        BlockDevices devices = new BlockDevices(files);
        // Swap files are rare, so that the mounts are read only for one.
        Fact<List<Mount>> mounts =
                SWAP_FILE.matcher(text).find() ? MountsProbe.observe(files) : Fact.absent(SWAPS, "derived");
        for (String line : text.lines().skip(1).toList()) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length >= 2) {
                String device = MountsProbe.unescaped(fields[0]);
                swaps.add(new Kernel.Swap(
                        device,
                        fields[1].equals("file") ? encryptedFile(mounts, device) : devices.encryptedByPath(device)));
            }
        }
        return List.copyOf(swaps);
    }

    /** A swap file is as safe as the file system that it lies on. */
    private static Fact<Boolean> encryptedFile(Fact<List<Mount>> mounts, String path) {
        return Readings.then(
                mounts,
                found -> MountsProbe.holding(found, path)
                        .map(Mount::encrypted)
                        .orElse(Fact.notObserved(path, "derived", "the file system that it lies on is not known")));
    }
}
