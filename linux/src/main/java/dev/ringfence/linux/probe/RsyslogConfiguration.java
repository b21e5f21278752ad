package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Services;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The remote targets of rsyslog: {@code @@host} and {@code action(type="omfwd" …)} in their order with included files, and
 * whether they are sent through TLS. Total; bounded by the number of files and their size.
 */
final class RsyslogConfiguration {
    private static final int FILE_LIMIT = 256;
    private static final int DEPTH_LIMIT = 8;
    private static final Set<String> TLS_DRIVERS = Set.of("gtls", "ossl", "mbedtls");

    /** A statement that matters: an object with parameters, a legacy directive, or a legacy forwarding action. */
    private static final Pattern STATEMENT = Pattern.compile("(?i)\\b(?<object>action|global|include)\\s{0,100}\\("
            + "|(?m:^[ \\t]*\\$(?<directive>\\w+)(?:[ \\t]+(?<value>\\S+))?)"
            + "|(?:(?<=\\s)|^)(?<at>@@?)(?:\\([^)\\n]{0,100}\\))?(?<host>[\\[\\w][^\\s;]{0,300})"
            + "|:omrelp:(?<relp>[^\\s;]{1,300})");

    private final HostFiles files;
    private final List<Services.LogTarget> targets = new ArrayList<>();
    private String defaultDriver = "";
    private String actionDriver = "";
    private boolean actionTls;
    private int read;
    private String unread = "";

    private RsyslogConfiguration(HostFiles files) {
        this.files = files;
    }

    /** The targets, absent where rsyslog has no configuration. */
    static Fact<List<Services.LogTarget>> observe(HostFiles files) {
        String main = "/etc/rsyslog.conf";
        return Readings.then(files.text(main), text -> {
            RsyslogConfiguration configuration = new RsyslogConfiguration(files);
            configuration.read(main, text, 0);
            return configuration.unread.isEmpty()
                    ? Fact.of(List.copyOf(configuration.targets), main, "parsed")
                    : Fact.notObserved(main, "parsed", configuration.unread);
        });
    }

    private void read(String file, String text, int depth) {
        String code = withoutComments(text);
        Matcher statement = STATEMENT.matcher(code);
        int at = 0;
        while (statement.find(at)) {
            at = statement.end();
            String object = statement.group("object");
            if (object != null) {
                int end = closing(code, at);
                object(file, object.toLowerCase(Locale.ROOT), parameters(code.substring(at, end)), depth);
                at = end;
            } else if (statement.group("directive") != null) {
                String given = statement.group("value");
                directive(statement.group("directive").toLowerCase(Locale.ROOT), given == null ? "" : given, depth);
            } else if (statement.group("relp") != null) {
                targets.add(new Services.LogTarget(file, statement.group("relp"), false));
            } else {
                String driver = actionDriver.isEmpty() ? defaultDriver : actionDriver;
                boolean tcp = statement.group("at").equals("@@");
                targets.add(new Services.LogTarget(
                        file, statement.group("host"), tcp && actionTls && TLS_DRIVERS.contains(driver)));
            }
        }
    }

    private void directive(String name, String value, int depth) {
        switch (name) {
            case "includeconfig" -> include(value, depth);
            case "defaultnetstreamdriver" -> defaultDriver = value.toLowerCase(Locale.ROOT);
            case "actionsendstreamdriver" -> actionDriver = value.toLowerCase(Locale.ROOT);
            case "actionsendstreamdrivermode" -> actionTls = value.equals("1");
            case "resetconfigvariables" -> {
                actionDriver = "";
                actionTls = false;
            }
            default -> {}
        }
    }

    private void object(String file, String object, Map<String, String> parameters, int depth) {
        switch (object) {
            case "global" ->
                defaultDriver = parameters
                        .getOrDefault("defaultnetstreamdriver", defaultDriver)
                        .toLowerCase(Locale.ROOT);
            case "include" -> {
                if (parameters.containsKey("file")) {
                    include(parameters.getOrDefault("file", ""), depth);
                }
            }
            default -> action(file, parameters);
        }
    }

    private void action(String file, Map<String, String> parameters) {
        String target = parameters.getOrDefault("target", parameters.getOrDefault("server", ""));
        boolean https = parameters.getOrDefault("usehttps", "").equals("on");
        switch (parameters.getOrDefault("type", "").toLowerCase(Locale.ROOT)) {
            case "omfwd" -> {
                String driver = parameters.getOrDefault(
                        "streamdriver", parameters.getOrDefault("streamdriver.name", defaultDriver));
                boolean tls = parameters.getOrDefault("protocol", "udp").equalsIgnoreCase("tcp")
                        && parameters
                                .getOrDefault("streamdrivermode", parameters.getOrDefault("streamdriver.mode", "0"))
                                .equals("1")
                        && TLS_DRIVERS.contains(driver.toLowerCase(Locale.ROOT));
                add(file, target, parameters.getOrDefault("port", ""), tls);
            }
            case "omrelp" ->
                add(
                        file,
                        target,
                        parameters.getOrDefault("port", ""),
                        parameters.getOrDefault("tls", "").equalsIgnoreCase("on"));
            case "omelasticsearch", "omhttp" ->
                add(file, target, parameters.getOrDefault("serverport", ""), https || target.startsWith("https:"));
            default -> {}
        }
    }

    private void add(String file, String target, String port, boolean encrypted) {
        if (!target.isEmpty()) {
            targets.add(new Services.LogTarget(file, port.isEmpty() ? target : target + ":" + port, encrypted));
        }
    }

    private void include(String pattern, int depth) {
        Fact<List<String>> paths = ConfigDirectories.matching(files, pattern);
        if (paths instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
            unread = Readings.excerpt(pattern) + ": " + reason;
        }
        for (String path : paths.orElse(List.of())) {
            if (depth >= DEPTH_LIMIT || ++read > FILE_LIMIT) {
                unread = "includes too many files";
                return;
            }
            switch (files.text(path)) {
                case Fact.Observed<String>(String text, var source) -> read(path, text, depth + 1);
                case Fact.Absent<String> absent -> {}
                case Fact.NotObserved<String>(var source, String reason) -> unread = path + ": " + reason;
            }
        }
    }

    /** Parameters {@code name="value"} and {@code name=["a","b"]}; by hand, because a regular expression would recurse. */
    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new HashMap<>();
        int at = 0;
        int equals = text.indexOf('=');
        while (equals >= 0) {
            String name = text.substring(at, equals).strip();
            StringBuilder value = new StringBuilder();
            at = value(text, equals + 1, value);
            parameters.put(
                    name.substring(name.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT),
                    value.toString().strip());
            equals = text.indexOf('=', at);
        }
        return parameters;
    }

    /** Reads strings up to the end of a value; several, in brackets, are put together with blanks. */
    private static int value(String text, int from, StringBuilder out) {
        boolean quoted = false;
        boolean list = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\' && i + 1 < text.length()) {
                out.append(text.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
                if (!quoted && !list) {
                    return i + 1;
                }
                out.append(quoted ? "" : " ");
            } else if (quoted) {
                out.append(c);
            } else if (c == '[') {
                list = true;
            } else if (c == ']' || !(list || Character.isWhitespace(c))) {
                return i + 1;
            }
        }
        return text.length();
    }

    /** The place of the parenthesis that closes an object, outside of quotes. */
    private static int closing(String code, int from) {
        boolean quoted = false;
        for (int i = from; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ')' && !quoted) {
                return i;
            }
        }
        return code.length();
    }

    /** Cuts {@code #} comments and C comments outside of quotes; in {@code rsyslog.d/*.conf} there is none. */
    private static String withoutComments(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\' && i + 1 < text.length()) {
                out.append(c).append(text.charAt(++i));
                continue;
            }
            if (c == '"' || c == '\n') {
                quoted = c == '"' && !quoted;
            }
            if (!quoted && c == '#') {
                int end = text.indexOf('\n', i);
                i = (end < 0 ? text.length() : end) - 1;
            } else if (!quoted && text.startsWith("/*", i) && (i == 0 || text.charAt(i - 1) <= ' ')) {
                int end = text.indexOf("*/", i + 2);
                i = end < 0 ? text.length() : end + 1;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
