package dev.ringfence.linux.fix;

import dev.ringfence.formats.Decoded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Says whether a path leads where it seems to, and whether nobody but root could lead it elsewhere in the meantime. Every
 * directory on the way must belong to root and be writable by its owner alone; one with the sticky bit, as {@code /tmp} has
 * it, may be passed through where the next name belongs to root too, because then nobody else can rename it. A symbolic link
 * anywhere is refused: a plan names files by their real paths, so a link is a change since.
 *
 * <p>Refusals: RF-FIX-101 somebody else could change where the path leads; RF-FIX-102 it does not lead to a file. Thread-safe
 * as its storage is.
 */
final class PlaceGuard {
    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 0022;

    private final Storage storage;
    private final Set<Long> trusted;

    /** @param trusted the user ids that count as root: 0, and in tests that do not run as root their own */
    PlaceGuard(Storage storage, Set<Long> trusted) {
        this.storage = storage;
        this.trusted = Set.copyOf(trusted);
    }

    /** The path, when it is safe; nothing need be there, but the directory that would hold it. */
    Decoded<Path> check(Path path) throws IOException {
        Path at = path.getRoot();
        if (at == null || path.getNameCount() == 0 || !path.normalize().equals(path)) {
            return unusable(path, "not the absolute, plain path of a file");
        }
        for (int i = 0; i < path.getNameCount(); i++) {
            boolean last = i == path.getNameCount() - 1;
            Path next = at.resolve(path.getName(i));
            Optional<Storage.Kind> kind = storage.kind(next);
            Optional<String> open = openTo(at, next, kind.isPresent(), last);
            if (open.isPresent()) {
                return Decoded.refused(
                        "RF-FIX-101",
                        path + " could be swapped by others than root while it is changed: " + open.get()
                                + ". Change it by hand, or correct that directory first");
            }
            if (kind.isEmpty() && !last) {
                return unusable(path, next + " does not exist");
            }
            if (kind.isPresent() && kind.get() == Storage.Kind.LINK) {
                return unusable(path, next + " is a symbolic link");
            }
            if (kind.isPresent() && kind.get() != Storage.Kind.DIRECTORY && !last) {
                return unusable(path, next + " is not a directory");
            }
            at = next;
        }
        return new Decoded.Value<>(at);
    }

    /** Who besides root could give a name in a directory another meaning; empty when nobody can. */
    private Optional<String> openTo(Path directory, Path next, boolean there, boolean last) throws IOException {
        Metadata holder = storage.metadata(directory);
        if (!trusted.contains(holder.uid())) {
            return Optional.of(directory + " belongs to user id " + holder.uid());
        }
        if ((holder.mode() & OTHERS_WRITE) == 0) {
            return Optional.empty();
        }
        // In the last directory others could also make the names that a drop-in or a temporary file needs.
        boolean fixed = !last
                && (holder.mode() & STICKY) != 0
                && there
                && trusted.contains(storage.metadata(next).uid());
        return fixed ? Optional.empty() : Optional.of("others may write to " + directory);
    }

    private static Decoded<Path> unusable(Path path, String reason) {
        return Decoded.refused("RF-FIX-102", path + " cannot be used: " + reason);
    }
}
