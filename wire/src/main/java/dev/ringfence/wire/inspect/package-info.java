/**
 * What {@code ringfence inspect} says, as JSON. Entry types: {@link dev.ringfence.wire.inspect.ElfJson}, {@link
 * dev.ringfence.wire.inspect.QemuJson}. Keys are only ever
 * added.
 */
@NullMarked
package dev.ringfence.wire.inspect;

import org.jspecify.annotations.NullMarked;
