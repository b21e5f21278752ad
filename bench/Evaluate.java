import dev.ringfence.controls.ShippedControls;
import dev.ringfence.core.audit.Auditor;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.wire.facts.FactsJson;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Times the judging of one host, warm. The view of the facts is made anew each time, as for each host of a fleet. */
final class Evaluate {
    private static final int WARM_UP = 3_000;
    private static final int RUNS = 2_000;

    private Evaluate() {}

    public static void main(String[] arguments) throws Exception {
        HostFacts facts;
        try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
            facts = FactsJson.read(in, arguments[0]);
        }
        ControlPack pack = ShippedControls.load();
        Profile all = new Profile("all", Profile.Level.HIGH_ASSURANCE, List.of(), Map.of(), Map.of(), Map.of());
        Auditor auditor = new Auditor(pack);
        Instant now = Instant.now();
        long verdicts = 0;
        for (int i = 0; i < WARM_UP; i++) {
            verdicts += auditor.audit(facts, all, List.of(), now).results().size();
        }
        long[] nanos = new long[RUNS];
        for (int i = 0; i < RUNS; i++) {
            long start = System.nanoTime();
            verdicts += auditor.audit(facts, all, List.of(), now).results().size();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        double median = nanos[RUNS / 2] / 1e6;
        System.out.printf(
                "%d controls on one host: median %.2f ms, p99 %.2f ms (%d verdicts)%n",
                pack.controls().size(), median, nanos[RUNS * 99 / 100] / 1e6, verdicts);
        System.out.printf("10,000 hosts on one core: %.0f s%n", median * 10);
        double of200 = median * 200 / pack.controls().size();
        boolean holds = of200 <= 5;
        System.out.printf("%s: at most 5 ms for 200 controls (%.2f ms)%n", holds ? "holds" : "BROKEN", of200);
        System.exit(holds ? 0 : 1);
    }
}
