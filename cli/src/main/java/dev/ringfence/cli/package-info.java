/**
 * The {@code ringfence} command: composition root and what all subcommands share. Entry type: {@link
 * dev.ringfence.cli.RingfenceMain}. Exit status: {@link dev.ringfence.cli.ExitStatus}.
 */
@NullMarked
package dev.ringfence.cli;

import org.jspecify.annotations.NullMarked;
