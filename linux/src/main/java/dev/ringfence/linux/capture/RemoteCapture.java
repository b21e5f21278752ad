package dev.ringfence.linux.capture;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Captures a remote host: the system's {@code ssh} runs {@code sh -s} there, with the collector on standard input; nothing
 * is installed. Keys, agents, jump hosts and aliases are ssh's own affair, as ~/.ssh/config says; options that belong to
 * no configuration file are taken from the environment variable {@value #OPTIONS_VARIABLE}, separated by blanks, such as
 * {@code -F hosts.config -i auditor_key}.
 *
 * <p>Nobody is asked for a password, and a host whose key is not known is refused, whatever the configuration says. The
 * whole capture is bounded in time, and what comes back is as hostile as any archive.
 */
public final class RemoteCapture {
    /** Environment variable with more options for ssh. */
    public static final String OPTIONS_VARIABLE = "RINGFENCE_SSH_OPTIONS";

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int ENDING_SECONDS = 10;
    private static final String COLLECTOR = "collect.sh";

    /** These come first, because ssh takes the first value of an option. */
    private static final List<String> FIXED = List.of(
            "-T",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "ForwardAgent=no",
            "-o",
            "ForwardX11=no",
            "-o",
            "ClearAllForwardings=yes",
            "-o",
            "PermitLocalCommand=no",
            "-o",
            "RequestTTY=no");

    private static final List<String> DEFAULTS =
            List.of("-o", "ConnectTimeout=10", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=3");

    private RemoteCapture() {}

    /**
     * Captures a host.
     *
     * @param target as ssh takes it: {@code host}, {@code user@host}, {@code ssh://user@host:port} or an alias
     * @throws Capture.Failure as {@link Capture#unpack}, and {@code RF-SSH-001} the target is none, {@code 002} ssh cannot
     *     be started, {@code 003} ssh failed: unreachable, unknown host key, no permission, {@code 004} the collector failed
     *     there, {@code 005} it took longer than five minutes
     * @throws IOException if this machine's file system fails
     */
    public static Capture over(String target) throws Capture.Failure, IOException {
        return over(target, options(System.getenv(OPTIONS_VARIABLE)), LIMIT);
    }

    static Capture over(String target, List<String> options, Duration limit) throws Capture.Failure, IOException {
        if (target.isBlank() || target.startsWith("-") || target.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw new Capture.Failure(
                    "RF-SSH-001",
                    "'" + Complaint.printable(target) + "' is no host. Give HOST, USER@HOST or an alias.");
        }
        List<String> command = new ArrayList<>(List.of("ssh"));
        command.addAll(FIXED);
        command.addAll(options);
        command.addAll(DEFAULTS);
        command.addAll(List.of("--", target, "sh", "-s"));
        Process ssh;
        try {
            ssh = new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new Capture.Failure(
                    "RF-SSH-002", "ssh cannot be started: " + e.getMessage() + ". Install the OpenSSH client.");
        }
        try {
            return new Conversation(target, ssh, limit).capture();
        } finally {
            ssh.destroyForcibly();
        }
    }

    static List<String> options(@org.jspecify.annotations.Nullable String variable) {
        return variable == null || variable.isBlank()
                ? List.of()
                : List.of(variable.strip().split("\\s+"));
    }

    /** One run of ssh: the collector goes in, the archive and complaints come out. */
    private static final class Conversation {
        private final String target;
        private final Process ssh;
        private final Duration limit;
        private final Complaint complaint = new Complaint();
        private volatile boolean late;

        Conversation(String target, Process ssh, Duration limit) {
            this.target = target;
            this.ssh = ssh;
            this.limit = limit;
        }

        Capture capture() throws Capture.Failure, IOException {
            Thread.ofVirtual().start(this::send);
            Thread reader = Thread.ofVirtual().start(() -> complaint.read(ssh.getErrorStream()));
            Thread watch = Thread.ofVirtual().start(this::watch);
            Capture capture;
            try {
                capture = Capture.unpack(ssh.getInputStream());
            } catch (Capture.Failure e) {
                throw refused(e, reader);
            } catch (IOException e) {
                // Ending ssh closes its streams.
                reason(late ? end(reader) : 0);
                throw e;
            } finally {
                watch.interrupt();
            }
            boolean whole = false;
            try {
                reason(end(reader));
                whole = true;
                return capture;
            } finally {
                if (!whole) {
                    capture.close();
                }
            }
        }

        /** Nothing or half an archive: ssh or the collector may know why. */
        private Capture.Failure refused(Capture.Failure refusal, Thread reader) throws Capture.Failure {
            // It may have more to send, and would wait for somebody to take it.
            Thread.ofVirtual().start(() -> discard(ssh.getInputStream()));
            if (ended()) {
                reason(end(reader));
            }
            String explanation = refusal.code().equals("RF-TAR-001")
                    ? "what it sent is no archive. Its shell's start-up files must print nothing."
                    : refusal.explanation();
            return new Capture.Failure(refusal.code(), target + ": " + explanation);
        }

        private static void discard(InputStream in) {
            try (in) {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // ssh was ended.
                return;
            }
        }

        private boolean ended() {
            try {
                return ssh.waitFor(ENDING_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private void send() {
            try (OutputStream out = ssh.getOutputStream();
                    InputStream script = Objects.requireNonNull(
                            RemoteCapture.class.getResourceAsStream(COLLECTOR),
                            "the collector is part of this program")) {
                script.transferTo(out);
            } catch (IOException e) {
                // ssh ended early; its own message says why.
                return;
            }
        }

        private void watch() {
            try {
                if (!ssh.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    late = true;
                    ssh.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** The exit status, all complaints read. */
        private int end(Thread reader) {
            try {
                if (!ended()) {
                    late = true;
                    ssh.destroyForcibly();
                }
                reader.join(Duration.ofSeconds(ENDING_SECONDS));
                return ssh.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }

        private void reason(int status) throws Capture.Failure {
            if (late) {
                throw new Capture.Failure(
                        "RF-SSH-005",
                        target + ": the capture took longer than " + limit.toSeconds()
                                + " s. Run collect.sh there by hand and look where it waits.");
            }
            if (status == 255) {
                throw new Capture.Failure("RF-SSH-003", target + ": " + complaint.aboutConnection(target));
            }
            if (status != 0) {
                throw new Capture.Failure(
                        "RF-SSH-004",
                        target + ": the collector ended with status " + status + complaint.aboutCollector());
            }
        }
    }
}
