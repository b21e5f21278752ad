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

    /** The definitions of libvirt's guests. */
    public static final Thing GUESTS = new Thing(Kind.DEFINITIONS, "/etc/libvirt/qemu");

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
        /** The definitions of guests, which come and go: controls look again, but a change by itself is no drift. */
        DEFINITIONS,
        /** A value of the kernel, or every value of a directory of them. Polled. */
        VALUE,
        /** How processes are confined. Polled. */
        PROCESSES
    }

    /** Whether what is written in it counts. */
    public boolean hasContent() {
        return kind == Kind.CONTENT || kind == Kind.DEFINITIONS;
    }

    /** Whether the kernel tells of changes. */
    public boolean isFile() {
        return kind == Kind.CONTENT || kind == Kind.STATUS || kind == Kind.DEFINITIONS;
    }

    @Override
    public int compareTo(Thing other) {
        return ORDER.compare(this, other);
    }
}
