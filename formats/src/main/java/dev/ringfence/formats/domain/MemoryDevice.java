package dev.ringfence.formats.domain;

/**
 * {@code <memory>} below {@code <devices>}.
 *
 * @param model {@code dimm}, {@code nvdimm}, {@code virtio-pmem}, {@code virtio-mem}, {@code sgx-epc}
 * @param access {@code shared} or {@code private}
 * @param sourcePath host file of the content
 */
public record MemoryDevice(
        String model,
        String access,
        String discard,
        String uuid,
        String sourcePath,
        boolean sourcePmem,
        long targetSizeBytes,
        long targetNode,
        boolean readonly,
        String alias,
        Address address) {}
