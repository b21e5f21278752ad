/**
 * polkit's rules: JavaScript files ({@code rules.d}) and the older {@code .pkla} files. Entry types: {@link
 * dev.ringfence.formats.polkit.PolkitRules} and {@link dev.ringfence.formats.polkit.Pkla}.
 *
 * <p>Invariants: nothing is executed. A rule is followed along its branches with the action known and the subject
 * unknown; what the reader does not understand makes the verdict "cannot tell", never "no". All types are immutable and
 * thread-safe.
 *
 * <p>Source: polkit, {@code polkit(8)}, {@code pkla-check-authorization(8)}.
 */
@NullMarked
package dev.ringfence.formats.polkit;

import org.jspecify.annotations.NullMarked;
