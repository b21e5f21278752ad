package dev.ringfence.ledger.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.TestLog;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.merkle.NaiveTree;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.Base64Text;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OfflineVerifierTest {
    private static final int SIZE = 300;
    private static final int INDEX = 217;
    private static final List<byte[]> LEAVES = TestLog.leaves(SIZE);
    private static final SignerKey W1 = key("w1.example", SignatureType.ED25519_COSIGNATURE);
    private static final SignerKey W2 = key("w2.example", SignatureType.ML_DSA_44_COSIGNATURE);
    private static final SignerKey W3 = key("w3.example", SignatureType.ED25519_COSIGNATURE);
    private static final SignedCheckpoint PLAIN = TestLog.checkpoint(LEAVES);
    private static final SignedCheckpoint COSIGNED =
            PLAIN.cosign(W1, TestLog.TIME).cosign(W2, TestLog.TIME.plusSeconds(3));
    private static final Policy TWO_OF_THREE = policy("group all-w 2 w1 w2 w3\nquorum all-w\n");
    private static final OfflineVerifier WITH_KEY = new OfflineVerifier(Trust.log(TestLog.KEY.verifier()));
    private static final OfflineVerifier WITH_WITNESSES =
            new OfflineVerifier(Trust.logAndWitnesses(TestLog.KEY.verifier(), TWO_OF_THREE));

    @Test
    void everyLeafIsProved() throws IOException {
        for (int index = 0; index < SIZE; index += 7) {
            byte[] file = proof(index, PLAIN).bytes();
            Verification verification = WITH_KEY.verify(file, LEAVES.get(index));
            assertThat(verification).isInstanceOf(Verification.Verified.class);
            Verification.Verified verified = (Verification.Verified) verification;
            assertThat(verified.index()).isEqualTo(index);
            assertThat(verified.checkpoint()).isEqualTo(PLAIN.checkpoint());
            assertThat(verified.cosigned()).isEmpty();
            assertThat(code(WITH_KEY.verify(file, LEAVES.get(index + 1)))).isEqualTo("RF-LDG-003");
        }
    }

    @Test
    void quorumOfWitnessesIsAskedFor() throws IOException {
        byte[] leaf = LEAVES.get(INDEX);
        Verification verification = WITH_WITNESSES.verify(proof(INDEX, COSIGNED), leaf);
        assertThat(verification).isInstanceOf(Verification.Verified.class);
        assertThat(((Verification.Verified) verification).cosigned())
                .containsExactly(
                        new Verification.Cosigned("w1", TestLog.TIME.getEpochSecond()),
                        new Verification.Cosigned("w2", TestLog.TIME.getEpochSecond() + 3));
        assertThat(code(WITH_WITNESSES.verify(proof(INDEX, PLAIN), leaf))).isEqualTo("RF-LDG-055");
        assertThat(code(WITH_WITNESSES.verify(proof(INDEX, PLAIN.cosign(W1, TestLog.TIME)), leaf)))
                .isEqualTo("RF-LDG-055");
        assertThat(WITH_WITNESSES.verify(
                        proof(INDEX, PLAIN.cosign(W3, TestLog.TIME).cosign(W1, TestLog.TIME)), leaf))
                .isInstanceOf(Verification.Verified.class);
    }

    @Test
    void twoLinesOfOneWitnessCountOnce() throws IOException {
        SignedCheckpoint twice = PLAIN.cosign(W1, TestLog.TIME).cosign(W1, TestLog.TIME.plusSeconds(1));
        assertThat(code(WITH_WITNESSES.verify(proof(INDEX, twice), LEAVES.get(INDEX))))
                .isEqualTo("RF-LDG-055");
    }

    @Test
    void forgedLineOfAKnownWitnessOrLogIsRefused() throws IOException {
        Checkpoint other =
                new Checkpoint(TestLog.ORIGIN, SIZE + 1, PLAIN.checkpoint().root());
        NoteSignature witness = W3.sign(other, TestLog.TIME);
        assertThat(code(WITH_WITNESSES.verify(proof(INDEX, COSIGNED.with(witness)), LEAVES.get(INDEX))))
                .isEqualTo("RF-LDG-053");
        // Who does not know the witness does not mind.
        assertThat(WITH_KEY.verify(proof(INDEX, COSIGNED.with(witness)), LEAVES.get(INDEX)))
                .isInstanceOf(Verification.Verified.class);
        NoteSignature log = TestLog.KEY.sign(other, TestLog.TIME);
        assertThat(code(WITH_KEY.verify(proof(INDEX, COSIGNED.with(log)), LEAVES.get(INDEX))))
                .isEqualTo("RF-LDG-053");
    }

    @Test
    void checkpointOfAnotherLogIsRefused() throws IOException {
        SignerKey other = key("example.com/other", SignatureType.ED25519);
        OfflineVerifier stranger = new OfflineVerifier(Trust.log(other.verifier()));
        assertThat(code(stranger.verify(proof(INDEX, COSIGNED), LEAVES.get(INDEX))))
                .isEqualTo("RF-LDG-052");
        SignedCheckpoint foreign = SignedCheckpoint.sign(PLAIN.checkpoint(), other, TestLog.TIME);
        assertThat(code(stranger.verify(proof(INDEX, foreign), LEAVES.get(INDEX))))
                .isEqualTo("RF-LDG-054");
    }

    @Test
    void policyMayNameTheLog() throws IOException {
        Policy policy = policy("log " + TestLog.KEY.verifier().vkey() + "\nquorum w2\n");
        OfflineVerifier verifier = new OfflineVerifier(Trust.policy(policy));
        assertThat(verifier.verify(proof(INDEX, COSIGNED), LEAVES.get(INDEX)))
                .isInstanceOf(Verification.Verified.class);
        assertThatThrownBy(() -> Trust.policy(TWO_OF_THREE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anyFlippedBitOfAProofIsRefused() throws IOException {
        byte[] good = proof(INDEX, PLAIN).bytes();
        for (int at = 0; at < good.length; at++) {
            for (int bit = 0; bit < 8; bit += 1 + at % 4) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) (1 << bit);
                assertThat(WITH_KEY.verify(bad, LEAVES.get(INDEX)))
                        .as("byte %d bit %d", at, bit)
                        .isInstanceOf(Verification.Refused.class);
            }
        }
    }

    @Test
    void anyFlippedBitOfALeafIsRefused() throws IOException {
        byte[] file = proof(INDEX, PLAIN).bytes();
        byte[] good = LEAVES.get(INDEX);
        for (int bit = 0; bit < 8 * good.length; bit++) {
            byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(code(WITH_KEY.verify(file, bad))).isEqualTo("RF-LDG-003");
        }
    }

    @Test
    void proofTruncatedAnywhereIsRefused() throws IOException {
        byte[] good = proof(INDEX, PLAIN).bytes();
        for (int end = 0; end < good.length; end++) {
            assertThat(WITH_KEY.verify(Arrays.copyOf(good, end), LEAVES.get(INDEX)))
                    .isInstanceOf(Verification.Refused.class);
        }
    }

    @Test
    void whateverProofIsReadIsWrittenTheSame() throws IOException {
        ProofFile plain = proof(INDEX, PLAIN);
        ProofFile extra = new ProofFile(Base64Text.encode(new byte[] {1, 2}), INDEX, plain.hashes(), PLAIN);
        assertThat(ProofFile.parse(extra.bytes()).orThrow()).isEqualTo(extra);
        Fuzz.bytes(List.of(plain.bytes(), extra.bytes()), 6_000, bytes -> {
            if (ProofFile.parse(bytes) instanceof Parsed.Value<ProofFile>(ProofFile proof)) {
                assertThat(proof.bytes()).isEqualTo(bytes);
            }
            assertThat(WITH_KEY.verify(bytes, LEAVES.get(0))).isInstanceOf(Verification.Refused.class);
        });
    }

    @Test
    void refusesWhatIsNoProof() throws IOException {
        String good = new String(proof(INDEX, PLAIN).bytes(), StandardCharsets.UTF_8);
        String hash = PLAIN.checkpoint().root().base64();
        Map<String, String> changes = new HashMap<>();
        changes.put("tlog-proof@v1\n", "tlog-proof@v2\n");
        changes.put("@v1\nindex 217", "@v1\nindex 0217");
        changes.put("@v1\nindex ", "@v1\nindex -");
        changes.put("v1\nindex ", "v1\nIndex ");
        changes.put("\nindex 217\n", "\n");
        changes.put("c2sp.org/tlog-proof@v1\nindex", "c2sp.org/tlog-proof@v1\nextra \nindex");
        changes.put("c2sp.org/tlog-proof@v1\ninde", "c2sp.org/tlog-proof@v1\nextra AB==\ninde");
        changes.put("proof@v1\nindex", "proof@v1\nextra AA==\nextra AA==\nindex");
        changes.put("index 217\n", "index 217\n" + hash.substring(1) + "\n");
        changes.put("ndex 217\n", "ndex 217\n" + (hash + "\n").repeat(64));
        changes.forEach((from, to) -> {
            assertThat(good).contains(from);
            byte[] bytes = good.replace(from, to).getBytes(StandardCharsets.UTF_8);
            assertThat(code(WITH_KEY.verify(bytes, LEAVES.get(INDEX)))).as(to).isEqualTo("RF-LDG-051");
        });
        assertThat(code(WITH_KEY.verify(new byte[ProofFile.LIMIT_BYTES + 1], new byte[0])))
                .isEqualTo("RF-LDG-050");
    }

    @Test
    void treeOfOneLeafNeedsNoHash() throws IOException {
        SignedCheckpoint one = TestLog.checkpoint(LEAVES.subList(0, 1));
        byte[] file = proof(0, one).bytes();
        assertThat(new String(file, StandardCharsets.UTF_8))
                .startsWith("c2sp.org/tlog-proof@v1\nindex 0\n\nexample.com");
        assertThat(WITH_KEY.verify(file, LEAVES.get(0))).isInstanceOf(Verification.Verified.class);
        assertThat(code(WITH_KEY.verify(file, LEAVES.get(1)))).isEqualTo("RF-LDG-003");
    }

    private static ProofFile proof(int index, SignedCheckpoint checkpoint) throws IOException {
        TreeHasher hasher = new TreeHasher();
        List<Hash> hashes = LEAVES.stream().map(hasher::leaf).toList();
        int size = (int) checkpoint.checkpoint().size();
        return ProofFile.of(InclusionProof.build(new NaiveTree(hashes), index, size), checkpoint);
    }

    private static Policy policy(String end) {
        String text = "witness w1 " + W1.verifier().vkey() + "\nwitness w2 "
                + W2.verifier().vkey() + "\nwitness w3 " + W3.verifier().vkey() + "\n" + end;
        return PolicyText.parse(text.getBytes(StandardCharsets.UTF_8)).orThrow();
    }

    private static SignerKey key(String name, SignatureType type) {
        return SignerKey.generate(name, type).orThrow();
    }

    private static String code(Verification verification) {
        return verification instanceof Verification.Refused(var refusal) ? refusal.code() : "verified";
    }
}
