package dev.ringfence.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Runs what users run most, so that the JVM's start-up cache knows its classes. Called by the build. */
@Command(name = "train-startup", hidden = true)
final class TrainStartupCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(nowhere, nowhere, true, 80, false);
        for (List<String> command : List.of(
                List.of("--help"),
                List.of("audit", "--help"),
                List.of("audit"),
                List.of("audit", "MEM-001"),
                List.of("audit", "--format", "json"),
                List.of("facts"),
                List.of("controls", "list"),
                List.of("inspect", "elf", "/bin/sh"),
                List.of("image", "inspect", "/etc/passwd"),
                List.of("image", "digest", "/etc/passwd"))) {
            RingfenceMain.run(terminal, command.toArray(String[]::new));
        }
        return ExitStatus.CLEAN;
    }
}
