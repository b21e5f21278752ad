/**
 * The INI dialect of oslo.config: {@code nova.conf}, {@code neutron.conf} and their kin. Entry types: {@link
 * dev.ringfence.formats.oslo.OsloFile} for one file and its edits, {@link dev.ringfence.formats.oslo.OsloConfig} for
 * what a service reads from several files.
 *
 * <p>Invariants: a file that is accepted prints as the very same bytes; an edit changes the lines of one option and no
 * others. No {@code toString} here shows a secret: options are redacted by their name, and logins inside URLs always.
 * Defaults are not known here; an absent option is absent. All types are immutable and thread-safe.
 *
 * <p>Source: the reader in oslo.config ({@code iniparser.py}, {@code cfg.py}).
 */
@NullMarked
package dev.ringfence.formats.oslo;

import org.jspecify.annotations.NullMarked;
