package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.Disk;
import dev.ringfence.formats.domain.DiskSource;
import dev.ringfence.formats.domain.Domain;
import dev.ringfence.formats.domain.DomainStatus;
import dev.ringfence.formats.domain.DomainXml;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The domains of libvirt's system QEMU driver, from the files that it keeps: stored XML below /etc, live state below /run.
 * A broken file costs that guest's facts alone. Guests of users' own session drivers are not looked for.
 */
public final class GuestsProbe {
    static final String STORED = "/etc/libvirt/qemu";
    static final String LIVE = "/run/libvirt/qemu";

    /** What {@link DomainXml} accepts, and one byte, so that it is the one to refuse. */
    private static final int XML_LIMIT_BYTES = (4 << 20) + 1;

    private final HostFiles files;
    private final FileStatus status;

    private GuestsProbe(HostFiles files, FileStatus status) {
        this.files = files;
        this.status = status;
    }

    /**
     * Every domain by name. Absent when libvirt's QEMU driver has no directory here; not observed when one of its
     * directories cannot be listed, because then nothing says that the list is whole.
     */
    public static Fact<List<Guest>> observe(HostFiles files, FileStatus status) {
        Fact<List<String>> stored = files.list(STORED);
        Fact<List<String>> live = files.list(LIVE);
        if (stored instanceof Fact.Absent && live instanceof Fact.Absent) {
            return Fact.absent(STORED, "list");
        }
        for (Fact<List<String>> names : List.of(stored, live)) {
            if (names instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
                return Fact.notObserved(source.where(), source.how(), reason);
            }
        }
        TreeSet<String> guests = new TreeSet<>(xmlNames(stored.orElse(List.of())));
        List<String> running = xmlNames(live.orElse(List.of()));
        guests.addAll(running);
        // On the disk of a host that is switched off, nothing is below /run, whatever ran before.
        Fact<Boolean> off = Readings.parsed(files.exists("/proc/version"), there -> false);
        GuestsProbe probe = new GuestsProbe(files, status);
        List<Guest> out = new ArrayList<>();
        for (String name : guests) {
            Fact<Domain> definition = probe.stored(name);
            Fact<Domain> now = running.contains(name) ? probe.live(name) : Fact.absent(LIVE, "list");
            boolean runs = !(now instanceof Fact.Absent);
            if (runs || !(definition instanceof Fact.Absent)) {
                out.add(probe.guest(
                        name, runs ? Fact.of(true, LIVE, "list") : off, runs ? now : definition, definition));
            }
        }
        return Fact.of(List.copyOf(out), STORED + " and " + LIVE, "list");
    }

    private static List<String> xmlNames(List<String> files) {
        return files.stream()
                .filter(name -> name.endsWith(".xml") && name.length() > 4)
                .map(name -> name.substring(0, name.length() - 4))
                .toList();
    }

    private Fact<Domain> stored(String name) {
        return decoded(STORED + "/" + name + ".xml", DomainXml::decode);
    }

    private Fact<Domain> live(String name) {
        return decoded(LIVE + "/" + name + ".xml", DomainXml::decodeStatus).map(DomainStatus::domain);
    }

    private <T> Fact<T> decoded(String path, Function<byte[], Decoded<T>> decode) {
        return Readings.then(files.bytes(path, XML_LIMIT_BYTES), bytes -> switch (decode.apply(bytes)) {
            case Decoded.Value<T>(T value) -> Fact.of(value, path, "parsed");
            case Decoded.Refused<T>(var refusal) -> Fact.notObserved(path, "parsed", refusal.toString());
        });
    }

    private Guest guest(String name, Fact<Boolean> running, Fact<Domain> definition, Fact<Domain> stored) {
        return new Guest(name, running, definition, stored, definition.map(this::disks));
    }

    private List<Guest.GuestDisk> disks(Domain domain) {
        List<Guest.GuestDisk> out = new ArrayList<>();
        for (Disk disk : domain.devices().disks()) {
            DiskSource source = disk.source();
            String path = switch (disk.type()) {
                case "file", "" -> source.file();
                case "block" -> source.dev();
                case "dir" -> source.dir();
                default -> "";
            };
            if (path.startsWith("/")) {
                out.add(local(disk, path));
            } else if (disk.type().equals("volume")) {
                out.add(volume(disk));
            } else if (!path.isEmpty()) {
                out.add(unseen(disk, path, "not an absolute path"));
            }
        }
        return List.copyOf(out);
    }

    private Guest.GuestDisk local(Disk disk, String path) {
        Fact<ImageSignature> signature = recorded(path, ImageSignature.of(files, path));
        return new Guest.GuestDisk(
                disk.target().dev(),
                path,
                disk.driver().type(),
                signature.map(ImageSignature::format),
                name(signature, ImageSignature::backing),
                name(signature, ImageSignature::dataFile),
                recorded(path, status.of(path)));
    }

    /** An archive leaves images out; that one is not in it does not mean that the host has none. */
    private <T> Fact<T> recorded(String path, Fact<T> fact) {
        return fact instanceof Fact.Absent && files.isPartial()
                ? Fact.notObserved(path, "recorded", "not in the archive")
                : fact;
    }

    private static Fact<String> name(Fact<ImageSignature> signature, Function<ImageSignature, String> name) {
        return Readings.then(
                signature,
                s -> s.unseen().isEmpty() || !name.apply(s).isEmpty()
                        ? Fact.of(name.apply(s), signature.source().where(), "parsed")
                        : Fact.notObserved(signature.source().where(), "parsed", s.unseen()));
    }

    private static Guest.GuestDisk volume(Disk disk) {
        DiskSource source = disk.source();
        return unseen(disk, "", "volume " + source.volume() + " of the storage pool " + source.pool());
    }

    private static Guest.GuestDisk unseen(Disk disk, String path, String reason) {
        return new Guest.GuestDisk(
                disk.target().dev(),
                path,
                disk.driver().type(),
                Fact.notObserved(path, "parsed", reason),
                Fact.notObserved(path, "parsed", reason),
                Fact.notObserved(path, "parsed", reason),
                Fact.notObserved(path, "parsed", reason));
    }
}
