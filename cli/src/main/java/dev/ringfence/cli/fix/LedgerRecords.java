package dev.ringfence.cli.fix;

import dev.ringfence.cli.ledger.OpenLedger;
import dev.ringfence.ledger.leaf.Content;
import dev.ringfence.ledger.leaf.Json;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafKind;
import dev.ringfence.linux.fix.FixRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Records of a fix as leaves of a ledger: who, what, before, after. What the journal keeps to undo a step stays there; it may
 * hold secrets of the host, and a leaf is for ever.
 */
final class LedgerRecords implements FixRecord.Sink {
    /** Of a leaf's 65,535 bytes; a longer account is cut, the journal has it whole. */
    private static final int TEXT_LIMIT = 4096;

    private final OpenLedger ledger;
    private final String host;

    LedgerRecords(OpenLedger ledger, String host) {
        this.ledger = ledger;
        this.host = host;
    }

    @Override
    public void add(FixRecord record) throws IOException {
        Map<String, Json> body = Map.of(
                "act", text(record.act().name().toLowerCase(Locale.ROOT).replace('_', '-')),
                "plan", text(record.plan().toString()),
                "step", new Json.Whole(record.step()),
                "what", text(record.what()),
                "before", text(record.before()),
                "after", text(record.after()));
        ledger.append(new Leaf(
                LeafKind.HOST_CHANGE,
                record.at(),
                record.who().toString(),
                host,
                new Content.Body(new Json.Members(body))));
    }

    private static Json text(String text) {
        String cut = text.length() > TEXT_LIMIT ? text.substring(0, TEXT_LIMIT) + "…" : text;
        // Encoded and decoded, so that a cut pair of surrogates, which is no text, is replaced.
        return new Json.Characters(new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
    }
}
