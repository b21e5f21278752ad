package dev.ringfence.formats.domain;

import dev.ringfence.formats.Decoded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The small part of XPath that names places in a domain: {@code /domain/devices/disk[@device='lun']/@device}. Steps are
 * child elements from the root on, each with at most one condition: {@code [@a='v']}, {@code [b/@a='v']} or {@code
 * [contains(b/@a,'v')]}; the last step may be an attribute. A prefix is one of libvirt's: {@code qemu}, {@code lxc}.
 *
 * @param attribute the last step without {@code @}, empty for an element
 */
record DomainPath(List<Step> steps, String attribute) {
    private static final int MAX_CHARS = 1024;
    private static final int MAX_STEPS = 16;
    private static final String NAME = "[A-Za-z_][A-Za-z0-9_-]{0,63}";
    private static final Pattern STEP = Pattern.compile("/(?:(" + NAME + "):)?(" + NAME + ")");
    private static final Pattern ATTRIBUTE = Pattern.compile("/@(" + NAME + ")");
    private static final Pattern CONDITION = Pattern.compile("\\[\\s*(contains\\s*\\(\\s*)?((?:" + NAME + "/){0,4})@("
            + NAME + ")\\s*(?:=|,)\\s*(?:'([^']{0,256})'|\"([^\"]{0,256})\")\\s*(\\)\\s*)?\\]");
    private static final Map<String, String> NAMESPACES = Map.of(
            "qemu", "http://libvirt.org/schemas/domain/qemu/1.0",
            "lxc", "http://libvirt.org/schemas/domain/lxc/1.0",
            "xen", "http://libvirt.org/schemas/domain/xen/1.0",
            "bhyve", "http://libvirt.org/schemas/domain/bhyve/1.0");

    DomainPath {
        steps = List.copyOf(steps);
    }

    /** One child step. */
    record Step(String space, String name, @Nullable Condition condition) {
        boolean matches(XmlElement element) {
            return element.name().equals(name)
                    && element.space().equals(space)
                    && (condition == null || condition.holds(element));
        }
    }

    /**
     * A condition on an attribute.
     *
     * @param children the way down to the element that has it
     * @param contains whether the value is only a part of the attribute's
     */
    record Condition(List<String> children, String attribute, String value, boolean contains) {
        Condition {
            children = List.copyOf(children);
        }

        boolean holds(XmlElement element) {
            return holds(element, 0);
        }

        private boolean holds(XmlElement element, int depth) {
            if (depth < children.size()) {
                return element.all(children.get(depth)).stream().anyMatch(c -> holds(c, depth + 1));
            }
            String found = element.attributes().get(attribute);
            return found != null && (contains ? found.contains(value) : found.equals(value));
        }

        /** Whether it says which of several like elements is meant, so that a missing one can be made. */
        boolean identifies() {
            return children.isEmpty() && attribute.equals("name") && !contains;
        }
    }

    static Decoded<DomainPath> parse(String path) {
        List<Step> steps = new ArrayList<>();
        String attribute = "";
        int at = path.length() > MAX_CHARS ? -1 : 0;
        while (at >= 0 && at < path.length()) {
            Matcher step = STEP.matcher(path).region(at, path.length());
            Matcher last = ATTRIBUTE.matcher(path).region(at, path.length());
            if (last.lookingAt() && last.end() == path.length() && !steps.isEmpty()) {
                attribute = last.group(1);
                at = path.length();
            } else if (step.lookingAt() && steps.size() < MAX_STEPS) {
                at = step(path, step, steps);
            } else {
                at = -1;
            }
        }
        return at < 0 || steps.isEmpty()
                ? Decoded.refused("RF-XED-002", "not a path that this editor takes")
                : new Decoded.Value<>(new DomainPath(steps, attribute));
    }

    /** Adds the step that was found; where the next one begins, -1 when it cannot be taken. */
    private static int step(String path, Matcher found, List<Step> steps) {
        String prefix = found.group(1) == null ? "" : found.group(1);
        if (!prefix.isEmpty() && !NAMESPACES.containsKey(prefix)) {
            return -1;
        }
        int at = found.end();
        Condition condition = null;
        if (path.startsWith("[", at)) {
            Matcher matcher = CONDITION.matcher(path).region(at, path.length());
            if (!matcher.lookingAt()) {
                return -1;
            }
            boolean contains = matcher.group(1) != null;
            boolean comma = path.substring(matcher.end(3)).strip().startsWith(",");
            if (contains != comma || contains != (matcher.group(6) != null)) {
                return -1;
            }
            String children = matcher.group(2);
            condition = new Condition(
                    children.isEmpty() ? List.of() : List.of(children.split("/")),
                    matcher.group(3),
                    matcher.group(4) == null ? matcher.group(5) : matcher.group(4),
                    contains);
            at = matcher.end();
        }
        steps.add(new Step(NAMESPACES.getOrDefault(prefix, ""), found.group(2), condition));
        return at;
    }
}
