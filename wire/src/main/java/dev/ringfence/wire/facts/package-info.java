/**
 * Host facts as JSON, to carry them from the host that was looked at to where they are judged. Entry type: {@link
 * dev.ringfence.wire.facts.FactsJson}. Invariants: what was written reads back equal; what is read fits the schema
 * {@code schema/facts-1.schema.json} to the last key, or is refused.
 */
@NullMarked
package dev.ringfence.wire.facts;

import org.jspecify.annotations.NullMarked;
