package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Accounts;
import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.sshd.Directive;
import dev.ringfence.formats.sshd.SshdConfig;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The SSH server's effective settings: its configuration with included files, over its own defaults. */
final class SshServer {
    private static final List<String> PATHS = List.of("/etc/ssh/sshd_config", "/usr/etc/ssh/sshd_config");
    private static final int FILE_LIMIT_BYTES = 1 << 20;
    private static final int INCLUDE_LIMIT = 256;

    /** Keywords of which every line counts. */
    private static final Set<String> ADDING = Set.of(
            "acceptenv",
            "allowgroups",
            "allowusers",
            "denygroups",
            "denyusers",
            "hostkey",
            "hostcertificate",
            "listenaddress",
            "port",
            "setenv",
            "subsystem");

    /** Keywords whose values are names and numbers, compared without regard to case; others hold paths and names. */
    private static final Set<String> SWITCHES = SshDefaults.VALUES.entrySet().stream()
            .filter(e -> Set.of("yes", "no", "prohibit-password", "any").contains(e.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());

    /** Lists that {@code +}, {@code -} and {@code ^} change in place of replacing. */
    private static final Set<String> ALGORITHMS = Set.of(
            "casignaturealgorithms",
            "ciphers",
            "hostbasedacceptedalgorithms",
            "hostkeyalgorithms",
            "kexalgorithms",
            "macs",
            "pubkeyacceptedalgorithms");

    private static final Map<String, String> OLD_NAMES = Map.of(
            "challengeresponseauthentication", "kbdinteractiveauthentication",
            "skeyauthentication", "kbdinteractiveauthentication",
            "pubkeyacceptedkeytypes", "pubkeyacceptedalgorithms",
            "hostbasedacceptedkeytypes", "hostbasedacceptedalgorithms",
            "hostdsakey", "hostkey",
            "keepalive", "tcpkeepalive");

    private final HostFiles files;
    private final Map<String, List<SshdConfig>> byPattern = new HashMap<>();
    private int lookups;
    private String unread = "";

    private SshServer(HostFiles files) {
        this.files = files;
    }

    /** Absent where no server is configured. */
    static Fact<Accounts.Sshd> observe(HostFiles files) {
        SshServer server = new SshServer(files);
        String path = files.exists(PATHS.getFirst()).orElse(true) ? PATHS.getFirst() : PATHS.getLast();
        return Readings.then(files.bytes(path, FILE_LIMIT_BYTES), bytes -> switch (SshdConfig.parse(bytes)) {
            case Decoded.Refused<SshdConfig>(var refusal) -> Fact.notObserved(path, "parsed", refusal.toString());
            case Decoded.Value<SshdConfig>(SshdConfig main) -> {
                SshdConfig whole = main.withIncludes(server::included);
                yield server.unread.isEmpty()
                        ? Fact.of(effective(whole), path, "parsed")
                        : Fact.notObserved(path, "parsed", server.unread);
            }
        });
    }

    private List<SshdConfig> included(String pattern) {
        // An include that includes itself would be met without end.
        if (++lookups > INCLUDE_LIMIT) {
            unread = "includes too many files";
            return List.of();
        }
        return byPattern.computeIfAbsent(pattern, this::read);
    }

    private List<SshdConfig> read(String pattern) {
        String absolute = pattern.startsWith("/") ? pattern : "/etc/ssh/" + pattern;
        Fact<List<String>> paths = ConfigDirectories.matching(files, absolute);
        if (paths instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
            unread = Readings.excerpt(absolute) + ": " + reason;
        }
        List<SshdConfig> found = new ArrayList<>();
        for (String path : paths.orElse(List.of())) {
            switch (files.bytes(path, FILE_LIMIT_BYTES)) {
                case Fact.Observed<byte[]>(byte[] bytes, var source) -> {
                    switch (SshdConfig.parse(bytes)) {
                        case Decoded.Value<SshdConfig>(SshdConfig config) -> found.add(config);
                        case Decoded.Refused<SshdConfig>(var refusal) -> unread = path + ": " + refusal;
                    }
                }
                case Fact.Absent<byte[]> absent -> {}
                case Fact.NotObserved<byte[]>(var source, String reason) -> unread = path + ": " + reason;
            }
        }
        return found;
    }

    static Accounts.Sshd effective(SshdConfig config) {
        Map<String, String> values = new HashMap<>(SshDefaults.VALUES);
        Map<String, String> given = new HashMap<>();
        Map<String, List<String>> added = new HashMap<>();
        List<String> conditional = new ArrayList<>();
        for (Directive directive : config.directives()) {
            String keyword = OLD_NAMES.getOrDefault(directive.keyword(), directive.keyword());
            String value = value(keyword, directive.value());
            if (!directive.global()) {
                conditional.add(keyword + " " + value + " (" + String.join(" ", directive.match()) + ")");
            } else if (ADDING.contains(keyword)) {
                added.computeIfAbsent(keyword, k -> new ArrayList<>()).add(value);
            } else {
                given.putIfAbsent(keyword, value);
            }
        }
        added.forEach((keyword, all) -> values.put(keyword, String.join(" ", all)));
        given.forEach((keyword, value) -> values.put(
                keyword, ALGORITHMS.contains(keyword) ? algorithms(value, values.getOrDefault(keyword, "")) : value));
        return new Accounts.Sshd(values, conditional);
    }

    private static String value(String keyword, String written) {
        if (!SWITCHES.contains(keyword)) {
            return written;
        }
        String value = written.toLowerCase(Locale.ROOT);
        return switch (value) {
            case "without-password" -> "prohibit-password";
            case "true" -> "yes";
            case "false" -> "no";
            default -> value;
        };
    }

    /** {@code +a} adds, {@code -a} takes away what the patterns match, {@code ^a} puts first. */
    private static String algorithms(String value, String defaults) {
        if (value.isEmpty() || "+-^".indexOf(value.charAt(0)) < 0) {
            return value;
        }
        List<String> named = List.of(value.substring(1).split(","));
        List<String> known = List.of(defaults.split(","));
        Stream<String> result = switch (value.charAt(0)) {
            case '+' -> Stream.concat(known.stream(), named.stream());
            case '^' -> Stream.concat(named.stream(), known.stream());
            default -> {
                List<PathGlob> patterns = named.stream()
                        .map(PathGlob::of)
                        .flatMap(Optional::stream)
                        .toList();
                yield known.stream().filter(k -> patterns.stream().noneMatch(p -> p.matches(k)));
            }
        };
        return result.distinct().collect(Collectors.joining(","));
    }
}
