package dev.ringfence.cli.inspect;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Progress;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Terminal.Style;
import dev.ringfence.cli.Wrap;
import dev.ringfence.core.hardening.QemuRecipe;
import dev.ringfence.core.hardening.QemuReduction;
import dev.ringfence.core.hardening.QemuSurface;
import dev.ringfence.core.hardening.QemuUse;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.formats.domain.Domain;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.QemuProgram;
import dev.ringfence.linux.probe.GuestsProbe;
import dev.ringfence.wire.inspect.QemuJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the installed QEMU can emulate, against what guests use. */
@Command(
        name = "qemu",
        mixinStandardHelpOptions = true,
        description = {
            "List what the installed QEMU can emulate, what of it the guests of this host use, and what could go: which"
                    + " package to remove, which configure switch or device symbol leaves it out.",
            "QEMU is run for its help and its list of types only, without privileges and with a time limit."
        },
        footer = {
            "",
            "Examples:",
            "  ringfence inspect qemu",
            "  ringfence inspect qemu --recipe > rebuild.sh     a script that rebuilds the package",
            "  ringfence inspect qemu --binary /usr/bin/qemu-system-aarch64 --format json"
        })
final class InspectQemu implements Callable<Integer> {
    private final Terminal terminal;

    @Option(
            names = "--binary",
            paramLabel = "FILE",
            description = "The emulator; without it the one of this machine's kind.")
    private @Nullable Path binary;

    @Option(names = "--recipe", description = "Print a script that rebuilds Debian's package without what could go.")
    private boolean recipe;

    @Option(names = "--format", paramLabel = "FORMAT", description = "table (the default) or json.")
    private InspectElf.Format format = InspectElf.Format.TABLE;

    InspectQemu(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        String architecture = architecture();
        Path emulator = binary == null ? find(architecture) : binary;
        if (!Files.isExecutable(emulator)) {
            throw CommandFailure.couldNotRun(emulator + ": no such program, or not executable");
        }
        QemuSurface surface;
        List<Domain> domains = new ArrayList<>();
        List<String> unseen = new ArrayList<>();
        try (Progress progress = new Progress(terminal)) {
            progress.step("asking " + emulator);
            surface = ask(emulator);
            progress.step("reading guests");
            guests(domains, unseen);
        }
        QemuUse use = QemuUse.of(domains);
        QemuReduction reduction = QemuReduction.of(surface, use);
        if (recipe) {
            terminal.out().print(QemuRecipe.script(reduction, target(emulator)));
        } else if (format == InspectElf.Format.JSON) {
            QemuJson.write(surface, use, reduction, terminal.out());
        } else {
            table(surface, use, reduction);
        }
        unseen.forEach(u -> terminal.err().println("ringfence: " + u + "; what it uses is not counted"));
        return unseen.isEmpty() ? ExitStatus.CLEAN : ExitStatus.COULD_NOT_RUN;
    }

    private static QemuSurface ask(Path emulator) throws CommandFailure {
        boolean root = "root".equals(System.getProperty("user.name"));
        return switch (QemuProgram.ask(emulator.toAbsolutePath(), root)) {
            case Fact.Observed<QemuSurface>(QemuSurface surface, var source) -> surface;
            case Fact.Absent<QemuSurface> a -> throw CommandFailure.couldNotRun(emulator + ": no such program");
            case Fact.NotObserved<QemuSurface>(var source, String reason) ->
                throw CommandFailure.couldNotRun(emulator + ": " + reason);
        };
    }

    private static void guests(List<Domain> domains, List<String> unseen) {
        HostFiles files = HostFiles.live();
        switch (GuestsProbe.observe(files, new FileStatus(files))) {
            case Fact.Absent<List<Guest>> none -> {}
            case Fact.NotObserved<List<Guest>>(var source, String reason) ->
                unseen.add("guests: " + source.where() + ": " + reason);
            case Fact.Observed<List<Guest>>(List<Guest> guests, var source) -> {
                for (Guest guest : guests) {
                    switch (guest.definition()) {
                        case Fact.Observed<Domain>(Domain domain, var where) -> domains.add(domain);
                        case Fact.Absent<Domain> a -> unseen.add("guest " + guest.name() + ": no definition");
                        case Fact.NotObserved<Domain>(var where, String reason) ->
                            unseen.add("guest " + guest.name() + ": " + reason);
                    }
                }
            }
        }
    }

    private void table(QemuSurface surface, QemuUse use, QemuReduction reduction) {
        long devices = surface.devices().stream()
                .filter(d -> !d.category().equals("CPU"))
                .count();
        terminal.out().println(terminal.style(Style.STRONG, surface.path() + " · " + surface.version()));
        terminal.out()
                .println(devices + " devices · " + surface.types().size() + " object types · "
                        + surface.machines().size() + " machine types · accelerators "
                        + String.join(" ", surface.accelerators()));
        terminal.out()
                .println(
                        use.guests() == 0
                                ? "No guest is defined here, so nothing counts as used."
                                : Wrap.hanging(
                                        use.guests()
                                                + (use.guests() == 1 ? " guest uses " : " guests use ")
                                                + String.join(
                                                        " ",
                                                        use.devices().stream()
                                                                .sorted()
                                                                .toList()),
                                        2,
                                        terminal.columns()));
        section("COULD GO", Style.UNSURE, reduction.removable());
        section("IN USE", Style.GOOD, reduction.used());
        list("MACHINE TYPES WITHOUT A GUEST " + reduction.unusedMachines().size(), reduction.unusedMachines());
        list(
                "NOT JUDGED " + reduction.unknown().size() + " (core devices, or none that we know how to leave out)",
                reduction.unknown());
        terminal.out().println();
        terminal.out()
                .println(terminal.style(
                        Style.QUIET,
                        reduction.removable().size() + " parts could go. A script that rebuilds the package: ringfence"
                                + " inspect qemu --recipe"));
    }

    private void section(String title, Style style, List<QemuReduction.Finding> findings) {
        if (findings.isEmpty()) {
            return;
        }
        terminal.out().println();
        terminal.out().println(terminal.style(style, title + " " + findings.size()));
        for (QemuReduction.Finding finding : findings) {
            String how = finding.part().debianPackage().isEmpty()
                    ? finding.part().symbol() + finding.part().configure()
                    : "package " + finding.part().debianPackage();
            String text = finding.part().title() + " (" + String.join(" ", finding.entries()) + "): " + how;
            terminal.out().println("  " + Wrap.hanging(text, 4, terminal.columns()));
        }
    }

    private void list(String title, List<String> names) {
        if (!names.isEmpty()) {
            terminal.out().println();
            terminal.out().println(terminal.style(Style.STRONG, title));
            terminal.out().println("  " + Wrap.hanging(String.join(" ", names), 2, terminal.columns()));
        }
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "");
        return name.equals("amd64") ? "x86_64" : name;
    }

    private static String target(Path emulator) {
        String name = String.valueOf(emulator.getFileName());
        return name.startsWith("qemu-system-") ? name.substring("qemu-system-".length()) : architecture();
    }

    private static Path find(String architecture) throws CommandFailure {
        for (String candidate :
                List.of("/usr/bin/qemu-system-" + architecture, "/usr/libexec/qemu-kvm", "/usr/bin/qemu-kvm")) {
            if (Files.isExecutable(Path.of(candidate))) {
                return Path.of(candidate);
            }
        }
        throw CommandFailure.couldNotRun(
                "no QEMU system emulator for " + architecture + " is installed; name one with --binary FILE");
    }
}
