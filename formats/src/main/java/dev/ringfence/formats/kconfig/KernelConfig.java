package dev.ringfence.formats.kconfig;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.Line;
import dev.ringfence.formats.text.SourceText;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel {@code .config}.
 *
 * <p>Refusals:
 *
 * <ul>
 *   <li>RF-KCF-001 larger than 4 MiB
 *   <li>RF-KCF-002 a line is neither a comment nor an option
 *   <li>RF-KCF-003 no option at all, so that nothing can be concluded from an absent one
 * </ul>
 *
 * Source: Linux, {@code Documentation/kbuild/kconfig.rst}.
 *
 * @param options by full name, such as {@code CONFIG_KSM}: {@code y}, {@code m}, {@code n} for "is not set", a number as
 *     written, or a string without its quotes; the last of two equal names counts, as for the kernel's own tools
 */
public record KernelConfig(Map<String, String> options) {
    private static final int MAX_BYTES = 4 << 20;
    private static final Pattern SET = Pattern.compile("(CONFIG_[A-Za-z0-9_]{1,200})=(.*)");
    private static final Pattern NOT_SET = Pattern.compile("#\\s*(CONFIG_[A-Za-z0-9_]{1,200}) is not set\\s*");

    public KernelConfig {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /** Parses the text. */
    public static Decoded<KernelConfig> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-KCF-001", "the file is larger than 4 MiB");
        }
        Map<String, String> options = new HashMap<>();
        for (Line line : Line.split(SourceText.decode(bytes).text())) {
            String text = line.text().strip();
            Matcher notSet = NOT_SET.matcher(text);
            if (notSet.matches()) {
                options.put(notSet.group(1), "n");
                continue;
            }
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            Matcher set = SET.matcher(text);
            if (!set.matches()) {
                return Decoded.refused("RF-KCF-002", "neither a comment nor an option in line " + line.number());
            }
            options.put(set.group(1), unquoted(set.group(2)));
        }
        return options.isEmpty()
                ? Decoded.refused("RF-KCF-003", "the file holds no option")
                : new Decoded.Value<>(new KernelConfig(options));
    }

    /** The value, empty when the configuration does not mention the option, which means that it is off. */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** Built in or as a module. */
    public boolean enabled(String name) {
        String value = options.getOrDefault(name, "n");
        return value.equals("y") || value.equals("m");
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 1; i < value.length() - 1; i++) {
            if (value.charAt(i) == '\\' && i + 1 < value.length() - 1) {
                i++;
            }
            out.append(value.charAt(i));
        }
        return out.toString();
    }
}
