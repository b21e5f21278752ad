package dev.ringfence.ledger.index;

import dev.ringfence.ledger.leaf.Json;
import dev.ringfence.ledger.leaf.LeafKind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Where kind, subject and time stand in the canonical bytes of a leaf, without reading the rest. The members are in order, so
 * these three are the last but the version; and no string of JSON holds a bare quotation mark, so the last {@code ,"kind":"}
 * is the member and not a text that looks like it. What is no leaf may have the shape of one: whoever finds it reads it.
 *
 * @param kind what happened
 * @param subjectHash 48 bits over the subject as JSON writes it
 * @param second when, in whole seconds since 1970
 */
record LeafShape(LeafKind kind, long subjectHash, long second) {
    private static final byte[] KIND = ascii(",\"kind\":\"");
    private static final byte[] SUBJECT = ascii("\",\"subject\":\"");
    private static final byte[] TIME = ascii("\",\"time\":\"");
    private static final byte[] END = ascii("\",\"v\":1}");
    private static final int TIME_LIMIT = 40;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The shape of an entry, or empty if it has none. Never throws. */
    static Optional<LeafShape> of(byte[] entry) {
        int end = entry.length - END.length;
        int time = end < 0 || !isAt(entry, end, END) ? -1 : lastIndexOf(entry, TIME, end);
        int kind = time < 0 ? -1 : lastIndexOf(entry, KIND, time);
        int subject = kind < 0 ? -1 : indexOf(entry, SUBJECT, kind + KIND.length, time);
        if (subject < 0 || end - time - TIME.length > TIME_LIMIT) {
            return Optional.empty();
        }
        Optional<LeafKind> known = LeafKind.of(text(entry, kind + KIND.length, subject));
        if (known.isEmpty()) {
            return Optional.empty();
        }
        try {
            long second = Instant.parse(text(entry, time + TIME.length, end)).getEpochSecond();
            return Optional.of(new LeafShape(known.get(), hash(entry, subject + SUBJECT.length, time), second));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** The hash that a leaf about this subject has. */
    static long subjectHash(String subject) {
        byte[] quoted = new Json.Characters(subject).canonical().getBytes(StandardCharsets.UTF_8);
        return hash(quoted, 1, quoted.length - 1);
    }

    /** FNV-1a, folded to 48 bits: nothing depends on it but how many leaves are read in vain. */
    private static long hash(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        return (hash ^ hash >>> 48) & 0xffff_ffff_ffffL;
    }

    private static String text(byte[] entry, int from, int to) {
        return new String(entry, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private static int lastIndexOf(byte[] entry, byte[] wanted, int before) {
        for (int at = before - wanted.length; at >= 0; at--) {
            if (isAt(entry, at, wanted)) {
                return at;
            }
        }
        return -1;
    }

    private static int indexOf(byte[] entry, byte[] wanted, int from, int limit) {
        for (int at = from; at + wanted.length <= limit; at++) {
            if (isAt(entry, at, wanted)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] entry, int at, byte[] wanted) {
        if (entry.length - at < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (entry[at + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
