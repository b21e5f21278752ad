/**
 * What every parser here shares. A parser turns hostile bytes into a record or a {@link
 * dev.ringfence.formats.Refusal refusal}; it never throws for what the bytes say, and its time and memory are bounded.
 * Entry type: {@link dev.ringfence.formats.Decoded}. JDK only; no files, sockets, clock or environment.
 */
@NullMarked
package dev.ringfence.formats;

import org.jspecify.annotations.NullMarked;
