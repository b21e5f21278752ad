package dev.ringfence.wire.fix;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Lines of a YAML document as Ansible and its linter like them. */
final class YamlText {
    /** What ansible-lint lets a line have. */
    private static final int WIDTH = 150;

    private static final int ENCODED_WIDTH = 100;

    private final StringBuilder out = new StringBuilder();

    void line(String text) {
        out.append(text).append('\n');
    }

    /** A comment of one line; what would end the line or the document is blanked. */
    void comment(String text) {
        comment("", text);
    }

    void comment(String indent, String text) {
        String clean = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\x{2028}\\x{2029}]", " ");
        String cut = clean.length() > WIDTH - 10 ? clean.substring(0, WIDTH - 10) + "…" : clean;
        out.append((indent + "# " + cut).stripTrailing()).append('\n');
    }

    /** A list of words under the key {@code argv}. */
    void argv(String indent, List<String> words) {
        line(indent + "argv:");
        words.forEach(w -> line(indent + "  - " + quoted(w)));
    }

    /** A text in double quotes, which Ansible takes as it stands. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        boolean template = text.contains("{{") || text.contains("{%") || text.contains("{#");
        quoted.append(template ? "!unsafe \"" : "\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < ' ' || c >= 0x7f && c < 0xa0 || c == 0x2028 || c == 0x2029 || c == 0xfeff) {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** Whether bytes are a text that {@link #block} can hold. */
    static boolean isText(byte[] bytes) {
        return Arrays.equals(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
    }

    /** A text of several lines: as a block where YAML, Ansible and the linter leave it alone, else encoded. */
    void block(String indent, String key, String text) {
        boolean plain = text.endsWith("\n")
                && !text.endsWith("\n\n")
                && !text.startsWith(" ")
                && !text.startsWith("\n")
                && text.chars().noneMatch(c -> c < ' ' && c != '\n' || c >= 0x7f && c < 0xa0 || c == 0xfeff)
                && !text.contains("{{")
                && !text.contains("{%")
                && !text.contains("{#");
        if (plain) {
            line(indent + key + ": |");
            text.lines().forEach(l -> line(l.isEmpty() ? "" : indent + "  " + l));
            return;
        }
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        line(indent + key + ": >-");
        line(indent + "  {{ (");
        for (int at = 0; at < encoded.length(); at += ENCODED_WIDTH) {
            String piece = encoded.substring(at, Math.min(encoded.length(), at + ENCODED_WIDTH));
            line(indent + "  '" + piece + "'" + (at + ENCODED_WIDTH < encoded.length() ? " ~" : ""));
        }
        line(indent + "  ) | b64decode }}");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
