package dev.ringfence.core.fix;

import java.util.regex.Pattern;

/**
 * Names a plan by its content: the SHA-256 digest of everything else in it ({@link CanonicalForm}). Whoever changes a plan
 * changes its id.
 *
 * @param value 64 lower-case hexadecimal digits
 */
public record PlanId(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
    private static final int SHORT_LENGTH = 12;

    public PlanId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a plan id: " + value);
        }
    }

    /** The first 12 digits: what people type and read. */
    public String abbreviated() {
        return value.substring(0, SHORT_LENGTH);
    }

    @Override
    public String toString() {
        return abbreviated();
    }
}
