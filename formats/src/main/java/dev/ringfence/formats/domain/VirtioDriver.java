package dev.ringfence.formats.domain;

/** The options that virtio devices share: {@code <driver iommu=… ats=… packed=… page_per_vq=…/>}. */
public record VirtioDriver(String iommu, String ats, String packed, String pagePerVq) {}
