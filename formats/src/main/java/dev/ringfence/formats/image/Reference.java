package dev.ringfence.formats.image;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Another file, or anything else, that an image would make its reader open.
 *
 * @param name as it is written in the image: hostile text
 * @param format as it is written in the image; null where the image does not say
 */
public record Reference(String name, @Nullable String format) {
    /** The longest name that is kept; longer ones are cut, and refused. */
    public static final int NAME_LIMIT_CHARS = 4096;

    /** As QEMU sees it: a scheme ends at the first colon before any slash. */
    private static final Pattern SCHEME = Pattern.compile("[^/]*?:.*", Pattern.DOTALL);

    private static final Set<String> KERNEL_TREES = Set.of("dev", "proc", "sys");

    public Reference {
        name = name.length() > NAME_LIMIT_CHARS ? name.substring(0, NAME_LIMIT_CHARS) : name;
        format = format == null || format.length() <= 64 ? format : format.substring(0, 64);
    }

    /** What a reference points to, by its name alone. */
    public enum Kind {
        /** A path relative to the image, without {@code ..}. */
        RELATIVE,
        /** A relative path that climbs. */
        CLIMBING,
        /** An absolute path. */
        ABSOLUTE,
        /** A path below /dev, /proc or /sys. */
        DEVICE,
        /** {@code json:}. */
        JSON,
        /** Anything else with a scheme. */
        PROTOCOL,
        /** Empty, too long, or with control characters. */
        BROKEN
    }

    /** What the name points to. */
    public Kind kind() {
        if (name.isEmpty() || name.length() >= NAME_LIMIT_CHARS || name.chars().anyMatch(Character::isISOControl)) {
            return Kind.BROKEN;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.startsWith("json:")) {
            return Kind.JSON;
        }
        // The drive letter of a Windows path looks like a scheme, and is nothing to open here either.
        if (SCHEME.matcher(name).matches()) {
            return lower.startsWith("file:") && !lower.startsWith("file://")
                    ? path(name.substring("file:".length()))
                    : Kind.PROTOCOL;
        }
        return path(name);
    }

    private static Kind path(String path) {
        if (!path.startsWith("/")) {
            return ("/" + path + "/").contains("/../") ? Kind.CLIMBING : Kind.RELATIVE;
        }
        Deque<String> names = new ArrayDeque<>();
        for (String name : path.split("/")) {
            if (name.equals("..")) {
                names.pollLast();
            } else if (!name.isEmpty() && !name.equals(".")) {
                names.addLast(name);
            }
        }
        return KERNEL_TREES.contains(String.valueOf(names.peekFirst())) ? Kind.DEVICE : Kind.ABSOLUTE;
    }
}
