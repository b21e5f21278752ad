package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Private keys in a file of their owner, one a line, and their public halves beside it. Refusal: RF-LDG-221, no such file,
 * or one that others can read.
 */
final class KeyFile {
    private static final int LIMIT_BYTES = 16 << 10;
    private static final int KEYS_LIMIT = 8;

    private KeyFile() {}

    /** The keys of a file. */
    static List<SignerKey> read(Path file) throws CommandFailure, IOException {
        Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        others.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!others.isEmpty()) {
            throw Refusals.failure(
                    file.toString(), new Refusal("RF-LDG-221", "a private key that others than its owner can reach"));
        }
        List<SignerKey> keys = new ArrayList<>();
        for (String line : new String(Inputs.read(file, LIMIT_BYTES), StandardCharsets.UTF_8)
                .strip()
                .lines()
                .toList()) {
            if (keys.size() == KEYS_LIMIT) {
                throw Refusals.failure(file.toString(), new Refusal("RF-LDG-221", "more than " + KEYS_LIMIT + " keys"));
            }
            keys.add(Refusals.unwrap(file.toString(), SignerKey.parse(line)));
        }
        if (keys.isEmpty()) {
            throw Refusals.failure(file.toString(), new Refusal("RF-LDG-221", "no key in it"));
        }
        return List.copyOf(keys);
    }

    /** Writes new keys, durable on return, and never over a file. */
    static void write(Path file, List<SignerKey> keys) throws IOException {
        StringBuilder secrets = new StringBuilder();
        keys.forEach(key -> secrets.append(key.secretText()).append('\n'));
        writeNew(file, secrets.toString(), "rw-------");
        for (SignerKey key : keys) {
            writeNew(publicFile(file, key), key.verifier().vkey() + "\n", "rw-r--r--");
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Where the public half of a key is written. */
    static Path publicFile(Path file, SignerKey key) {
        boolean mlDsa = key.verifier().type() == SignatureType.ML_DSA_44_COSIGNATURE;
        return file.resolveSibling(file.getFileName() + (mlDsa ? ".ml-dsa-44.pub" : ".pub"));
    }

    private static void writeNew(Path file, String text, String permissions) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(file + " is there already; a key is never written over", e);
        }
    }
}
