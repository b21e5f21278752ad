/**
 * From findings to changes that a person can review: what would be written where, whom it disturbs, how it is undone.
 * Entry types: {@link dev.ringfence.core.fix.Planner} makes a {@link dev.ringfence.core.fix.FixPlan} of audit results and
 * a {@link dev.ringfence.core.fix.CurrentState}; applying it is another package's work.
 *
 * <p>Invariants: a plan is bound to what it saw, every file by its SHA-256 digest, every value by its old content. A plan
 * holds what is written in full, so that nothing is decided when it is applied. What cannot be changed safely is a {@link
 * dev.ringfence.core.fix.ManualStep}, never a guess. The same findings on the same host give the same steps.
 */
@NullMarked
package dev.ringfence.core.fix;

import org.jspecify.annotations.NullMarked;
