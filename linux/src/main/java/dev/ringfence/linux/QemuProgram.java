package dev.ringfence.linux;

import dev.ringfence.core.hardening.QemuSurface;
import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.qemu.QemuHelp;
import dev.ringfence.formats.qemu.QmpReplies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks an emulator what it can do, by running it for its help and through QMP. It runs without privileges: started by root it becomes
 * {@code nobody} without capabilities first. Nothing is emulated.
 */
public final class QemuProgram {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String NOBODY = "65534";

    private final Path binary;
    private final List<String> prefix;

    private QemuProgram(Path binary, List<String> prefix) {
        this.binary = binary;
        this.prefix = prefix;
    }

    /**
     * What the emulator says of itself.
     *
     * @param asRoot whether this process is root, and so has privileges to drop
     * @return not observed if it does not run, or if root's privileges cannot be dropped
     */
    public static Fact<QemuSurface> ask(Path binary, boolean asRoot) {
        List<String> prefix = new ArrayList<>();
        if (asRoot) {
            Optional<Path> setpriv = BoundedCommand.find("setpriv");
            if (setpriv.isEmpty()) {
                return Fact.notObserved(
                        binary.toString(), "command", "setpriv (package util-linux) is missing; run as another user");
            }
            prefix.addAll(List.of(
                    setpriv.get().toString(),
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    "--no-new-privs",
                    "--inh-caps=-all",
                    "--bounding-set=-all",
                    "--"));
        }
        return new QemuProgram(binary, prefix).surface();
    }

    private Fact<QemuSurface> surface() {
        Fact<String> version = run("", "--version");
        if (!(version instanceof Fact.Observed<String>(String text, var source))) {
            return version.map(v -> {
                throw new IllegalStateException("an unobserved fact has no value");
            });
        }
        return Fact.of(
                new QemuSurface(
                        binary.toString(),
                        text.lines().findFirst().orElse("").strip(),
                        list(run("-device", "help"), QemuHelp::devices),
                        list(
                                run(
                                        QmpReplies.QUESTION,
                                        "-machine",
                                        // Built without TCG it would ask for KVM, which an account without rights has
                                        // not.
                                        "none,accel=tcg:qtest",
                                        "-nodefaults",
                                        "-display",
                                        "none",
                                        "-S",
                                        "-qmp",
                                        "stdio"),
                                QmpReplies::types),
                        list(run("-machine", "help"), QemuHelp::machines),
                        list(run("-accel", "help"), QemuHelp::names),
                        list(run("-chardev", "help"), QemuHelp::names),
                        list(run("-netdev", "help"), QemuHelp::names),
                        list(run("-object", "help"), QemuHelp::names),
                        list(run("-audiodev", "help"), QemuHelp::names),
                        list(run("-display", "help"), QemuHelp::names)),
                binary.toString(),
                "command");
    }

    private Fact<String> run(String option, String value) {
        return run("", option, value);
    }

    private Fact<String> run(String input, String... arguments) {
        List<String> line = new ArrayList<>(prefix);
        line.add(binary.toString());
        line.addAll(List.of(arguments));
        return new BoundedCommand(line, input).run(binary + " " + String.join(" ", arguments), LIMIT);
    }

    private static <T> List<T> list(Fact<String> output, Function<String, Decoded<List<T>>> parse) {
        return parse.apply(output.orElse("")) instanceof Decoded.Value<List<T>>(List<T> found) ? found : List.of();
    }
}
