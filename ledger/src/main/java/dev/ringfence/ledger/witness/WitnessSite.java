package dev.ringfence.ledger.witness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.http.BoundedServer;
import dev.ringfence.ledger.note.NoteSignature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A witness over HTTP: POST /add-checkpoint, and nothing else. Thread-safe. */
public final class WitnessSite implements HttpHandler {
    private static final String PATH = "/add-checkpoint";

    private final Witness witness;

    /** The site of a witness. */
    public WitnessSite(Witness witness) {
        this.witness = witness;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getRawPath().equals(PATH)) {
            BoundedServer.text(exchange, 404, "here is only " + PATH + "\n");
            return;
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            BoundedServer.text(exchange, 405, "only POST\n");
            return;
        }
        byte[] body = exchange.getRequestBody().readNBytes(AddCheckpoint.LIMIT_BYTES + 1);
        if (body.length > AddCheckpoint.LIMIT_BYTES) {
            BoundedServer.text(exchange, 413, "a request longer than " + AddCheckpoint.LIMIT_BYTES + " bytes\n");
            return;
        }
        Answer answer = witness.add(body);
        switch (answer) {
            case Answer.Cosigned(List<NoteSignature> cosignatures) -> {
                StringBuilder lines = new StringBuilder();
                cosignatures.forEach(line -> lines.append(line.line()).append('\n'));
                BoundedServer.text(exchange, answer.status(), lines.toString());
            }
            case Answer.Stale(long seenSize) -> {
                exchange.getResponseHeaders().set("Cache-Control", "no-store");
                BoundedServer.bytes(
                        exchange,
                        answer.status(),
                        "text/x.tlog.size",
                        (seenSize + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            case Answer.Refused(int status, Refusal why) -> BoundedServer.text(exchange, status, why + "\n");
        }
    }
}
