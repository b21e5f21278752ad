package dev.ringfence.linux.capture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real sshd on 127.0.0.1 with keys and configuration of its own; the host's are not touched. Keys named in {@link #key} log
 * in as the user that runs the test.
 */
final class ThrowawaySshServer implements AutoCloseable {
    private static final Path SSHD = Path.of("/usr/sbin/sshd");
    private static final Path PRIVILEGE_SEPARATION = Path.of("/run/sshd");
    private static final int LIMIT_SECONDS = 30;

    private final Path directory;
    private final Process sshd;
    private final int port;
    private final boolean madeDirectory;

    static boolean isPossible() {
        return Files.isExecutable(SSHD) && Collector.has("ssh") && Collector.has("ssh-keygen");
    }

    ThrowawaySshServer(Path directory) throws IOException {
        this.directory = directory;
        // sshd insists on it when root starts it; the distribution's service makes it at every start.
        madeDirectory = isRoot() && !Files.exists(PRIVILEGE_SEPARATION);
        if (madeDirectory) {
            Files.createDirectory(
                    PRIVILEGE_SEPARATION,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        generate(directory.resolve("host_key"));
        Files.createFile(directory.resolve("authorized_keys"));
        Path configuration = Files.writeString(directory.resolve("sshd_config"), """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                PidFile none
                AuthorizedKeysFile %s
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin prohibit-password
                """.formatted(
                        port, directory.resolve("host_key"), directory.resolve("authorized_keys")));
        sshd = new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", configuration.toString())
                .redirectErrorStream(true)
                .start();
        awaitListening();
        trustHost(publicKey(directory.resolve("host_key")));
    }

    int port() {
        return port;
    }

    /** Lets a new key in. Without a command it may run anything, else that command alone. */
    List<String> key(String name, @Nullable String command) throws IOException {
        generate(directory.resolve(name));
        String options = command == null ? "" : "command=\"" + command.replace("\"", "\\\"") + "\" ";
        Files.writeString(
                directory.resolve("authorized_keys"),
                Files.readString(directory.resolve("authorized_keys")) + options + publicKey(directory.resolve(name)));
        return unauthorizedOptions(name);
    }

    /** Options for ssh that name a key and this server under the alias {@code web-7}, and nothing of the user's own. */
    private List<String> unauthorizedOptions(String name) throws IOException {
        Path configuration = Files.writeString(directory.resolve(name + ".config"), """
                Host web-7
                  HostName 127.0.0.1
                  Port %d
                  IdentityFile %s
                  IdentitiesOnly yes
                  UserKnownHostsFile %s
                  GlobalKnownHostsFile /dev/null
                  StrictHostKeyChecking no
                  LogLevel INFO
                """.formatted(
                        port, directory.resolve(name), directory.resolve("known_hosts")));
        return List.of("-F", configuration.toString());
    }

    /** A key that the server does not know. */
    List<String> strangersKey() throws IOException {
        generate(directory.resolve("stranger"));
        return unauthorizedOptions("stranger");
    }

    /** What the client believes the server's key to be; empty for nothing. */
    void trustHost(String publicKey) throws IOException {
        Files.writeString(
                directory.resolve("known_hosts"), publicKey.isEmpty() ? "" : "[127.0.0.1]:" + port + " " + publicKey);
    }

    String anotherHostKey() throws IOException {
        generate(directory.resolve("another_host_key"));
        return publicKey(directory.resolve("another_host_key"));
    }

    @Override
    public void close() throws IOException {
        sshd.destroy();
        try {
            if (!sshd.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                sshd.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (madeDirectory) {
            Files.deleteIfExists(PRIVILEGE_SEPARATION);
        }
    }

    private void awaitListening() throws IOException {
        // It says so, or ends with a message; then the stream ends as well.
        StringBuilder said = new StringBuilder();
        BufferedReader lines = sshd.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            if (line.contains("Server listening")) {
                Thread.ofVirtual().start(() -> discard(lines));
                return;
            }
        }
        throw new IOException("sshd does not start: " + said);
    }

    /** So that sshd never waits for somebody to read its log. */
    private static void discard(BufferedReader lines) {
        try (lines) {
            lines.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // sshd was ended.
            return;
        }
    }

    private static void generate(Path key) throws IOException {
        if (Files.exists(key)) {
            return;
        }
        Process keygen = new ProcessBuilder(
                        "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", key.toString())
                .redirectErrorStream(true)
                .start();
        try {
            if (!keygen.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || keygen.exitValue() != 0) {
                throw new IOException("ssh-keygen fails");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static String publicKey(Path key) throws IOException {
        return Files.readString(key.resolveSibling(key.getFileName() + ".pub"));
    }

    private static boolean isRoot() throws IOException {
        return ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")) == 0;
    }
}
