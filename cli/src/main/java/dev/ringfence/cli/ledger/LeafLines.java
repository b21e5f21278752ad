package dev.ringfence.cli.ledger;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafText;
import dev.ringfence.ledger.log.Append;
import dev.ringfence.ledger.log.Log;
import dev.ringfence.ledger.log.LogOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * Reads leaves from lines and submits them to a log, ahead of whoever waits for the answers, so that many share one
 * checkpoint. In a thread of its own that does not keep the process alive: standard input may block for ever, also when an
 * answer has already ended the command.
 */
final class LeafLines {
    /** What a line became of; the last of all has no answer to wait for. */
    sealed interface Next {}

    /**
     * A line that was submitted, or refused before.
     *
     * @param number from 1
     * @param weight room that it takes until it is answered
     */
    record Line(long number, int weight, CompletableFuture<Append> answer) implements Next {}

    /** There are no more lines. */
    record End() implements Next {}

    /** Reading failed. */
    record Broken(IOException cause) implements Next {}

    private static final int ROOM = LogOptions.DEFAULT.queueBytes();
    /** No leaf weighs less, so that the number of those that wait is bounded too. */
    private static final int LEAST_WEIGHT = ROOM / LogOptions.DEFAULT.queueEntries();

    private final Log log;
    private final BlockingQueue<Next> submitted = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(ROOM);

    private LeafLines(Log log) {
        this.log = log;
    }

    /** Starts reading; the stream is closed at its end. */
    static LeafLines start(InputStream in, Log log) {
        LeafLines lines = new LeafLines(log);
        Thread.ofPlatform().name("append-reader").daemon().start(() -> lines.read(in));
        return lines;
    }

    /** Whether {@link #next} would have to wait. */
    boolean isEmpty() {
        return submitted.isEmpty();
    }

    Next next() throws InterruptedException {
        return submitted.take();
    }

    /** Gives back the room of a line that was answered. */
    void answered(Line line) {
        room.release(line.weight());
    }

    private void read(InputStream in) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16)) {
            StringBuilder line = new StringBuilder();
            for (long number = 1; readLine(lines, line); number++) {
                if (!line.toString().isBlank() && !submit(line.toString(), number)) {
                    break;
                }
            }
            submitted.add(new End());
        } catch (IOException e) {
            submitted.add(new Broken(e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** False for a line that is refused: nothing after it is read. */
    private boolean submit(String line, long number) throws InterruptedException {
        switch (LeafText.parse(line, Instant.now())) {
            case Parsed.Refused<Leaf>(Refusal why) -> {
                submitted.add(new Line(number, 0, CompletableFuture.completedFuture(new Append.Refused(why))));
                return false;
            }
            case Parsed.Value<Leaf>(Leaf leaf) -> {
                byte[] bytes = leaf.bytes();
                int weight = Math.max(bytes.length, LEAST_WEIGHT);
                room.acquire(weight);
                submitted.add(new Line(number, weight, log.submit(bytes)));
                return true;
            }
        }
    }

    /** The next line, cut where it is longer than any leaf can be, which then is refused; false at the end. */
    private static boolean readLine(BufferedReader in, StringBuilder line) throws IOException {
        line.setLength(0);
        int c = in.read();
        if (c < 0) {
            return false;
        }
        while (c >= 0 && c != '\n') {
            if (line.length() <= LeafText.LINE_LIMIT) {
                line.append((char) c);
            }
            c = in.read();
        }
        return true;
    }
}
