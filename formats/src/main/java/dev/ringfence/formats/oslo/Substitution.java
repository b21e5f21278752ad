package dev.ringfence.formats.oslo;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * References inside values: {@code $name}, {@code ${name}}, {@code $group.name}, {@code ${group.name}}; {@code $$} and
 * {@code \$} are a dollar sign. One object serves one value.
 */
final class Substitution {
    private static final int MAX_LEVELS = 16;
    private static final int MAX_CHARS = 65_536;
    private static final int MAX_PRODUCED = 16 * MAX_CHARS;
    private static final int MAX_REFERENCES = 4_096;
    private static final Pattern REFERENCE =
            Pattern.compile("\\$(?:(\\$)|([_A-Za-z][._A-Za-z0-9]*)|\\{([_A-Za-z][._A-Za-z0-9]*)\\})");

    private final OsloConfig config;
    private final Set<String> unresolved = new LinkedHashSet<>();
    private final List<OsloValue> open = new ArrayList<>();
    private boolean secret;
    private int references;
    /** Characters copied so far, at all levels together. */
    private int produced;

    Substitution(OsloConfig config) {
        this.config = config;
    }

    OsloConfig.Resolved resolve(OsloValue value) {
        String text = expand(value);
        return new OsloConfig.Resolved(value, text, List.copyOf(unresolved), secret);
    }

    private String expand(OsloValue value) {
        // A switch is no secret, whatever its name: send_service_user_token.
        secret |= value.display().equals(Redaction.MARK);
        open.addLast(value);
        StringBuilder out = new StringBuilder();
        String text = value.text().replace("\\$", "$$");
        Matcher matcher = REFERENCE.matcher(text);
        int from = 0;
        while (matcher.find(from)) {
            out.append(text, from, matcher.start());
            out.append(matcher.group(1) != null ? "$" : replacement(matcher, value.group(), out.length()));
            from = matcher.end();
        }
        out.append(text, from, text.length());
        open.removeLast();
        return out.toString();
    }

    private String replacement(Matcher reference, String group, int written) {
        String name = reference.group(2) != null ? reference.group(2) : reference.group(3);
        Optional<OsloValue> target = find(name, group);
        boolean usable = target.isPresent()
                && !open.contains(target.get())
                && open.size() < MAX_LEVELS
                && ++references <= MAX_REFERENCES
                && target.get().text().length() <= MAX_CHARS
                && produced <= MAX_PRODUCED;
        String text = usable ? expand(target.get()) : "";
        produced += text.length();
        if (!usable || written + text.length() > MAX_CHARS) {
            unresolved.add(name);
            return reference.group();
        }
        return text;
    }

    /** The option in the named group, else in the value's own group, else in the default group. */
    private Optional<OsloValue> find(String name, String group) {
        int dot = name.indexOf('.');
        if (dot > 0) {
            Optional<OsloValue> inGroup = config.value(name.substring(0, dot), name.substring(dot + 1));
            return inGroup.isPresent() ? inGroup : config.value(OsloFile.DEFAULT, name);
        }
        Optional<OsloValue> own = config.value(group, name);
        return own.isPresent() ? own : config.value(OsloFile.DEFAULT, name);
    }
}
