package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Terminal;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.log.Append;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Prints what became of lines, in their order, each as soon as it is decided, while others are still read. The first that is
 * not accepted ends it; the answers of those before it are printed.
 */
final class AppendedLines implements AutoCloseable {
    /**
     * A line that was submitted.
     *
     * @param object where it stands, for people
     * @param number from 1
     */
    record Line(String object, long number, CompletableFuture<Append> answer) {}

    private static final int WAITING_LIMIT = 16_384;
    private static final Line END = new Line("", 0, new CompletableFuture<>());

    private final Terminal terminal;
    private final Format format;
    private final BlockingQueue<Line> waiting = new LinkedBlockingQueue<>(WAITING_LIMIT);
    private final Semaphore decided = new Semaphore(0);
    private final Thread printer;
    private volatile @Nullable CommandFailure failure;

    AppendedLines(Terminal terminal, Format format) {
        this.terminal = terminal;
        this.format = format;
        this.printer = Thread.ofVirtual().start(this::print);
    }

    /** Whether a line was not accepted, so that no more need be read. */
    boolean hasFailed() {
        return failure != null;
    }

    /** Takes a line whose answer is to be printed. */
    void add(Line line) throws InterruptedException {
        waiting.put(line);
    }

    /** Takes a line that was not submitted: the refusal has its turn after the lines before it. */
    void refuse(String object, Refusal why) throws InterruptedException {
        add(new Line(object, 0, CompletableFuture.completedFuture(new Append.Refused(why))));
        printer.join();
    }

    /** Waits until one more line was decided, or the printing has ended. */
    void awaitOne() throws InterruptedException {
        decided.acquire();
    }

    /** Waits for all answers; why it ended early, if it did. */
    Optional<CommandFailure> end() throws InterruptedException {
        while (!hasFailed() && !waiting.offer(END, 100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            // The printer makes room, or fails.
        }
        printer.join();
        return Optional.ofNullable(failure);
    }

    private void print() {
        try {
            while (failure == null) {
                if (waiting.isEmpty()) {
                    terminal.out().flush();
                }
                Line line = waiting.take();
                if (line == END) {
                    return;
                }
                failure = outcome(line);
                decided.release();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            terminal.out().flush();
            waiting.clear();
            decided.release(WAITING_LIMIT);
        }
    }

    private @Nullable CommandFailure outcome(Line line) throws InterruptedException {
        if (!line.answer().isDone()) {
            terminal.out().flush();
        }
        try {
            return switch (line.answer().get()) {
                case Append.Accepted(long index, long checkpointSize) -> {
                    accepted(line.number(), index, checkpointSize);
                    yield null;
                }
                case Append.Unpublished(_, Refusal why) -> Refusals.failure(line.object(), why);
                case Append.Refused(Refusal why) -> Refusals.failure(line.object(), why);
            };
        } catch (ExecutionException e) {
            return CommandFailure.couldNotRun(line.object() + ": the storage failed (" + e.getCause().getMessage()
                    + "); it may or may not be found in the log when it is opened again");
        }
    }

    private void accepted(long number, long index, long checkpointSize) {
        terminal.out()
                .println(
                        switch (format) {
                            case TEXT -> String.valueOf(index);
                            case JSON ->
                                new JsonLine()
                                        .with("line", number)
                                        .with("index", index)
                                        .with("checkpointSize", checkpointSize)
                                        .toString();
                        });
    }

    @Override
    public void close() {
        printer.interrupt();
    }
}
