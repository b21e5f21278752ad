package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.Step;
import dev.ringfence.formats.Refusal;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Restarts the daemons that read what was changed, the way the operator has asked for. */
final class Daemons {
    private static final Duration BACK_LIMIT = Duration.ofSeconds(60);
    private static final Set<String> LIBVIRT = Set.of("libvirtd.service", "virtqemud.service");

    private Daemons() {}

    static boolean systemdRuns(Workplace at) {
        // sd_booted(3).
        return Files.isDirectory(at.place("/run/systemd/system"));
    }

    /** Each unit once; a restart does what a reload does. */
    static List<Step.UnitRestart> merged(List<Step> steps) {
        Map<String, Boolean> reload = new LinkedHashMap<>();
        steps.forEach(step -> step.restarts().forEach(r -> reload.merge(r.unit(), r.reload(), Boolean::logicalAnd)));
        List<Step.UnitRestart> out = new ArrayList<>();
        reload.forEach((unit, only) -> out.add(new Step.UnitRestart(unit, only)));
        return out;
    }

    static Argv command(Step.UnitRestart restart) {
        // What does not run needs no restart and must not be started by us.
        return Argv.of("systemctl", restart.reload() ? "try-reload-or-restart" : "try-restart", restart.unit());
    }

    /**
     * Restarts, and where one of libvirt's daemons was among them waits until it answers and knows its guests again.
     *
     * @param guests UUIDs that libvirt must know afterwards
     * @return what went wrong, empty when all is well
     */
    static Optional<Refusal> restart(
            Workplace at, List<Step.UnitRestart> restarts, FixOptions.Restart way, Set<String> guests) {
        List<Argv> commands = switch (way) {
            case FixOptions.Restart.None n -> List.of();
            case FixOptions.Restart.Systemd s ->
                restarts.stream().map(Daemons::command).toList();
            case FixOptions.Restart.ByCommand(Argv argv) -> List.of(argv);
        };
        for (Argv command : commands) {
            Commands.Ended ended = at.commands().run(command, Commands.LIMIT);
            if (!ended.well()) {
                return Optional.of(new Refusal(
                        "RF-FIX-118",
                        "'" + command + "' ended with status " + ended.status() + ": " + ended.lastWords()));
            }
        }
        boolean libvirt = restarts.stream().anyMatch(r -> LIBVIRT.contains(r.unit()));
        return libvirt && !commands.isEmpty() ? answers(at, guests) : Optional.empty();
    }

    private static Optional<Refusal> answers(Workplace at, Set<String> guests) {
        if (at.commands().find("virsh").isEmpty()) {
            return Optional.empty();
        }
        long end = System.nanoTime() + BACK_LIMIT.toNanos();
        Commands.Ended ended;
        do {
            ended = at.commands().run(Argv.of("virsh", "-q", "-c", "qemu:///system", "list", "--uuid"), BACK_LIMIT);
            if (ended.well()
                    && ended.output().lines().map(String::strip).toList().containsAll(guests)) {
                return Optional.empty();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        } while (System.nanoTime() < end);
        return Optional.of(
                ended.well()
                        ? new Refusal("RF-FIX-117", "after its restart libvirt knows some of its guests no more")
                        : new Refusal("RF-FIX-118", "libvirt does not answer after its restart: " + ended.lastWords()));
    }
}
