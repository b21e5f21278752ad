package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Memory;
import dev.ringfence.linux.HostFiles;

/** Reads the state of kernel samepage merging, /sys/kernel/mm/ksm. */
public final class MemoryProbe {
    private static final String KSM = "/sys/kernel/mm/ksm";

    private MemoryProbe() {}

    /** What the kernel says of memory deduplication. */
    public static Memory observe(HostFiles files) {
        return new Memory(Readings.then(Readings.number(files, KSM + "/run"), run ->
        // The kernel shows both or neither, so that one alone is a capture that lacks the other.
        switch (Readings.number(files, KSM + "/pages_sharing")) {
            case Fact.Observed<Long>(Long sharing, var source) ->
                Fact.of(
                        new Memory.Ksm(
                                run,
                                sharing,
                                Readings.number(files, KSM + "/merge_across_nodes"),
                                Readings.number(files, KSM + "/use_zero_pages")),
                        KSM,
                        "read");
            case Fact<Long> unseen -> Fact.notObserved(KSM, "read", "pages_sharing could not be read");
        }));
    }
}
