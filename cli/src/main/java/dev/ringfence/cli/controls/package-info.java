/**
 * {@code ringfence controls}: the rules as data, shipped ones and an operator's own. Entry type: {@link
 * dev.ringfence.cli.controls.ControlsCommand}.
 */
@NullMarked
package dev.ringfence.cli.controls;

import org.jspecify.annotations.NullMarked;
