package dev.ringfence.linux.fix;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives a file new bytes so that every reader, and every loss of power, sees the old file or the new one and never a part:
 * the new bytes are written aside in the same directory, given owner, mode, access lists and labels, synced, and renamed
 * over the old name.
 *
 * <p>Refusals: RF-FIX-101 and 102 as {@link PlaceGuard}; RF-FIX-103 what is there is not what it must be. Not for two users
 * of one path at a time.
 */
public final class FileReplacer {
    /** Far above any configuration file. */
    public static final int LIMIT_BYTES = 16 << 20;

    private static final String ASIDE = ".ringfence-";

    private final Storage storage;
    private final PlaceGuard guard;

    /** @param trusted user ids that may own the directories above a file: root's, 0 */
    public FileReplacer(Storage storage, Set<Long> trusted) {
        this.storage = storage;
        this.guard = new PlaceGuard(storage, trusted);
    }

    /** What a path holds now; empty when nothing is there. */
    public Optional<Snapshot> snapshot(Path path) throws IOException {
        Optional<Storage.Kind> kind = storage.kind(path);
        if (kind.isEmpty()) {
            return Optional.empty();
        }
        byte[] content = storage.read(path, LIMIT_BYTES);
        return Optional.of(new Snapshot(Digests.sha256(content), storage.metadata(path)));
    }

    /**
     * Writes a file, new or in place of what is there.
     *
     * @param metadata owner, mode and attributes; a new file keeps the {@code security.*} attributes that the kernel gives it
     * @param token names the temporary file; what a killed run left under the same token is removed first
     * @param expected digest of what must be there, empty when nothing may be
     * @param check asked about the file written aside, before it takes its place
     * @return why not; empty when it is done and lasts
     */
    public Optional<Refusal> write(
            Path path, byte[] content, Metadata metadata, String token, Optional<String> expected, Check check)
            throws IOException {
        return at(path, place -> {
            Path directory = Objects.requireNonNull(place.getParent());
            sweep(place, token);
            Path aside = aside(place, token);
            storage.create(aside, content);
            try {
                storage.setMetadata(aside, expected.isPresent() ? metadata : labelled(metadata, aside));
                storage.sync(aside);
                Optional<Refusal> faulty = check.of(aside);
                if (faulty.isPresent()) {
                    return faulty;
                }
                Optional<Refusal> other = unexpected(place, expected);
                if (other.isPresent()) {
                    return other;
                }
                storage.rename(aside, place);
            } finally {
                // After the rename nothing has this name any more.
                sweep(place, token);
            }
            storage.syncDirectory(directory);
            return Optional.empty();
        });
    }

    private Metadata labelled(Metadata metadata, Path fresh) throws IOException {
        SortedMap<String, String> attributes = new TreeMap<>(metadata.attributes());
        storage.metadata(fresh).attributes().forEach((name, value) -> {
            if (name.startsWith("security.")) {
                attributes.putIfAbsent(name, value);
            }
        });
        return new Metadata(metadata.uid(), metadata.gid(), metadata.mode(), attributes);
    }

    /** Judges a file that is not yet in its place. */
    @FunctionalInterface
    public interface Check {
        /** Why the file may not take its place; empty when it may. */
        Optional<Refusal> of(Path aside) throws IOException;

        /** Every file may. */
        Check NONE = aside -> Optional.empty();
    }

    /**
     * Removes a file.
     *
     * @param expected digest of what must be there
     * @return why not; empty when it is gone and stays so
     */
    public Optional<Refusal> delete(Path path, String token, String expected) throws IOException {
        return at(path, place -> {
            sweep(place, token);
            Optional<Refusal> other = unexpected(place, Optional.of(expected));
            if (other.isPresent()) {
                return other;
            }
            storage.delete(place);
            storage.syncDirectory(Objects.requireNonNull(place.getParent()));
            return Optional.empty();
        });
    }

    /**
     * Sets owner, mode and attributes of a file or directory and leaves its bytes alone.
     *
     * @param expected what they must be now
     */
    public Optional<Refusal> setMetadata(Path path, Metadata metadata, Metadata expected) throws IOException {
        return at(path, place -> {
            Optional<Storage.Kind> kind = storage.kind(place);
            if (kind.isEmpty()) {
                return changed(place, "it is not there any more");
            }
            Metadata now = storage.metadata(place);
            if (!now.equals(expected)) {
                return changed(place, "it is " + now + " instead of " + expected);
            }
            storage.setMetadata(place, metadata);
            switch (kind.get()) {
                case FILE -> storage.sync(place);
                case DIRECTORY -> storage.syncDirectory(place);
                // Of a device nothing lasts, and opening it may do something.
                case OTHER, LINK -> {}
            }
            return Optional.empty();
        });
    }

    /** Removes what a killed {@link #write} with this token may have left beside a file. */
    public void sweep(Path place, String token) throws IOException {
        Path aside = aside(place, token);
        if (storage.kind(aside).isPresent()) {
            storage.delete(aside);
        }
    }

    private static Path aside(Path place, String token) {
        // No suffix that a directory of drop-ins reads; a leading dot and the suffix keep it out of all that are known.
        return place.resolveSibling(ASIDE + token + ".tmp");
    }

    private Optional<Refusal> unexpected(Path place, Optional<String> expected) throws IOException {
        Optional<Storage.Kind> kind = storage.kind(place);
        if (kind.isEmpty()) {
            return expected.isEmpty() ? Optional.empty() : changed(place, "it is not there any more");
        }
        if (kind.get() != Storage.Kind.FILE) {
            return changed(place, "it is not a regular file");
        }
        String digest = Digests.sha256(storage.read(place, LIMIT_BYTES));
        return expected.isPresent() && expected.get().equals(digest)
                ? Optional.empty()
                : changed(place, "its SHA-256 is " + digest + ", expected " + expected.orElse("no file"));
    }

    private static Optional<Refusal> changed(Path place, String reason) {
        return Optional.of(new Refusal("RF-FIX-103", place + " has changed: " + reason));
    }

    private interface Act {
        Optional<Refusal> on(Path place) throws IOException;
    }

    private Optional<Refusal> at(Path path, Act act) throws IOException {
        return switch (guard.check(path)) {
            case Decoded.Value<Path>(Path place) -> act.on(place);
            case Decoded.Refused<Path>(Refusal refusal) -> Optional.of(refusal);
        };
    }

    /**
     * A file at one moment.
     *
     * @param sha256 of its bytes, lower-case hexadecimal
     */
    public record Snapshot(String sha256, Metadata metadata) {}
}
