package dev.ringfence.linux.fix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Account names of a host, by its own /etc/passwd and /etc/group. Immutable. */
final class Accounts {
    private static final int LIMIT_BYTES = 8 << 20;

    private final Map<String, Long> users;
    private final Map<String, Long> groups;

    private Accounts(Map<String, Long> users, Map<String, Long> groups) {
        this.users = Map.copyOf(users);
        this.groups = Map.copyOf(groups);
    }

    static Accounts of(Storage storage, Path root) throws IOException {
        return new Accounts(names(storage, root.resolve("etc/passwd")), names(storage, root.resolve("etc/group")));
    }

    private static Map<String, Long> names(Storage storage, Path file) throws IOException {
        Map<String, Long> out = new HashMap<>();
        if (storage.kind(file).isEmpty()) {
            return out;
        }
        for (String line : new String(storage.read(file, LIMIT_BYTES), StandardCharsets.UTF_8).split("\n")) {
            String[] fields = line.split(":", 4);
            if (fields.length >= 3) {
                id(fields[2]).ifPresent(id -> out.putIfAbsent(fields[0], id));
            }
        }
        return out;
    }

    private static OptionalLong id(String text) {
        try {
            long id = Long.parseLong(text);
            return id >= 0 && id < 0xFFFFFFFFL ? OptionalLong.of(id) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The user id of a name, or of a number; empty when the host has no such account. */
    OptionalLong user(String name) {
        Long id = users.get(name);
        return id == null ? id(name) : OptionalLong.of(id);
    }

    /** The group id, likewise. */
    OptionalLong group(String name) {
        Long id = groups.get(name);
        return id == null ? id(name) : OptionalLong.of(id);
    }
}
