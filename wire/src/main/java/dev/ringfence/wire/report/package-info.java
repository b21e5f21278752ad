/**
 * An audit's outcome in the formats that others read: JSON of our own, SARIF, OSCAL, JUnit. Entry types: {@link
 * dev.ringfence.wire.report.ReportJson}, {@link dev.ringfence.wire.report.Sarif}, {@link
 * dev.ringfence.wire.report.OscalResults}, {@link dev.ringfence.wire.report.JUnitXml}. Invariants: the same report gives
 * the same bytes, with no clock and no random identifiers; output is valid whatever names and texts a host has; what was
 * not observed is never told as passed.
 */
@NullMarked
package dev.ringfence.wire.report;

import org.jspecify.annotations.NullMarked;
