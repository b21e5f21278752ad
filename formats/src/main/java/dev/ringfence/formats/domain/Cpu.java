package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <cpu>}.
 *
 * @param present the document has a {@code <cpu>} element; without one QEMU's default model is used
 * @param mode {@code custom}, {@code host-model}, {@code host-passthrough}, {@code maximum}
 * @param match {@code minimum}, {@code exact}, {@code strict}
 * @param check {@code none}, {@code partial}, {@code full}
 * @param fallback {@code allow} or {@code forbid}, of the model
 * @param vendorId CPUID vendor shown to the guest, of the model
 * @param features features named one by one; the model adds its own
 */
public record Cpu(
        boolean present,
        String mode,
        String match,
        String check,
        String migratable,
        String deprecatedFeatures,
        String model,
        String fallback,
        String vendorId,
        String vendor,
        Topology topology,
        String cacheMode,
        long cacheLevel,
        String maxphysaddrMode,
        List<Feature> features,
        List<NumaCell> numaCells) {
    public Cpu {
        features = List.copyOf(features);
        numaCells = List.copyOf(numaCells);
    }

    /**
     * One CPU feature.
     *
     * @param policy {@code force}, {@code require}, {@code optional}, {@code disable}, {@code forbid}
     */
    public record Feature(String name, String policy) {}

    /** Sockets, dies, clusters, cores and threads; -1 when not given. */
    public record Topology(long sockets, long dies, long clusters, long cores, long threads) {}

    /**
     * A guest NUMA node.
     *
     * @param memAccess {@code shared} or {@code private}: other host processes may map shared memory
     */
    public record NumaCell(long id, String cpus, long memorySizeBytes, String memAccess, String discard) {}
}
