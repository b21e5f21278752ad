package dev.ringfence.core.host;

import dev.ringfence.formats.oslo.OsloConfig;
import dev.ringfence.formats.oslo.OsloFile;
import dev.ringfence.formats.oslo.OsloValue;
import dev.ringfence.formats.oslo.Redaction;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * OpenStack services on the host. Absent where the service has no configuration here. The rules of
 * sudoers for the service accounts are in {@link Accounts}.
 */
public record OpenStack(
        Fact<Settings> nova,
        Fact<Settings> neutron,
        Fact<List<Policy>> policies,
        Fact<List<RootwrapConf>> rootwrap,
        Fact<NovaSsh> novaSsh) {
    /**
     * Merged oslo.config files of one service.
     *
     * @param files in the order that they were read, later wins
     * @param values last value by {@code section.option}, substituted, sections but {@code DEFAULT} in lower case; secrets
     *     are replaced by {@code [redacted N]}, N being their length, passwords in URLs by {@code [redacted]}
     * @param lists every value of an option that is given more than once, and the elements of one that holds a list; a
     *     JSON value is one element. By {@code section.option}
     */
    public record Settings(List<String> files, Map<String, String> values, Map<String, List<String>> lists) {
        public Settings {
            files = List.copyOf(files);
            values = Map.copyOf(values);
            lists = Map.copyOf(lists);
        }

        /** What a service reads, secrets left out. */
        public static Settings of(List<String> files, OsloConfig config) {
            Map<String, String> values = new HashMap<>();
            Map<String, List<String>> lists = new HashMap<>();
            for (OsloValue written : config.values()) {
                String group = written.group().equals(OsloFile.DEFAULT)
                        ? written.group()
                        : written.group().toLowerCase(Locale.ROOT);
                String name = group + "." + written.key();
                if (values.containsKey(name)) {
                    continue;
                }
                List<String> all = config.resolvedAll(group, written.key()).stream()
                        .map(Settings::shown)
                        .toList();
                values.put(name, all.getLast());
                List<String> list = all.size() > 1 ? all : elements(all.getLast());
                if (!list.isEmpty()) {
                    lists.put(name, list);
                }
            }
            return new Settings(files, values, lists);
        }

        private static String shown(OsloConfig.Resolved resolved) {
            String text = resolved.display();
            return text.equals(Redaction.MARK) ? "[redacted " + resolved.text().length() + "]" : text;
        }

        /** The elements of a value that holds a list, none of one that does not. */
        private static List<String> elements(String value) {
            if (value.startsWith("{") || value.startsWith("[") && !value.startsWith("[redacted ")) {
                // One JSON value of an option that may be given more than once.
                return List.of(value);
            }
            return value.indexOf(',') < 0
                    ? List.of()
                    : Arrays.stream(value.split(","))
                            .map(String::strip)
                            .filter(element -> !element.isEmpty())
                            .toList();
        }
    }

    /** One policy file and its rules. */
    public record Policy(String service, String file, Map<String, String> rules) {
        public Policy {
            rules = Map.copyOf(rules);
        }
    }

    /**
     * rootwrap of one service.
     *
     * @param settings of its [DEFAULT], lists as they are written
     * @param filters every filter of its filter directories
     * @param paths what {@code stat} says of its filter directories and files and its program directories; whoever may
     *     write there is root
     */
    public record RootwrapConf(
            String service,
            String file,
            Map<String, String> settings,
            List<Filter> filters,
            Map<String, Fact<FileFacts>> paths) {
        public RootwrapConf {
            settings = Map.copyOf(settings);
            filters = List.copyOf(filters);
            paths = Map.copyOf(paths);
        }
    }

    /**
     * One rootwrap filter.
     *
     * @param amountsToRoot why it gives its caller root, empty when it does not
     */
    public record Filter(String file, String name, String kind, String command, String runAs, String amountsToRoot) {}

    /**
     * The nova account's SSH set-up.
     *
     * @param unrestrictedKeys lines of authorized_keys without {@code from=} or {@code command=}
     */
    public record NovaSsh(
            String home, String shell, long authorizedKeys, long unrestrictedKeys, String strictHostKeyChecking) {}
}
