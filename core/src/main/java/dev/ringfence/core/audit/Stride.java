package dev.ringfence.core.audit;

/** Classes of the STRIDE threat model. */
public enum Stride {
    SPOOFING,
    TAMPERING,
    REPUDIATION,
    INFORMATION_DISCLOSURE,
    DENIAL_OF_SERVICE,
    ELEVATION_OF_PRIVILEGE
}
