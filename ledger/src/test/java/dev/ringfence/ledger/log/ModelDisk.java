package dev.ringfence.ledger.log;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A disk behind a page cache. What was written is seen at once, but a power cut keeps of a file only what was synced, or any
 * mixture of that with what was not, and of a directory's names any choice between the synced ones and the present ones.
 * Every step can be made to fail. Several storages may share one disk. Not thread-safe.
 */
final class ModelDisk {
    /** What goes wrong at the chosen step. */
    enum Fault {
        /** Nothing reaches the disk any more, from before the step on. */
        POWER_CUT,
        /** The step fails; what it writes is half there. All later steps fail too, as on a full disk. */
        NO_SPACE,
        /** The step fails once; a failed sync has dropped the data although it can still be read. */
        IO_ERROR,
        /** This and every later change fails. */
        READ_ONLY
    }

    /** What is left of what was not synced. */
    enum Loss {
        NOTHING,
        EVERYTHING,
        AT_RANDOM
    }

    private sealed interface Node {}

    private static final class FileNode implements Node {
        private byte[] seen = {};
        private byte[] synced = {};
    }

    private static final class DirectoryNode implements Node {
        private final Map<String, Node> seen = new TreeMap<>();
        private final Map<String, Node> synced = new TreeMap<>();
    }

    private static final int PAGE_BYTES = 64;

    private final DirectoryNode root;
    private int steps;
    private int faultyStep = Integer.MAX_VALUE;
    private Fault fault = Fault.POWER_CUT;

    ModelDisk() {
        this(new DirectoryNode());
    }

    private ModelDisk(DirectoryNode root) {
        this.root = root;
    }

    /** Number of steps done that could fail. */
    int steps() {
        return steps;
    }

    /** Makes one of the coming steps fail, counted from 1. */
    void failAt(int step, Fault what) {
        steps = 0;
        faultyStep = step;
        fault = what;
    }

    /** A storage below a directory of the root, which is made durably. */
    LogStorage storage(String directory) {
        root.seen.computeIfAbsent(directory, _ -> new DirectoryNode());
        root.synced.put(directory, root.seen.get(directory));
        return new View(directory);
    }

    /** An independent disk with the same content, cache included. */
    ModelDisk copy() {
        return new ModelDisk(copy(root, new HashMap<>()));
    }

    private static DirectoryNode copy(DirectoryNode from, Map<Node, Node> done) {
        DirectoryNode to = new DirectoryNode();
        done.put(from, to);
        from.seen.forEach((name, node) -> to.seen.put(name, copyNode(node, done)));
        from.synced.forEach((name, node) -> to.synced.put(name, copyNode(node, done)));
        return to;
    }

    private static Node copyNode(Node node, Map<Node, Node> done) {
        Node known = done.get(node);
        if (known != null) {
            return known;
        }
        return switch (node) {
            case DirectoryNode directory -> copy(directory, done);
            case FileNode file -> {
                FileNode to = new FileNode();
                to.seen = file.seen;
                to.synced = file.synced;
                done.put(file, to);
                yield to;
            }
        };
    }

    /** The disk as it is found after the machine stopped and was started again. */
    ModelDisk restarted(Loss loss, RandomGenerator random) {
        return new ModelDisk(restarted(root, loss, random));
    }

    private static DirectoryNode restarted(DirectoryNode from, Loss loss, RandomGenerator random) {
        DirectoryNode to = new DirectoryNode();
        TreeSet<String> names = new TreeSet<>(from.seen.keySet());
        names.addAll(from.synced.keySet());
        for (String name : names) {
            boolean seen = switch (loss) {
                case NOTHING -> true;
                case EVERYTHING -> false;
                case AT_RANDOM -> random.nextBoolean();
            };
            Node node = (seen ? from.seen : from.synced).get(name);
            if (node != null) {
                Node left = switch (node) {
                    case DirectoryNode directory -> restarted(directory, loss, random);
                    case FileNode file -> left(file, loss, random);
                };
                to.seen.put(name, left);
                to.synced.put(name, left);
            }
        }
        return to;
    }

    private static FileNode left(FileNode file, Loss loss, RandomGenerator random) {
        FileNode left = new FileNode();
        left.seen = Arrays.equals(file.seen, file.synced)
                ? file.synced
                : switch (loss) {
                    case NOTHING -> file.seen;
                    case EVERYTHING -> file.synced;
                    case AT_RANDOM -> torn(file, random);
                };
        left.synced = left.seen;
        return left;
    }

    private static byte[] torn(FileNode file, RandomGenerator random) {
        return switch (random.nextInt(5)) {
            case 0 -> file.synced;
            case 1 -> file.seen;
            case 2 -> Arrays.copyOf(file.seen, random.nextInt(file.seen.length + 1));
            case 3 -> new byte[file.seen.length];
            default -> {
                byte[] mixed = Arrays.copyOf(file.synced, file.seen.length);
                for (int at = 0; at < mixed.length; at += PAGE_BYTES) {
                    if (random.nextBoolean()) {
                        System.arraycopy(file.seen, at, mixed, at, Math.min(PAGE_BYTES, mixed.length - at));
                    }
                }
                yield mixed;
            }
        };
    }

    private boolean isHit() throws IOException {
        steps++;
        if (steps < faultyStep) {
            return false;
        }
        if (steps == faultyStep && fault != Fault.POWER_CUT) {
            return true;
        }
        switch (fault) {
            case POWER_CUT -> throw new IOException("the machine is off");
            case NO_SPACE -> throw new IOException("No space left on device");
            case READ_ONLY -> throw new IOException("Read-only file system");
            case IO_ERROR -> {
                return false;
            }
        }
        return false;
    }

    private IOException failure() {
        return new IOException(
                switch (fault) {
                    case POWER_CUT -> "the machine is off";
                    case NO_SPACE -> "No space left on device";
                    case IO_ERROR -> "Input/output error";
                    case READ_ONLY -> "Read-only file system";
                });
    }

    /** The disk below one directory. */
    private final class View implements LogStorage {
        private final String base;

        View(String base) {
            this.base = base;
        }

        @Override
        public void makeDirectory(String path) throws StorageException {
            change("make directory", path, () -> {
                DirectoryNode parent = directory(parent(path));
                Node there = parent.seen.putIfAbsent(name(path), new DirectoryNode());
                if (there instanceof FileNode) {
                    throw new IOException("is a file");
                }
            });
        }

        @Override
        public void write(String path, List<byte[]> parts) throws StorageException {
            FileNode[] file = new FileNode[1];
            change("open", path, () -> {
                Node node = directory(parent(path)).seen.computeIfAbsent(name(path), _ -> new FileNode());
                if (!(node instanceof FileNode there)) {
                    throw new IOException("is a directory");
                }
                there.seen = new byte[0];
                file[0] = there;
            });
            byte[] content = joined(parts);
            step("write", path, hit -> {
                file[0].seen = hit ? Arrays.copyOf(content, content.length / 2) : content;
                if (hit) {
                    throw failure();
                }
            });
        }

        @Override
        public void sync(String path) throws StorageException {
            step("sync", path, hit -> {
                if (hit) {
                    throw failure();
                }
                if (!(find(path) instanceof FileNode file)) {
                    throw new IOException("is missing");
                }
                file.synced = file.seen;
            });
        }

        @Override
        public void rename(String from, String to) throws StorageException {
            change("rename to", to, () -> {
                DirectoryNode parent = directory(parent(to));
                Node node = parent.seen.remove(name(from));
                if (node == null) {
                    throw new IOException("is missing");
                }
                parent.seen.put(name(to), node);
            });
        }

        @Override
        public void syncDirectory(String path) throws StorageException {
            change("sync directory", path, () -> {
                DirectoryNode directory = directory(path);
                directory.synced.clear();
                directory.synced.putAll(directory.seen);
            });
        }

        @Override
        public boolean delete(String path) throws StorageException {
            boolean there = find(path) != null;
            change("remove", path, () -> {
                if (find(parent(path)) instanceof DirectoryNode parent) {
                    if (parent.seen.get(name(path)) instanceof DirectoryNode directory && !directory.seen.isEmpty()) {
                        throw new IOException("is not empty");
                    }
                    parent.seen.remove(name(path));
                }
            });
            return there;
        }

        @Override
        public Optional<byte[]> read(String path, int limitBytes) throws StorageException {
            if (steps >= faultyStep && fault == Fault.POWER_CUT) {
                throw new StorageException("read", place(path), failure());
            }
            if (!(find(path) instanceof FileNode file)) {
                return Optional.empty();
            }
            if (file.seen.length > limitBytes) {
                throw new StorageException("read", place(path), new IOException("too long"));
            }
            return Optional.of(file.seen.clone());
        }

        @Override
        public List<String> list(String path) {
            return find(path) instanceof DirectoryNode directory ? List.copyOf(directory.seen.keySet()) : List.of();
        }

        @Override
        public String place(String path) {
            return path.isEmpty() ? base : base + "/" + path;
        }

        private interface Change {
            void run() throws IOException;
        }

        private interface Step {
            void run(boolean hit) throws IOException;
        }

        private void change(String step, String path, Change change) throws StorageException {
            step(step, path, hit -> {
                if (hit) {
                    throw failure();
                }
                change.run();
            });
        }

        private void step(String step, String path, Step action) throws StorageException {
            try {
                action.run(isHit());
            } catch (IOException e) {
                throw new StorageException(step, place(path), e);
            }
        }

        private DirectoryNode directory(String path) throws IOException {
            if (find(path) instanceof DirectoryNode directory) {
                return directory;
            }
            throw new IOException("no such directory");
        }

        private @Nullable Node find(String path) {
            Node at = root.seen.get(base);
            for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
                at = at instanceof DirectoryNode directory ? directory.seen.get(name) : null;
            }
            return at;
        }

        private static String parent(String path) {
            int slash = path.lastIndexOf('/');
            return slash < 0 ? "" : path.substring(0, slash);
        }

        private static String name(String path) {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        private static byte[] joined(List<byte[]> parts) {
            int length = parts.stream().mapToInt(part -> part.length).sum();
            byte[] out = new byte[length];
            int at = 0;
            for (byte[] part : parts) {
                System.arraycopy(part, 0, out, at, part.length);
                at += part.length;
            }
            return out;
        }
    }
}
