package dev.ringfence.ledger.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.log.Log;
import dev.ringfence.ledger.log.LogSettings;
import dev.ringfence.ledger.merkle.ConsistencyProof;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.SignatureCheck;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.proof.OfflineVerifier;
import dev.ringfence.ledger.proof.ProofFile;
import dev.ringfence.ledger.proof.Trust;
import dev.ringfence.ledger.proof.Verification;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TiledTree;
import dev.ringfence.ledger.tile.TreeTiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogSiteTest {
    private static final SignerKey KEY =
            SignerKey.generate("log.example/site", SignatureType.ED25519).orThrow();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    private Path temp = Path.of("");

    private Path directory = Path.of("");

    @SuppressWarnings("NullAway.Init")
    private BoundedServer server;

    @SuppressWarnings("NullAway.Init")
    private RemoteLog remote;

    @BeforeEach
    void start() throws IOException {
        directory = temp.resolve("log");
        LogSettings settings = LogSettings.of(directory, temp.resolve("last"), KEY);
        try (Log log = Log.create(settings).orThrow()) {
            append(log, 0, 250);
            append(log, 250, 600);
        }
        Files.writeString(temp.resolve("secret"), "not to be served");
        Files.writeString(directory.resolve(".hidden"), "not to be served");
        server =
                BoundedServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new LogSite(directory));
        remote = new RemoteLog(URI.create(url("")));
    }

    @AfterEach
    void stop() {
        remote.close();
        server.close();
    }

    private static byte[] entry(int index) {
        return ("entry " + index).getBytes(StandardCharsets.UTF_8);
    }

    private static void append(Log log, int from, int to) {
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            answers.add(log.submit(entry(i)));
        }
        answers.forEach(CompletableFuture::join);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.address().getPort() + path;
    }

    private HttpResponse<byte[]> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url(path))).method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void showsTheCheckpointForAMoment() throws Exception {
        HttpResponse<byte[]> answer = send("GET", "/checkpoint");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Files.readAllBytes(directory.resolve("checkpoint")));
        assertThat(header(answer, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(header(answer, "Cache-Control")).contains("max-age=1").doesNotContain("immutable");

        String tag = header(answer, "ETag");
        assertThat(send("GET", "/checkpoint", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        LogSettings settings = LogSettings.of(directory, temp.resolve("last"), KEY);
        try (Log log = Log.open(settings).orThrow()) {
            append(log, 600, 601);
        }
        assertThat(send("GET", "/checkpoint", "If-None-Match", tag).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/001", "tile/entries/002.p/88"})
    void servesTilesForEver(String path) throws Exception {
        HttpResponse<byte[]> answer = send("GET", "/" + path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Files.readAllBytes(directory.resolve(path)));
        assertThat(header(answer, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(answer, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");

        String tag = header(answer, "ETag");
        for (String known : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
            HttpResponse<byte[]> again = send("GET", "/" + path, "If-None-Match", known);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
        assertThat(send("GET", "/" + path, "If-None-Match", "\"x\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void givesEachFileItsOwnTag() throws Exception {
        assertThat(header(send("GET", "/tile/0/000"), "ETag"))
                .isNotEqualTo(header(send("GET", "/tile/0/001"), "ETag"))
                .isNotEqualTo(header(send("GET", "/tile/entries/000"), "ETag"));
    }

    @Test
    void answersHeadWithoutABody() throws Exception {
        for (String path : List.of("/checkpoint", "/tile/0/000", "/tile/entries/002.p/88")) {
            HttpResponse<byte[]> whole = send("GET", path);
            HttpResponse<byte[]> head = send("HEAD", path);
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            for (String name : List.of("Content-Length", "Content-Type", "ETag", "Cache-Control")) {
                assertThat(header(head, name)).isEqualTo(header(whole, name)).isNotEmpty();
            }
        }
        assertThat(send("HEAD", "/tile/0/009").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void takesNothing(String method) throws Exception {
        HttpResponse<byte[]> answer = send(method, "/checkpoint");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(header(answer, "Allow")).isEqualTo("GET, HEAD");
    }

    @Test
    void givesTheBeginningOfAFullTileForAPartialOneThatIsGone() throws Exception {
        assertThat(directory.resolve("tile/0/000.p/250")).doesNotExist();
        byte[] full = Files.readAllBytes(directory.resolve("tile/0/000"));
        assertThat(send("GET", "/tile/0/000.p/250").body()).isEqualTo(Arrays.copyOf(full, 250 * 32));
        byte[] bundle = send("GET", "/tile/entries/000.p/250").body();
        EntryBundle entries = EntryBundle.parse(bundle, 250).orThrow();
        assertThat(entries.entry(249)).isEqualTo(entry(249));
    }

    @Test
    void servesNothingThatNoCheckpointCovers() throws Exception {
        // What a writer leaves that is stopped between tiles and checkpoint; another batch will take these names.
        Files.createDirectories(directory.resolve("tile/0/002.p"));
        byte[] hashes = new byte[89 * 32];
        Files.write(directory.resolve("tile/0/002.p/89"), hashes);
        Files.write(directory.resolve("tile/0/002"), new byte[8192]);
        Files.write(directory.resolve("tile/entries/002"), new byte[10]);
        for (String path :
                List.of("/tile/0/002.p/89", "/tile/0/002", "/tile/entries/002", "/tile/0/003", "/tile/2/000")) {
            HttpResponse<byte[]> answer = send("GET", path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
        }
        assertThat(send("GET", "/tile/0/002.p/88").statusCode()).isEqualTo(200);
    }

    @Test
    void knowsWhatATreeCovers() {
        assertThat(LogSite.isCovered(new TilePath(0, 272, 256), 70_000)).isTrue();
        assertThat(LogSite.isCovered(new TilePath(0, 273, 112), 70_000)).isTrue();
        assertThat(LogSite.isCovered(new TilePath(0, 273, 113), 70_000)).isFalse();
        assertThat(LogSite.isCovered(new TilePath(0, 273, 256), 70_000)).isFalse();
        assertThat(LogSite.isCovered(new TilePath(1, 1, 17), 70_000)).isTrue();
        assertThat(LogSite.isCovered(new TilePath(1, 1, 18), 70_000)).isFalse();
        assertThat(LogSite.isCovered(new TilePath(2, 0, 1), 70_000)).isTrue();
        assertThat(LogSite.isCovered(new TilePath(63, 0, 1), 70_000)).isFalse();
        assertThat(LogSite.isCovered(new TilePath(0, 999_999_999_999L, 1), 70_000))
                .isFalse();
        assertThat(LogSite.isCovered(new TilePath(0, 0, 1), 0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//checkpoint",
                "/checkpoint/",
                "/./checkpoint",
                "/tile/../checkpoint",
                "/../secret",
                "/tile/0/../../../secret",
                "/%2e%2e/secret",
                "/..%2fsecret",
                "/tile/0/%30%30%30",
                "/.hidden",
                "/.lock",
                "/tile",
                "/tile/",
                "/tile/0",
                "/tile/0/0",
                "/tile/0/x000/000",
                "/tile/00/000",
                "/tile/64/000",
                "/tile/-1/000",
                "/tile/0/000.p/0",
                "/tile/0/000.p/256",
                "/tile/0/000.p/007",
                "/tile/0/000.p",
                "/tile/entries/000/",
                "/tile/entries/00\u0660",
                "/tile/0/x999/x999/x999/x999/x999/x999/999"
            })
    void takesNoOtherPath(String path) throws Exception {
        String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1.1 (404|400) .*").doesNotContain("not to be served");
    }

    private String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void readsThroughNoSymbolicLink() throws Exception {
        Files.delete(directory.resolve("tile/0/000"));
        Files.createSymbolicLink(directory.resolve("tile/0/000"), temp.resolve("secret"));
        assertThat(send("GET", "/tile/0/000").statusCode()).isEqualTo(500);
        Files.delete(directory.resolve("checkpoint"));
        Files.createSymbolicLink(directory.resolve("checkpoint"), temp.resolve("secret"));
        assertThat(send("GET", "/checkpoint").statusCode()).isEqualTo(500);
    }

    @Test
    void isEmptyWithoutACheckpoint() throws Exception {
        Files.delete(directory.resolve("checkpoint"));
        assertThat(send("GET", "/checkpoint").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/tile/0/000").statusCode()).isEqualTo(404);
    }

    @Test
    void aClientProvesEveryLeafOverHttpAlone() throws Exception {
        SignedCheckpoint checkpoint = remote.checkpoint().orThrow();
        assertThat(checkpoint.check(KEY.verifier())).isInstanceOf(SignatureCheck.Valid.class);
        long size = checkpoint.checkpoint().size();
        assertThat(size).isEqualTo(600);
        OfflineVerifier verifier = new OfflineVerifier(Trust.log(KEY.verifier()));
        TiledTree tree = new TiledTree(remote, size);
        EntryBundle bundle = EntryBundle.of(List.of(entry(0)));
        for (int index = 0; index < size; index += 7) {
            if (index % 256 < 7) {
                TilePath path = new TreeTiles(size).bundleOf(index);
                bundle = EntryBundle.parse(remote.read(path), path.width()).orThrow();
            }
            byte[] leaf = bundle.entry(index % 256);
            byte[] proof = ProofFile.of(InclusionProof.build(tree, index, size), checkpoint)
                    .bytes();
            assertThat(leaf).isEqualTo(entry(index));
            assertThat(verifier.verify(proof, leaf)).isInstanceOf(Verification.Verified.class);
            assertThat(verifier.verify(proof, entry(index + 1))).isInstanceOf(Verification.Refused.class);
        }
    }

    @Test
    void aClientNoticesAFlippedBitAnywhereOnItsPath() throws Exception {
        SignedCheckpoint checkpoint = remote.checkpoint().orThrow();
        Hash leaf = new TreeHasher().leaf(entry(0));
        for (int at : List.of(40, 5000)) {
            byte[] tile = Files.readAllBytes(directory.resolve("tile/0/000"));
            tile[at] ^= 1;
            Files.write(directory.resolve("tile/0/000"), tile);
            InclusionProof proof = InclusionProof.build(new TiledTree(remote, 600), 0, 600);
            assertThat(proof.verify(leaf, checkpoint.checkpoint().root())).isInstanceOf(Check.Fails.class);
            tile[at] ^= 1;
            Files.write(directory.resolve("tile/0/000"), tile);
        }
        InclusionProof sound = InclusionProof.build(new TiledTree(remote, 600), 0, 600);
        assertThat(sound.verify(leaf, checkpoint.checkpoint().root())).isInstanceOf(Check.Holds.class);
    }

    @Test
    void aClientFollowsAGrowingLog() throws Exception {
        SignedCheckpoint before = remote.checkpoint().orThrow();
        try (Log log =
                Log.open(LogSettings.of(directory, temp.resolve("last"), KEY)).orThrow()) {
            append(log, 600, 1100);
        }
        SignedCheckpoint after = remote.checkpoint().orThrow();
        ConsistencyProof proof = ConsistencyProof.build(new TiledTree(remote, 1100), 600, 1100);
        assertThat(proof.verify(before.checkpoint().root(), after.checkpoint().root()))
                .isInstanceOf(Check.Holds.class);
        // The tree of the older checkpoint can still be read, though its partial tiles have gone.
        InclusionProof old = InclusionProof.build(new TiledTree(remote, 600), 599, 600);
        assertThat(old.verify(
                        new TreeHasher().leaf(entry(599)), before.checkpoint().root()))
                .isInstanceOf(Check.Holds.class);
        TilePath bundle = new TreeTiles(600).bundleOf(599);
        assertThat(EntryBundle.parse(remote.read(bundle), bundle.width())
                        .orThrow()
                        .entry(87))
                .isEqualTo(entry(599));
    }

    @Test
    void aClientSaysWhatIsNotThere() {
        assertThatThrownBy(() -> remote.read(new TilePath(0, 9, 256)))
                .isInstanceOf(FileNotFoundException.class)
                .hasMessageContaining("tile/0/009");
        server.close();
        assertThatThrownBy(remote::checkpoint).isInstanceOf(IOException.class).hasMessageContaining("/checkpoint");
    }
}
