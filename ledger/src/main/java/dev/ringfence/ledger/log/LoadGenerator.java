package dev.ringfence.ledger.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Puts a log under load: submitters on virtual threads, each appending one entry after the other, each waiting until a
 * published checkpoint covers it.
 */
public final class LoadGenerator {
    private final Log log;
    private final LongFunction<byte[]> entries;

    /**
     * @param entries makes the entry with a number; called from many threads
     */
    public LoadGenerator(Log log, LongFunction<byte[]> entries) {
        this.log = log;
        this.entries = entries;
    }

    /**
     * What was measured.
     *
     * @param appends entries accepted
     * @param seconds from the first append to the last answer
     * @param appendsPerSecond accepted entries over that time
     * @param p50Millis half of the submitters' waits were at most this long, from append to the answer
     * @param p99Millis all but a hundredth of them
     * @param worstMillis the longest wait
     */
    public record Result(
            long appends,
            double seconds,
            double appendsPerSecond,
            double p50Millis,
            double p99Millis,
            double worstMillis) {}

    /**
     * Appends entries and measures.
     *
     * @param submitters threads, at least 1
     * @param appends entries in all, at least as many as submitters
     * @throws StorageException if the storage failed
     * @throws InterruptedException if the thread was interrupted
     * @throws IllegalStateException if the log refused an entry
     */
    public Result run(int submitters, int appends) throws StorageException, InterruptedException {
        if (submitters < 1 || appends < submitters) {
            throw new IllegalArgumentException(submitters + " submitters for " + appends + " entries");
        }
        // Four bytes an entry: the waits must not fill the heap of what they measure.
        int[] waitsMicros = new int[appends];
        AtomicLong next = new AtomicLong();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < submitters; i++) {
                running.add(threads.submit(() -> {
                    for (long number = next.getAndIncrement(); number < appends; number = next.getAndIncrement()) {
                        waitsMicros[(int) number] = append(entries.apply(number));
                    }
                    return null;
                }));
            }
            for (Future<?> submitter : running) {
                await(submitter);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Arrays.sort(waitsMicros);
        return new Result(
                appends,
                seconds,
                appends / seconds,
                millis(waitsMicros, 0.50),
                millis(waitsMicros, 0.99),
                millis(waitsMicros, 1));
    }

    private int append(byte[] entry) throws StorageException, InterruptedException {
        long start = System.nanoTime();
        Append outcome = log.append(entry);
        long micros = (System.nanoTime() - start) / 1000;
        if (!(outcome instanceof Append.Accepted)) {
            throw new IllegalStateException("the log answered " + outcome);
        }
        return (int) Math.min(micros, Integer.MAX_VALUE);
    }

    private static void await(Future<?> submitter) throws StorageException, InterruptedException {
        try {
            submitter.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageException broken) {
                throw broken;
            }
            throw new IllegalStateException(String.valueOf(e.getCause()), e);
        }
    }

    private static double millis(int[] sortedMicros, double share) {
        int at = (int) Math.ceil(share * sortedMicros.length) - 1;
        return sortedMicros[Math.max(at, 0)] / 1000.0;
    }
}
