/**
 * What is trusted of an image: digests. Entry types: {@link dev.ringfence.core.image.Sha256}, {@link
 * dev.ringfence.core.image.VerityTree}. Pure: the same bytes give the same digests. No I/O.
 */
@NullMarked
package dev.ringfence.core.image;

import org.jspecify.annotations.NullMarked;
