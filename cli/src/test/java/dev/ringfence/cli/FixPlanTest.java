package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.ManualStep;
import dev.ringfence.core.fix.PlanRequest;
import dev.ringfence.core.fix.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans for a careless host; what they hold, and what becomes of the host. */
class FixPlanTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    RelaxedHost host;

    @BeforeEach
    void make() throws IOException {
        host = RelaxedHost.in(directory);
    }

    @Test
    void everyFindingIsAnsweredByAStepOrAPerson() throws IOException {
        FixPlan plan = host.plan();
        Set<String> answered = new TreeSet<>();
        plan.steps().forEach(s -> answered.addAll(s.controls()));
        plan.manual().forEach(m -> answered.add(m.control()));
        assertThat(answered)
                .containsExactlyElementsOf(host.audit().results().stream()
                        .filter(r -> r.verdict() == Verdict.FAIL)
                        .map(r -> r.control().id())
                        .sorted()
                        .toList());
    }

    @Test
    void whatIsPlannedWithoutAPersonHoldsAfterwards() throws IOException {
        FixPlan plan = host.plan();
        Set<String> byHand = plan.manual().stream().map(ManualStep::control).collect(Collectors.toSet());
        Set<String> pending = plan.steps().stream()
                .filter(s -> s.reach().compareTo(Fix.Reach.GUEST) >= 0)
                .flatMap(s -> s.controls().stream())
                .collect(Collectors.toSet());
        List<String> expected = plan.steps().stream()
                .flatMap(s -> s.controls().stream())
                .distinct()
                .filter(id -> !byHand.contains(id) && !pending.contains(id))
                .toList();
        assertThat(expected).hasSizeGreaterThan(8);
        host.apply(plan);
        List<ControlResult> still = host.audit().results().stream()
                .filter(r -> expected.contains(r.control().id()) && r.verdict() == Verdict.FAIL)
                .toList();
        assertThat(still).extracting(r -> r.control().id() + " " + r.evidence()).isEmpty();
    }

    @Test
    void aFixedHostGetsNoSteps() throws IOException {
        host.apply(host.plan());
        assertThat(host.plan().steps()).extracting(s -> s.title() + " " + s.controls()).isEmpty();
    }

    @Test
    void theSameHostGivesTheSamePlan() throws IOException {
        FixPlan first = host.plan();
        assertThat(host.plan()).isEqualTo(first);
        host.file("/etc/nova/nova.conf", host.text("/etc/nova/nova.conf") + "# another line\n");
        assertThat(host.plan().id()).isNotEqualTo(first.id());
    }
}
