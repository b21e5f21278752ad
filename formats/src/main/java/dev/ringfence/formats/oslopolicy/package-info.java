/**
 * oslo.policy files: {@code policy.yaml} and {@code policy.json} as a flat map of rules. Entry type: {@link
 * dev.ringfence.formats.oslopolicy.OsloPolicy}.
 *
 * <p>Invariants: YAML is read in the subset that oslo.policy itself writes (one {@code "name": "rule"} a line, comments);
 * anything else is refused rather than guessed. Defaults in code are not known here. Immutable and thread-safe.
 */
@NullMarked
package dev.ringfence.formats.oslopolicy;

import org.jspecify.annotations.NullMarked;
