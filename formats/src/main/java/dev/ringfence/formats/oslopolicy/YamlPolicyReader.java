package dev.ringfence.formats.oslopolicy;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The YAML subset of oslo.policy's sample files, one rule a line. */
final class YamlPolicyReader {
    /** Characters that begin something other than plain text in YAML. */
    private static final String INDICATORS = "-?:,[]{}#&*!|>'\"%@`";

    private static final Pattern TYPED =
            Pattern.compile("(?i)null|~|true|false|yes|no|on|off|[-+.]?[0-9][0-9._eE+:-]*");

    private final Map<String, String> rules = new LinkedHashMap<>();
    private final Set<String> repeated = new LinkedHashSet<>();
    private String line = "";
    private int at;
    private String code = "";

    Decoded<OsloPolicy> read(String text) {
        boolean first = true;
        for (Line next : Line.splitUniversal(text)) {
            line = next.text();
            at = 0;
            if (!isPrintable(line)) {
                return Decoded.refused("RF-OPL-002", "a control character in line " + next.number());
            }
            skipBlanks();
            boolean marker = first && line.equals("---");
            if (marker || at == line.length() || line.charAt(at) == '#') {
                first &= !marker;
                continue;
            }
            first = false;
            at = 0;
            if (!rule()) {
                String reason = code.equals("RF-OPL-003") ? "a quoted text is not closed" : "more than a plain rule";
                return Decoded.refused(code, reason + " in line " + next.number());
            }
        }
        return new Decoded.Value<>(new OsloPolicy(rules, List.copyOf(repeated)));
    }

    /** YAML has no control characters, not even in comments. */
    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c < 0x7f || c == '\t' || c == 0x85 || c >= 0xa0);
    }

    private boolean rule() {
        String name = scalar(true);
        if (!code.isEmpty() || at >= line.length() || line.charAt(at) != ':') {
            return refuse("RF-OPL-002");
        }
        at++;
        int behindColon = at;
        skipBlanks();
        if (at == behindColon || atEnd()) {
            return refuse("RF-OPL-002");
        }
        String rule = scalar(false);
        skipBlanks();
        if (!code.isEmpty() || !atEnd()) {
            return refuse("RF-OPL-002");
        }
        if (rules.put(name, rule) != null) {
            repeated.add(name);
        }
        return true;
    }

    private boolean refuse(String otherwise) {
        code = code.isEmpty() ? otherwise : code;
        return false;
    }

    /** At the end of the line or at a comment, which needs a blank before it. */
    private boolean atEnd() {
        return at >= line.length() || line.charAt(at) == '#' && at > 0 && isBlank(line.charAt(at - 1));
    }

    private String scalar(boolean key) {
        char c = line.charAt(at);
        if (c == '"') {
            return doubleQuoted();
        }
        if (c == '\'') {
            return singleQuoted();
        }
        return plain(key);
    }

    private String plain(boolean key) {
        int from = at;
        if (isBlank(line.charAt(at)) || INDICATORS.indexOf(line.charAt(at)) >= 0) {
            code = "RF-OPL-002";
            return "";
        }
        while (at < line.length() && !atEnd() && !isMapping(at)) {
            if (line.charAt(at) == '\t') {
                code = "RF-OPL-002";
            }
            at++;
        }
        if (!key && at < line.length() && line.charAt(at) == ':') {
            code = "RF-OPL-002";
        }
        String text = line.substring(from, at).strip();
        if (!key && isTyped(text)) {
            code = "RF-OPL-005";
        }
        return text;
    }

    /** Plain words that YAML reads as something other than text. */
    private static boolean isTyped(String text) {
        return TYPED.matcher(text).matches();
    }

    private boolean isMapping(int index) {
        return line.charAt(index) == ':' && (index + 1 == line.length() || isBlank(line.charAt(index + 1)));
    }

    private String singleQuoted() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < line.length()) {
            if (line.charAt(at) == '\'') {
                if (!line.startsWith("''", at)) {
                    at++;
                    return out.toString();
                }
                at++;
            }
            out.append(line.charAt(at++));
        }
        code = "RF-OPL-003";
        return "";
    }

    private String doubleQuoted() {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            if (c == '\\') {
                int escape = at < line.length() ? "\"\\/nt".indexOf(line.charAt(at++)) : -1;
                if (escape < 0) {
                    break;
                }
                c = "\"\\/\n\t".charAt(escape);
            }
            out.append(c);
        }
        code = "RF-OPL-003";
        return "";
    }

    private void skipBlanks() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
    }

    /** A tab separates nothing in YAML. */
    private static boolean isBlank(char c) {
        return c == ' ';
    }
}
