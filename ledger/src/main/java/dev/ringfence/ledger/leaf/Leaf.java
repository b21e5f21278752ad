package dev.ringfence.ledger.leaf;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * One thing that happened. Its bytes are {@code {"actor":…,"body":{…},"kind":…,"subject":…,"time":…,"v":1}} in canonical
 * JSON, or with {@code "commitment"} instead of {@code "body"}.
 *
 * @param kind what happened
 * @param time when, as the writer of the leaf saw it; 1970 to 9999, UTC
 * @param actor who did it: an account, a service, a host
 * @param subject to what: an instance's UUID, a host, a digest
 * @param content what is said about it
 */
public record Leaf(LeafKind kind, Instant time, String actor, String subject, Content content) {
    /** Longest leaf in bytes, that of an entry in a tlog-tiles bundle. */
    public static final int LIMIT_BYTES = 65_535;

    /** Longest actor and subject in characters. */
    public static final int NAME_LIMIT = 1024;

    static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    static final long VERSION = 1;

    public Leaf {
        if (!isName(actor) || !isName(subject)) {
            throw new IllegalArgumentException("actor and subject are 1 to " + NAME_LIMIT + " printable characters");
        }
        if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
            throw new IllegalArgumentException("a leaf of " + time);
        }
        // The shape of the whole is fixed, so only the content can make it too long.
        if (bytes(kind, time, actor, subject, content).length > LIMIT_BYTES) {
            throw new IllegalArgumentException("a leaf longer than " + LIMIT_BYTES + " bytes");
        }
    }

    /** The canonical bytes, UTF-8 without a newline; what the log stores and hashes. */
    public byte[] bytes() {
        return bytes(kind, time, actor, subject, content);
    }

    /** Whether a text may name an actor or subject: not empty, not too long, no control character. */
    static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= NAME_LIMIT
                && CanonicalJson.isText(name)
                && name.codePoints().noneMatch(Character::isISOControl);
    }

    static byte[] bytes(LeafKind kind, Instant time, String actor, String subject, Content content) {
        Map<String, Json> members = new TreeMap<>();
        members.put("actor", new Json.Characters(actor));
        switch (content) {
            case Content.Body(Json.Members json) -> members.put("body", json);
            case Content.Sealed(Commitment commitment) ->
                members.put("commitment", new Json.Characters(commitment.text()));
        }
        members.put("kind", new Json.Characters(kind.text()));
        members.put("subject", new Json.Characters(subject));
        members.put("time", new Json.Characters(time.toString()));
        members.put("v", new Json.Whole(VERSION));
        return new Json.Members(members).canonical().getBytes(StandardCharsets.UTF_8);
    }
}
