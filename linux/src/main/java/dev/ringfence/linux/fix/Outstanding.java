package dev.ringfence.linux.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.fix.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What must still happen before a step that was made has its effect: restarts that this program does not do by itself. */
final class Outstanding {
    /** The kernel cuts the names of processes (TASK_COMM_LEN). */
    private static final int NAME_LIMIT = 15;

    private final Session session;

    Outstanding(Session session) {
        this.session = session;
    }

    /** One line each, with what to do. */
    List<String> of(Step step, Instant doneAt) throws IOException {
        List<String> out = new ArrayList<>();
        if (!session.at().running()) {
            return out;
        }
        Set<String> restarted = StepTrace.restartedSince(session.records(), doneAt);
        for (Step.UnitRestart restart : step.restarts()) {
            if (!restarted.contains(restart.unit()) && runsSinceBefore(restart.unit(), doneAt)) {
                out.add("restart of " + restart.unit() + ": " + Daemons.command(restart));
            }
        }
        List<Guests.Running> running = Guests.now(session.at());
        for (Step.Disturbance disturbance : step.disturbs()) {
            for (Guests.Running guest : running) {
                boolean same = disturbance.uuid().isEmpty()
                        ? guest.name().equals(disturbance.guest())
                        : guest.uuid().equals(disturbance.uuid());
                if (same
                        && disturbance.how() == Step.Disturbance.How.NEEDS_RESTART
                        && startedBefore(guest.pid(), doneAt)) {
                    out.add("guest " + guest.name() + " must be stopped and started, or moved away and back");
                }
            }
        }
        if (step.reach() == Fix.Reach.REBOOT && bootedBefore(doneAt)) {
            out.add("the host must restart");
        }
        return out;
    }

    /** A unit's daemon has its name, as far as those go that a plan restarts. */
    private static boolean runsSinceBefore(String unit, Instant moment) throws IOException {
        String stem = unit.contains(".") ? unit.substring(0, unit.lastIndexOf('.')) : unit;
        String name = stem.equals("ssh") ? "sshd" : stem;
        String comm = name.substring(0, Math.min(NAME_LIMIT, name.length()));
        return ProcessHandle.allProcesses()
                .filter(process -> comm(process.pid()).filter(comm::equals).isPresent())
                .anyMatch(process -> startedBefore(process.pid(), moment));
    }

    private static Optional<String> comm(long pid) {
        try {
            return Optional.of(
                    Files.readString(Path.of("/proc/" + pid + "/comm")).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean startedBefore(long pid, Instant moment) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().startInstant())
                .filter(start -> start.isBefore(moment))
                .isPresent();
    }

    private static boolean bootedBefore(Instant moment) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
            if (line.startsWith("btime ")) {
                return Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip()))
                        .isBefore(moment);
            }
        }
        return true;
    }
}
