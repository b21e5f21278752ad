package dev.ringfence.ledger.fsck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks the directory of a log against the key of the log. Everything is derived from the entries and compared with the
 * files; where two disagree, a third (the tile above, or the signed root) says which of them is wrong. One pass, left to
 * right; memory for one tile a level and one bundle. Make a new one for each check; not thread-safe.
 *
 * <p>Faults: RF-LDG-070 a file is missing, RF-LDG-071 a tile has another length, RF-LDG-072 a bundle is no sequence of
 * entries, RF-LDG-073 a tile, RF-LDG-074 an entry is not what the signed tree says, RF-LDG-075 a checkpoint is malformed,
 * RF-LDG-076 not signed by the key, RF-LDG-077 the entries make another tree than the signed one, RF-LDG-078 the two signed
 * trees exclude each other, RF-LDG-079 an outdated partial tile or bundle is not the start of the full one.
 */
public final class Fsck {
    /** Most faults in one report; the check ends with the last of them. */
    public static final int FAULT_LIMIT = 100;

    private final LogFiles files;
    private final LogKey key;
    private final Optional<Path> lastSigned;
    private final Faults faults = new Faults();

    private Fsck(Path directory, LogKey key, Optional<Path> lastSigned) {
        this.files = new LogFiles(directory);
        this.key = key;
        this.lastSigned = lastSigned;
    }

    /** A check of a directory with the text of the log's public key (vkey); empty if that is no key of a log. */
    public static Optional<Fsck> of(Path directory, String vkey) {
        return LogKey.read(vkey.strip()).map(key -> new Fsck(directory, key, Optional.empty()));
    }

    /** As {@link #of(Path, String)}, with the file of the last signed checkpoint that the writer keeps elsewhere. */
    public static Optional<Fsck> of(Path directory, String vkey, Path lastSigned) {
        return LogKey.read(vkey.strip()).map(key -> new Fsck(directory, key, Optional.of(lastSigned)));
    }

    /**
     * Checks everything.
     *
     * @throws IOException naming the file, if one is there and cannot be read
     */
    public FsckReport run() throws IOException {
        SignedTree published = signed("checkpoint", files.read("checkpoint", LogFiles.CHECKPOINT_BYTES));
        SignedTree last = null;
        if (lastSigned.isPresent()) {
            Path path = lastSigned.get();
            last = signed(path.toString(), files.read(path, LogFiles.CHECKPOINT_BYTES));
        }
        // A writer that was stopped between its two signed files leaves the other one newer. The newest is the log.
        boolean lastIsNewer = last != null && (published == null || last.size > published.size);
        SignedTree newest = lastIsNewer ? last : published;
        if (newest == null) {
            return new FsckReport("", 0, "", files.files, files.readBytes, faults.list(), 0);
        }
        SignedTree older = lastIsNewer ? published : last;
        String newestFile = lastIsNewer ? String.valueOf(lastSigned.orElseThrow()) : "checkpoint";
        new TreeCheck(files, newest, newestFile, older, faults).run();
        long strays = files.strays(newest.size);
        return new FsckReport(
                key.name(), newest.size, newest.rootText(), files.files, files.readBytes, faults.list(), strays);
    }

    private @Nullable SignedTree signed(String name, byte @Nullable [] bytes) {
        if (bytes == null) {
            faults.add("RF-LDG-070", name, 0, "the signed checkpoint is missing");
            return null;
        }
        if (bytes.length > LogFiles.CHECKPOINT_BYTES) {
            faults.add("RF-LDG-075", name, LogFiles.CHECKPOINT_BYTES, "not a checkpoint: it is too long");
            return null;
        }
        return SignedTree.read(name, bytes, key, faults);
    }
}
