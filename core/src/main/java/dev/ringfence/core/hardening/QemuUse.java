package dev.ringfence.core.hardening;

import dev.ringfence.formats.domain.CharDevice;
import dev.ringfence.formats.domain.Controller;
import dev.ringfence.formats.domain.Devices;
import dev.ringfence.formats.domain.Disk;
import dev.ringfence.formats.domain.Domain;
import dev.ringfence.formats.domain.Hostdev;
import dev.ringfence.formats.domain.Input;
import dev.ringfence.formats.domain.Interface;
import dev.ringfence.formats.domain.Video;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What guests use of an emulator, by the names that the emulator has for it.
 *
 * @param guests how many were looked at
 * @param devices device models, also those that a machine type brings
 * @param machines machine types
 * @param accelerators {@code kvm}, {@code tcg}
 * @param backends chardevs, netdevs, objects, audio and display back ends, protocols of disks
 */
public record QemuUse(
        int guests, Set<String> devices, Set<String> machines, Set<String> accelerators, Set<String> backends) {
    public QemuUse {
        devices = Set.copyOf(devices);
        machines = Set.copyOf(machines);
        accelerators = Set.copyOf(accelerators);
        backends = Set.copyOf(backends);
    }

    /** What the definitions of guests ask for, translated as libvirt does it. */
    public static QemuUse of(List<Domain> domains) {
        Collector collector = new Collector();
        domains.forEach(collector::domain);
        return new QemuUse(
                domains.size(), collector.devices, collector.machines, collector.accelerators, collector.backends);
    }

    private static final class Collector {
        private final Set<String> devices = new TreeSet<>();
        private final Set<String> machines = new TreeSet<>();
        private final Set<String> accelerators = new TreeSet<>();
        private final Set<String> backends = new TreeSet<>();

        void domain(Domain domain) {
            machines.add(domain.os().machine());
            accelerators.add(domain.type().equals("qemu") ? "tcg" : domain.type());
            Devices all = domain.devices();
            all.disks().forEach(this::disk);
            all.controllers().forEach(this::controller);
            all.interfaces().forEach(this::network);
            all.videos().forEach(this::video);
            all.hostdevs().forEach(this::hostdev);
            all.inputs().forEach(this::input);
            all.sounds().forEach(s -> sound(s.model()));
            all.serials().forEach(this::serial);
            all.consoles().forEach(this::serial);
            all.channels().forEach(this::channel);
            all.parallels().forEach(p -> {
                devices.add("isa-parallel");
                backends.add(backend(p));
            });
            all.graphics().forEach(g -> backends.add(g.type()));
            all.audios().forEach(a -> backends.add(a.type()));
            all.filesystems().forEach(f -> filesystem(f.driverType()));
            all.tpms().forEach(t -> devices.add(t.model()));
            all.rngs().forEach(r -> devices.add("virtio-rng-pci"));
            all.memballoons().stream()
                    .filter(b -> !b.model().equals("none"))
                    .forEach(b -> devices.add("virtio-balloon-pci"));
            all.watchdogs().forEach(w -> devices.add(w.model()));
            all.panics().forEach(p -> devices.add("pvpanic"));
            all.shmems().forEach(s -> devices.add("ivshmem-plain"));
            all.vsocks().forEach(v -> devices.add("vhost-vsock-pci"));
            all.cryptos().forEach(c -> devices.add("virtio-crypto-pci"));
            all.redirdevs().forEach(r -> devices.add("usb-redir"));
            all.smartcards().forEach(s -> devices.add("usb-ccid"));
            all.hubs().forEach(h -> devices.add("usb-hub"));
            all.iommus().forEach(i -> devices.add(i.model().equals("intel") ? "intel-iommu" : i.model() + "-iommu"));
        }

        private void disk(Disk disk) {
            String drive = disk.device().equals("cdrom") ? "cd" : "hd";
            if (!disk.source().protocol().isEmpty()) {
                backends.add(disk.source().protocol());
            }
            if (disk.type().equals("vhostuser")) {
                backends.add("vhost-user");
            }
            switch (disk.target().bus()) {
                case "virtio" -> devices.add("virtio-blk-pci");
                case "scsi" -> devices.add(disk.device().equals("lun") ? "scsi-block" : "scsi-" + drive);
                case "sata" -> {
                    devices.add("ich9-ahci");
                    devices.add("ide-" + drive);
                }
                case "ide" -> {
                    devices.add("piix3-ide");
                    devices.add("ide-" + drive);
                }
                case "fdc" -> {
                    devices.add("isa-fdc");
                    devices.add("floppy");
                }
                case "usb" -> devices.add("usb-storage");
                case "sd" -> devices.add("sd-card");
                case "nvme" -> devices.add("nvme");
                default -> {}
            }
        }

        private void controller(Controller controller) {
            String model = controller.model();
            switch (controller.type()) {
                case "usb" -> usb(model);
                case "scsi" -> devices.add(scsi(model));
                case "sata" -> devices.add("ich9-ahci");
                case "ide" -> devices.add("piix3-ide");
                case "fdc" -> devices.add("isa-fdc");
                case "virtio-serial" -> devices.add("virtio-serial-pci");
                case "pci" -> devices.add(controller.modelName().isEmpty() ? model : controller.modelName());
                case "ccid" -> devices.add("usb-ccid");
                default -> {}
            }
        }

        private void usb(String model) {
            switch (model) {
                case "none" -> {}
                case "", "piix3-uhci" -> devices.add("piix3-usb-uhci");
                case "ehci" -> devices.add("usb-ehci");
                case "nec-xhci" -> devices.add("nec-usb-xhci");
                default -> devices.add(model);
            }
        }

        private static String scsi(String model) {
            return switch (model) {
                case "virtio-scsi", "virtio-transitional", "virtio-non-transitional" -> "virtio-scsi-pci";
                case "lsilogic", "auto", "" -> "lsi53c895a";
                case "lsisas1068" -> "mptsas1068";
                case "lsisas1078" -> "megasas";
                case "vmpvscsi" -> "pvscsi";
                default -> model;
            };
        }

        private void network(Interface network) {
            String model = network.modelType();
            devices.add(model.startsWith("virtio") ? "virtio-net-pci" : model.isEmpty() ? "rtl8139" : model);
            backends.add(
                    switch (network.type()) {
                        case "user" -> "user";
                        case "vhostuser" -> "vhost-user";
                        case "vdpa" -> "vhost-vdpa";
                        case "udp", "mcast", "server", "client" -> "socket";
                        default -> "tap";
                    });
        }

        private void video(Video video) {
            switch (video.modelType()) {
                case "none" -> {}
                case "vga" -> devices.add("VGA");
                case "cirrus" -> devices.add("cirrus-vga");
                case "vmvga" -> devices.add("vmware-svga");
                case "qxl" -> devices.add("qxl-vga");
                case "bochs" -> devices.add("bochs-display");
                case "virtio" -> devices.add("virtio-vga");
                default -> devices.add(video.modelType());
            }
        }

        private void hostdev(Hostdev hostdev) {
            switch (hostdev.type()) {
                case "usb" -> devices.add("usb-host");
                case "scsi" -> devices.add("scsi-generic");
                case "scsi_host" -> devices.add("vhost-scsi-pci");
                default -> devices.add("vfio-pci");
            }
        }

        private void input(Input input) {
            String kind = input.type().equals("keyboard") ? "kbd" : input.type();
            switch (input.bus()) {
                case "usb" -> devices.add("usb-" + kind);
                case "virtio" -> devices.add("virtio-" + input.type() + "-pci");
                default -> {}
            }
        }

        private void filesystem(String driver) {
            if (driver.equals("virtiofs")) {
                devices.add("vhost-user-fs-pci");
                backends.add("vhost-user");
            } else {
                devices.add("virtio-9p-pci");
            }
        }

        private void sound(String model) {
            switch (model) {
                case "ich6" -> devices.add("intel-hda");
                case "ich9" -> devices.add("ich9-intel-hda");
                case "ac97" -> devices.add("AC97");
                case "es1370" -> devices.add("ES1370");
                case "usb" -> devices.add("usb-audio");
                default -> devices.add(model);
            }
        }

        private void serial(CharDevice device) {
            devices.add(device.targetType().startsWith("virtio") ? "virtconsole" : "isa-serial");
            backends.add(backend(device));
        }

        private void channel(CharDevice device) {
            devices.add("virtserialport");
            devices.add("virtio-serial-pci");
            backends.add(backend(device));
        }

        private static String backend(CharDevice device) {
            return switch (device.type()) {
                case "unix", "tcp", "dbus" -> "socket";
                case "dev" -> "serial";
                default -> device.type();
            };
        }
    }
}
