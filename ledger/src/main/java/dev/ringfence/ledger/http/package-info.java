/**
 * A log over HTTP (C2SP tlog-tiles), both sides. Entry types: {@link dev.ringfence.ledger.http.LogSite}, which serves a
 * directory as static files, and {@link dev.ringfence.ledger.http.RemoteLog}, which reads one. Invariants: nothing is
 * served that no published checkpoint covers, so what a cache keeps for ever never changes; no name of a request reaches
 * the file system but those that the format makes.
 */
@NullMarked
package dev.ringfence.ledger.http;

import org.jspecify.annotations.NullMarked;
