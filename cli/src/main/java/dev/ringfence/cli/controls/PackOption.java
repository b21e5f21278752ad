package dev.ringfence.cli.controls;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.controls.ShippedControls;
import dev.ringfence.core.audit.ControlPack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The controls of a run: the shipped ones, and those of the operator's directories. */
public final class PackOption {
    @Option(
            names = "--controls",
            paramLabel = "DIR",
            description = "A directory with controls of your own, beside the shipped ones. Repeatable.")
    private List<Path> directories = new ArrayList<>();

    /** All controls, compiled; a mistake in a directory ends the command. */
    public ControlPack load() throws CommandFailure, IOException {
        ControlPack pack = ShippedControls.load();
        for (Path directory : directories) {
            pack = ControlDirectory.add(pack, directory);
        }
        return pack;
    }
}
