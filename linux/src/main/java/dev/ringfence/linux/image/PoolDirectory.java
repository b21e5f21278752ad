package dev.ringfence.linux.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one directory in which a chain of images may lie. Every name below it is opened by itself, from the descriptor of the
 * directory above, and none may be a symbolic link: so no name leads out, whoever renames what meanwhile. For one thread.
 */
public final class PoolDirectory implements AutoCloseable {
    private final Path path;
    private final Descriptor descriptor;

    private PoolDirectory(Path path, Descriptor descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /**
     * Opens the directory. Links on the way to it are followed, for they are the operator's.
     *
     * @throws IOException if it is not there or no directory
     */
    public static PoolDirectory open(Path directory) throws IOException {
        Path real = directory.toRealPath();
        return new PoolDirectory(real, Descriptor.openDirectory(real.toString()));
    }

    /** Where the directory is, links resolved. */
    public Path path() {
        return path;
    }

    /**
     * The place of a file in this directory, names joined by slashes, if it lies there by its name.
     *
     * @param name absolute, or relative to {@code from}
     * @param from place of the directory that holds the file which says so; empty for this directory itself
     */
    Optional<String> place(String name, String from) {
        List<String> names = new ArrayList<>();
        if (name.startsWith("/")) {
            // Not Path.normalize: what ".." means is the kernel's to say, so such names are not in the pool.
            String prefix = path.toString().equals("/") ? "/" : path + "/";
            String plain = name.replaceAll("/(\\.?/)+", "/");
            if (!plain.startsWith(prefix)) {
                return Optional.empty();
            }
            names.addAll(List.of(plain.substring(prefix.length()).split("/")));
        } else {
            names.addAll(List.of(from.split("/")));
            names.addAll(List.of(name.split("/")));
        }
        names.removeIf(n -> n.isEmpty() || n.equals("."));
        return names.isEmpty() || names.contains("..") ? Optional.empty() : Optional.of(String.join("/", names));
    }

    /**
     * Opens an image.
     *
     * @param place names joined by slashes, from {@link #place}
     */
    ImageFile open(String place) throws IOException {
        String[] names = place.split("/");
        List<Descriptor> opened = new ArrayList<>();
        try {
            Descriptor at = descriptor;
            for (int i = 0; i < names.length - 1; i++) {
                at = at.directoryIn(names[i]);
                opened.add(at);
            }
            Descriptor directory = at;
            return ImageFile.of(path + "/" + place, () -> directory.fileIn(names[names.length - 1]));
        } finally {
            opened.forEach(Descriptor::close);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
