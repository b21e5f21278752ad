/**
 * Where parsers of large files read from. Entry type: {@link dev.ringfence.formats.io.ByteSource}. Invariant: no files are
 * opened here; the caller owns what is read.
 */
@NullMarked
package dev.ringfence.formats.io;

import org.jspecify.annotations.NullMarked;
