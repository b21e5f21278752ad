/**
 * {@code ringfence image}. Entry type: {@link dev.ringfence.cli.image.ImageCommand}. Invariant: an image is opened by our own
 * parsers only, and no other program is run on it.
 */
@NullMarked
package dev.ringfence.cli.image;

import org.jspecify.annotations.NullMarked;
