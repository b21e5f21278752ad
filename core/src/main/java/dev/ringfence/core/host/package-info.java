/**
 * The vocabulary of a host: what was observed, from where, or why not. Entry type: {@link
 * dev.ringfence.core.host.HostFacts}. Records only, immutable; {@link dev.ringfence.core.host.FactTree} turns them into
 * plain maps and lists and back. A component of type {@link dev.ringfence.core.host.Fact} can be unobserved; a plain
 * component is always known once its record is. No I/O.
 */
@NullMarked
package dev.ringfence.core.host;

import org.jspecify.annotations.NullMarked;
