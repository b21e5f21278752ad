package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import java.util.List;

/**
 * What a person must do, because it cannot be done safely by a program.
 *
 * @param control id of the finding
 * @param title of the control
 * @param why it is left to a person, one sentence
 * @param what the control's own text says to do
 * @param subjects which guests, files or devices, where the control judges each; empty for the host as a whole
 */
public record ManualStep(
        String control, String title, Fix.Reach reach, String why, String what, List<String> subjects) {
    public ManualStep {
        subjects = List.copyOf(subjects);
    }
}
