package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TileSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A log that is open for writing: many submitters, one sequencer thread, one checkpoint for all entries that came together.
 * An entry is accepted only when it is durable and a published checkpoint covers it. When the storage fails, every waiting
 * submitter gets the cause, and nothing is accepted until the log was closed and opened again. One process at a time holds
 * the directory, one log within it. Thread-safe. In memory: what waits and one batch, as {@link LogOptions} bounds them, and
 * at most 17 MiB of the last bundle.
 */
public final class Log implements AutoCloseable {
    private final DirectoryLock lock;
    private final LogWriter writer;
    private final AppendQueue queue;
    private final Sequencer sequencer;
    private final Together.Threads threads;

    private Log(DirectoryLock lock, Together.Threads threads, LogWriter writer, LogOptions options) {
        this.lock = lock;
        this.threads = threads;
        this.writer = writer;
        this.queue = new AppendQueue(options);
        this.sequencer = new Sequencer(queue, writer, options);
        sequencer.start();
    }

    /** How a log is made or opened under the lock. */
    private interface Way {
        Parsed<LogWriter> take(LogOpening opening) throws StorageException;
    }

    /**
     * Makes a new log with an empty tree in a directory that is empty or not there. Refusals: RF-LDG-111, 112, 118, 122, 123.
     *
     * @throws StorageException if the storage fails
     */
    public static Parsed<Log> create(LogSettings settings) throws StorageException {
        Path directory = settings.directory();
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StorageException("make directory", directory.toString(), e);
        }
        Path parent = directory.getParent();
        if (parent != null) {
            new DirectoryStorage(parent).syncDirectory("");
        }
        return under(settings, LogOpening::create);
    }

    /**
     * Opens a log to write on, after its tree was derived from the files again. Refusals: RF-LDG-110 to 121.
     *
     * @throws StorageException if the storage fails
     */
    public static Parsed<Log> open(LogSettings settings) throws StorageException {
        return under(settings, LogOpening::open);
    }

    /**
     * As {@link #open}, when the second checkpoint is lost: the directory is believed to be the latest, and nothing would
     * notice if it is an older copy.
     */
    public static Parsed<Log> openTrustingDirectoryAlone(LogSettings settings) throws StorageException {
        return under(settings, LogOpening::openTrustingDirectoryAlone);
    }

    private static Parsed<Log> under(LogSettings settings, Way way) throws StorageException {
        Path directory = settings.directory();
        if (!Files.isDirectory(directory)) {
            return Parsed.refused("RF-LDG-110", "there is no log at " + directory + "; make one with init");
        }
        return switch (DirectoryLock.take(directory)) {
            case Parsed.Refused<DirectoryLock>(Refusal why) -> new Parsed.Refused<>(why);
            case Parsed.Value<DirectoryLock>(DirectoryLock lock) -> locked(lock, settings, way);
        };
    }

    private static Parsed<Log> locked(DirectoryLock lock, LogSettings settings, Way way) throws StorageException {
        boolean opened = false;
        Together.Threads threads = new Together.Threads();
        try {
            Path second = settings.secondCheckpoint();
            LogPlaces places = new LogPlaces(
                    new DirectoryStorage(settings.directory()),
                    new DirectoryStorage(second.resolveSibling("")),
                    second.getFileName().toString());
            LogOpening opening =
                    new LogOpening(places, settings.keys(), settings.cosigning(), settings.clock(), threads);
            Parsed<Log> log = switch (way.take(opening)) {
                case Parsed.Refused<LogWriter>(Refusal why) -> new Parsed.Refused<>(why);
                case Parsed.Value<LogWriter>(LogWriter writer) ->
                    Parsed.of(new Log(lock, threads, writer, settings.options()));
            };
            opened = log instanceof Parsed.Value;
            return log;
        } finally {
            if (!opened) {
                threads.close();
                lock.close();
            }
        }
    }

    /**
     * Appends an entry and waits until it is decided. Blocks while too much waits already.
     *
     * @param entry 1 to 65,535 bytes, copied
     * @return RF-LDG-100 for another length, 102 after close, 104 and 105 if the witnesses did not cosign
     * @throws StorageException if the storage failed; the entry may or may not be found when the log is opened again
     * @throws InterruptedException if the thread was interrupted; the entry may still be accepted
     */
    public Append append(byte[] entry) throws StorageException, InterruptedException {
        Optional<Append> unfit = unfit(entry);
        if (unfit.isPresent()) {
            return unfit.get();
        }
        AppendQueue.Waiting waiting = waiting(entry);
        if (!queue.put(waiting)) {
            sequencer.answerEnded(waiting.answer());
        }
        try {
            return waiting.answer().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageException broken) {
                throw broken;
            }
            throw new IllegalStateException("the sequencer ended", e.getCause());
        }
    }

    /**
     * Appends an entry without waiting; as {@link #append}, but refuses with RF-LDG-101 when too much waits. The future fails
     * with a {@link StorageException} if the storage fails. It is completed by the sequencer: what is chained to it must not
     * block, or use the {@code Async} methods.
     */
    public CompletableFuture<Append> submit(byte[] entry) {
        Optional<Append> unfit = unfit(entry);
        if (unfit.isPresent()) {
            return CompletableFuture.completedFuture(unfit.get());
        }
        AppendQueue.Waiting waiting = waiting(entry);
        switch (queue.offer(waiting)) {
            case QUEUED -> {}
            case FULL ->
                waiting.answer()
                        .complete(new Append.Refused(
                                new Refusal("RF-LDG-101", "too many entries wait to be written; try again later")));
            case ENDED -> sequencer.answerEnded(waiting.answer());
        }
        return waiting.answer();
    }

    private static Optional<Append> unfit(byte[] entry) {
        return entry.length >= 1 && entry.length <= EntryBundle.ENTRY_LIMIT_BYTES
                ? Optional.empty()
                : Optional.of(new Append.Refused(new Refusal(
                        "RF-LDG-100",
                        "an entry of " + entry.length + " bytes; 1 to " + EntryBundle.ENTRY_LIMIT_BYTES
                                + " are possible, larger evidence goes in by digest")));
    }

    private static AppendQueue.Waiting waiting(byte[] entry) {
        return new AppendQueue.Waiting(new AppendQueue.Leaf(entry), new CompletableFuture<>());
    }

    /** The checkpoint that readers see now. */
    public SignedCheckpoint checkpoint() {
        return writer.published();
    }

    /** The tiles and bundles; those of any published checkpoint can be read. */
    public TileSource tiles() {
        return writer.tiles();
    }

    /** What is known of the storage: empty while it works, or why nothing is accepted any more. */
    public Optional<StorageException> failure() {
        return sequencer.failure();
    }

    /**
     * Takes no more entries, writes those that wait, and gives the directory back.
     *
     * @throws StorageException if the lock cannot be given back
     */
    @Override
    public void close() throws StorageException {
        queue.end();
        sequencer.join();
        threads.close();
        lock.close();
    }
}
