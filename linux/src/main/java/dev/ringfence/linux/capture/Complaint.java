package dev.ringfence.linux.capture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The last of what ssh and the collector wrote to standard error, made fit for a terminal. Thread-safe. */
final class Complaint {
    private static final int KEPT_BYTES = 16 << 10;
    private static final int LINE_LENGTH = 300;

    private String text = "";

    /** Reads to the end; of endless complaints the last are kept. */
    void read(InputStream in) {
        byte[] kept = new byte[KEPT_BYTES];
        int length = 0;
        try (in) {
            byte[] buffer = new byte[KEPT_BYTES / 2];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int over = Math.max(0, length + n - KEPT_BYTES);
                System.arraycopy(kept, over, kept, 0, length - over);
                System.arraycopy(buffer, 0, kept, length - over, n);
                length += n - over;
                keep(kept, length);
            }
        } catch (IOException e) {
            // The process was ended; what it had said is kept.
            return;
        }
    }

    private synchronized void keep(byte[] bytes, int length) {
        text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private synchronized List<String> lines() {
        return text.lines().map(Complaint::printable).filter(l -> !l.isBlank()).toList();
    }

    /** ssh's own line, and what to do about it. */
    String aboutConnection(String target) {
        List<String> lines = lines();
        String all = String.join("\n", lines);
        String advice;
        if (all.contains("Host key verification failed") || all.contains("host key is known")) {
            advice = all.contains("HAS CHANGED")
                    ? "Find out why its key changed before you remove the old one from known_hosts."
                    : "Connect once with 'ssh " + printable(target) + "', compare the fingerprint, then try again.";
        } else if (all.contains("Permission denied")) {
            advice = "Load a key into ssh-agent, or name one: " + RemoteCapture.OPTIONS_VARIABLE
                    + "='-i FILE'. Passwords are not asked for.";
        } else if (all.contains("Could not resolve")
                || all.contains("Connection refused")
                || all.contains("timed out")) {
            advice = "Check name and port, or give an alias of ~/.ssh/config.";
        } else {
            advice = "Try 'ssh " + printable(target) + " true' by hand.";
        }
        return ended(telling(lines)) + " " + advice;
    }

    /** The collector's last line, as the rest of a sentence. */
    String aboutCollector() {
        List<String> lines = lines();
        return lines.isEmpty() ? ". Run collect.sh there by hand." : ": " + ended(lines.getLast());
    }

    /** Of several lines the one that says most; ssh's last often only repeats that it gave up. */
    private static String telling(List<String> lines) {
        for (String part : List.of("HAS CHANGED", "host key is known", "Permission denied", "Could not resolve")) {
            for (String line : lines) {
                if (line.contains(part)) {
                    return line.replace("@", "").strip();
                }
            }
        }
        return lines.isEmpty() ? "ssh failed without a message" : lines.getLast();
    }

    private static String ended(String line) {
        return line.endsWith(".") ? line : line + ".";
    }

    /** One line without control characters, not endless. */
    static String printable(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= LINE_LENGTH ? line : line.substring(0, LINE_LENGTH) + "…";
    }
}
