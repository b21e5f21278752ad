package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where plans that were applied are kept: a directory that only root may enter, with one directory for each plan.
 *
 * <p>Refusals: RF-FIX-105 a plan's directory is not whole; RF-FIX-106 somebody else may write to the store; RF-FIX-107
 * another call is at work; RF-FIX-108 no such plan.
 */
public final class FixStore {
    /** Where it is unless the operator says otherwise. */
    public static final Path DEFAULT = Path.of("/var/lib/ringfence/fix");

    static final String BACKUPS = "backups";
    private static final String LOCK = "lock";

    private final Storage storage;
    private final Path directory;

    private FixStore(Storage storage, Path directory) {
        this.storage = storage;
        this.directory = directory;
    }

    /**
     * The store in a directory; it is made when it is not there.
     *
     * @param trusted user ids that count as root
     */
    public static Decoded<FixStore> open(Storage storage, Path directory, Set<Long> trusted) throws IOException {
        makeDirectories(storage, directory);
        if (!(new PlaceGuard(storage, trusted).check(directory) instanceof Decoded.Value<Path>(Path place))) {
            return Decoded.refused(
                    "RF-FIX-106",
                    directory + " is not safe from others than root: every directory on the way must belong to root, be"
                            + " no symbolic link, and be writable for root alone");
        }
        Metadata metadata = storage.metadata(place);
        if (storage.kind(place).orElse(Storage.Kind.OTHER) != Storage.Kind.DIRECTORY
                || !trusted.contains(metadata.uid())
                || (metadata.mode() & 0077) != 0) {
            return Decoded.refused(
                    "RF-FIX-106",
                    place + " must be a directory of root with mode 0700: it holds copies of secret files");
        }
        return new Decoded.Value<>(new FixStore(storage, place));
    }

    private static void makeDirectories(Storage storage, Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null || storage.kind(directory).isPresent()) {
            return;
        }
        makeDirectories(storage, parent);
        storage.createDirectory(directory);
        storage.syncDirectory(parent);
    }

    /** Held while one call changes something; closing it lets the next one in, and so does the end of the process. */
    public static final class Held implements AutoCloseable {
        private final FileChannel channel;

        private Held(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    /** Keeps other calls out, on this machine's own file system. Does not wait. */
    public Decoded<Held> lock() throws IOException {
        FileChannel channel = FileChannel.open(
                directory.resolve(LOCK),
                Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS));
        Optional<FileLock> lock;
        try {
            lock = Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            lock = Optional.empty();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (lock.isEmpty()) {
            channel.close();
            return Decoded.refused(
                    "RF-FIX-107", "another 'ringfence fix' is at work on this host; wait until it has ended");
        }
        return new Decoded.Value<>(new Held(channel));
    }

    /** Names of the plans that were begun, sorted. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : storage.list(directory)) {
            if (storage.kind(directory.resolve(name).resolve(PlanFolder.JOURNAL))
                    .isPresent()) {
                names.add(name);
            }
        }
        return names;
    }

    /** The folder of the one plan whose id begins so. */
    public Decoded<PlanFolder> find(String id) throws IOException {
        List<String> matching = new ArrayList<>();
        for (String name : names()) {
            // A name is the start of an id: a whole id is found by it, and it by the start of a name.
            if (name.startsWith(id) || id.startsWith(name)) {
                matching.add(name);
            }
        }
        if (id.isEmpty() || matching.size() != 1) {
            return Decoded.refused(
                    "RF-FIX-108",
                    (matching.size() > 1
                                    ? "more than one plan begins with '"
                                    : "no plan that was applied here is called '")
                            + id + "'; 'ringfence fix list' shows all");
        }
        return PlanFolder.open(storage, directory.resolve(matching.getFirst()));
    }

    /** The folder of a plan: the one that is there, or a new one. */
    public Decoded<PlanFolder> folder(FixPlan plan, byte[] planText, FixRecord first) throws IOException {
        Path place = directory.resolve(plan.id().abbreviated());
        if (storage.kind(place).isEmpty()) {
            storage.createDirectory(place);
            storage.syncDirectory(directory);
        }
        if (storage.kind(place.resolve(PlanFolder.JOURNAL)).isEmpty()) {
            PlanFolder.create(storage, place, planText).journal().add(first);
        }
        Decoded<PlanFolder> opened = PlanFolder.open(storage, place);
        if (opened instanceof Decoded.Value<PlanFolder>(PlanFolder folder)
                && folder.journal().records().isEmpty()) {
            // Killed between the making of the journal and its first line.
            folder.journal().add(first);
        }
        return switch (opened) {
            case Decoded.Value<PlanFolder>(PlanFolder folder)
            when !folder.journal().records().getFirst().plan().equals(plan.id()) ->
                new Decoded.Refused<>(new Refusal("RF-FIX-105", place + " holds another plan"));
            case Decoded<PlanFolder> other -> other;
        };
    }

    /** Where it is. */
    public Path directory() {
        return Objects.requireNonNull(directory);
    }
}
