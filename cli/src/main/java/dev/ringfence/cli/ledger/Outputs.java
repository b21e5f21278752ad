package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Files that a command makes. */
final class Outputs {
    private Outputs() {}

    /** Writes a new file; evidence is not written over. */
    static void write(Path file, byte[] bytes) throws CommandFailure {
        try {
            Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw CommandFailure.couldNotRun(file + ": is there already; name a new file");
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(
                    file + ": cannot be written (" + e.getClass().getSimpleName() + ")");
        }
    }
}
