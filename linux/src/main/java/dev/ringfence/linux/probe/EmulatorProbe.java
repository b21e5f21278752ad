package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Emulator;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.core.host.Hardening;
import dev.ringfence.core.host.Source;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.Domain;
import dev.ringfence.formats.elf.ElfFile;
import dev.ringfence.formats.elf.ElfHardening;
import dev.ringfence.formats.elf.NeededLibraries;
import dev.ringfence.linux.ElfFiles;
import dev.ringfence.linux.HostFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * QEMU system emulators, how they and their libraries were built, and whether they are what their package shipped.
 *
 * <p>Looked at are those that guests name, those that run, and of the installed ones that of the host's own architecture:
 * the others start no guest before a guest names them.
 */
public final class EmulatorProbe {
    private static final String PROGRAMS = "/usr/bin";
    private static final String PREFIX = "qemu-system-";
    private static final List<String> OTHER_PLACES = List.of("/usr/libexec/qemu-kvm", "/usr/bin/qemu-kvm");
    private static final int EMULATOR_LIMIT = 32;
    private static final long CHECKSUM_LIMIT_BYTES = 512L << 20;

    private final HostFiles files;
    private final Fact<Map<String, String>> packages;
    private final PackageOwners owners;
    private final ElfFiles elfFiles;
    private final Map<String, Fact<ElfFile>> programs = new HashMap<>();
    private final Map<String, Hardening> judged = new HashMap<>();

    private EmulatorProbe(HostFiles files, Fact<Map<String, String>> packages) {
        this.files = files;
        this.packages = packages;
        this.owners = new PackageOwners(files);
        this.elfFiles = new ElfFiles(files);
    }

    /**
     * Every emulator in use, by path.
     *
     * @param guests the guests that may name some
     * @param packages installed versions
     */
    public static Fact<List<Emulator>> observe(
            HostFiles files, Fact<List<Guest>> guests, Fact<Map<String, String>> packages) {
        EmulatorProbe probe = new EmulatorProbe(files, packages);
        return Readings.then(files.list(PROGRAMS), names -> {
            Set<String> paths = new TreeSet<>(RunningQemu.emulators(guests));
            for (RunningQemu process : RunningQemu.find(files, guests).orElse(List.of())) {
                String executable = RunningQemu.onDisk(process.executable().orElse(""));
                if (executable.startsWith("/")) {
                    paths.add(executable);
                }
            }
            paths.addAll(probe.installed(names));
            if (paths.size() > EMULATOR_LIMIT) {
                return Fact.notObserved(PROGRAMS, "list", "more than " + EMULATOR_LIMIT + " emulators");
            }
            List<Emulator> out =
                    new ArrayList<>(paths.stream().map(probe::emulator).toList());
            unseen(guests).ifPresent(out::add);
            return Fact.of(List.copyOf(out), PROGRAMS, "parsed");
        });
    }

    /** Stands for what guests may name that cannot be read, so that the rest does not pass for all. */
    private static Optional<Emulator> unseen(Fact<List<Guest>> guests) {
        if (guests instanceof Fact.NotObserved<List<Guest>>(var source, String reason)) {
            return Optional.of(unseen("(of guests)", source, reason));
        }
        for (Guest guest : guests.orElse(List.of())) {
            if (guest.definition() instanceof Fact.NotObserved<Domain>(var source, String reason)) {
                return Optional.of(unseen("(of guest " + guest.name() + ")", source, reason));
            }
        }
        return Optional.empty();
    }

    private static Emulator unseen(String path, Source source, String reason) {
        return new Emulator(
                path,
                "",
                "",
                new Fact.NotObserved<>(source, reason),
                new Fact.NotObserved<>(source, reason),
                new Fact.NotObserved<>(source, reason));
    }

    /** Every emulator program is of the host's architecture, so the first that is read tells which one is the host's. */
    private List<String> installed(List<String> programs) {
        List<String> out = new ArrayList<>(OTHER_PLACES.stream()
                .filter(path -> files.exists(path).orElse(true))
                .toList());
        List<String> systems =
                programs.stream().filter(name -> name.startsWith(PREFIX)).toList();
        for (String name : systems) {
            if (elf(PROGRAMS + "/" + name) instanceof Fact.Observed<ElfFile>(ElfFile elf, var ignored)) {
                String own = PREFIX + qemuName(elf.identity().machine().name());
                systems.stream().filter(own::equals).forEach(host -> out.add(PROGRAMS + "/" + host));
                break;
            }
        }
        return out;
    }

    private static String qemuName(String machine) {
        return switch (machine) {
            case "x86-64" -> "x86_64";
            case "s390" -> "s390x";
            case "riscv" -> "riscv64";
            case "loongarch" -> "loongarch64";
            default -> machine;
        };
    }

    private Emulator emulator(String path) {
        String real = canonical(path);
        Fact<PackageOwners.PackageFile> owner = owners.of(real);
        String packageName = owner.map(PackageOwners.PackageFile::packageName).orElse("");
        return new Emulator(
                path,
                packageName,
                packages.orElse(Map.of()).getOrDefault(packageName, ""),
                Readings.then(owner, o -> modified(real, o)),
                elf(real).map(file -> Hardening.of(ElfHardening.of(file))),
                libraries(real));
    }

    private Fact<Boolean> modified(String path, PackageOwners.PackageFile owner) {
        if (owner.md5().isEmpty()) {
            return Fact.notObserved(path, "derived", owner.packageName() + " keeps no checksum of it");
        }
        return Readings.then(files.file(path), real -> {
            try {
                return Fact.of(!md5(real).equals(owner.md5()), path, "derived");
            } catch (IOException e) {
                return Fact.notObserved(path, "read", Readings.excerpt(String.valueOf(e.getMessage())));
            }
        });
    }

    private static String md5(Path file) throws IOException {
        // dpkg's databases have no better checksum. It finds damage and carelessness; who can forge it can edit the
        // database.
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
        byte[] buffer = new byte[1 << 17];
        long total = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                total += n;
                if (total > CHECKSUM_LIMIT_BYTES) {
                    throw new IOException("larger than " + CHECKSUM_LIMIT_BYTES + " bytes");
                }
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private Fact<List<Emulator.Library>> libraries(String path) {
        return elf(path).map(program -> {
            NeededLibraries.Closure closure = elfFiles.needed(path, program);
            List<Emulator.Library> out = new ArrayList<>();
            for (NeededLibraries.Library library : closure.libraries()) {
                Hardening hardening =
                        judged.computeIfAbsent(library.path(), p -> Hardening.of(ElfHardening.of(library.file())));
                out.add(new Emulator.Library(
                        library.name(), library.path(), Fact.of(hardening, library.path(), "parsed")));
            }
            for (NeededLibraries.Missing missing : closure.missing()) {
                out.add(new Emulator.Library(missing.name(), "", Fact.absent(missing.name(), "derived")));
            }
            return List.copyOf(out);
        });
    }

    private Fact<ElfFile> elf(String path) {
        return programs.computeIfAbsent(
                path,
                p -> Readings.then(elfFiles.read(p), decoded -> switch (decoded) {
                    case Decoded.Value<ElfFile>(ElfFile file) -> Fact.of(file, p, "parsed");
                    case Decoded.Refused<ElfFile>(var refusal) -> Fact.notObserved(p, "parsed", refusal.toString());
                }));
    }

    /** The path without links, as the host sees it; the package database knows no others. */
    private String canonical(String path) {
        try {
            Path real = files.file(path).orElse(Path.of(path)).toRealPath();
            return files.isLive()
                    ? real.toString()
                    : real.startsWith(files.root()) ? "/" + files.root().relativize(real) : path;
        } catch (IOException e) {
            return path;
        }
    }
}
