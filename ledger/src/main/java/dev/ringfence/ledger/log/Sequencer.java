package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The one thread that writes: takes a batch, writes, publishes, and only then answers its submitters. */
final class Sequencer implements Runnable {
    private final AppendQueue queue;
    private final LogWriter writer;
    private final LogOptions options;
    private final Thread thread;
    private List<AppendQueue.Waiting> current = List.of();
    private volatile @Nullable StorageException failure;

    Sequencer(AppendQueue queue, LogWriter writer, LogOptions options) {
        this.queue = queue;
        this.writer = writer;
        this.options = options;
        this.thread = Thread.ofPlatform().name("ledger-sequencer").daemon().unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Waits until the queue has ended and all of it is answered. */
    void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    Optional<StorageException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Answers a submitter who came too late. */
    void answerEnded(CompletableFuture<Append> answer) {
        StorageException broken = failure;
        if (broken != null) {
            answer.completeExceptionally(broken);
        } else {
            answer.complete(new Append.Refused(new Refusal("RF-LDG-102", "the log is closed")));
        }
    }

    @Override
    public void run() {
        try {
            while (!queue.isDone()) {
                long patience = writer.isPending() ? options.retry().toNanos() : Long.MAX_VALUE;
                current = queue.take(patience);
                sequence();
                current = List.of();
            }
        } catch (StorageException e) {
            failure = e;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            // Nobody is left waiting, whatever ended the loop; a bug of ours too.
            List<AppendQueue.Waiting> left = new ArrayList<>(current);
            left.addAll(queue.abandon());
            left.forEach(waiting -> answerEnded(waiting.answer()));
        }
    }

    private void sequence() throws StorageException {
        if (writer.isPending()) {
            Optional<Refusal> why = writer.publish();
            if (why.isPresent()) {
                refuse(why.get());
                return;
            }
        }
        if (current.isEmpty()) {
            return;
        }
        long first = writer.write(current.stream().map(w -> w.leaf().bytes()).toList());
        Optional<Refusal> why = writer.publish();
        queue.answering(current.size());
        for (int i = 0; i < current.size(); i++) {
            long index = first + i;
            current.get(i).answer().complete(why.isEmpty() ? accepted(index) : unpublished(index, why.get()));
        }
        current = List.of();
        if (why.isEmpty()) {
            writer.tidy();
        }
    }

    private Append accepted(long index) {
        return new Append.Accepted(index, writer.published().checkpoint().size());
    }

    private static Append unpublished(long index, Refusal why) {
        return new Append.Unpublished(
                index,
                new Refusal("RF-LDG-104", "entry " + index + " is written and signed, but not published: " + why));
    }

    private void refuse(Refusal why) {
        Refusal refusal =
                new Refusal("RF-LDG-105", "nothing is written while the last checkpoint is not published: " + why);
        current.forEach(waiting -> waiting.answer().complete(new Append.Refused(refusal)));
    }
}
