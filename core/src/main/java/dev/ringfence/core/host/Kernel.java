package dev.ringfence.core.host;

import java.util.List;
import java.util.Map;

/**
 * The host's kernel.
 *
 * @param release as {@code uname -r}
 * @param arguments tokens of /proc/cmdline up to {@code --}
 * @param bootArguments tokens that the boot loader's configuration will give at the next boot (/etc/default/grub)
 * @param config options of the running kernel by name ({@code CONFIG_KSM}); value {@code y}, {@code m} or text; an
 *     option that is not set is not in the map
 * @param sysctl by dotted name; an absent key is one this kernel does not have
 * @param lockdown {@code none}, {@code integrity} or {@code confidentiality}
 * @param lsm active security modules in order
 * @param moduleParameters by {@code module.parameter}; absent where the module is not loaded or has no such parameter
 * @param modules loaded modules
 * @param modprobe directives of modprobe.d
 * @param installed kernel releases on disk, newest last; of several flavours of the newest, the running one is last
 */
public record Kernel(
        Fact<String> release,
        Fact<List<String>> arguments,
        Fact<List<String>> bootArguments,
        Fact<Map<String, String>> config,
        Fact<Map<String, Fact<String>>> sysctl,
        Fact<String> lockdown,
        Fact<List<String>> lsm,
        Fact<Map<String, Fact<String>>> moduleParameters,
        Fact<List<String>> modules,
        Fact<List<ModprobeDirective>> modprobe,
        Fact<List<String>> installed,
        Fact<List<Swap>> swaps) {
    /**
     * One line of modprobe.d: {@code blacklist}, {@code options}, {@code install}, {@code alias}… and its arguments.
     *
     * @param module with underscores for hyphens, as the kernel names it; for an alias its pattern, as written
     */
    public record ModprobeDirective(String file, String directive, String module, List<String> arguments) {
        public ModprobeDirective {
            arguments = List.copyOf(arguments);
        }
    }

    /** One swap area; encrypted when it lies on a dm-crypt mapping, unobserved where the device cannot be followed. */
    public record Swap(String device, Fact<Boolean> encrypted) {}
}
