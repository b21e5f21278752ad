package dev.ringfence.core.watch;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.Source;
import java.util.List;

/**
 * What one control says of the host now, without the control itself.
 *
 * @param evidence one line
 * @param sources what was read to say so
 */
public record ControlState(String control, Verdict verdict, String evidence, List<Source> sources) {
    public ControlState {
        sources = List.copyOf(sources);
    }

    /** The part of a result that matters here. */
    public static ControlState of(ControlResult result) {
        return new ControlState(result.control().id(), result.verdict(), result.evidence(), result.sources());
    }
}
