/**
 * What {@code ringfence inspect} and {@code ringfence image inspect} say, as JSON. Entry types: {@link
 * dev.ringfence.wire.inspect.ElfJson}, {@link dev.ringfence.wire.inspect.ImageJson}, {@link
 * dev.ringfence.wire.inspect.QemuJson}. Keys are only ever
 * added.
 */
@NullMarked
package dev.ringfence.wire.inspect;

import org.jspecify.annotations.NullMarked;
