/**
 * Opens disk images for inspection: regular files only, never through a symbolic link, read through one descriptor. Entry
 * types: {@link dev.ringfence.linux.image.ImageFile} for one file, {@link dev.ringfence.linux.image.ChainWalk} for an image
 * and its backing files inside one directory. Invariants: nothing is written; a FIFO or a device is never waited for; no
 * name from an image is resolved but below the directory that was allowed, name by name.
 */
@NullMarked
package dev.ringfence.linux.image;

import org.jspecify.annotations.NullMarked;
