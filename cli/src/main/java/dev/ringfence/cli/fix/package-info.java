/**
 * {@code ringfence fix}: from findings to a hardened host and back. Entry type: {@link dev.ringfence.cli.fix.FixCommand}.
 */
@NullMarked
package dev.ringfence.cli.fix;

import org.jspecify.annotations.NullMarked;
