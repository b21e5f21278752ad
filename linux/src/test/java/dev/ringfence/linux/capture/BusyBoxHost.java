package dev.ringfence.linux.capture;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A made-up host: a directory with BusyBox as its only program, into which the collector is locked with chroot(8). It has no
 * processes and no /sys, but any file that a test wants.
 */
final class BusyBoxHost {
    private final Path root;

    BusyBoxHost(Path root) throws IOException {
        this.root = root;
        for (String directory : List.of("bin", "dev", "etc", "tmp", "proc", "sys")) {
            Files.createDirectories(root.resolve(directory));
        }
        Path busybox = List.of(Path.of("/bin/busybox"), Path.of("/usr/bin/busybox")).stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("no busybox"));
        Files.copy(busybox, root.resolve("bin/busybox"));
        // ldd fails where BusyBox is linked statically, and then there is nothing to copy.
        for (String word : output(List.of("ldd", busybox.toString())).split("\\s+")) {
            if (word.startsWith("/")) {
                Path copy = root.resolve(word.substring(1));
                Files.createDirectories(copy.getParent());
                Files.copy(Path.of(word), copy);
            }
        }
        for (String applet : output(List.of(busybox.toString(), "--list")).split("\n")) {
            Path link = root.resolve("bin").resolve(applet);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of("busybox"));
            }
        }
        Files.createFile(root.resolve("dev/null"));
    }

    /** Whether such a host can be made here. */
    static boolean isPossible() {
        return Collector.has("busybox")
                && Collector.has("ldd")
                && Collector.has("unshare")
                && Collector.run("", Path.of("/tmp"), namespace("true")).status() == 0;
    }

    Path root() {
        return root;
    }

    BusyBoxHost file(String path, String content) throws IOException {
        return file(path, content.getBytes(StandardCharsets.UTF_8));
    }

    BusyBoxHost file(String path, byte[] content) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        return this;
    }

    BusyBoxHost link(String path, String target) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, Path.of(target));
        return this;
    }

    /** Runs the collector there. */
    Capture collect(Path temporary) throws Capture.Failure, IOException {
        String inside = "mount --bind /dev/null '" + root + "/dev/null' && exec chroot '" + root + "' /bin/sh -s";
        return Collector.run(Collector.script(), temporary, namespace(inside)).unpacked();
    }

    /** Mounts need a mount namespace, and without root a user namespace. */
    private static List<String> namespace(String command) {
        List<String> line = new ArrayList<>(List.of("unshare", "--mount"));
        if (!System.getProperty("user.name", "").equals("root")) {
            line.add("--map-root-user");
        }
        line.addAll(List.of("sh", "-c", command));
        return line;
    }

    private static String output(List<String> command) {
        Collector.Run run = Collector.run("", Path.of("/tmp"), command);
        return new String(run.out().readAllBytes(), StandardCharsets.UTF_8);
    }
}
