package dev.ringfence.formats.domain;

import java.util.List;

/** {@code <blkiotune>}: limits of the block I/O cgroup. */
public record BlkioTune(long weight, List<Device> devices) {
    public BlkioTune {
        devices = List.copyOf(devices);
    }

    /** Limits for one host block device, per second. */
    public record Device(
            String path, long weight, long readBytesSec, long writeBytesSec, long readIopsSec, long writeIopsSec) {}
}
