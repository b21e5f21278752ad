package dev.ringfence.ledger.witness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.SignatureCheck;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignedNote;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WitnessSiteTest {
    private static final SampleLog LOG = SampleLog.named("log.example/one");
    private static final SampleLog OTHER = SampleLog.named("log.example/two");

    @TempDir
    private Path temp = Path.of("");

    private RunningWitness witness;

    @BeforeEach
    void start() throws IOException {
        witness = RunningWitness.in(
                temp, "witness.example/w", LOG.key().verifier(), OTHER.key().verifier());
    }

    @AfterEach
    void stop() throws IOException {
        witness.close();
    }

    private HttpResponse<String> add(AddCheckpoint request) throws IOException, InterruptedException {
        return witness.post(request.bytes());
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void cosignsWithEveryKey() throws Exception {
        HttpResponse<String> answer = add(LOG.request(0, 5));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).endsWith("\n").startsWith("— witness.example/w ");
        SignedCheckpoint cosigned = LOG.signed(5);
        for (NoteSignature line : NoteSignature.parseLines(answer.body()).orThrow()) {
            cosigned = cosigned.with(line);
        }
        assertThat(cosigned.check(witness.ed25519.verifier())).isInstanceOf(SignatureCheck.Valid.class);
        assertThat(cosigned.check(witness.mlDsa.verifier())).isInstanceOf(SignatureCheck.Valid.class);
    }

    @Test
    void cosignsWhatContinuesAndTheSameOnceMore() throws Exception {
        assertThat(add(LOG.request(0, 5)).statusCode()).isEqualTo(200);
        assertThat(add(LOG.request(5, 300)).statusCode()).isEqualTo(200);
        assertThat(add(LOG.request(300, 300)).statusCode()).isEqualTo(200);
        assertThat(add(LOG.request(300, 70_000)).statusCode()).isEqualTo(200);
    }

    @Test
    void cosignsTheEmptyTree() throws Exception {
        assertThat(add(LOG.request(0, 0)).statusCode()).isEqualTo(200);
        assertThat(add(LOG.request(0, 1)).statusCode()).isEqualTo(200);
    }

    @Test
    void tellsAStaleLogWhatItHasSeen() throws Exception {
        add(LOG.request(0, 5));
        for (AddCheckpoint stale :
                List.of(LOG.request(0, 9), LOG.request(4, 9), LOG.request(6, 9), LOG.request(0, 3))) {
            HttpResponse<String> answer = add(stale);
            assertThat(answer.statusCode()).isEqualTo(409);
            assertThat(answer.headers().firstValue("Content-Type")).contains("text/x.tlog.size");
            assertThat(answer.body()).isEqualTo("5\n");
        }
        assertThat(add(LOG.request(5, 9)).statusCode()).isEqualTo(200);
    }

    @Test
    void keepsLogsApart() throws Exception {
        add(LOG.request(0, 5));
        assertThat(add(OTHER.request(0, 2)).statusCode()).isEqualTo(200);
        assertThat(add(LOG.request(5, 6)).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesLogsThatItDoesNotKnow() throws Exception {
        HttpResponse<String> answer = add(SampleLog.named("log.example/three").request(0, 5));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).startsWith("RF-LDG-202 ");
    }

    @Test
    void refusesWhatTheLogDidNotSign() throws Exception {
        SampleLog impostor = SampleLog.named("log.example/one");
        HttpResponse<String> answer = add(impostor.request(0, 5));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).startsWith("RF-LDG-203 ");

        // Signed by another log that is known, but for this origin.
        SignedCheckpoint borrowed = SignedCheckpoint.sign(LOG.checkpoint(5), OTHER.key(), Instant.EPOCH);
        assertThat(add(new AddCheckpoint(0, List.of(), borrowed.note())).statusCode())
                .isEqualTo(403);

        // The signature of one checkpoint under another.
        SignedNote swapped =
                new SignedNote(LOG.checkpoint(6).text(), LOG.signed(5).note().signatures());
        assertThat(add(new AddCheckpoint(0, List.of(), swapped)).statusCode()).isEqualTo(403);
        assertThat(add(LOG.request(0, 5)).statusCode()).isEqualTo(200);
    }

    @Test
    void ignoresSignaturesOfOthers() throws Exception {
        SignerKey stranger = SignerKey.generate("elsewhere.example/w", SignatureType.ED25519_COSIGNATURE)
                .orThrow();
        SignedCheckpoint more = LOG.signed(5).cosign(stranger, Instant.EPOCH);
        assertThat(add(new AddCheckpoint(0, List.of(), more.note())).statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesAnOldSizeBeyondTheCheckpoint() throws Exception {
        add(LOG.request(0, 9));
        HttpResponse<String> answer =
                add(new AddCheckpoint(9, List.of(), LOG.signed(5).note()));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).startsWith("RF-LDG-201 ");
    }

    @Test
    void refusesAnotherHistory() throws Exception {
        add(LOG.request(0, 5));
        SampleLog fork = LOG.forkedAt(3, "'");
        HttpResponse<String> grown = add(fork.request(5, 9));
        assertThat(grown.statusCode()).isEqualTo(422);
        assertThat(grown.body()).startsWith("RF-LDG-205 ");
        HttpResponse<String> same = add(fork.request(5, 5));
        assertThat(same.statusCode()).isEqualTo(422);
        assertThat(same.body()).startsWith("RF-LDG-205 ");
        // What it refused left no trace.
        assertThat(add(LOG.request(5, 9)).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAProofThatIsNotThatOfTheSizes() throws Exception {
        add(LOG.request(0, 5));
        AddCheckpoint right = LOG.request(5, 9);
        List<AddCheckpoint> wrong = new ArrayList<>();
        wrong.add(new AddCheckpoint(5, List.of(), right.note()));
        wrong.add(new AddCheckpoint(5, right.proof().reversed(), right.note()));
        wrong.add(new AddCheckpoint(5, right.proof().subList(1, right.proof().size()), right.note()));
        wrong.add(new AddCheckpoint(
                5, List.of(TreeHasher.EMPTY_ROOT), LOG.signed(5).note()));
        for (AddCheckpoint request : wrong) {
            assertThat(add(request).statusCode()).isEqualTo(422);
        }
        // From the empty tree the proof is empty.
        AddCheckpoint padded = new AddCheckpoint(
                0, List.of(TreeHasher.EMPTY_ROOT), OTHER.signed(2).note());
        assertThat(add(padded).statusCode()).isEqualTo(422);
        assertThat(add(right).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesAnEmptyTreeWithAnotherRoot() throws Exception {
        String text = "log.example/one\n0\n" + LOG.root(1).base64() + "\n";
        // Only the log can sign such a thing; the note's own type would not.
        byte[] body = signedText(text);
        assertThat(witness.post(body).statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log.example/one\n05\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
                "log.example/one\n5\nAAAA\n",
                "log.example/one\n5\n"
            })
    void refusesSignedTextsThatAreNoCheckpoint(String text) throws Exception {
        assertThat(witness.post(signedText(text)).statusCode()).isEqualTo(400);
    }

    private static byte[] signedText(String text) throws Exception {
        return latin1("old 0\n\n" + text + "\n" + PlainSignature.line(LOG.key(), text) + "\n", true);
    }

    private static byte[] latin1(String text, boolean utf8) {
        return text.getBytes(utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "old 0\n",
                "old 0",
                "old -1\n\n",
                "old 01\n\n",
                "old  0\n\n",
                "Old 0\n\n",
                "old 0\r\n\r\n",
                "old 0\nnot base64\n\n",
                "old 0\nAAAA\n\n",
                "old 9223372036854775808\n\n",
            })
    void refusesMalformedRequests(String start) throws Exception {
        byte[] note = LOG.signed(5).bytes();
        byte[] head = latin1(start);
        byte[] body = Arrays.copyOf(head, head.length + note.length);
        System.arraycopy(note, 0, body, head.length, note.length);
        assertThat(witness.post(body).statusCode()).isEqualTo(400);
        assertThat(witness.post(head).statusCode()).isEqualTo(400);
    }

    @Test
    void takesSixtyThreeHashesAndNoMore() {
        String line = TreeHasher.EMPTY_ROOT.base64() + "\n";
        String note = "\nlog.example/three\n5\n" + line + "\n— log.example/three AAAAAAA=\n";
        byte[] most = ("old 1\n" + line.repeat(63) + note).getBytes(StandardCharsets.UTF_8);
        byte[] tooMany = ("old 1\n" + line.repeat(64) + note).getBytes(StandardCharsets.UTF_8);
        assertThat(AddCheckpoint.parse(most).orThrow().bytes()).isEqualTo(most);
        assertThat(witness.witness.add(most).status()).isEqualTo(404);
        assertThat(witness.witness.add(tooMany).status()).isEqualTo(400);
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        assertThat(witness.post(new byte[AddCheckpoint.LIMIT_BYTES + 1]).statusCode())
                .isEqualTo(413);
        assertThat(witness.post(new byte[AddCheckpoint.LIMIT_BYTES]).statusCode())
                .isEqualTo(400);
    }

    @Test
    void answersNothingElse() throws Exception {
        HttpRequest get = HttpRequest.newBuilder(URI.create(witness.url() + "/add-checkpoint"))
                .build();
        HttpResponse<String> answer = RunningWitness.CLIENT.send(get, BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).contains("POST");
        HttpRequest elsewhere = HttpRequest.newBuilder(URI.create(witness.url() + "/records"))
                .POST(BodyPublishers.ofString("x"))
                .build();
        assertThat(RunningWitness.CLIENT
                        .send(elsewhere, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void neverThrowsForWhatARequestSays() throws IOException {
        byte[] sample = LOG.request(5, 9).bytes();
        for (int length = 0; length < sample.length; length++) {
            assertThat(witness.witness.add(Arrays.copyOf(sample, length)).status())
                    .isNotEqualTo(200);
        }
        Fuzz.bytes(List.of(sample, LOG.request(0, 5).bytes()), 5_000, bytes -> {
            assertThat(witness.witness.add(bytes).status()).isIn(200, 400, 403, 404, 409, 422);
            AddCheckpoint.parse(bytes).then(request -> {
                assertThat(request.bytes()).isEqualTo(bytes);
                return AddCheckpoint.parse(bytes);
            });
        });
    }

    @Test
    void ofTwoFromTheSameSizeOneIsStale() throws Exception {
        int clients = 8;
        CyclicBarrier together = new CyclicBarrier(clients);
        long seen = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (int round = 0; round < 20; round++) {
                List<Future<Long>> answers = new ArrayList<>();
                long from = seen;
                for (int i = 1; i <= clients; i++) {
                    long size = from + i;
                    byte[] body = LOG.request(from, size).bytes();
                    answers.add(threads.submit(() -> {
                        together.await();
                        return witness.post(body).statusCode() == 200 ? size : -1;
                    }));
                }
                List<Long> cosigned = new ArrayList<>();
                for (Future<Long> answer : answers) {
                    if (answer.get() > 0) {
                        cosigned.add(answer.get());
                    }
                }
                assertThat(cosigned).hasSize(1);
                seen = cosigned.getFirst();
                assertThat(add(LOG.request(seen, seen)).statusCode()).isEqualTo(200);
            }
        }
    }
}
