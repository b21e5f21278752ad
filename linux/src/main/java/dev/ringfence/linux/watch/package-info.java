/**
 * Watching a running host: files through inotify, kernel values and processes by polling. Entry type: {@link
 * dev.ringfence.linux.watch.HostWatch}.
 *
 * <p>Invariants: nothing on the host is changed. Events only say where to look; what counts is what is then read, so that a
 * touch without a change is no event and a dropped event costs time, not a drift. Only regular files are read.
 */
@NullMarked
package dev.ringfence.linux.watch;

import org.jspecify.annotations.NullMarked;
