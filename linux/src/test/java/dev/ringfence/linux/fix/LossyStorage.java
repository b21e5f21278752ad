package dev.ringfence.linux.fix;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that can lose its power: what was not synced is then there, or not, or in part, as a seed says.
 * Changes of a directory since its last sync survive each by itself; a rename survives whole or not at all. What was written
 * to a file since its last sync may be cut anywhere, or be NUL bytes.
 */
final class LossyStorage implements Storage {
    private Node root = new Node(Kind.DIRECTORY, 0755);
    private long operationsUntilLoss = Long.MAX_VALUE;
    private long operations;

    /** The machine has no power. */
    static final class PowerLoss extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Names that one operation gives or takes; they survive together. */
    private record Change(Map<String, Optional<Node>> names) {}

    private static final class Node {
        final Kind kind;
        byte[] content = new byte[0];
        byte[] lasting = new byte[0];
        Metadata metadata;

        @Nullable
        Metadata lastingMetadata;

        final Map<String, Node> names = new TreeMap<>();
        final Map<String, Node> lastingNames = new TreeMap<>();
        final List<Change> pending = new ArrayList<>();

        Node(Kind kind, int mode) {
            this.kind = kind;
            this.metadata = Metadata.of(0, 0, mode);
        }

        void change(Map<String, Optional<Node>> change) {
            put(names, change);
            pending.add(new Change(change));
        }

        static void put(Map<String, Node> names, Map<String, Optional<Node>> change) {
            change.forEach((name, node) -> node.ifPresentOrElse(n -> names.put(name, n), () -> names.remove(name)));
        }

        Node afterLoss(SplittableRandom random) {
            Node node = new Node(kind, 0);
            boolean fresh = lastingMetadata == null;
            node.metadata = fresh || random.nextBoolean() ? metadata : Objects.requireNonNull(lastingMetadata);
            node.content = torn(random);
            Map<String, Node> survivors = new TreeMap<>(lastingNames);
            for (Change change : pending) {
                if (random.nextBoolean()) {
                    put(survivors, change.names());
                }
            }
            survivors.forEach((name, child) -> node.names.put(name, child.afterLoss(random)));
            node.lasting = node.content;
            node.lastingMetadata = node.metadata;
            node.lastingNames.putAll(node.names);
            return node;
        }

        private byte[] torn(SplittableRandom random) {
            if (Arrays.equals(content, lasting)) {
                return content;
            }
            int same = Math.max(0, Arrays.mismatch(content, lasting));
            return switch (random.nextInt(4)) {
                case 0 -> lasting;
                case 1 -> content;
                case 2 -> Arrays.copyOf(content, random.nextInt(same, Math.max(content.length, same) + 1));
                default -> {
                    byte[] holed = content.clone();
                    if (holed.length > same) {
                        int from = random.nextInt(same, holed.length);
                        Arrays.fill(holed, from, random.nextInt(from, holed.length) + 1, (byte) 0);
                    }
                    yield holed;
                }
            };
        }
    }

    /** From now on so many operations work; the next one and all others throw {@link PowerLoss}. */
    void losePowerAfter(long count) {
        operationsUntilLoss = operations + count;
    }

    /** How many operations that change or sync something were made. */
    long operations() {
        return operations;
    }

    /** What is there when the power is back. */
    LossyStorage afterLoss(long seed) {
        LossyStorage next = new LossyStorage();
        next.root = root.afterLoss(new SplittableRandom(seed));
        return next;
    }

    private void power() throws IOException {
        if (operations >= operationsUntilLoss) {
            throw new PowerLoss();
        }
        operations++;
    }

    private Optional<Node> find(Path path) {
        Node at = root;
        for (Path name : path) {
            Node next = at.names.get(name.toString());
            if (next == null) {
                return Optional.empty();
            }
            at = next;
        }
        return Optional.of(at);
    }

    private Node node(Path path) throws IOException {
        return find(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
    }

    private Node parent(Path path) throws IOException {
        Node parent = node(Objects.requireNonNull(path.getParent()));
        if (parent.kind != Kind.DIRECTORY) {
            throw new NotDirectoryException(path.toString());
        }
        return parent;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public Optional<Kind> kind(Path path) throws IOException {
        if (operations >= operationsUntilLoss) {
            throw new PowerLoss();
        }
        return find(path).map(n -> n.kind);
    }

    @Override
    public byte[] read(Path path, int limitBytes) throws IOException {
        Node node = node(path);
        if (node.kind != Kind.FILE || node.content.length > limitBytes) {
            throw new FileSystemException(path.toString(), null, "not a regular file of that size");
        }
        return node.content.clone();
    }

    @Override
    public Metadata metadata(Path path) throws IOException {
        return node(path).metadata;
    }

    @Override
    public void setMetadata(Path path, Metadata metadata) throws IOException {
        power();
        node(path).metadata = metadata;
    }

    @Override
    public void create(Path path, byte[] content) throws IOException {
        power();
        put(path, new Node(Kind.FILE, 0600));
        node(path).content = content.clone();
    }

    private void put(Path path, Node node) throws IOException {
        if (find(path).isPresent()) {
            throw new FileAlreadyExistsException(path.toString());
        }
        parent(path).change(Map.of(name(path), Optional.of(node)));
    }

    @Override
    public void append(Path path, byte[] content) throws IOException {
        power();
        Node node = node(path);
        byte[] longer = Arrays.copyOf(node.content, node.content.length + content.length);
        System.arraycopy(content, 0, longer, node.content.length, content.length);
        node.content = longer;
    }

    @Override
    public void truncate(Path path, long lengthBytes) throws IOException {
        power();
        Node node = node(path);
        node.content = Arrays.copyOf(node.content, (int) Math.min(lengthBytes, node.content.length));
    }

    @Override
    public void createDirectory(Path path) throws IOException {
        power();
        put(path, new Node(Kind.DIRECTORY, 0700));
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        power();
        Node node = node(from);
        if (!Objects.equals(from.getParent(), to.getParent())) {
            throw new FileSystemException(from.toString(), to.toString(), "not in the same directory");
        }
        Map<String, Optional<Node>> change = new LinkedHashMap<>();
        change.put(name(from), Optional.empty());
        change.put(name(to), Optional.of(node));
        parent(from).change(change);
    }

    @Override
    public void delete(Path path) throws IOException {
        power();
        if (!node(path).names.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        parent(path).change(Map.of(name(path), Optional.empty()));
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        Node node = node(directory);
        if (node.kind != Kind.DIRECTORY) {
            throw new NotDirectoryException(directory.toString());
        }
        return List.copyOf(node.names.keySet());
    }

    @Override
    public void sync(Path file) throws IOException {
        power();
        Node node = node(file);
        node.lasting = node.content;
        node.lastingMetadata = node.metadata;
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        power();
        Node node = node(directory);
        node.lastingMetadata = node.metadata;
        node.lastingNames.clear();
        node.lastingNames.putAll(node.names);
        node.pending.clear();
    }
}
