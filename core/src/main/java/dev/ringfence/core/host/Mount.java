package dev.ringfence.core.host;

import java.util.List;

/**
 * A mounted file system.
 *
 * @param options of the mount and of the file system
 * @param encrypted whether it lies on a dm-crypt mapping; absent for a file system without a device, such as tmpfs;
 *     unobserved where the device cannot be followed
 */
public record Mount(String target, String source, String type, List<String> options, Fact<Boolean> encrypted) {
    public Mount {
        options = List.copyOf(options);
    }
}
