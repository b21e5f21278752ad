package dev.ringfence.ledger.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Runs writes to different files side by side: a file system commits what several threads sync at the same time at once, so
 * four files cost little more than one. Returns when all have ended; the first failure is thrown.
 */
@FunctionalInterface
interface Together {
    /** One after the other. */
    Together IN_ORDER = writes -> {
        for (Write write : writes) {
            write.run();
        }
    };

    /** Something to write. */
    interface Write {
        void run() throws StorageException;
    }

    void run(List<Write> writes) throws StorageException;

    /** A few threads of their own; a virtual thread would hold its carrier through a sync. */
    final class Threads implements Together, AutoCloseable {
        private static final int COUNT = 4;

        private final ExecutorService threads = Executors.newFixedThreadPool(
                COUNT, Thread.ofPlatform().name("ledger-write-", 0).daemon().factory());

        @Override
        public void run(List<Write> writes) throws StorageException {
            List<Future<?>> running = new ArrayList<>();
            for (Write write : writes) {
                running.add(threads.submit(() -> {
                    write.run();
                    return null;
                }));
            }
            @Nullable StorageException first = null;
            for (Future<?> write : running) {
                StorageException failure = outcome(write);
                first = first == null ? failure : first;
            }
            if (first != null) {
                throw first;
            }
        }

        /** Waits uninterrupted: a write that goes on after its batch was given up would be worse than waiting. */
        private static @Nullable StorageException outcome(Future<?> write) {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        write.get();
                        return null;
                    } catch (InterruptedException _) {
                        interrupted = true;
                    } catch (ExecutionException e) {
                        if (e.getCause() instanceof StorageException failure) {
                            return failure;
                        }
                        throw new IllegalStateException("a write ended", e.getCause());
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void close() {
            threads.close();
        }
    }
}
