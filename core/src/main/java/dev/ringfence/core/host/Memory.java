package dev.ringfence.core.host;

/** Memory deduplication on the host. */
public record Memory(Fact<Ksm> ksm) {
    /**
     * Kernel samepage merging, /sys/kernel/mm/ksm. Absent where the kernel is built without it.
     *
     * @param run 0 stopped with pages left merged, 1 running, 2 unmerged and stopped
     * @param pagesSharing pages that share a merged one, zero when nothing is merged
     */
    public record Ksm(long run, long pagesSharing, Fact<Long> mergeAcrossNodes, Fact<Long> useZeroPages) {}
}
