package dev.ringfence.linux.image;

import dev.ringfence.formats.io.ByteSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Path;

/**
 * A disk image that is open to be read: a regular file, which a symbolic link did not lead to. Its length is fixed when it is
 * opened; a file that becomes shorter fails to be read. For one thread.
 */
public final class ImageFile implements ByteSource, AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final Descriptor descriptor;
    private final Descriptor.Status status;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);

    private ImageFile(Descriptor descriptor, Descriptor.Status status) {
        this.descriptor = descriptor;
        this.status = status;
    }

    /**
     * Opens an image.
     *
     * @throws IOException if it cannot be opened, is a symbolic link, or no regular file; the message says which
     */
    public static ImageFile open(Path path) throws IOException {
        return of(path.toString(), () -> Descriptor.open(path.toString()));
    }

    @FunctionalInterface
    interface Opening {
        Descriptor open() throws IOException;
    }

    static ImageFile of(String path, Opening opening) throws IOException {
        Descriptor descriptor;
        try {
            descriptor = opening.open();
        } catch (FileSystemLoopException e) {
            throw new FileSystemException(path, null, "a symbolic link; name the file that it leads to");
        }
        try {
            Descriptor.Status status = descriptor.status();
            if (!status.regular()) {
                throw new FileSystemException(path, null, "not a regular file");
            }
            return new ImageFile(descriptor, status);
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    @Override
    public long sizeBytes() {
        return status.sizeBytes();
    }

    /** What the file takes on disk; less than its length where it has holes. */
    public long allocatedBytes() {
        return status.allocatedBytes();
    }

    /** What is open, for readers with buffers of their own. */
    Descriptor descriptor() {
        return descriptor;
    }

    /** Device and inode, which tell two files apart. */
    Identity identity() {
        return new Identity(status.device(), status.inode());
    }

    record Identity(long device, long inode) {}

    @Override
    public void read(long offset, byte[] into, int at, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int count = Math.min(length - done, BUFFER_BYTES);
            descriptor.read(offset + done, buffer, count);
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, at + done, count);
            done += count;
        }
    }

    @Override
    public void close() {
        descriptor.close();
        arena.close();
    }
}
