package dev.ringfence.ledger.leaf;

import dev.ringfence.ledger.Parsed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads leaves: lines of JSON from a submitter, in any layout, and entries of a log, in their one layout. Refusals:
 * RF-LDG-045 too long, RF-LDG-046 not UTF-8, RF-LDG-047 a member is missing, unknown or of another type, RF-LDG-048 an
 * unknown kind, RF-LDG-049 an entry that is not in canonical form, and those of the JSON in it (RF-LDG-040 to 044).
 */
public final class LeafText {
    /** Longest line in characters: a leaf of the largest size, every character of which is escaped. */
    public static final int LINE_LIMIT = 6 * Leaf.LIMIT_BYTES;

    private static final Set<String> NAMES = Set.of("actor", "body", "commitment", "kind", "subject", "time", "v");

    private LeafText() {}

    /** Reads a line that says everything. Never throws. */
    public static Parsed<Leaf> parse(String line) {
        return read(line, Optional.empty());
    }

    /** Reads a line that may leave out the time, which is then when it was received. Never throws. */
    public static Parsed<Leaf> parse(String line, Instant received) {
        return read(line, Optional.of(received));
    }

    /** Reads an entry of a log, which must be the canonical bytes of a leaf. Never throws. */
    public static Parsed<Leaf> parseEntry(byte[] entry) {
        if (entry.length > Leaf.LIMIT_BYTES) {
            return tooLong();
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(entry))
                    .toString();
        } catch (CharacterCodingException _) {
            return Parsed.refused("RF-LDG-046", "an entry that is not UTF-8");
        }
        return parse(text)
                .then(leaf -> new String(leaf.bytes(), StandardCharsets.UTF_8).equals(text)
                        ? Parsed.of(leaf)
                        : Parsed.refused("RF-LDG-049", "an entry that is not in canonical form"));
    }

    private static Parsed<Leaf> read(String line, Optional<Instant> received) {
        if (line.length() > LINE_LIMIT) {
            return tooLong();
        }
        return JsonReader.read(line)
                .then(json -> json instanceof Json.Members(Map<String, Json> members)
                        ? leaf(members, received)
                        : wrong("a leaf is a JSON object"));
    }

    private static Parsed<Leaf> leaf(Map<String, Json> members, Optional<Instant> received) {
        for (String name : members.keySet()) {
            if (!NAMES.contains(name)) {
                return wrong("unknown member \"" + shown(name) + "\"; known are " + String.join(", ", sorted()));
            }
        }
        if (members.containsKey("v") && !new Json.Whole(Leaf.VERSION).equals(members.get("v"))) {
            return wrong("\"v\" is the version of the format, " + Leaf.VERSION);
        }
        Optional<String> actor = name(members, "actor");
        Optional<String> subject = name(members, "subject");
        if (actor.isEmpty() || subject.isEmpty()) {
            return wrong("\"actor\" and \"subject\" are strings of 1 to " + Leaf.NAME_LIMIT + " printable characters");
        }
        if (!(members.get("kind") instanceof Json.Characters(String kindText))) {
            return wrong("\"kind\" is missing, or no string");
        }
        Optional<LeafKind> kind = LeafKind.of(kindText);
        if (kind.isEmpty()) {
            return Parsed.refused("RF-LDG-048", "unknown kind \"" + shown(kindText) + "\"");
        }
        Optional<Instant> time = members.containsKey("time") ? time(members) : received;
        if (time.isEmpty()) {
            return wrong("\"time\" is a string such as 2026-03-01T12:00:00Z, from 1970 to 9999");
        }
        Optional<Content> content = content(members);
        if (content.isEmpty()) {
            return wrong("a leaf has either \"body\", an object, or \"commitment\", hmac-sha256:<64 hex digits>");
        }
        byte[] bytes = Leaf.bytes(kind.get(), time.get(), actor.get(), subject.get(), content.get());
        return bytes.length > Leaf.LIMIT_BYTES
                ? tooLong()
                : Parsed.of(new Leaf(kind.get(), time.get(), actor.get(), subject.get(), content.get()));
    }

    private static Optional<Content> content(Map<String, Json> members) {
        Json body = members.get("body");
        Json commitment = members.get("commitment");
        if (body instanceof Json.Members object && commitment == null) {
            return Optional.of(new Content.Body(object));
        }
        if (body == null && commitment instanceof Json.Characters(String text)) {
            return Commitment.parse(text).map(Content.Sealed::new);
        }
        return Optional.empty();
    }

    private static Optional<String> name(Map<String, Json> members, String member) {
        return members.get(member) instanceof Json.Characters(String text) && Leaf.isName(text)
                ? Optional.of(text)
                : Optional.empty();
    }

    private static Optional<Instant> time(Map<String, Json> members) {
        if (!(members.get("time") instanceof Json.Characters(String text)) || text.length() > 40) {
            return Optional.empty();
        }
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            return time.isBefore(Instant.EPOCH) || time.isAfter(Leaf.LATEST) ? Optional.empty() : Optional.of(time);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static String[] sorted() {
        return NAMES.stream().sorted().toArray(String[]::new);
    }

    /** Hostile text in a message: short, and without anything that a terminal would obey. */
    private static String shown(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() > 40 ? printable.substring(0, 40) + "..." : printable;
    }

    private static Parsed<Leaf> wrong(String why) {
        return Parsed.refused("RF-LDG-047", why);
    }

    private static Parsed<Leaf> tooLong() {
        return Parsed.refused(
                "RF-LDG-045",
                "a leaf longer than " + Leaf.LIMIT_BYTES + " bytes; log the digest of a large body instead");
    }
}
