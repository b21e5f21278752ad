package dev.ringfence.cli.ledger;

/** How a result is written. */
enum Format {
    /** For people. */
    TEXT,
    /** One JSON object a line. */
    JSON
}
