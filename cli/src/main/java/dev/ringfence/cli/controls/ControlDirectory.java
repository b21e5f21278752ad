package dev.ringfence.cli.controls;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.ControlWorkshop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A directory of controls that an operator wrote. */
public final class ControlDirectory {
    private static final String PARAMETERS = "parameters.yaml";

    private ControlDirectory() {}

    /** Compiles every {@code *.yaml} of the directory and tries the samples. */
    public static ControlWorkshop.Built build(Path directory) throws CommandFailure, IOException {
        if (!Files.isDirectory(directory)) {
            throw CommandFailure.usage(directory + ": not a directory with controls");
        }
        Map<String, String> controls = new LinkedHashMap<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files = entries.filter(
                            f -> f.toString().endsWith(".yaml") || f.toString().endsWith(".yml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                (name.equals(PARAMETERS) ? parameters : controls).put(file.toString(), Files.readString(file));
            }
        }
        if (controls.isEmpty()) {
            throw CommandFailure.usage(directory + ": no *.yaml file; a control is described in docs/CONTROLS.md");
        }
        return ControlWorkshop.build(controls, parameters);
    }

    /** The pack with the directory's controls added; every problem of theirs ends the command. */
    public static ControlPack add(ControlPack pack, Path directory) throws CommandFailure, IOException {
        ControlWorkshop.Built built = build(directory);
        if (!built.problems().isEmpty()) {
            throw CommandFailure.usage(built.problems());
        }
        try {
            return pack.with(built.pack());
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(directory + ": " + e.getMessage() + "; choose an id of your own");
        }
    }
}
