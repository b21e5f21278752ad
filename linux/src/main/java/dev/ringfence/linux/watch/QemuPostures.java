package dev.ringfence.linux.watch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the QEMU processes of a host are confined: each way once, whichever guest has it. Costs one small read for each
 * process of the host.
 */
final class QemuPostures {
    private static final int MAX_BYTES = 8_192;
    private static final Pattern FIELD =
            Pattern.compile("^(Uid|Gid|CapEff|NoNewPrivs|Seccomp):\\s*(\\S+)", Pattern.MULTILINE);
    /** What tells one guest from another in an SELinux or AppArmor label. */
    private static final Pattern GUEST =
            Pattern.compile("(:c\\d+(,c\\d+)*|-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})");

    private final Path proc;
    private final byte[] buffer = new byte[MAX_BYTES];

    QemuPostures(Path proc) {
        this.proc = proc;
    }

    /** The ways in order, separated by {@code "; "}; empty without a QEMU process. */
    String state() throws IOException {
        Set<String> postures = new TreeSet<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : processes) {
                String name = read(process.resolve("comm"));
                if (name.startsWith("qemu-system") || name.startsWith("qemu-kvm")) {
                    String posture = posture(process);
                    if (!posture.isEmpty()) {
                        postures.add(posture);
                    }
                }
            }
        } catch (DirectoryIteratorException e) {
            throw new IOException(proc + ": cannot be listed", e);
        }
        return String.join("; ", postures);
    }

    /** Empty for a process that has ended. */
    private String posture(Path process) {
        StringBuilder out = new StringBuilder();
        Matcher fields = FIELD.matcher(read(process.resolve("status")));
        while (fields.find()) {
            out.append(out.isEmpty() ? "" : " ")
                    .append(fields.group(1))
                    .append('=')
                    .append(fields.group(2));
        }
        if (!out.isEmpty()) {
            String label =
                    read(process.resolve("attr/current")).replace('\0', ' ').strip();
            out.append(" label=")
                    .append(label.isEmpty() ? "none" : GUEST.matcher(label).replaceAll(""));
        }
        return out.toString();
    }

    /** A file of a process; empty when the process has ended or may not be looked at. */
    private String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            int length = in.readNBytes(buffer, 0, buffer.length);
            return new String(buffer, 0, length, StandardCharsets.UTF_8);
        } catch (IOException gone) {
            return "";
        }
    }
}
