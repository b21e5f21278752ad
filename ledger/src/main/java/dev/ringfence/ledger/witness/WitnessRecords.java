package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.log.DirectoryLock;
import dev.ringfence.ledger.log.DirectoryStorage;
import dev.ringfence.ledger.log.LogStorage;
import dev.ringfence.ledger.log.StorageException;
import dev.ringfence.ledger.note.Checkpoint;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The last checkpoint that a witness has cosigned of each log, in one file that is replaced whole: a record that is lost
 * alone would make the witness cosign another history. The file ends in its SHA-256, against damage; whoever can write it
 * can as well replace it. One process at a time. Not thread-safe.
 *
 * <p>Refusals: RF-LDG-206 the file is missing, RF-LDG-207 it is damaged, RF-LDG-208 it is there already; RF-LDG-111 and 112
 * somebody else has the directory.
 */
public final class WitnessRecords implements AutoCloseable {
    /** The file in the directory of a witness. */
    public static final String NAME = "records";

    /** Most logs. */
    public static final int LOGS_LIMIT = 1024;

    private static final String ASIDE = ".records.new";
    private static final String HEADER = "ringfence witness records v1\n";
    private static final String DIGEST = "sha256 ";
    private static final int LIMIT_BYTES = 4 << 20;

    private final DirectoryLock lock;
    private final LogStorage storage;
    private final Map<String, Checkpoint> last;

    private WitnessRecords(DirectoryLock lock, LogStorage storage, Map<String, Checkpoint> last) {
        this.lock = lock;
        this.storage = storage;
        this.last = last;
    }

    /**
     * Makes the records of a new witness in an existing directory.
     *
     * @throws StorageException if the storage fails
     */
    public static Parsed<WitnessRecords> create(Path directory) throws StorageException {
        return under(directory, new DirectoryStorage(directory), true);
    }

    /**
     * Reads the records of a witness that has been at work.
     *
     * @throws StorageException if the storage fails
     */
    public static Parsed<WitnessRecords> open(Path directory) throws StorageException {
        return under(directory, new DirectoryStorage(directory), false);
    }

    static Parsed<WitnessRecords> under(Path directory, LogStorage storage, boolean fresh) throws StorageException {
        return switch (DirectoryLock.take(directory)) {
            case Parsed.Refused<DirectoryLock>(Refusal why) -> new Parsed.Refused<>(why);
            case Parsed.Value<DirectoryLock>(DirectoryLock lock) -> {
                boolean taken = false;
                try {
                    Parsed<WitnessRecords> records = fresh ? fresh(lock, storage) : found(lock, storage);
                    taken = records instanceof Parsed.Value;
                    yield records;
                } finally {
                    if (!taken) {
                        lock.close();
                    }
                }
            }
        };
    }

    private static Parsed<WitnessRecords> fresh(DirectoryLock lock, LogStorage storage) throws StorageException {
        if (storage.read(NAME, LIMIT_BYTES).isPresent()) {
            return Parsed.refused("RF-LDG-208", storage.place(NAME) + " is there already");
        }
        WitnessRecords records = new WitnessRecords(lock, storage, new TreeMap<>());
        records.write();
        return Parsed.of(records);
    }

    private static Parsed<WitnessRecords> found(DirectoryLock lock, LogStorage storage) throws StorageException {
        // A process that ended early may have renamed the file without syncing the directory.
        storage.syncDirectory("");
        Optional<byte[]> content = storage.read(NAME, LIMIT_BYTES);
        if (content.isEmpty()) {
            return Parsed.refused(
                    "RF-LDG-206",
                    storage.place(NAME) + " is missing; without it the witness could cosign another history of a log."
                            + " Bring it back, or begin a new witness with a new key");
        }
        return switch (parse(content.get())) {
            case Parsed.Value<Map<String, Checkpoint>>(var last) ->
                Parsed.of(new WitnessRecords(lock, storage, new TreeMap<>(last)));
            case Parsed.Refused<Map<String, Checkpoint>>(Refusal why) ->
                Parsed.refused(why.code(), storage.place(NAME) + " is damaged: " + why.reason());
        };
    }

    /** The last cosigned tree of a log. */
    Optional<Checkpoint> last(String origin) {
        return Optional.ofNullable(last.get(origin));
    }

    /** Whether one more log can be recorded. */
    boolean hasRoomFor(String origin) {
        return last.containsKey(origin) || last.size() < LOGS_LIMIT;
    }

    /**
     * Replaces the record of a log; durable on return.
     *
     * @throws StorageException if the storage fails; either record may then be found at the next start
     */
    void record(Checkpoint checkpoint) throws StorageException {
        last.put(checkpoint.origin(), new Checkpoint(checkpoint.origin(), checkpoint.size(), checkpoint.root()));
        write();
    }

    private void write() throws StorageException {
        storage.writeSynced(ASIDE, List.of(bytes(last)));
        storage.rename(ASIDE, NAME);
        storage.syncDirectory("");
    }

    @Override
    public void close() throws StorageException {
        lock.close();
    }

    static byte[] bytes(Map<String, Checkpoint> last) {
        StringBuilder text = new StringBuilder(HEADER);
        last.values().forEach(checkpoint -> text.append(checkpoint.text()).append('\n'));
        return (text + DIGEST + sha256(text.toString()) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads the file. Never throws. */
    static Parsed<Map<String, Checkpoint>> parse(byte[] bytes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            return damaged("it is not UTF-8");
        }
        int digest = text.lastIndexOf(DIGEST);
        if (!text.startsWith(HEADER) || digest < HEADER.length()) {
            return damaged("it does not begin or end as such a file");
        }
        String content = text.substring(0, digest);
        if (!text.substring(digest).equals(DIGEST + sha256(content) + "\n")) {
            return damaged("its SHA-256 is another");
        }
        Map<String, Checkpoint> last = new TreeMap<>();
        String records = content.substring(HEADER.length());
        while (!records.isEmpty()) {
            int end = records.indexOf("\n\n");
            if (end < 0) {
                return damaged("a record has no end");
            }
            switch (Checkpoint.parse(records.substring(0, end + 1))) {
                case Parsed.Refused<Checkpoint>(Refusal why) -> {
                    return damaged(why.reason());
                }
                case Parsed.Value<Checkpoint>(Checkpoint checkpoint) -> {
                    if (last.put(checkpoint.origin(), checkpoint) != null || last.size() > LOGS_LIMIT) {
                        return damaged("a log stands there twice, or there are more than " + LOGS_LIMIT);
                    }
                }
            }
            records = records.substring(end + 2);
        }
        return Parsed.of(last);
    }

    private static Parsed<Map<String, Checkpoint>> damaged(String why) {
        return Parsed.refused("RF-LDG-207", why);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
