package dev.ringfence.cli.watch;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.audit.ControlOptions;
import dev.ringfence.core.audit.Auditor;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.core.watch.ControlState;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.HostObservation;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Judges once for the watching process. */
@Command(name = "watch-judge", hidden = true)
public final class WatchJudgeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(arity = "0..*")
    private List<String> ids = new ArrayList<>();

    @Mixin
    private ControlOptions controls = new ControlOptions();

    /** Answers on the given terminal. */
    public WatchJudgeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        ControlPack pack = controls.pack();
        Profile profile = controls.profile(pack);
        Instant now = Instant.now();
        HostFacts facts = HostObservation.observe(HostFiles.live(), "live", now);
        Set<String> chosen = new TreeSet<>(ids);
        List<ControlState> states = new Auditor(pack)
                .audit(facts, profile, controls.waivers(pack), now).results().stream()
                        .filter(r ->
                                chosen.isEmpty() || chosen.contains(r.control().id()))
                        .map(ControlState::of)
                        .toList();
        terminal.out().print(ControlStateLines.print(states));
        return ExitStatus.CLEAN;
    }
}
