package dev.ringfence.linux.image;

import dev.ringfence.core.image.Sha256;
import dev.ringfence.core.image.VerityTree;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hashes one file in one reading with several threads. The SHA-256 of all bytes can only be computed in order, by one thread
 * at a time; the tree of fs-verity group by group, by the others. Whoever is free does what comes first: the next piece of
 * the SHA-256, else another group. Memory: three buffers of 512 KiB for each thread, whatever the file's length.
 */
public final class FileHashing {
    private static final int BUFFERS_PER_THREAD = 3;
    /** Groups between two reports of progress: 16 MiB. */
    private static final int PROGRESS_GROUPS = 32;
    /** What {@link #next} says instead of the number of a group. */
    private static final long DONE = -1;

    private static final long WHOLE = -2;

    private final ImageFile file;
    private final FileDigests.Wanted wanted;
    private final LongConsumer progress;
    private final long sizeBytes;
    private final long groups;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Slot[] slots;
    private final MessageDigest whole = Sha256.digest();
    private final VerityTree tree = new VerityTree();
    private long nextRead;
    private long nextWhole;
    private long nextTree;
    private boolean wholeBusy;
    private @Nullable Throwable failure;

    /** A buffer. All but the bytes is guarded by the lock; the bytes are written before their number is. */
    private static final class Slot {
        private final byte[] bytes = new byte[VerityTree.GROUP_BYTES];
        private long number = -1;
        private VerityTree.@Nullable Group group;
    }

    private FileHashing(ImageFile file, FileDigests.Wanted wanted, int threads, LongConsumer progress) {
        this.file = file;
        this.wanted = wanted;
        this.progress = progress;
        this.sizeBytes = file.sizeBytes();
        this.groups = (sizeBytes + VerityTree.GROUP_BYTES - 1) / VerityTree.GROUP_BYTES;
        this.slots = new Slot[BUFFERS_PER_THREAD * threads];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = new Slot();
        }
        // What nobody asked for is done before it begins.
        this.nextWhole = wanted == FileDigests.Wanted.VERITY ? groups : 0;
        this.nextTree = wanted == FileDigests.Wanted.SHA256 ? groups : 0;
    }

    /**
     * Hashes a file.
     *
     * @param path a regular file, no symbolic link
     * @param threads at least 1
     * @param progress told now and then how many bytes are done, one call at a time, by any of the threads
     * @throws IOException if the file cannot be read, or its length changes meanwhile
     */
    public static FileDigests of(Path path, FileDigests.Wanted wanted, int threads, LongConsumer progress)
            throws IOException, InterruptedException {
        if (threads < 1) {
            throw new IllegalArgumentException(threads + " threads");
        }
        try (ImageFile file = ImageFile.open(path)) {
            FileDigests digests = new FileHashing(file, wanted, threads, progress).run(threads);
            if (file.descriptor().status().sizeBytes() != digests.sizeBytes()) {
                throw new FileSystemException(path.toString(), null, "its length changed while it was read");
            }
            return digests;
        }
    }

    private FileDigests run(int threads) throws IOException, InterruptedException {
        List<Thread> others = new ArrayList<>();
        // A small file is done before a second thread has begun.
        for (int i = 1; i < Math.min(threads, groups); i++) {
            others.add(Thread.ofPlatform().name("hashing-" + i).start(this::work));
        }
        work();
        // The file stays open until the last reader is gone, even if this thread is interrupted.
        for (Thread other : others) {
            join(other);
        }
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case InterruptedException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
        return new FileDigests(
                wanted == FileDigests.Wanted.VERITY ? null : Sha256.of(whole.digest()),
                wanted == FileDigests.Wanted.SHA256 ? null : tree.finish(),
                sizeBytes);
    }

    private void join(Thread other) {
        while (true) {
            try {
                other.join();
                return;
            } catch (InterruptedException e) {
                fail(e);
            }
        }
    }

    private void fail(Throwable cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(VerityTree.GROUP_BYTES, VerityTree.BLOCK_BYTES);
            MessageDigest digest = Sha256.digest();
            for (long task = next(); task != DONE; task = next()) {
                if (task == WHOLE) {
                    hashWhole();
                } else {
                    read(task, buffer);
                    hashGroup(task, digest);
                }
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Waits for something to do: the number of a group to read, or one of the constants. */
    private long next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (failure == null && (nextWhole < groups || nextTree < groups)) {
                if (!wholeBusy && nextWhole < groups && slot(nextWhole).number == nextWhole) {
                    wholeBusy = true;
                    return WHOLE;
                }
                if (nextRead < groups && nextRead - Math.min(nextWhole, nextTree) < slots.length) {
                    return nextRead++;
                }
                changed.await();
            }
            return DONE;
        } finally {
            lock.unlock();
        }
    }

    private Slot slot(long number) {
        return slots[(int) (number % slots.length)];
    }

    private int length(long number) {
        return (int) Math.min(VerityTree.GROUP_BYTES, sizeBytes - number * VerityTree.GROUP_BYTES);
    }

    private void read(long number, MemorySegment buffer) throws IOException {
        Slot slot = slot(number);
        int length = length(number);
        file.descriptor().read(number * VerityTree.GROUP_BYTES, buffer, length);
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, slot.bytes, 0, length);
        lock.lock();
        try {
            slot.number = number;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void hashGroup(long number, MessageDigest digest) {
        if (wanted == FileDigests.Wanted.SHA256) {
            return;
        }
        Slot slot = slot(number);
        VerityTree.Group group = VerityTree.Group.of(slot.bytes, length(number), digest);
        lock.lock();
        try {
            slot.group = group;
            for (Slot ready = slot(nextTree); nextTree < groups && ready.group != null; ready = slot(nextTree)) {
                tree.add(ready.group);
                ready.group = null;
                nextTree++;
                report(nextTree);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Only one thread is here at a time. */
    private void hashWhole() {
        long number = nextWhole;
        whole.update(slot(number).bytes, 0, length(number));
        lock.lock();
        try {
            wholeBusy = false;
            nextWhole++;
            report(nextWhole);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void report(long done) {
        if (done % PROGRESS_GROUPS == 0 && done == Math.min(nextWhole, nextTree)) {
            progress.accept(done * VerityTree.GROUP_BYTES);
        }
    }
}
