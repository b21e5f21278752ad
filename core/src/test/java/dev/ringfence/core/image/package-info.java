/** Tests of what is trusted of an image. */
@NullMarked
package dev.ringfence.core.image;

import org.jspecify.annotations.NullMarked;
