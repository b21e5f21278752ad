/** Tests of applying, resuming and taking back. */
@NullMarked
package dev.ringfence.linux.fix;

import org.jspecify.annotations.NullMarked;
