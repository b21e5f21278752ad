/** A planted breach. */
@NullMarked
package dev.ringfence.breach;

import org.jspecify.annotations.NullMarked;
