package dev.ringfence.formats.domain;

/**
 * {@code <iommu>}: the guest's own IOMMU.
 *
 * @param model {@code intel}, {@code amd}, {@code smmuv3}, {@code virtio}
 * @param intremap interrupt remapping, {@code on} or {@code off}
 */
public record Iommu(
        String model,
        String intremap,
        String cachingMode,
        String eim,
        String iotlb,
        long awBits,
        String dmaTranslation,
        String alias,
        Address address) {}
