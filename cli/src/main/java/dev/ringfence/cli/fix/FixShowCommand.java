package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.wire.fix.PlanJson;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows a plan file. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Show a plan as a person reviews it, or write it for another tool. A plan that was edited is refused.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:shown", "2:not a plan, or one that was changed", "3:cannot be read"})
final class FixShowCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "PLAN.json", description = "What 'ringfence fix plan --out' wrote.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private PlanOutput output = new PlanOutput();

    FixShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        output.write(read(file), terminal);
        return ExitStatus.CLEAN;
    }

    /** A plan from its file. */
    static FixPlan read(Path file) throws CommandFailure, IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.couldNotRun(
                    file + ": no such file; make it with 'ringfence fix plan --out " + file + "'");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return PlanJson.read(in, file.toString());
        } catch (MalformedDocumentException e) {
            throw CommandFailure.usage(String.valueOf(e.getMessage()));
        }
    }
}
