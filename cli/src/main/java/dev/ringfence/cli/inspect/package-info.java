/**
 * {@code ringfence inspect}: single files and programs, without a host. Entry type: {@link
 * dev.ringfence.cli.inspect.InspectCommand}.
 */
@NullMarked
package dev.ringfence.cli.inspect;

import org.jspecify.annotations.NullMarked;
