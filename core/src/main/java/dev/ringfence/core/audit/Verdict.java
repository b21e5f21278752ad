package dev.ringfence.core.audit;

/** What is known about a control on a host. The text form is lower case with hyphens. */
public enum Verdict {
    /** The rule holds. */
    PASS,
    /** The rule does not hold. */
    FAIL,
    /** The thing that the rule is about does not exist here. */
    NOT_APPLICABLE,
    /** It could not be observed, or the rule could not be evaluated. Never a pass. */
    NOT_COVERED,
    /** The rule does not hold, and a valid waiver covers it. */
    WAIVED
}
