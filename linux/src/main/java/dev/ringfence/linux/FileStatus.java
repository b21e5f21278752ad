package dev.ringfence.linux;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FileFacts;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code lstat} says of a host's files, with owners named by the host's own /etc/passwd and /etc/group.
 * Thread-safe.
 */
public final class FileStatus {
    private final HostFiles files;
    private final Map<Long, String> users;
    private final Map<Long, String> groups;

    /** Reads the host's account names. */
    public FileStatus(HostFiles files) {
        this.files = files;
        this.users = names(files.text("/etc/passwd"));
        this.groups = names(files.text("/etc/group"));
    }

    /** The file itself; a symbolic link is not followed. */
    public Fact<FileFacts> of(String path) {
        try {
            Optional<StatManifest.Entry> recorded = files.manifest().entry(files.place(files.resolve(path, false)));
            if (recorded.isPresent()) {
                StatManifest.Entry entry = recorded.get();
                return Fact.of(
                        facts(path, entry.mode(), entry.uid(), entry.gid(), entry.acl(), entry.label()),
                        path,
                        "recorded");
            }
            Map<String, Object> attributes = files.attributes(path, false);
            int mode = number(attributes, "mode");
            if (files.manifest().present()) {
                return Fact.notObserved(path, "stat", "the capture did not record its owner and mode");
            }
            long uid = Integer.toUnsignedLong(number(attributes, "uid"));
            long gid = Integer.toUnsignedLong(number(attributes, "gid"));
            return Fact.of(
                    facts(
                            path,
                            mode,
                            uid,
                            gid,
                            ExtendedAttributes.hasAccessList(files, path),
                            ExtendedAttributes.label(files, path)),
                    path,
                    "stat");
        } catch (IOException e) {
            return files.missing(path, "stat", e);
        }
    }

    private static int number(Map<String, Object> attributes, String name) throws IOException {
        if (attributes.get(name) instanceof Integer number) {
            return number;
        }
        throw new IOException("the file system tells no " + name);
    }

    private FileFacts facts(String path, int mode, long uid, long gid, Fact<Boolean> acl, Fact<String> label) {
        return new FileFacts(
                path,
                FileKind.of(mode),
                users.getOrDefault(uid, String.valueOf(uid)),
                groups.getOrDefault(gid, String.valueOf(gid)),
                String.format("%04o", mode & 07777),
                (mode & 04000) != 0,
                (mode & 0020) != 0,
                (mode & 0004) != 0,
                (mode & 0002) != 0,
                acl,
                label);
    }

    private static Map<Long, String> names(Fact<String> database) {
        Map<Long, String> out = new HashMap<>();
        database.orElse("").lines().forEach(line -> {
            String[] fields = line.split(":", 4);
            if (fields.length >= 3) {
                try {
                    out.putIfAbsent(Long.parseLong(fields[2]), fields[0]);
                } catch (NumberFormatException e) {
                    // A line that the C library would skip as well.
                    return;
                }
            }
        });
        return Map.copyOf(out);
    }
}
