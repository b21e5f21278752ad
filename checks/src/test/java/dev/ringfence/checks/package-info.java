/** Rules over the whole tree, and tests of the product as its users run it. */
@NullMarked
package dev.ringfence.checks;

import org.jspecify.annotations.NullMarked;
