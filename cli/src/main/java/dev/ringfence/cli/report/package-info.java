/**
 * An audit's outcome for people. Entry types: {@link dev.ringfence.cli.report.TableReport} for a terminal, {@link
 * dev.ringfence.cli.report.HtmlReport} for a browser and for paper. Invariants: names and values from a host are shown as
 * text, never run as markup or as control sequences; the same report gives the same output.
 */
@NullMarked
package dev.ringfence.cli.report;

import org.jspecify.annotations.NullMarked;
