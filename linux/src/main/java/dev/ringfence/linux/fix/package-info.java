/**
 * Changes a host as a plan says, and takes it back. Entry types: {@link dev.ringfence.linux.fix.FixRun} applies, resumes and
 * rolls back; {@link dev.ringfence.linux.fix.FixStore} is where plans, journals and copies of what was are kept.
 *
 * <p>Invariants: what a step needs to be undone lasts on disk before the step begins. A file is replaced whole or not at all.
 * Nothing is written where somebody else has changed the thing since. No guest is ever restarted.
 */
@NullMarked
package dev.ringfence.linux.fix;

import org.jspecify.annotations.NullMarked;
