package dev.ringfence.linux;

import dev.ringfence.core.host.Accounts;
import dev.ringfence.core.host.Cpu;
import dev.ringfence.core.host.Devices;
import dev.ringfence.core.host.Emulator;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import dev.ringfence.core.host.Firmware;
import dev.ringfence.core.host.Guest;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.core.host.Kernel;
import dev.ringfence.core.host.Libvirt;
import dev.ringfence.core.host.MandatoryAccess;
import dev.ringfence.core.host.Memory;
import dev.ringfence.core.host.Mount;
import dev.ringfence.core.host.Network;
import dev.ringfence.core.host.Observations;
import dev.ringfence.core.host.OpenStack;
import dev.ringfence.core.host.QemuProcess;
import dev.ringfence.core.host.Services;
import dev.ringfence.linux.probe.AccountsProbe;
import dev.ringfence.linux.probe.CpuProbe;
import dev.ringfence.linux.probe.DevicesProbe;
import dev.ringfence.linux.probe.EmulatorProbe;
import dev.ringfence.linux.probe.FilesProbe;
import dev.ringfence.linux.probe.FirmwareProbe;
import dev.ringfence.linux.probe.GuestsProbe;
import dev.ringfence.linux.probe.HostProbe;
import dev.ringfence.linux.probe.KernelProbe;
import dev.ringfence.linux.probe.LibvirtProbe;
import dev.ringfence.linux.probe.MandatoryAccessProbe;
import dev.ringfence.linux.probe.MemoryProbe;
import dev.ringfence.linux.probe.MountsProbe;
import dev.ringfence.linux.probe.NetworkProbe;
import dev.ringfence.linux.probe.OpenStackProbe;
import dev.ringfence.linux.probe.PackagesProbe;
import dev.ringfence.linux.probe.QemuProcessProbe;
import dev.ringfence.linux.probe.ServicesProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Observes a whole host: every probe once, side by side. A probe that hangs or fails takes only its own facts with it.
 */
public final class HostObservation {
    /** Far above what a probe needs; only a hung file system or kernel reaches it. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final HostFiles files;
    private final ExecutorService workers;
    private final long deadlineNanos = System.nanoTime() + LIMIT.toNanos();

    private HostObservation(HostFiles files, ExecutorService workers) {
        this.files = files;
        this.workers = workers;
    }

    /**
     * Observes a host. Takes at most a few seconds even where the host misbehaves.
     *
     * @param method how the files were come by: {@code live}, {@code tree}, {@code ssh}, {@code capture}
     * @param at the time of the observation; a capture that says when it was made has its own
     */
    public static HostFacts observe(HostFiles files, String method, Instant at) {
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, 4);
        ExecutorService workers = Executors.newFixedThreadPool(
                threads, task -> Thread.ofPlatform().daemon().name("probe").unstarted(task));
        try {
            // A capture is judged as of when it was made, or certificates in it would seem to age.
            return new HostObservation(files, workers)
                    .observe(method, files.takenAt().orElse(at));
        } finally {
            // Daemon threads: one that hangs in the kernel does not hold the process.
            workers.shutdownNow();
        }
    }

    private HostFacts observe(String method, Instant at) {
        FileStatus status = new FileStatus(files);
        Future<Fact<Map<String, String>>> packages = start(() -> PackagesProbe.observe(files));
        Future<Fact<List<Guest>>> guests = start(() -> GuestsProbe.observe(files, status));
        Future<Fact<List<Emulator>>> emulators =
                start(() -> EmulatorProbe.observe(files, list(guests, "guests"), map(packages)));
        Future<Libvirt> libvirt = start(() -> LibvirtProbe.observe(files, status, at));
        Future<Services> services = start(() -> ServicesProbe.observe(files));
        Future<Network> network = start(() -> NetworkProbe.observe(files));
        Future<Fact<List<QemuProcess>>> processes =
                start(() -> QemuProcessProbe.observe(files, list(guests, "guests")));
        Future<Kernel> kernel = start(() -> KernelProbe.observe(files));
        Future<Cpu> cpu = start(() -> CpuProbe.observe(files));
        Future<Memory> memory = start(() -> MemoryProbe.observe(files));
        Future<Firmware> firmware = start(() -> FirmwareProbe.observe(files, at));
        Future<Devices> devices = start(() -> DevicesProbe.observe(files));
        Future<MandatoryAccess> mandatoryAccess = start(() -> MandatoryAccessProbe.observe(files));
        Future<OpenStack> openstack = start(() -> OpenStackProbe.observe(files, status));
        Future<Accounts> accounts = start(() -> AccountsProbe.observe(files));
        Future<Fact<Map<String, Fact<FileFacts>>>> watched =
                start(() -> Fact.of(FilesProbe.observe(files, status), "/", "stat"));
        Future<Fact<List<Mount>>> mounts = start(() -> MountsProbe.observe(files));
        Future<HostFacts.Host> host = start(() -> HostProbe.observe(files));
        return new HostFacts(
                at,
                new HostFacts.Observer(method, files.root().toString(), files.isLive() ? uid() : files.takenBy()),
                record(host, HostFacts.Host.class),
                record(kernel, Kernel.class),
                record(cpu, Cpu.class),
                record(memory, Memory.class),
                record(firmware, Firmware.class),
                record(devices, Devices.class),
                record(mandatoryAccess, MandatoryAccess.class),
                record(libvirt, Libvirt.class),
                list(guests, "guests"),
                list(processes, "QEMU processes"),
                list(emulators, "emulators"),
                record(openstack, OpenStack.class),
                record(accounts, Accounts.class),
                record(network, Network.class),
                record(services, Services.class),
                result(watched, reason -> Fact.notObserved("/", "probe", reason)),
                list(mounts, "mounts"),
                map(packages));
    }

    private <T> Future<T> start(Callable<T> probe) {
        return workers.submit(probe);
    }

    private <T extends Record> T record(Future<T> probe, Class<T> type) {
        return result(probe, reason -> Observations.none(type, type.getSimpleName(), reason));
    }

    private <T> Fact<List<T>> list(Future<Fact<List<T>>> probe, String what) {
        return result(probe, reason -> Fact.notObserved(what, "probe", reason));
    }

    private Fact<Map<String, String>> map(Future<Fact<Map<String, String>>> probe) {
        return result(probe, reason -> Fact.notObserved("packages", "probe", reason));
    }

    private <T> T result(Future<T> probe, Function<String, T> unobserved) {
        try {
            return probe.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return unobserved.apply("did not end within " + LIMIT.toSeconds() + " s");
        } catch (ExecutionException e) {
            // Our own mistake; it must cost one group of facts, not the audit, and must not pass unseen.
            return unobserved.apply("internal error, please report: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unobserved.apply("interrupted");
        }
    }

    /** The effective user id of this process, -1 where /proc does not tell. */
    private static long uid() {
        try {
            return Integer.toUnsignedLong((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }
}
