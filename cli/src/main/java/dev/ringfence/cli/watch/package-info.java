/**
 * {@code ringfence watch}. Entry type: {@link dev.ringfence.cli.watch.WatchCommand}.
 *
 * <p>Invariants: the process that stays holds no facts and no controls. Judging and putting back are work for a process of
 * their own, which ends and gives its memory back; so neither the JSON library nor the expression language is loaded here.
 */
@NullMarked
package dev.ringfence.cli.watch;

import org.jspecify.annotations.NullMarked;
