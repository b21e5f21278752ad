package dev.ringfence.core.audit;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A rule as data. Expressions are CEL over the components of {@link dev.ringfence.core.host.HostFacts} and {@code
 * parameters}.
 *
 * @param id such as {@code MEM-001}
 * @param profile the first of the shipped profiles that has it; later profiles have it too
 * @param appliesWhen boolean, empty when it always applies
 * @param each list whose elements are judged one by one, empty when the host is judged as a whole
 * @param as name of the element in the other expressions
 * @param subject text that names the element
 * @param rule boolean
 * @param evidence text with expressions in <code>${…}</code>: what was seen
 */
public record Control(
        String id,
        String title,
        Severity severity,
        Profile.Level profile,
        List<Threat> threats,
        List<Stride> stride,
        String rationale,
        String appliesWhen,
        String each,
        String as,
        String subject,
        String rule,
        String evidence,
        Fix fix,
        List<String> references) {
    static final Pattern ID = Pattern.compile("[A-Z][A-Z0-9]{1,9}-[0-9]{3}");

    public Control {
        threats = List.copyOf(threats);
        stride = List.copyOf(stride);
        references = List.copyOf(references);
    }

    /** Whether elements of a list are judged one by one. */
    public boolean judgesEach() {
        return !each.isEmpty();
    }

    /** The same control with another severity, as a tailored profile may set it. */
    public Control withSeverity(Severity other) {
        return new Control(
                id,
                title,
                other,
                profile,
                threats,
                stride,
                rationale,
                appliesWhen,
                each,
                as,
                subject,
                rule,
                evidence,
                fix,
                references);
    }
}
