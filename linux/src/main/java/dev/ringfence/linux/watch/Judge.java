package dev.ringfence.linux.watch;

import dev.ringfence.core.watch.ControlState;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Says what controls make of the host now. May take seconds. */
@FunctionalInterface
public interface Judge {
    /**
     * Judges.
     *
     * @param controls ids; every control of the profile where it is empty
     * @return one state for each control that has something to say
     * @throws IOException if nothing could be judged
     */
    List<ControlState> judge(Set<String> controls) throws IOException;
}
