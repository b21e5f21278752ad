package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Says whether a block device lies on dm-crypt, by following it downwards through /sys: partitions, LVM, software RAID. A
 * device counts as encrypted when every path down meets a mapping whose UUID begins with {@code CRYPT-}. For one thread.
 */
final class BlockDevices {
    private static final int DEPTH_LIMIT = 16;

    /** For a tree whose devices lie on each other in circles: the paths down could be beyond number. */
    private static final int STEP_LIMIT = 20_000;

    private static final Pattern PLAIN_NAME = Pattern.compile("[^/\\s]+");

    private final HostFiles files;
    private final Map<String, Fact<Boolean>> known = new HashMap<>();
    private final Map<String, String> mappings = new HashMap<>();
    private int steps;

    BlockDevices(HostFiles files) {
        this.files = files;
    }

    /** The device of that number, {@code 254:0}. */
    Fact<Boolean> encryptedByNumber(String majorMinor) {
        return known.computeIfAbsent("/sys/dev/block/" + majorMinor, path -> below(path, 0));
    }

    /** The device of that path, {@code /dev/mapper/swap} or {@code /dev/sda2}. */
    Fact<Boolean> encryptedByPath(String device) {
        String name = device.startsWith("/dev/") ? device.substring("/dev/".length()) : "";
        if (!PLAIN_NAME.matcher(name).matches()) {
            name = files.link(device).map(Readings::baseName).orElse("");
            if (name.isEmpty()) {
                name = mapped(Readings.baseName(device));
            }
        }
        return name.isEmpty()
                ? Fact.notObserved(device, "derived", "the device cannot be found in /sys")
                : known.computeIfAbsent("/sys/class/block/" + name, path -> below(path, 0));
    }

    /** The kernel's name of the device-mapper device that is called so, empty when there is none. */
    private String mapped(String mapping) {
        if (mappings.isEmpty()) {
            for (String name : files.list("/sys/class/block").orElse(List.of())) {
                if (name.startsWith("dm-")) {
                    mappings.putIfAbsent(
                            files.line("/sys/class/block/" + name + "/dm/name").orElse(""), name);
                }
            }
            mappings.put("", "");
        }
        return mappings.getOrDefault(mapping, "");
    }

    private Fact<Boolean> below(String path, int depth) {
        if (depth > DEPTH_LIMIT || ++steps > STEP_LIMIT) {
            return Fact.notObserved(path, "derived", "devices lie on devices without end");
        }
        Fact<String> uuid = files.line(path + "/dm/uuid");
        if (uuid.orElse("").startsWith("CRYPT-")) {
            return Fact.of(true, path, "derived");
        }
        if (uuid instanceof Fact.NotObserved<String> unseen) {
            return unseen.map(u -> false);
        }
        if (files.exists(path + "/loop/backing_file").orElse(false)) {
            return Fact.notObserved(path, "derived", "a loop device; where its file lies was not followed");
        }
        if (files.exists(path + "/partition").orElse(false)) {
            return below(path + "/..", depth + 1);
        }
        List<String> slaves = files.list(path + "/slaves").orElse(List.of());
        if (!slaves.isEmpty()) {
            return all(path, slaves, depth);
        }
        return Readings.then(
                files.exists(path),
                there -> there
                        ? Fact.of(false, path, "derived")
                        : Fact.notObserved(path, "derived", "the device cannot be found in /sys"));
    }

    private Fact<Boolean> all(String path, List<String> devices, int depth) {
        for (String device : devices) {
            Fact<Boolean> lower = below("/sys/class/block/" + device, depth + 1);
            if (!(lower instanceof Fact.Observed<Boolean>(Boolean encrypted, var source) && encrypted)) {
                return lower;
            }
        }
        return Fact.of(true, path, "derived");
    }
}
