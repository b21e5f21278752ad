/**
 * Hosts that are not this one: captures that {@code collect.sh} made, fetched through ssh or read from a file, and tar
 * archives of whole hosts. Entry types: {@link dev.ringfence.linux.capture.Capture} and {@link
 * dev.ringfence.linux.capture.RemoteCapture}.
 *
 * <p>Invariants: an archive is hostile; nothing is written outside one private directory, which {@code close} removes.
 * Host keys are always checked. The collector changes nothing on the host but a temporary directory that it removes, and
 * leaves private keys, password hashes and the values of secret options on the host.
 */
@NullMarked
package dev.ringfence.linux.capture;

import org.jspecify.annotations.NullMarked;
