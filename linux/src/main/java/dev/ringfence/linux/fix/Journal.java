package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.PlanId;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What happened to one plan, one JSON line a record, appended and synced before the next thing is done. Every line carries
 * the SHA-256 digest of itself and the digest before, so that a changed, lost or swapped line shows.
 *
 * <p>A last line that is cut off, or has NUL bytes because its block never reached the disk, was never relied upon: it is
 * dropped, and {@link #torn} says so. Anything else is refused with RF-FIX-104. Not thread-safe; the lock of {@link
 * FixStore} keeps processes apart.
 */
public final class Journal implements FixRecord.Sink {
    private static final int LIMIT_BYTES = 64 << 20;
    private static final String CHAIN = ",\"chain\":\"";
    private static final int DIGEST_CHARS = 64;
    private static final String START = "0".repeat(DIGEST_CHARS);

    private final Storage storage;
    private final Path file;
    private final List<FixRecord> records = new ArrayList<>();
    private String chain = START;
    private long lengthBytes;
    private boolean torn;

    private Journal(Storage storage, Path file) {
        this.storage = storage;
        this.file = file;
    }

    /** A new, empty journal that lasts. */
    static Journal create(Storage storage, Path file) throws IOException {
        storage.create(file, new byte[0]);
        storage.sync(file);
        storage.syncDirectory(java.util.Objects.requireNonNull(file.getParent()));
        return new Journal(storage, file);
    }

    /** The journal that is there. */
    static Decoded<Journal> open(Storage storage, Path file) throws IOException {
        return new Journal(storage, file).load(storage.read(file, LIMIT_BYTES));
    }

    private Decoded<Journal> load(byte[] bytes) {
        int from = 0;
        while (from < bytes.length) {
            int end = from;
            boolean hole = false;
            while (end < bytes.length && bytes[end] != '\n') {
                hole |= bytes[end] == 0;
                end++;
            }
            boolean last = end >= bytes.length - 1;
            Optional<FixRecord> record = end == bytes.length || hole
                    ? Optional.empty()
                    : line(new String(bytes, from, end - from, StandardCharsets.ISO_8859_1));
            if (record.isEmpty()) {
                torn = last && (hole || end == bytes.length);
                return torn ? new Decoded.Value<>(this) : damaged();
            }
            records.add(record.get());
            from = end + 1;
            lengthBytes = from;
        }
        return new Decoded.Value<>(this);
    }

    private Decoded<Journal> damaged() {
        return Decoded.refused(
                "RF-FIX-104",
                file + " is damaged in line " + (records.size() + 1)
                        + ". Nothing is done with it; compare the files of its plan with the copies in "
                        + file.resolveSibling(FixStore.BACKUPS));
    }

    private Optional<FixRecord> line(String line) {
        int at = line.length() - CHAIN.length() - DIGEST_CHARS - 2;
        if (at < 0 || !line.startsWith(CHAIN, at) || !line.endsWith("\"}")) {
            return Optional.empty();
        }
        String body = line.substring(0, at);
        String digest = line.substring(at + CHAIN.length(), line.length() - 2);
        if (!digest.equals(link(body)) || !(JsonText.read(body + "}") instanceof Decoded.Value<Json>(Json value))) {
            return Optional.empty();
        }
        Optional<FixRecord> record = record(value);
        if (record.isPresent()) {
            chain = digest;
        }
        return record;
    }

    private String link(String body) {
        return Digests.sha256((chain + body).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Optional<FixRecord> record(Json value) {
        try {
            Json who = value.member("who").orElse(new Json.Nothing());
            return Optional.of(new FixRecord(
                    Instant.parse(value.textOf("at")),
                    new Actor(number(who, "uid"), number(who, "loginUid"), who.textOf("sudoUser")),
                    new PlanId(value.textOf("plan")),
                    Math.toIntExact(number(value, "step")),
                    FixRecord.Act.valueOf(value.textOf("act").toUpperCase(Locale.ROOT)),
                    value.textOf("what"),
                    value.textOf("before"),
                    value.textOf("after"),
                    value.member("data").orElse(new Json.Nothing()) instanceof Json.Members data
                            ? data
                            : new Json.Members(Map.of())));
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            // The digest is right and the content is not: another version wrote it.
            return Optional.empty();
        }
    }

    private static long number(Json object, String name) {
        OptionalLong number = object.member(name).map(Json::whole).orElse(OptionalLong.empty());
        return number.orElseThrow(() -> new IllegalArgumentException("no number " + name));
    }

    @Override
    public void add(FixRecord record) throws IOException {
        if (torn) {
            storage.truncate(file, lengthBytes);
            storage.sync(file);
            torn = false;
        }
        String body = body(record);
        String digest = link(body);
        byte[] line = (body + CHAIN + digest + "\"}\n").getBytes(StandardCharsets.ISO_8859_1);
        try {
            storage.append(file, line);
            storage.sync(file);
        } catch (IOException e) {
            // Part of the line may be there; if there is a next one, it begins where this one began.
            torn = true;
            throw e;
        }
        chain = digest;
        lengthBytes += line.length;
        records.add(record);
    }

    private static String body(FixRecord record) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("at", new Json.Characters(record.at().toString()));
        members.put("plan", new Json.Characters(record.plan().value()));
        members.put("step", new Json.Numeral(String.valueOf(record.step())));
        members.put("act", new Json.Characters(record.act().name().toLowerCase(Locale.ROOT)));
        Map<String, Json> who = new LinkedHashMap<>();
        who.put("uid", new Json.Numeral(String.valueOf(record.who().uid())));
        who.put("loginUid", new Json.Numeral(String.valueOf(record.who().loginUid())));
        who.put("sudoUser", new Json.Characters(record.who().sudoUser()));
        members.put("who", new Json.Members(who));
        members.put("what", new Json.Characters(record.what()));
        members.put("before", new Json.Characters(record.before()));
        members.put("after", new Json.Characters(record.after()));
        members.put("data", record.data());
        String text = JsonLine.of(new Json.Members(members));
        return text.substring(0, text.length() - 1);
    }

    /** Every record, oldest first. */
    public List<FixRecord> records() {
        return List.copyOf(records);
    }

    /** Whether the last line was cut off by a kill or a loss of power, and has been dropped. */
    public boolean torn() {
        return torn;
    }
}
