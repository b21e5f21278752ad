package dev.ringfence.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.http.BoundedServer;
import dev.ringfence.ledger.log.Append;
import dev.ringfence.ledger.log.Cosigning;
import dev.ringfence.ledger.log.Log;
import dev.ringfence.ledger.log.LogOptions;
import dev.ringfence.ledger.log.LogSettings;
import dev.ringfence.ledger.log.StorageException;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.proof.OfflineVerifier;
import dev.ringfence.ledger.proof.Policy;
import dev.ringfence.ledger.proof.PolicyText;
import dev.ringfence.ledger.proof.ProofFile;
import dev.ringfence.ledger.proof.Trust;
import dev.ringfence.ledger.proof.Verification;
import dev.ringfence.ledger.tile.Tile;
import dev.ringfence.ledger.tile.TileSource;
import dev.ringfence.ledger.tile.TiledTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WitnessClientTest {
    private static final SampleLog LOG = SampleLog.named("log.example/one");
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    private Path temp = Path.of("");

    private final List<RunningWitness> witnesses = new ArrayList<>();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final List<Refusal> shortfalls = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            witnesses.add(RunningWitness.in(
                    temp.resolve(name), name + ".example", LOG.key().verifier()));
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : closing.reversed()) {
            each.close();
        }
        for (RunningWitness witness : witnesses) {
            witness.close();
        }
    }

    private String policyText(String quorum) {
        StringBuilder text = new StringBuilder();
        text.append("log ").append(LOG.key().verifier().vkey()).append('\n');
        for (RunningWitness witness : witnesses) {
            String name = witness.ed25519.verifier().name().substring(0, 1);
            text.append("witness ")
                    .append(name)
                    .append(' ')
                    .append(witness.ed25519.verifier().vkey());
            text.append(' ').append(witness.url()).append('\n');
        }
        return text + quorum;
    }

    private Policy policy(String quorum) {
        return PolicyText.parse(policyText(quorum).getBytes(StandardCharsets.UTF_8))
                .orThrow();
    }

    private WitnessClient client(Policy policy, WitnessClient.Mode mode, Duration patience) {
        WitnessClient client =
                WitnessClient.of(policy, mode, patience, shortfalls::add).orThrow();
        closing.add(client);
        return client;
    }

    private WitnessClient client(String quorum) {
        return client(policy(quorum), WitnessClient.Mode.STRICT, LONG);
    }

    /** An offer of the sample log, whose tiles are never read: the proofs come from its tree. */
    private static Cosigning.Offer offer(SampleLog log, long published, long size) throws IOException {
        return new Cosigning.Offer(log.signed(size), published, tiles(log));
    }

    private static TileSource tiles(SampleLog log) {
        return path -> {
            List<Hash> hashes = new ArrayList<>();
            for (int i = 0; i < path.width(); i++) {
                hashes.add(log.hash(8 * path.level(), (path.index() << 8) + i));
            }
            return Tile.of(hashes).bytes();
        };
    }

    private String code(Cosigning.Outcome outcome) {
        return switch (outcome) {
            case Cosigning.Met _ -> "met";
            case Cosigning.NotMet(Refusal why) -> why.toString();
        };
    }

    private static final String TWO_OF_THREE = "group g 2 a b c\nquorum g\n";

    @Test
    void collectsAQuorumThatVerifies() throws Exception {
        WitnessClient client = client("group g all a b c\nquorum g\n");
        Cosigning.Outcome outcome = client.cosign(offer(LOG, 0, 5));
        assertThat(outcome).isInstanceOf(Cosigning.Met.class);
        SignedCheckpoint shown = LOG.signed(5);
        for (NoteSignature line : ((Cosigning.Met) outcome).cosignatures()) {
            shown = shown.with(line);
        }
        assertThat(new OfflineVerifier(Trust.policy(policy("group g all a b c\nquorum g\n"))).witnesses(shown))
                .isInstanceOf(Parsed.Value.class);
        // And again, growing and repeated.
        assertThat(code(client.cosign(offer(LOG, 5, 300)))).isEqualTo("met");
        assertThat(code(client.cosign(offer(LOG, 5, 300)))).isEqualTo("met");
    }

    @Test
    void findsOutWhatAWitnessHasSeen() throws Exception {
        client(TWO_OF_THREE).cosign(offer(LOG, 0, 5));
        witnesses.getFirst().post(LOG.request(0, 5).bytes());
        // Another process of the same log, which believes that 7 was seen.
        assertThat(code(client("quorum a\n").cosign(offer(LOG, 7, 9)))).isEqualTo("met");
    }

    @Test
    void doesWithoutThoseThatTheQuorumDoesNotNeed() throws Exception {
        WitnessClient client = client(TWO_OF_THREE);
        witnesses.get(1).close();
        assertThat(code(client.cosign(offer(LOG, 0, 5)))).isEqualTo("met");
        witnesses.get(2).close();
        assertThat(code(client.cosign(offer(LOG, 5, 6))))
                .startsWith("RF-LDG-210 ")
                .contains("RF-LDG-211", "2 of a, b, c");
    }

    @Test
    void refusesOrSaysSoWithoutAQuorum() throws Exception {
        witnesses.get(1).close();
        witnesses.get(2).close();
        assertThat(code(client(policy(TWO_OF_THREE), WitnessClient.Mode.STRICT, LONG)
                        .cosign(offer(LOG, 0, 5))))
                .startsWith("RF-LDG-210 ");
        assertThat(shortfalls).isEmpty();
        Cosigning.Outcome lenient =
                client(policy(TWO_OF_THREE), WitnessClient.Mode.LENIENT, LONG).cosign(offer(LOG, 0, 5));
        assertThat(((Cosigning.Met) lenient).cosignatures()).hasSize(1);
        assertThat(shortfalls).hasSize(1).allMatch(why -> why.code().equals("RF-LDG-210"));
    }

    @Test
    void waitsForNobodyLongerThanItWasTold() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Policy policy = one("http://127.0.0.1:" + silent.getLocalPort());
            assertThat(code(client(policy, WitnessClient.Mode.STRICT, SHORT).cosign(offer(LOG, 0, 5))))
                    .startsWith("RF-LDG-210 ")
                    .containsAnyOf("300 ms", "RF-LDG-211");
        }
    }

    /** A policy of one witness, with the key of the first and any URL. */
    private Policy one(String url) {
        String text = "witness a " + witnesses.getFirst().ed25519.verifier().vkey() + " " + url + "\nquorum a\n";
        return PolicyText.parse(text.getBytes(StandardCharsets.UTF_8)).orThrow();
    }

    private String saidBy(HttpHandler hostile) throws IOException {
        BoundedServer server = BoundedServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), hostile);
        closing.add(server);
        return code(client(one(RunningWitness.url(server.address())), WitnessClient.Mode.STRICT, LONG)
                .cosign(offer(LOG, 0, 5)));
    }

    @ParameterizedTest
    @CsvSource({
        "200, '',                       RF-LDG-214",
        "200, hello,                    RF-LDG-214",
        "200, '— a.example AAAAAAA=\n', RF-LDG-214",
        "204, '',                       RF-LDG-212",
        "302, '',                       RF-LDG-212",
        "500, sorry,                    RF-LDG-212",
        "409, sorry,                    RF-LDG-212",
        "409, '-1\n',                   RF-LDG-212",
        "409, '3\n',                    RF-LDG-212",
        "409, '6\n',                    RF-LDG-213",
        "404, unknown,                  RF-LDG-215",
        "422, no,                       RF-LDG-215",
    })
    void saysWhatAWitnessAnswered(int status, String body, String code) throws Exception {
        assertThat(saidBy(exchange -> BoundedServer.text(exchange, status, body)))
                .startsWith("RF-LDG-210 ")
                .contains(code, "witness a (http://127.0.0.1:");
    }

    @Test
    void takesNoCosignatureOfAnotherTree() throws Exception {
        SignedCheckpoint other = LOG.signed(4);
        NoteSignature wrong = witnesses.getFirst().ed25519.sign(other.checkpoint(), Instant.now());
        assertThat(saidBy(exchange -> BoundedServer.text(exchange, 200, wrong.line() + "\n")))
                .contains("RF-LDG-214");
        NoteSignature right = witnesses.getFirst().ed25519.sign(LOG.checkpoint(5), Instant.now());
        assertThat(saidBy(exchange -> BoundedServer.text(exchange, 200, wrong.line() + "\n" + right.line() + "\n")))
                .isEqualTo("met");
    }

    @Test
    void readsNoEndlessAnswer() throws Exception {
        byte[] piece = new byte[1 << 16];
        assertThat(saidBy(exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 1000; i++) {
                        exchange.getResponseBody().write(piece);
                    }
                }))
                .contains("RF-LDG-211");
    }

    @Test
    void showsNoControlCharactersOfAnAnswer() throws Exception {
        assertThat(saidBy(exchange -> BoundedServer.text(exchange, 403, "\u001b[2Jgone\n")))
                .contains("?[2Jgone")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"''", "ftp://w.example", "file:///etc/passwd", "http:", "w.example", "http://w.example/?x=1"})
    void refusesAQuorumThatCannotBeAsked(String url) {
        assertThat(WitnessClient.of(one(url), WitnessClient.Mode.STRICT, SHORT, shortfalls::add))
                .isInstanceOfSatisfying(
                        Parsed.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo("RF-LDG-216"));
        closing.add(WitnessClient.of(one("http://w.example/x/"), WitnessClient.Mode.STRICT, SHORT, shortfalls::add)
                .orThrow());
    }

    private LogSettings settings(Cosigning cosigning) {
        LogOptions options = new LogOptions(100, 1 << 20, 100, 1 << 20, Duration.ZERO, Duration.ofMillis(20));
        return LogSettings.of(temp.resolve("log"), temp.resolve("last"), LOG.key())
                .with(cosigning)
                .with(options);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aStrictLogPublishesNothingWithoutItsQuorumAndGoesOnWithIt() throws Exception {
        Path shown = temp.resolve("log/checkpoint");
        OfflineVerifier verifier = new OfflineVerifier(Trust.policy(policy(TWO_OF_THREE)));
        try (Log log = Log.create(settings(client(TWO_OF_THREE))).orThrow()) {
            assertThat(log.append(bytes("one"))).isEqualTo(new Append.Accepted(0, 1));
            byte[] before = Files.readAllBytes(shown);
            witnesses.get(0).close();
            witnesses.get(1).close();
            assertThat(log.append(bytes("two"))).isInstanceOf(Append.Unpublished.class);
            assertThat(log.append(bytes("three"))).isInstanceOf(Append.Refused.class);
            assertThat(Files.readAllBytes(shown)).isEqualTo(before);
        }
        // The witnesses are back, on other ports.
        for (int i = 0; i < 2; i++) {
            witnesses.set(
                    i,
                    witnesses
                            .get(i)
                            .again(temp.resolve(i == 0 ? "a" : "b"), LOG.key().verifier()));
        }
        try (Log log = Log.open(settings(client(TWO_OF_THREE))).orThrow()) {
            assertThat(log.append(bytes("four"))).isEqualTo(new Append.Accepted(2, 3));
            SignedCheckpoint published =
                    SignedCheckpoint.parse(Files.readAllBytes(shown)).orThrow();
            ProofFile proof = ProofFile.of(InclusionProof.build(new TiledTree(log.tiles(), 3), 1, 3), published);
            assertThat(verifier.verify(proof.bytes(), bytes("two"))).isInstanceOf(Verification.Verified.class);
            assertThat(verifier.verify(proof.bytes(), bytes("three"))).isInstanceOf(Verification.Refused.class);
        }
    }

    @Test
    void aLogThatWasSetBackFindsOutFromItsWitness() throws Exception {
        WitnessClient client = client("quorum a\n");
        witnesses.getFirst().post(LOG.request(0, 9).bytes());
        try (Log log = Log.create(settings(client)).orThrow()) {
            assertThat(log.append(bytes("one")))
                    .isInstanceOfSatisfying(
                            Append.Unpublished.class,
                            a -> assertThat(a.why().reason()).contains("RF-LDG-213"));
        }
    }

    @Test
    void aWitnessThatHangsDoesNotHoldTheOthersUp() throws StorageException, IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        closing.add(never::countDown);
        BoundedServer hanging =
                BoundedServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), exchange -> {
                    try {
                        never.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                });
        closing.add(hanging);
        String text = policyText(TWO_OF_THREE).replace(witnesses.get(2).url(), RunningWitness.url(hanging.address()));
        Policy policy = PolicyText.parse(bytes(text)).orThrow();
        try (Log log = Log.create(settings(client(policy, WitnessClient.Mode.STRICT, LONG)))
                .orThrow()) {
            for (int i = 0; i < 20; i++) {
                assertThat(log.append(bytes("entry " + i))).isInstanceOf(Append.Accepted.class);
            }
        }
    }
}
