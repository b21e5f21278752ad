package dev.ringfence.ledger.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.log.DirectoryStorage;
import dev.ringfence.ledger.log.StorageException;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignedNote;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TreeTiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The directory of a log as the static files of tlog-tiles. The checkpoint may be cached for a second, tiles and bundles
 * for ever. A writer puts tiles in place before it publishes the checkpoint that covers them, and after a stop others may
 * take their place; so a tile beyond the checkpoint is not there, for nobody, and no cache can hold it. Reads the files at
 * each request and keeps nothing. Thread-safe.
 */
public final class LogSite implements HttpHandler {
    private static final String CHECKPOINT = "checkpoint";
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String BRIEFLY = "public, max-age=1, must-revalidate";

    private final DirectoryStorage storage;

    /** The site of a log's directory. */
    public LogSite(Path directory) {
        this.storage = new DirectoryStorage(directory);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            BoundedServer.text(exchange, 405, "only GET and HEAD\n");
            return;
        }
        // The raw path: whatever is escaped in it is none of ours.
        String path = exchange.getRequestURI().getRawPath();
        try {
            if (path.equals("/" + CHECKPOINT)) {
                checkpoint(exchange);
            } else if (path.startsWith("/")
                    && TilePath.parse(path.substring(1)) instanceof Parsed.Value<TilePath>(TilePath tile)) {
                tile(exchange, tile);
            } else {
                notHere(exchange);
            }
        } catch (StorageException e) {
            BoundedServer.text(exchange, 500, "the log cannot be read\n");
        }
    }

    private void checkpoint(HttpExchange exchange) throws IOException {
        Optional<byte[]> note = storage.read(CHECKPOINT, SignedNote.LIMIT_BYTES);
        if (note.isEmpty()) {
            notHere(exchange);
            return;
        }
        if (isCurrent(exchange, tag(new String(note.get(), StandardCharsets.ISO_8859_1)), BRIEFLY)) {
            return;
        }
        BoundedServer.bytes(exchange, 200, "text/plain; charset=utf-8", note.get());
    }

    private void tile(HttpExchange exchange, TilePath tile) throws IOException {
        Optional<SignedCheckpoint> published = published();
        if (published.isEmpty() || !isCovered(tile, published.get().checkpoint().size())) {
            notHere(exchange);
            return;
        }
        try (ServedTile file = ServedTile.open(storage.root(), tile)) {
            // What a path below the checkpoint holds never changes, so its name is as good as a digest of it.
            String tag = tag(published.get().checkpoint().origin() + "\n" + tile.path());
            if (isCurrent(exchange, tag, FOREVER)) {
                return;
            }
            BoundedServer.begin(exchange, 200, "application/octet-stream", file.sizeBytes());
            if (!BoundedServer.isHead(exchange)) {
                file.copyTo(exchange.getResponseBody());
            }
        } catch (ServedTile.AbsentException _) {
            notHere(exchange);
        }
    }

    private Optional<SignedCheckpoint> published() throws StorageException {
        return storage.read(CHECKPOINT, SignedNote.LIMIT_BYTES)
                .flatMap(note -> SignedCheckpoint.parse(note) instanceof Parsed.Value<SignedCheckpoint>(var signed)
                        ? Optional.of(signed)
                        : Optional.empty());
    }

    /** Whether every hash or entry of a tile belongs to a tree of this size. */
    static boolean isCovered(TilePath tile, long treeSize) {
        int level = Math.max(tile.level(), 0);
        TreeTiles tree = new TreeTiles(treeSize);
        return tile.index() < tree.full(level)
                || (tile.index() == tree.full(level) && tile.width() <= tree.partialWidth(level));
    }

    /** Sets the caching headers, and answers 304 if the client has the content already. */
    private static boolean isCurrent(HttpExchange exchange, String tag, String caching) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", caching);
        exchange.getResponseHeaders().set("ETag", tag);
        String known = exchange.getRequestHeaders().getFirst("If-None-Match");
        if (known == null || !names(known, tag)) {
            return false;
        }
        exchange.sendResponseHeaders(304, -1);
        return true;
    }

    private static boolean names(String ifNoneMatch, String tag) {
        for (String known : ifNoneMatch.split(",", 64)) {
            String stripped = known.strip();
            if (stripped.equals("*") || stripped.equals(tag) || stripped.equals("W/" + tag)) {
                return true;
            }
        }
        return false;
    }

    private static void notHere(HttpExchange exchange) throws IOException {
        BoundedServer.text(exchange, 404, "not here\n");
    }

    private static String tag(String content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
