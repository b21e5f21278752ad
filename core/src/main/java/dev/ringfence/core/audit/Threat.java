package dev.ringfence.core.audit;

/** The two attacks that every control counters at least one of. */
public enum Threat {
    GUEST_TO_HOST,
    GUEST_TO_GUEST
}
