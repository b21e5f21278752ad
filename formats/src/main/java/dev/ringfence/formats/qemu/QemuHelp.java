package dev.ringfence.formats.qemu;

import dev.ringfence.formats.Decoded;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the lists that {@code qemu-system-ARCH -device help}, {@code -machine help} and the like print.
 *
 * <p>Refusals: {@code RF-QMU-001} more than 4 MiB or 65,536 entries; {@code RF-QMU-002} no entry found.
 */
public final class QemuHelp {
    private static final int LENGTH_LIMIT = 4 << 20;
    private static final int ENTRY_LIMIT = 65_536;
    private static final Pattern DEVICE = Pattern.compile(
            "name \"([^\"]{1,200})\"(?:, bus ([^,]{1,100}))?(?:, alias \"([^\"]{1,200})\")?(?:, desc \"([^\"]{0,500})\")?.*");
    private static final Pattern MACHINE = Pattern.compile("(\\S{1,200})\\s+(\\S.{0,500})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.+-]{0,100}");

    private QemuHelp() {}

    /**
     * A device model.
     *
     * @param bus empty when it sits on none
     * @param alias empty when it has none
     * @param category heading of the list, such as {@code Network}
     */
    public record Device(String name, String bus, String alias, String description, String category) {}

    /**
     * A machine type.
     *
     * @param aliasOf the versioned type that it stands for, empty for a type of its own
     */
    public record Machine(String name, String description, String aliasOf, boolean deprecated, boolean isDefault) {}

    /** The list of {@code -device help}. */
    public static Decoded<List<Device>> devices(String text) {
        List<Device> out = new ArrayList<>();
        String category = "";
        for (String line : lines(text)) {
            if (line.endsWith(" devices:")) {
                category = line.substring(0, line.length() - " devices:".length());
                continue;
            }
            Matcher matcher = DEVICE.matcher(line);
            if (matcher.matches()) {
                out.add(new Device(matcher.group(1), text(matcher, 2), text(matcher, 3), text(matcher, 4), category));
            }
        }
        return checked(text, out);
    }

    /** The list of {@code -machine help}. */
    public static Decoded<List<Machine>> machines(String text) {
        List<Machine> out = new ArrayList<>();
        for (String line : lines(text)) {
            Matcher matcher = MACHINE.matcher(line);
            if (!matcher.matches() || line.endsWith(":")) {
                continue;
            }
            String rest = matcher.group(2);
            int alias = rest.indexOf("(alias of ");
            String aliasOf = alias < 0
                    ? ""
                    : rest.substring(alias + "(alias of ".length()).replaceFirst("\\).*", "");
            int note = rest.lastIndexOf(" (");
            out.add(new Machine(
                    matcher.group(1),
                    note > 0 ? rest.substring(0, note).strip() : rest.strip(),
                    aliasOf,
                    rest.contains("(deprecated)"),
                    rest.contains("(default)")));
        }
        return checked(text, out);
    }

    /** Names of a list that has one a line, below a heading that ends with a colon: {@code -chardev help} and the like. */
    public static Decoded<List<String>> names(String text) {
        List<String> out = new ArrayList<>();
        for (String line : lines(text)) {
            String name = line.strip();
            if (NAME.matcher(name).matches()) {
                out.add(name);
            }
        }
        return checked(text, out);
    }

    private static String[] lines(String text) {
        return text.length() > LENGTH_LIMIT ? new String[0] : text.split("\r?\n", ENTRY_LIMIT + 2);
    }

    private static String text(Matcher matcher, int group) {
        String found = matcher.group(group);
        return found == null ? "" : found;
    }

    private static <T> Decoded<List<T>> checked(String text, List<T> found) {
        if (text.length() > LENGTH_LIMIT || found.size() > ENTRY_LIMIT) {
            return Decoded.refused("RF-QMU-001", "the list is longer than any emulator's");
        }
        if (found.isEmpty()) {
            return Decoded.refused("RF-QMU-002", "no entry was found in what the emulator printed");
        }
        return new Decoded.Value<>(List.copyOf(found));
    }
}
