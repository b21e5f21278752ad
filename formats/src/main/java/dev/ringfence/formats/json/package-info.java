/**
 * JSON, read only (RFC 8259): what tools print and what firmware descriptors hold. Entry type: {@link
 * dev.ringfence.formats.json.JsonText}. Invariants: total; text, depth and number of values are bounded; a name that
 * stands twice in one object is refused, so that no two readers can see different values.
 */
@NullMarked
package dev.ringfence.formats.json;

import org.jspecify.annotations.NullMarked;
