package dev.ringfence.ledger.leaf;

/** What a leaf says about its subject: in the open, or as a commitment to what stands elsewhere. */
public sealed interface Content {
    /** A JSON object that everybody may read for ever. */
    record Body(Json.Members json) implements Content {}

    /** A commitment to a body that is stored elsewhere and can be erased there. */
    record Sealed(Commitment commitment) implements Content {}
}
