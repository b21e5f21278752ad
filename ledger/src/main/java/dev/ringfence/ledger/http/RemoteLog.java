package dev.ringfence.ledger.http;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignedNote;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TileSource;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Somebody's log, read over HTTP (tlog-tiles). Nothing that comes is trusted: proofs that are built from it are to be
 * checked against a checkpoint whose signature was checked. Bounded in time and size; follows no redirect. Thread-safe.
 */
public final class RemoteLog implements TileSource, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PREFIX_BYTES = 2;
    private static final int BUNDLE_LIMIT_BYTES = TilePath.FULL_WIDTH * (PREFIX_BYTES + EntryBundle.ENTRY_LIMIT_BYTES);

    private final String prefix;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** @param prefix URL of the log, with or without a final slash */
    public RemoteLog(URI prefix) {
        String text = prefix.toString();
        this.prefix = text.endsWith("/") ? text : text + "/";
    }

    /**
     * The checkpoint that the server shows.
     *
     * @return refused as {@link SignedCheckpoint#parse} says
     * @throws IOException naming the URL, if it cannot be had
     */
    public Parsed<SignedCheckpoint> checkpoint() throws IOException {
        return SignedCheckpoint.parse(fetch("checkpoint", SignedNote.LIMIT_BYTES)
                .orElseThrow(() -> new FileNotFoundException(prefix + "checkpoint is not there")));
    }

    @Override
    public byte[] read(TilePath path) throws IOException {
        int limitBytes = path.isEntries() ? BUNDLE_LIMIT_BYTES : TilePath.FULL_WIDTH * Hash.SIZE_BYTES;
        Optional<byte[]> exact = fetch(path.path(), limitBytes);
        if (exact.isPresent()) {
            return exact.get();
        }
        if (!path.isFull()) {
            // A log may remove a partial tile once the full one is there.
            Optional<byte[]> full = fetch(path.full().path(), limitBytes);
            if (full.isPresent()) {
                return Arrays.copyOf(full.get(), beginningBytes(path, full.get()));
            }
        }
        throw new FileNotFoundException(prefix + path.path() + " is not there");
    }

    private static int beginningBytes(TilePath path, byte[] full) {
        if (!path.isEntries()) {
            return Math.min(path.width() * Hash.SIZE_BYTES, full.length);
        }
        int at = 0;
        for (int i = 0; i < path.width() && full.length - at >= PREFIX_BYTES; i++) {
            at += PREFIX_BYTES + (Byte.toUnsignedInt(full[at]) << 8 | Byte.toUnsignedInt(full[at + 1]));
        }
        return Math.min(at, full.length);
    }

    /** The body at a path; empty if the server says that there is none. */
    private Optional<byte[]> fetch(String path, int limitBytes) throws IOException {
        URI uri = URI.create(prefix + path);
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        try {
            HttpResponse<byte[]> response =
                    client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limitBytes));
            return switch (response.statusCode()) {
                case 200 -> Optional.of(response.body());
                case 404, 410 -> Optional.empty();
                default -> throw new IOException("the server answered " + response.statusCode());
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException(uri + ": interrupted").initCause(e);
        } catch (IOException e) {
            throw new IOException("read " + uri + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
