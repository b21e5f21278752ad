package dev.ringfence.ledger.log;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Entries that wait for the sequencer, bounded in number and bytes. Many submitters, one sequencer. The sequencer takes
 * what waits; only if there were several submitters just before, it waits a moment for as many again, since one checkpoint
 * for all of them costs as much as for one.
 */
final class AppendQueue {
    /** An entry and the place where its submitter waits. */
    record Waiting(Leaf leaf, CompletableFuture<Append> answer) {}

    /** The bytes of an entry, which nobody changes. */
    static final class Leaf {
        private final byte[] bytes;

        Leaf(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        /** The array itself: within this package it is only read. */
        byte[] bytes() {
            return bytes;
        }
    }

    private final LogOptions options;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private long queuedBytes;
    private int expected;
    private boolean ended;

    AppendQueue(LogOptions options) {
        this.options = options;
    }

    /** How an offer went. */
    enum Offer {
        QUEUED,
        FULL,
        ENDED
    }

    /** Queues an entry unless there is no room or the queue has ended. Never blocks. */
    Offer offer(Waiting waiting) {
        lock.lock();
        try {
            return add(waiting);
        } finally {
            lock.unlock();
        }
    }

    /** Queues an entry as soon as there is room; false if the queue has ended. */
    boolean put(Waiting waiting) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Offer offer = add(waiting);
                if (offer != Offer.FULL) {
                    return offer == Offer.QUEUED;
                }
                drained.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private Offer add(Waiting waiting) {
        if (ended) {
            return Offer.ENDED;
        }
        int bytes = waiting.leaf().bytes().length;
        boolean fits = queue.size() < options.queueEntries() && queuedBytes + bytes <= options.queueBytes();
        if (!fits && !queue.isEmpty()) {
            return Offer.FULL;
        }
        queue.add(waiting);
        queuedBytes += bytes;
        filled.signal();
        return Offer.QUEUED;
    }

    /**
     * The next batch. Empty if the time ran out before there was one, or if the queue has ended and nothing waits.
     *
     * @param patienceNanos how long to wait for the first entry; {@link Long#MAX_VALUE} is for ever
     */
    List<Waiting> take(long patienceNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patienceNanos;
            while (queue.isEmpty() && !ended && left > 0) {
                left = filled.awaitNanos(left);
            }
            left = options.linger().toNanos();
            while (!queue.isEmpty() && queue.size() < expected && !ended && left > 0) {
                left = filled.awaitNanos(left);
            }
            return drain();
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> drain() {
        List<Waiting> batch = new ArrayList<>();
        long bytes = 0;
        while (!queue.isEmpty() && batch.size() < options.batchEntries()) {
            int next = queue.element().leaf().bytes().length;
            if (!batch.isEmpty() && bytes + next > options.batchBytes()) {
                break;
            }
            batch.add(queue.remove());
            bytes += next;
        }
        queuedBytes -= bytes;
        if (!batch.isEmpty()) {
            drained.signalAll();
        }
        return batch;
    }

    /** Tells how many submitters are about: those just answered and those that wait. To be called before answering. */
    void answering(int answered) {
        lock.lock();
        try {
            int about = answered + queue.size();
            expected = about <= 1 ? 0 : Math.min(about, options.batchEntries());
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more entries; those that wait are still handed out. */
    void end() {
        lock.lock();
        try {
            ended = true;
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the queue has ended and nothing waits. */
    boolean isDone() {
        lock.lock();
        try {
            return ended && queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the queue and hands out all that waits. */
    List<Waiting> abandon() {
        lock.lock();
        try {
            end();
            List<Waiting> left = new ArrayList<>(queue);
            queue.clear();
            queuedBytes = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }
}
