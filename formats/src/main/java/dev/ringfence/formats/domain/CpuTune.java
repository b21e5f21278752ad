package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <cputune>}. Quotas and periods are in microseconds; a quota below zero means no limit, as -1 does for "not
 * given".
 *
 * @param emulatorpin host CPUs for QEMU's own threads
 * @param schedulers real-time scheduling asked for
 */
public record CpuTune(
        long shares,
        long periodMicros,
        long quotaMicros,
        long globalPeriodMicros,
        long globalQuotaMicros,
        long emulatorPeriodMicros,
        long emulatorQuotaMicros,
        long iothreadPeriodMicros,
        long iothreadQuotaMicros,
        List<Pin> vcpupins,
        String emulatorpin,
        List<Pin> iothreadpins,
        List<Scheduler> schedulers) {
    public CpuTune {
        vcpupins = List.copyOf(vcpupins);
        iothreadpins = List.copyOf(iothreadpins);
        schedulers = List.copyOf(schedulers);
    }

    /**
     * Host CPUs of one virtual CPU or I/O thread.
     *
     * @param id number of the virtual CPU or I/O thread
     */
    public record Pin(String id, String cpuset) {}

    /**
     * A real-time scheduler.
     *
     * @param target {@code vcpusched}, {@code iothreadsched} or {@code emulatorsched}
     * @param ids which threads, {@code ""} for the emulator
     */
    public record Scheduler(String target, String ids, String scheduler, long priority) {}
}
