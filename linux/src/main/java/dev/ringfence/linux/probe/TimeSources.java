package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Services;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which daemon keeps the time, and from where: chrony, ntpd (also ntpsec) or systemd-timesyncd. */
final class TimeSources {
    private static final int INCLUDE_LIMIT = 64;

    /** The kernel keeps 15 characters of a process's name. */
    private static final String TIMESYNCD_PROCESS = "systemd-timesyn";

    /** Where nothing is configured, timesyncd uses servers that its build names; its sample shows them in a comment. */
    private static final Pattern BUILT_IN_SERVERS = Pattern.compile("(?m)^#\\s*FallbackNTP=(.*)$");

    private static final Set<String> SERVER = Set.of("server", "pool", "peer");

    private final HostFiles files;
    private final List<String> sources = new ArrayList<>();
    private long authenticated;
    private int includes;
    private String unread = "";

    private TimeSources(HostFiles files) {
        this.files = files;
    }

    private record Candidate(String daemon, String process, Fact<TimeSources> configuration) {}

    /** The daemon that runs, else the first that is configured; absent when there is none. */
    static Fact<Services.TimeSync> observe(HostFiles files, Fact<List<Services.Process>> processes) {
        List<Candidate> candidates = List.of(
                new Candidate("chrony", "chronyd", chrony(files)),
                new Candidate("ntp", "ntpd", ntp(files)),
                new Candidate("systemd-timesyncd", TIMESYNCD_PROCESS, timesyncd(files)));
        for (Candidate candidate : candidates) {
            if (running(processes, candidate).orElse(false)) {
                return candidate.configuration() instanceof Fact.Absent<TimeSources>(var source)
                        ? Fact.notObserved(
                                source.where(),
                                "read",
                                candidate.process() + " runs, but its configuration was not found")
                        : timeSync(candidate, processes);
            }
        }
        for (Candidate candidate : candidates) {
            if (!(candidate.configuration() instanceof Fact.Absent<TimeSources>)) {
                return timeSync(candidate, processes);
            }
        }
        return Fact.absent("/etc/chrony /etc/ntp.conf /etc/systemd/timesyncd.conf", "read");
    }

    private static Fact<Boolean> running(Fact<List<Services.Process>> processes, Candidate candidate) {
        return Readings.then(
                processes,
                all -> Fact.of(all.stream().anyMatch(p -> p.name().equals(candidate.process())), "/proc", "derived"));
    }

    private static Fact<Services.TimeSync> timeSync(Candidate candidate, Fact<List<Services.Process>> processes) {
        Fact<TimeSources> configuration = candidate.configuration();
        return Readings.then(
                configuration,
                found -> found.unread.isEmpty()
                        ? Fact.of(
                                new Services.TimeSync(
                                        candidate.daemon(),
                                        running(processes, candidate),
                                        found.sources,
                                        found.authenticated),
                                configuration.source().where(),
                                "parsed")
                        : Fact.notObserved(configuration.source().where(), "read", found.unread));
    }

    private static Fact<TimeSources> chrony(HostFiles files) {
        return first(files, List.of("/etc/chrony/chrony.conf", "/etc/chrony.conf"), TimeSources::readChrony);
    }

    private static Fact<TimeSources> ntp(HostFiles files) {
        return first(files, List.of("/etc/ntpsec/ntp.conf", "/etc/ntp.conf"), TimeSources::readNtp);
    }

    private interface Dialect {
        void read(TimeSources into, String text);
    }

    private static Fact<TimeSources> first(HostFiles files, List<String> paths, Dialect dialect) {
        Fact<String> text = files.text(paths.getFirst());
        if (text instanceof Fact.Absent<String>) {
            text = files.text(paths.getLast());
        }
        return Readings.parsed(text, t -> {
            TimeSources found = new TimeSources(files);
            dialect.read(found, t);
            return found;
        });
    }

    private void readChrony(String text) {
        for (String line : text.split("\n")) {
            String[] words = line.strip().split("\\s+");
            String directive = words[0].toLowerCase(Locale.ROOT);
            if (words.length < 2 || "#!;%".indexOf(directive.charAt(0)) >= 0) {
                continue;
            }
            switch (directive) {
                case "server", "pool", "peer" -> add(words[1], words, "nts", "key");
                case "refclock" -> add("refclock " + words[1], words, "nts", "key");
                case "include" -> include(words[1], this::readChrony);
                case "confdir", "sourcedir" -> {
                    String suffix = directive.equals("confdir") ? ".conf" : ".sources";
                    List<String> directories = List.of(words).subList(1, words.length);
                    switch (ConfigDirectories.effective(files, suffix, directories)) {
                        case Fact.Observed<List<String>>(List<String> paths, var source) ->
                            paths.forEach(p -> include(p, this::readChrony));
                        case Fact<List<String>> unseen -> unread = "a directory of sources could not be listed";
                    }
                }
                default -> {}
            }
        }
    }

    private void readNtp(String text) {
        for (String line : text.split("\n")) {
            int comment = line.indexOf('#');
            String[] words =
                    (comment < 0 ? line : line.substring(0, comment)).strip().split("\\s+");
            if (words.length < 2) {
                continue;
            }
            // ntpd numbers its drivers as addresses; the first is the host's own clock, which is no source.
            if (SERVER.contains(words[0]) && !words[1].startsWith("127.127.1.")) {
                String address =
                        words[1].equals("-4") || words[1].equals("-6") ? words.length > 2 ? words[2] : "" : words[1];
                add(address, words, "nts", "key", "autokey");
            } else if (words[0].equals("includefile")) {
                include(words[1], this::readNtp);
            }
        }
    }

    private void add(String source, String[] words, String... authenticating) {
        sources.add(source);
        List<String> options = List.of(words).subList(2, words.length);
        for (String option : authenticating) {
            if (options.stream().anyMatch(o -> o.equalsIgnoreCase(option))) {
                authenticated++;
                return;
            }
        }
    }

    private void include(String pattern, java.util.function.Consumer<String> read) {
        Fact<List<String>> paths = ConfigDirectories.matching(files, pattern);
        if (paths instanceof Fact.NotObserved<List<String>>(var source, String reason)) {
            unread = pattern + ": " + reason;
        }
        for (String path : paths.orElse(List.of())) {
            if (++includes > INCLUDE_LIMIT) {
                unread = "more than " + INCLUDE_LIMIT + " included files";
                return;
            }
            switch (files.text(path)) {
                case Fact.Observed<String>(String text, var source) -> read.accept(text);
                case Fact.Absent<String> absent -> {}
                case Fact.NotObserved<String>(var source, String reason) -> unread = path + ": " + reason;
            }
        }
    }

    private static Fact<TimeSources> timesyncd(HostFiles files) {
        Fact<SystemdSettings> settings = SystemdSettings.observe(files, "timesyncd.conf", "Time");
        return Readings.parsed(settings, s -> {
            TimeSources found = new TimeSources(files);
            found.sources.addAll(s.words("NTP"));
            if (found.sources.isEmpty()) {
                found.sources.addAll(s.words("FallbackNTP"));
            }
            if (found.sources.isEmpty()) {
                Matcher builtIn = BUILT_IN_SERVERS.matcher(files.text(s.file()).orElse(""));
                if (builtIn.find() && !builtIn.group(1).isBlank()) {
                    found.sources.addAll(List.of(builtIn.group(1).strip().split("\\s+")));
                }
            }
            return found;
        });
    }
}
