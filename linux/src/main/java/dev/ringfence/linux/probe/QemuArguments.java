package dev.ringfence.linux.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a QEMU command line says, as far as controls ask. QEMU's options start with one or two hyphens; their values are
 * parts between commas, a comma inside a part is doubled. Source: qemu(1).
 *
 * @param guest after {@code -name}, empty when none
 * @param uuid after {@code -uuid}, empty when none
 * @param accelerator the first that is asked for, empty when none
 * @param monitorsOnNetwork options that open a monitor, QMP, debugger or incoming migration on an IP port
 */
record QemuArguments(String guest, String uuid, String accelerator, List<String> monitorsOnNetwork) {
    private static final Set<String> MONITORS = Set.of("monitor", "qmp", "qmp-pretty", "gdb", "incoming");
    private static final Pattern NETWORK = Pattern.compile("(?:tcp|udp|telnet|websocket|rdma):.*", Pattern.DOTALL);
    private static final Pattern CHARACTER_DEVICE_ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]*)\"");
    private static final Pattern INTERNET_ADDRESS = Pattern.compile("\"type\"\\s*:\\s*\"(?:inet|udp)\"");

    /** A password or key after its name; {@code password=on} is a switch, and {@code password-secret} names an object. */
    private static final Pattern SECRET = Pattern.compile(
            "(?<=[,:]|^)((?:password|passwd|key|data)=)(?!(?:on|off|yes|no)?(?:,|$))([^,]*)|(\"data\"\\s*:\\s*\")([^\"]*)");

    QemuArguments {
        monitorsOnNetwork = List.copyOf(monitorsOnNetwork);
    }

    /** Arguments with what looks like a secret replaced by {@code [redacted N]}, N being its length. */
    static List<String> redacted(List<String> arguments) {
        return arguments.stream()
                .map(argument -> SECRET.matcher(argument)
                        .replaceAll(match -> Matcher.quoteReplacement(
                                match.group(1) != null
                                        ? match.group(1) + "[redacted "
                                                + match.group(2).length() + "]"
                                        : match.group(3) + "[redacted "
                                                + match.group(4).length() + "]")))
                .toList();
    }

    static QemuArguments of(List<String> arguments) {
        Reader reader = new Reader();
        for (int i = 1; i < arguments.size(); i++) {
            String option = arguments.get(i);
            if (option.length() < 2 || option.charAt(0) != '-') {
                continue;
            }
            String name = option.substring(option.startsWith("--") ? 2 : 1);
            boolean valued = i + 1 < arguments.size() && Reader.TAKES_VALUE.contains(name);
            reader.option(name, valued ? arguments.get(i + 1) : "");
            if (valued) {
                i++;
            }
        }
        return reader.result();
    }

    private static final class Reader {
        static final Set<String> TAKES_VALUE = Set.of(
                "name",
                "uuid",
                "accel",
                "machine",
                "M",
                "monitor",
                "qmp",
                "qmp-pretty",
                "gdb",
                "incoming",
                "chardev",
                "mon",
                "serial",
                "parallel");

        private String guest = "";
        private String uuid = "";
        private String accelerator = "";
        private final List<String> open = new ArrayList<>();
        private final Map<String, String> networkDevices = new HashMap<>();
        private final Map<String, String> used = new LinkedHashMap<>();

        void option(String name, String value) {
            switch (name) {
                case "name" -> guest = part(value, "guest", true);
                case "uuid" -> uuid = value;
                case "accel" -> prefer(part(value, "accel", true));
                case "machine", "M" -> prefer(part(value, "accel", false));
                case "enable-kvm" -> prefer("kvm");
                case "no-kvm" -> prefer("tcg");
                case "s" -> open.add("-s");
                case "chardev" -> characterDevice(value);
                case "mon" -> used.put(part(value, "chardev", true), "-mon " + value);
                case "serial", "parallel" -> {
                    if (value.startsWith("mon:")) {
                        endpoint(name, value, value.substring("mon:".length()));
                    }
                }
                default -> {
                    if (MONITORS.contains(name)) {
                        endpoint(name, value, value);
                    }
                }
            }
        }

        /** {@code kvm:tcg} asks for the first that works. */
        private void prefer(String value) {
            String first = value.split(":", 2)[0];
            if (accelerator.isEmpty()) {
                accelerator = first;
            }
        }

        private void endpoint(String option, String value, String device) {
            if (NETWORK.matcher(device).matches()) {
                open.add("-" + option + " " + value);
            } else if (device.startsWith("chardev:")) {
                used.put(device.substring("chardev:".length()), "-" + option + " " + value);
            } else if (device.startsWith("{")
                    && INTERNET_ADDRESS.matcher(device).find()) {
                open.add("-" + option + " " + value);
            }
        }

        private void characterDevice(String value) {
            if (value.startsWith("{")) {
                Matcher id = CHARACTER_DEVICE_ID.matcher(value);
                if (id.find() && INTERNET_ADDRESS.matcher(value).find()) {
                    networkDevices.put(id.group(1), value);
                }
                return;
            }
            boolean network = value.startsWith("udp,")
                    || value.startsWith("socket,")
                            && (!part(value, "port", false).isEmpty()
                                    || !part(value, "host", false).isEmpty());
            if (network) {
                networkDevices.put(part(value, "id", false), value);
            }
        }

        QemuArguments result() {
            // Used before or after it is declared: QEMU does not mind.
            used.forEach((id, option) -> {
                String device = networkDevices.get(id);
                if (device != null) {
                    open.add(option + " -chardev " + device);
                }
            });
            return new QemuArguments(guest, uuid, accelerator, open);
        }
    }

    /**
     * One part of an option's value.
     *
     * @param first whether a first part without a name counts as the one that is asked for
     */
    private static String part(String value, String name, boolean first) {
        StringBuilder part = new StringBuilder();
        boolean start = true;
        String found = "";
        for (int i = 0; i <= value.length(); i++) {
            boolean end = i == value.length();
            if (!end && value.charAt(i) == ',' && i + 1 < value.length() && value.charAt(i + 1) == ',') {
                part.append(',');
                i++;
            } else if (end || value.charAt(i) == ',') {
                String text = part.toString();
                if (text.startsWith(name + "=")) {
                    // QEMU takes the last one.
                    found = text.substring(name.length() + 1);
                } else if (start && first && text.indexOf('=') < 0) {
                    found = text;
                }
                part.setLength(0);
                start = false;
            } else {
                part.append(value.charAt(i));
            }
        }
        return found;
    }
}
