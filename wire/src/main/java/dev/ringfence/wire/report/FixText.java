package dev.ringfence.wire.report;

import static dev.ringfence.core.host.FactSchema.constantText;

import dev.ringfence.core.audit.Fix;

/** Fixes as plain text, for formats that have no place for their parts. */
final class FixText {
    private FixText() {}

    /** One change on one line: {@code sysctl kernel.kptr_restrict = 2}. */
    static String line(Fix.Change change) {
        String target = constantText(change.kind()) + " " + change.target();
        return change.value().isEmpty() ? target : target + " = " + change.value();
    }
}
