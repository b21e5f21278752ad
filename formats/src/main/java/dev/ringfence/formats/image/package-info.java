/**
 * Inspects disk images before anything else opens them: which format they are, how large they claim to be, what else they
 * would make their reader open, and whether their tables can be trusted. Entry type: {@link
 * dev.ringfence.formats.image.ImageInspector}; its answer is an {@link dev.ringfence.formats.image.ImageReport}.
 *
 * <p>Invariants: every format is looked for in every file, so that a file which is two formats at once is noticed. What an
 * image points to is named, never opened. Memory and the number of reads are bounded by {@link
 * dev.ringfence.formats.image.ImageLimits}, whatever the file says; what goes beyond is refused. Strings from an image are
 * hostile text.
 */
@NullMarked
package dev.ringfence.formats.image;

import org.jspecify.annotations.NullMarked;
