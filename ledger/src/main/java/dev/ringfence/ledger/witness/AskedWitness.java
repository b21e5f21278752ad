package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.log.Cosigning.Offer;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.SignatureCheck;
import dev.ringfence.ledger.proof.Policy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * One witness, as its log sees it: what it is believed to have seen, so that the first proof usually fits. One request at a
 * time. Thread-safe.
 *
 * <p>Refusals: RF-LDG-211 no answer, RF-LDG-212 an answer that tlog-witness does not have, RF-LDG-213 it has seen a larger
 * tree than the log has, RF-LDG-214 no valid cosignature in its answer, RF-LDG-215 it refuses the checkpoint.
 */
final class AskedWitness {
    /** An answer is some signature lines, or a sentence. */
    private static final int ANSWER_LIMIT_BYTES = 64 << 10;

    private static final int TRIES = 3;

    /** Checkpoints that wait for a slow witness while the quorum is reached without it. */
    private static final int QUEUE_LIMIT = 4;

    private static final int SHOWN_CHARACTERS = 160;

    /** A valid cosignature, by the name of its witness in the policy. */
    record Cosignature(String witness, NoteSignature signature) {}

    private final HttpClient http;
    private final URI uri;
    private final List<Policy.Witness> keys;
    private final ReentrantLock lock = new ReentrantLock();
    private long seenSize = -1;

    AskedWitness(HttpClient http, URI uri, List<Policy.Witness> keys) {
        this.http = http;
        this.uri = uri;
        this.keys = List.copyOf(keys);
    }

    /**
     * Asks until it cosigns, refuses, or the time is over.
     *
     * @param end by {@link System#nanoTime()}
     */
    Parsed<List<Cosignature>> ask(Offer offer, long end) {
        try {
            // An earlier checkpoint may still be under way; two at a time would make each other stale.
            if (lock.getQueueLength() >= QUEUE_LIMIT || !lock.tryLock(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return refused("RF-LDG-211", "is still busy with an earlier checkpoint");
            }
            try {
                return askLocked(offer, end);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return refused("RF-LDG-211", "was not asked to the end");
        } catch (IOException e) {
            return refused("RF-LDG-211", "did not answer: " + (e.getMessage() == null ? e : e.getMessage()));
        }
    }

    private Parsed<List<Cosignature>> askLocked(Offer offer, long end) throws IOException, InterruptedException {
        long size = offer.checkpoint().checkpoint().size();
        long from = seenSize < 0 ? offer.publishedSize() : Math.min(seenSize, size);
        for (int i = 0; i < TRIES; i++) {
            HttpResponse<byte[]> response = send(AddCheckpoint.of(offer.proofFrom(from), offer.checkpoint()), end);
            switch (response.statusCode()) {
                case 200 -> {
                    seenSize = size;
                    return cosignatures(offer, response.body());
                }
                case 409 -> {
                    Optional<Long> seen = sizeIn(response.body());
                    if (seen.isEmpty()) {
                        return refused("RF-LDG-212", "answered 409 without a size");
                    }
                    if (seen.get() > size) {
                        return refused(
                                "RF-LDG-213",
                                "has cosigned a tree of " + seen.get() + " of this log, which has only " + size
                                        + ": the log was set back, or its key is used elsewhere");
                    }
                    from = seen.get();
                }
                case 400, 403, 404, 422 -> {
                    return refused(
                            "RF-LDG-215",
                            "refuses the checkpoint with " + response.statusCode() + ": " + shown(response.body()));
                }
                default -> {
                    return refused("RF-LDG-212", "answered " + response.statusCode() + ": " + shown(response.body()));
                }
            }
        }
        return refused("RF-LDG-212", "says each time that it has seen another size");
    }

    private HttpResponse<byte[]> send(AddCheckpoint request, long end) throws IOException, InterruptedException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new IOException("the time is over");
        }
        return http.send(
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofNanos(left))
                        .POST(BodyPublishers.ofByteArray(request.bytes()))
                        .build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_LIMIT_BYTES));
    }

    private Parsed<List<Cosignature>> cosignatures(Offer offer, byte[] answer) {
        return switch (NoteSignature.parseLines(new String(answer, StandardCharsets.UTF_8))) {
            case Parsed.Refused<List<NoteSignature>>(Refusal why) -> refused("RF-LDG-214", "answered: " + why);
            case Parsed.Value<List<NoteSignature>>(List<NoteSignature> lines) -> {
                List<Cosignature> valid = new ArrayList<>();
                for (Policy.Witness key : keys) {
                    lines.stream()
                            .filter(line -> line.names(key.key()))
                            .filter(line ->
                                    offer.checkpoint().with(line).check(key.key()) instanceof SignatureCheck.Valid)
                            .findFirst()
                            .ifPresent(line -> valid.add(new Cosignature(key.name(), line)));
                }
                yield valid.isEmpty()
                        ? refused("RF-LDG-214", "sent no valid cosignature of a key that the policy has")
                        : Parsed.of(List.copyOf(valid));
            }
        };
    }

    private static Optional<Long> sizeIn(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        return text.endsWith("\n") ? Checkpoint.decimal(text.substring(0, text.length() - 1)) : Optional.empty();
    }

    /** What somebody else's server says: short, and without anything that a terminal would obey. */
    private static String shown(byte[] body) {
        String text = new String(body, StandardCharsets.ISO_8859_1).strip().replaceAll("[^ -~]", "?");
        return text.isEmpty() ? "(nothing)" : text.substring(0, Math.min(text.length(), SHOWN_CHARACTERS));
    }

    private Parsed<List<Cosignature>> refused(String code, String why) {
        String names = keys.stream().map(Policy.Witness::name).collect(Collectors.joining(", "));
        return Parsed.refused(code, String.format(Locale.ROOT, "witness %s (%s) %s", names, uri, why));
    }
}
