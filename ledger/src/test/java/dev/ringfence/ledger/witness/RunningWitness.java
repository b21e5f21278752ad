package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.http.BoundedServer;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.note.VerifierKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** A witness on a loopback port. */
final class RunningWitness implements AutoCloseable {
    static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    final SignerKey ed25519;
    final SignerKey mlDsa;
    final Witness witness;
    private final WitnessRecords records;
    private final BoundedServer server;

    private RunningWitness(SignerKey ed25519, SignerKey mlDsa, Path directory, List<VerifierKey> logs)
            throws IOException {
        this.ed25519 = ed25519;
        this.mlDsa = mlDsa;
        Files.createDirectories(directory);
        boolean fresh = !Files.exists(directory.resolve(WitnessRecords.NAME));
        this.records = (fresh ? WitnessRecords.create(directory) : WitnessRecords.open(directory)).orThrow();
        this.witness = new Witness(logs, List.of(ed25519, mlDsa), records, InstantSource.system());
        this.server = BoundedServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new WitnessSite(witness));
    }

    static RunningWitness in(Path directory, String name, VerifierKey... logs) throws IOException {
        return new RunningWitness(
                SignerKey.generate(name, SignatureType.ED25519_COSIGNATURE).orThrow(),
                SignerKey.generate(name, SignatureType.ML_DSA_44_COSIGNATURE).orThrow(),
                directory,
                List.of(logs));
    }

    /** The same witness, after this one was closed. */
    RunningWitness again(Path directory, VerifierKey... logs) throws IOException {
        return new RunningWitness(ed25519, mlDsa, directory, List.of(logs));
    }

    String url() {
        return url(server.address());
    }

    static String url(InetSocketAddress address) {
        return "http://127.0.0.1:" + address.getPort();
    }

    HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
        return post(url(), body);
    }

    static HttpResponse<String> post(String url, byte[] body) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(url + "/add-checkpoint"))
                        .POST(BodyPublishers.ofByteArray(body))
                        .build(),
                BodyHandlers.ofString());
    }

    @Override
    public void close() throws IOException {
        server.close();
        records.close();
    }
}
