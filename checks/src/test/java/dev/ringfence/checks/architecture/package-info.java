/**
 * The architecture as rules. Entry type: {@link dev.ringfence.checks.architecture.Rules}. Each rule is applied to the
 * product, and to a planted breach that it must catch.
 */
@NullMarked
package dev.ringfence.checks.architecture;

import org.jspecify.annotations.NullMarked;
