/**
 * {@code ringfence audit}, {@code facts} and {@code diff}. Entry type: {@link dev.ringfence.cli.audit.AuditCommand}.
 */
@NullMarked
package dev.ringfence.cli.audit;

import org.jspecify.annotations.NullMarked;
