package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <devices>}: every device of the domain, in document order within its kind.
 *
 * @param emulator path of the program that runs the guest
 * @param memories DIMM, NVDIMM and virtio-mem devices, {@code <memory>} in libvirt's words
 * @param unknownDevices names of elements that this package does not know
 */
public record Devices(
        String emulator,
        List<Disk> disks,
        List<Controller> controllers,
        List<Interface> interfaces,
        List<Graphics> graphics,
        List<Video> videos,
        List<Hostdev> hostdevs,
        List<CharDevice> serials,
        List<CharDevice> parallels,
        List<CharDevice> consoles,
        List<CharDevice> channels,
        List<Filesystem> filesystems,
        List<Input> inputs,
        List<Tpm> tpms,
        List<Rng> rngs,
        List<Memballoon> memballoons,
        List<Watchdog> watchdogs,
        List<Panic> panics,
        List<Shmem> shmems,
        List<Vsock> vsocks,
        List<Iommu> iommus,
        List<Crypto> cryptos,
        List<Sound> sounds,
        List<Audio> audios,
        List<Redirdev> redirdevs,
        List<UsbFilter> redirfilters,
        List<Hub> hubs,
        List<Smartcard> smartcards,
        List<MemoryDevice> memories,
        List<Lease> leases,
        List<Pstore> pstores,
        List<Nvram> nvrams,
        List<String> unknownDevices) {
    public Devices {
        disks = List.copyOf(disks);
        controllers = List.copyOf(controllers);
        interfaces = List.copyOf(interfaces);
        graphics = List.copyOf(graphics);
        videos = List.copyOf(videos);
        hostdevs = List.copyOf(hostdevs);
        serials = List.copyOf(serials);
        parallels = List.copyOf(parallels);
        consoles = List.copyOf(consoles);
        channels = List.copyOf(channels);
        filesystems = List.copyOf(filesystems);
        inputs = List.copyOf(inputs);
        tpms = List.copyOf(tpms);
        rngs = List.copyOf(rngs);
        memballoons = List.copyOf(memballoons);
        watchdogs = List.copyOf(watchdogs);
        panics = List.copyOf(panics);
        shmems = List.copyOf(shmems);
        vsocks = List.copyOf(vsocks);
        iommus = List.copyOf(iommus);
        cryptos = List.copyOf(cryptos);
        sounds = List.copyOf(sounds);
        audios = List.copyOf(audios);
        redirdevs = List.copyOf(redirdevs);
        redirfilters = List.copyOf(redirfilters);
        hubs = List.copyOf(hubs);
        smartcards = List.copyOf(smartcards);
        memories = List.copyOf(memories);
        leases = List.copyOf(leases);
        pstores = List.copyOf(pstores);
        nvrams = List.copyOf(nvrams);
        unknownDevices = List.copyOf(unknownDevices);
    }
}
