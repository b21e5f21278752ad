package dev.ringfence.core.watch;

import java.util.Comparator;

/**
 * Something on a host that a control looks at and that is watched.
 *
 * @param path absolute; {@link #QEMU} for the processes
 */
public record Thing(Kind kind, String path) implements Comparable<Thing> {
    /** All QEMU processes together: how they are confined, not which they are. */
    public static final Thing QEMU = new Thing(Kind.PROCESSES, "/proc");

    private static final Comparator<Thing> ORDER =
            Comparator.comparing(Thing::path).thenComparing(Thing::kind);

    public Thing {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("not an absolute path: " + path);
        }
    }

    /** How a thing is watched, and what of it counts. */
    public enum Kind {
        /** A file, or the files of a directory: content, owner, mode, attributes. Seen at once. */
        CONTENT,
        /** Owner, mode and attributes of a file or directory, and whether it is there. Seen at once. */
        STATUS,
        /** A value of the kernel, or every value of a directory of them. Polled. */
        VALUE,
        /** How processes are confined. Polled. */
        PROCESSES
    }

    /** Whether the kernel tells of changes. */
    public boolean isFile() {
        return kind == Kind.CONTENT || kind == Kind.STATUS;
    }

    @Override
    public int compareTo(Thing other) {
        return ORDER.compare(this, other);
    }
}
