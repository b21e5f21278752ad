package dev.ringfence.cli.watch;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.watch.AcceptedState;
import dev.ringfence.core.watch.ControlState;
import dev.ringfence.linux.watch.Enforcer;
import dev.ringfence.linux.watch.Fanotify;
import dev.ringfence.linux.watch.HostWatch;
import dev.ringfence.linux.watch.Inotify;
import dev.ringfence.linux.watch.Judge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Watches this host. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say what drifts from the accepted state: files at once, kernel values and processes within a minute.",
            "What is there at the first start is accepted. Changes nothing unless --enforce says so. Run as root."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:watched until the end", "2:wrong usage", "3:could not run"},
        footer = {
            "",
            "Examples:",
            "  ringfence watch                                until it is stopped",
            "  ringfence watch --format json                  one object a line, for a collector",
            "  ringfence watch --enforce LVD-002,KRN-016      puts these back, three times an hour at most",
            "  ringfence watch --accept --for 1s              accepts the host as it is now"
        })
public final class WatchCommand implements Callable<Integer> {
    private static final Duration JUDGE_LIMIT = Duration.ofMinutes(1);
    private static final Duration ENFORCE_LIMIT = Duration.ofMinutes(5);
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(s|m|h|d)");

    private final Terminal terminal;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            defaultValue = "/var/lib/ringfence/watch",
            description = "Where the accepted state is kept (default: ${DEFAULT-VALUE}).")
    private Path state = Path.of("/var/lib/ringfence/watch");

    @Option(names = "--accept", description = "Accept the host as it is now in place of what was accepted before.")
    private boolean accept;

    @Option(
            names = "--enforce",
            paramLabel = "ID",
            split = ",",
            description = "Put these controls back when they fail, with live and daemon reach; nothing is restarted.")
    private List<String> enforced = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "table", description = "table or json.")
    private String format = "table";

    @Option(names = "--for", paramLabel = "DURATION", description = "End after this time: 90s, 10m, 8h, 7d.")
    private @Nullable String duration;

    @Option(names = "--profile", paramLabel = "NAME|FILE", description = "As in 'ringfence audit'.")
    private @Nullable String profile;

    @Option(names = "--controls", paramLabel = "DIR", description = "As in 'ringfence audit'. Repeatable.")
    private List<Path> directories = new ArrayList<>();

    @Option(names = "--waivers", paramLabel = "FILE", description = "As in 'ringfence audit'. Repeatable.")
    private List<Path> waivers = new ArrayList<>();

    /** Reports on the given terminal. */
    public WatchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        if (!format.equals("table") && !format.equals("json")) {
            throw CommandFailure.usage("--format " + format + ": say table or json");
        }
        Duration limit = limit();
        Set<String> ids = new TreeSet<>();
        enforced.forEach(id -> ids.add(id.toUpperCase(Locale.ROOT)));
        AcceptedFile file = new AcceptedFile(state);
        Optional<AcceptedState> accepted = accept ? Optional.empty() : file.read();
        OwnProcess process = OwnProcess.asThis();
        Judge judge = controls -> judge(process, controls);
        List<ControlState> states = judge.judge(Set.of());
        for (String id : ids) {
            if (states.stream().noneMatch(s -> s.control().equals(id))) {
                throw CommandFailure.usage("--enforce " + id + ": no control of the profile is called so");
            }
        }
        HostWatch.Ports ports = new HostWatch.Ports(
                new Inotify(), Fanotify.orNone(), judge, id -> enforce(process, id), InstantSource.system());
        try (HostWatch watch = new HostWatch(
                HostWatch.Settings.of(ids),
                ports,
                states,
                accepted,
                new WatchOutput(terminal, format.equals("json")))) {
            file.write(watch.accepted());
            terminal.err()
                    .println("ringfence: watching " + watch.size() + " things that " + states.size()
                            + " controls look at; "
                            + (accepted.isPresent() ? "accepted before" : "accepted as they are now") + ", kept in "
                            + file.path());
            run(watch, limit);
        }
        return ExitStatus.CLEAN;
    }

    /** SIGTERM ends the watch as the end of its time does: what was seen is written, and the status is 0. */
    private void run(HostWatch watch, Duration limit) throws IOException {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().name("watch-stop").unstarted(() -> {
            watch.stop();
            try {
                if (ended.await(5, TimeUnit.SECONDS)) {
                    terminal.out().flush();
                    Runtime.getRuntime().halt(ExitStatus.CLEAN);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            watch.run(limit);
        } finally {
            ended.countDown();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException stopping) {
            // The hook is running and ends the process.
            return;
        }
    }

    private Duration limit() throws CommandFailure {
        if (duration == null) {
            return Duration.ofDays(3_650);
        }
        Matcher matcher = DURATION.matcher(duration);
        if (!matcher.matches()) {
            throw CommandFailure.usage("--for " + duration + ": say a number and s, m, h or d, such as 90s");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    private List<ControlState> judge(OwnProcess process, Set<String> controls) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("watch-judge"));
        arguments.addAll(options());
        arguments.addAll(controls);
        OwnProcess.Ended ended = process.run(JUDGE_LIMIT, arguments);
        if (ended.status() != ExitStatus.CLEAN) {
            throw new IOException("the judging process ended with status " + ended.status());
        }
        return ControlStateLines.parse(ended.output());
    }

    private List<String> options() {
        List<String> options = new ArrayList<>();
        if (profile != null) {
            options.addAll(List.of("--profile", profile));
        }
        directories.forEach(d -> options.addAll(List.of("--controls", d.toString())));
        waivers.forEach(w -> options.addAll(List.of("--waivers", w.toString())));
        return options;
    }

    /** A plan for the one control, applied at once; it is in the records of 'ringfence fix list'. */
    private Enforcer.Outcome enforce(OwnProcess process, String control) throws IOException {
        Path folder = Files.createTempDirectory(
                "ringfence-enforce",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path plan = folder.resolve("plan.json");
        try {
            List<String> planning = new ArrayList<>(
                    List.of("fix", "plan", control, "--reach", "live,daemon", "--out", plan.toString()));
            planning.addAll(options());
            int planned = process.run(JUDGE_LIMIT, planning).status();
            if (planned != ExitStatus.CLEAN || !Files.exists(plan)) {
                return new Enforcer.Outcome(false, "no plan could be made, status " + planned);
            }
            List<String> applying =
                    new ArrayList<>(List.of("fix", "apply", plan.toString(), "--yes", "--reach", "live,daemon"));
            applying.addAll(options());
            int applied = process.run(ENFORCE_LIMIT, applying).status();
            if (applied != ExitStatus.CLEAN) {
                return new Enforcer.Outcome(
                        false, "could not be put back, status " + applied + "; see 'ringfence fix list'");
            }
            // A plan may hold nothing but what a person must do.
            boolean holds = judge(process, Set.of(control)).stream().noneMatch(s -> s.verdict() == Verdict.FAIL);
            return new Enforcer.Outcome(
                    holds,
                    holds
                            ? "put back; 'ringfence fix list' has the plan"
                            : "fails still: it waits for a restart, or only a person can put it back");
        } finally {
            Files.deleteIfExists(plan);
            Files.deleteIfExists(folder);
        }
    }
}
