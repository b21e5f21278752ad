package dev.ringfence.linux.fix;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a file is beside its bytes. Times are not part of it: a file that was put back has changed again, and whoever
 * watches times must see that.
 *
 * @param uid owner
 * @param gid group
 * @param mode permission bits with set-user-ID, set-group-ID and sticky bit, 0 to 07777
 * @param attributes every extended attribute by full name, values in lower-case hexadecimal: access lists, the SELinux
 *     label, file capabilities and {@code user.*}
 */
public record Metadata(long uid, long gid, int mode, SortedMap<String, String> attributes) {
    public Metadata {
        if ((mode & ~07777) != 0) {
            throw new IllegalArgumentException("not permission bits: " + Integer.toOctalString(mode));
        }
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /** Without extended attributes. */
    public static Metadata of(long uid, long gid, int mode) {
        return new Metadata(uid, gid, mode, new TreeMap<>());
    }

    /** The same with another mode, as chmod(2) makes it: an access list follows. */
    public Metadata withMode(int changed) {
        String list = attributes.get(AccessList.ATTRIBUTE);
        if (list == null) {
            return new Metadata(uid, gid, changed, attributes);
        }
        SortedMap<String, String> followed = new TreeMap<>(attributes);
        followed.put(AccessList.ATTRIBUTE, AccessList.withMode(list, changed));
        return new Metadata(uid, gid, changed, followed);
    }

    /** The same with another owner. */
    public Metadata withOwner(long changedUid, long changedGid) {
        return new Metadata(changedUid, changedGid, mode, attributes);
    }

    @Override
    public String toString() {
        return "%d:%d %04o%s".formatted(uid, gid, mode, attributes.isEmpty() ? "" : " " + attributes);
    }
}
