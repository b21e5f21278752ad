package dev.ringfence.formats.openpgp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** GnuPG with a home directory of its own. */
final class GnuPg implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/gpg");
    private static final int LIMIT_SECONDS = 120;

    private final Path home;
    private final Path work;

    GnuPg(Path directory) throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(PROGRAM), "gpg(1) is not installed: package gnupg");
        // Its agent's socket must have a short name.
        home = Files.createTempDirectory("rfgpg");
        work = directory;
    }

    /** Makes a key and returns its fingerprint. */
    String key(String name, String algorithm, String usage, String expire, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(
                List.of("--quick-generate-key", name + " <" + name + "@example.org>", algorithm, usage, expire));
        run(arguments);
        return fingerprint(name);
    }

    /** Imports the revocation that GnuPG keeps ready beside each key; a colon guards it against accidents. */
    void revoke(String fingerprint) throws IOException {
        Path kept = home.resolve("openpgp-revocs.d").resolve(fingerprint + ".rev");
        Path ready = work.resolve("revocation");
        Files.writeString(ready, Files.readString(kept).replace(":-----BEGIN", "-----BEGIN"));
        run(List.of("--import", ready.toString()));
    }

    String fingerprint(String name) throws IOException {
        return run(List.of("--with-colons", "--list-keys", name + "@example.org"))
                .lines()
                .filter(l -> l.startsWith("fpr:"))
                .findFirst()
                .orElseThrow()
                .split(":")[9];
    }

    byte[] export(String name, String... options) throws IOException {
        Path out = work.resolve("exported");
        Files.deleteIfExists(out);
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--output", out.toString(), "--export", name + "@example.org"));
        run(arguments);
        return Files.readAllBytes(out);
    }

    byte[] sign(byte[] content, String name, String... options) throws IOException {
        Path in = Files.write(work.resolve("content"), content);
        Path out = work.resolve("content.sig");
        Files.deleteIfExists(out);
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of(
                "--local-user", name + "@example.org", "--output", out.toString(), "--detach-sign", in.toString()));
        run(arguments);
        return Files.readAllBytes(out);
    }

    String run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(PROGRAM.toString(), "--homedir", home.toString(), "--batch", "--yes", "--quiet", "--no-tty"));
        command.addAll(List.of("--pinentry-mode", "loopback", "--passphrase", "", "--trust-model", "always"));
        command.addAll(arguments);
        return ended(command);
    }

    private String ended(List<String> command) throws IOException {
        Path output = Files.createTempFile(work, "gpg", ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as("%s ended", command)
                    .isTrue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
        String text = Files.readString(output);
        assertThat(process.exitValue()).as("%s%n%s", command, text).isZero();
        return text;
    }

    @Override
    public void close() throws IOException {
        ended(List.of("/usr/bin/gpgconf", "--homedir", home.toString(), "--kill", "all"));
        try (var files = Files.walk(home)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
