package dev.ringfence.core.audit;

/** How much a failed control matters, least first. */
public enum Severity {
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL
}
