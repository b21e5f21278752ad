package dev.ringfence.core.audit;

import java.util.List;
import java.util.Map;

/**
 * Which controls count, how much, and with which parameters.
 *
 * @param name as shown in reports
 * @param level controls of this level and below are chosen
 * @param add controls chosen beyond the level
 * @param remove controls left out, with the reason; they are listed in the report
 * @param severities severities that replace the control's own
 * @param parameters lists that expressions read as {@code parameters['name']}
 */
public record Profile(
        String name,
        Level level,
        List<String> add,
        Map<String, String> remove,
        Map<String, Severity> severities,
        Map<String, List<String>> parameters) {
    public Profile {
        add = List.copyOf(add);
        remove = Map.copyOf(remove);
        severities = Map.copyOf(severities);
        parameters = Map.copyOf(parameters);
    }

    /** The shipped profiles; each has the controls of those before it. */
    public enum Level {
        BASELINE,
        MULTI_TENANT,
        HIGH_ASSURANCE
    }

    /** Whether the profile chooses a control. */
    public boolean chooses(Control control) {
        return !remove.containsKey(control.id())
                && (control.profile().compareTo(level) <= 0 || add.contains(control.id()));
    }
}
