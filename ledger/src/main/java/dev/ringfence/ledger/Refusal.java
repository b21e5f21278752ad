package dev.ringfence.ledger;

import java.util.regex.Pattern;

/**
 * Why something was refused.
 *
 * @param code stable code such as {@code RF-LDG-003}, listed in docs/REFUSALS.md
 * @param reason one sentence for a person
 */
public record Refusal(String code, String reason) {
    private static final Pattern CODE = Pattern.compile("RF-[A-Z]{3}-\\d{3}");

    public Refusal {
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("not a refusal code: " + code);
        }
        if (reason.isBlank()) {
            throw new IllegalArgumentException("refusal without a reason");
        }
    }

    @Override
    public String toString() {
        return code + " " + reason;
    }
}
