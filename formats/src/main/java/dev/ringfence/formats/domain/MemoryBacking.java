package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <memoryBacking>}.
 *
 * @param nosharepages the guest's pages are kept out of KSM
 * @param locked the guest's pages are locked in memory
 * @param hugepages huge pages were asked for; {@code pages} may still be empty, which means the default size
 * @param sourceType {@code anonymous}, {@code file}, {@code memfd}
 * @param accessMode {@code shared} or {@code private}
 * @param allocationMode {@code immediate} or {@code ondemand}
 * @param discard the backing file's content is thrown away when QEMU ends
 */
public record MemoryBacking(
        boolean nosharepages,
        boolean locked,
        boolean hugepages,
        List<HugePage> pages,
        String sourceType,
        String accessMode,
        String allocationMode,
        long allocationThreads,
        boolean discard) {
    public MemoryBacking {
        pages = List.copyOf(pages);
    }

    /**
     * Size of huge pages, for all or some guest nodes.
     *
     * @param nodeset guest NUMA nodes, {@code ""} for all
     */
    public record HugePage(long sizeBytes, String nodeset) {}
}
