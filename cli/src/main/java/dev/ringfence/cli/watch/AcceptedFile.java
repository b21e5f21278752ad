package dev.ringfence.cli.watch;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.core.watch.AcceptedState;
import dev.ringfence.formats.Decoded;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Keeps the accepted state in a directory of its own; replaced as a whole, never half written. */
final class AcceptedFile {
    private final Path directory;

    AcceptedFile(Path directory) {
        this.directory = directory;
    }

    Path path() {
        return directory.resolve("accepted");
    }

    /** Empty where nothing was accepted yet. A damaged file is an error: going on would accept whatever is there now. */
    Optional<AcceptedState> read() throws CommandFailure, IOException {
        String text;
        try {
            text = Files.readString(path());
        } catch (NoSuchFileException first) {
            return Optional.empty();
        }
        return switch (AcceptedState.parse(text)) {
            case Decoded.Value<AcceptedState>(AcceptedState state) -> Optional.of(state);
            case Decoded.Refused<AcceptedState>(var refusal) ->
                throw CommandFailure.couldNotRun(path() + ": " + refusal
                        + "; look at the host with 'ringfence audit', then accept it anew with --accept");
        };
    }

    void write(AcceptedState state) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path aside = directory.resolve("accepted.new");
        Files.deleteIfExists(aside);
        try (FileChannel out = FileChannel.open(
                aside,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(state.print().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(aside, path(), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
