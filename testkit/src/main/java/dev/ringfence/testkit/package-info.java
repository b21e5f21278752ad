/**
 * Seeded generators and mutation fuzzing for tests. Entry type: {@link dev.ringfence.testkit.Fuzz}. Every failure names
 * the seed that reproduces it. JDK only, no other module of ours.
 */
@NullMarked
package dev.ringfence.testkit;

import org.jspecify.annotations.NullMarked;
