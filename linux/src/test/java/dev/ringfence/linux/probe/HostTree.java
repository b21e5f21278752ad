package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A tree of real files that stands for a host. Starts with one file in each of /proc, /sys and /dev, because a tree without
 * them says nothing of the kernel. What cannot be read is made of things that root cannot read either.
 */
final class HostTree {
    private final Path root;

    HostTree(Path root) {
        this.root = root;
        file("/proc/version", "Linux\n");
        file("/sys/notes", "\n");
        file("/dev/null", "");
    }

    HostFiles files() {
        try {
            return HostFiles.tree(root);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    HostTree file(String path, String text) {
        return bytes(path, text.getBytes(StandardCharsets.UTF_8));
    }

    HostTree bytes(String path, byte[] bytes) {
        try {
            Files.createDirectories(at(path).getParent());
            Files.write(at(path), bytes);
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    HostTree link(String path, String target) {
        try {
            Files.createDirectories(at(path).getParent());
            Files.createSymbolicLink(at(path), Path.of(target));
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    HostTree directory(String path) {
        try {
            Files.createDirectories(at(path));
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    HostTree delete(String path) {
        try {
            Files.delete(at(path));
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Nobody ever writes to it: whoever opened it would wait for good. */
    HostTree fifo(String path) {
        try {
            Files.createDirectories(at(path).getParent());
            Process made = new ProcessBuilder("mkfifo", at(path).toString()).start();
            if (!made.waitFor(10, TimeUnit.SECONDS) || made.exitValue() != 0) {
                throw new AssertionError("mkfifo " + path);
            }
            return this;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A link to itself. */
    HostTree loop(String path) {
        return link(path, Readings.baseName(path));
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /** The value of a fact that must have been observed. */
    static <T> T value(Fact<T> fact) {
        if (fact instanceof Fact.Observed<T>(T value, var source)) {
            return value;
        }
        throw new AssertionError("not observed: " + fact);
    }

    /** Why a fact was not observed, which it must not have been. */
    static String reason(Fact<?> fact) {
        if (fact instanceof Fact.NotObserved<?>(var source, String reason)) {
            return reason;
        }
        throw new AssertionError("observed or absent: " + fact);
    }

    static boolean isAbsent(Fact<?> fact) {
        return fact instanceof Fact.Absent<?>;
    }
}
