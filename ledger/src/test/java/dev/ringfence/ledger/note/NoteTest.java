package dev.ringfence.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NoteTest {
    private static final String ROOT = Hash.of(new byte[32]).base64();
    private static final Checkpoint CHECKPOINT = new Checkpoint("example.com/log", 42, Hash.of(new byte[32]));
    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
    private static final SignerKey LOG = key("example.com/log", SignatureType.ED25519);
    private static final SignerKey WITNESS = key("witness.example/w1", SignatureType.ED25519_COSIGNATURE);
    private static final SignerKey MODERN = key("witness.example/w2", SignatureType.ML_DSA_44_COSIGNATURE);
    private static final SignedCheckpoint SIGNED =
            SignedCheckpoint.sign(CHECKPOINT, LOG, TIME).cosign(WITNESS, TIME).cosign(MODERN, TIME.plusSeconds(5));

    @Test
    void everySignerIsFoundWithItsTime() {
        SignedCheckpoint read = SignedCheckpoint.parse(SIGNED.bytes()).orThrow();
        assertThat(read.check(LOG.verifier())).isEqualTo(new SignatureCheck.Valid(0));
        assertThat(read.check(WITNESS.verifier())).isEqualTo(new SignatureCheck.Valid(1_700_000_000));
        assertThat(read.check(MODERN.verifier())).isEqualTo(new SignatureCheck.Valid(1_700_000_005));
    }

    @Test
    void anyFlippedBitIsRefusedOrLosesASignature() {
        byte[] good = SIGNED.bytes();
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            if (SignedCheckpoint.parse(bad) instanceof Parsed.Value<SignedCheckpoint>(SignedCheckpoint read)) {
                boolean all = List.of(LOG, WITNESS, MODERN).stream()
                        .allMatch(key -> read.check(key.verifier()) instanceof SignatureCheck.Valid);
                assertThat(all).as("byte %d", at).isFalse();
            }
        }
    }

    @Test
    void noteTruncatedAnywhereLosesASignature() {
        byte[] good = SIGNED.bytes();
        for (int end = 0; end < good.length; end++) {
            if (SignedCheckpoint.parse(Arrays.copyOf(good, end))
                    instanceof Parsed.Value<SignedCheckpoint>(SignedCheckpoint read)) {
                assertThat(read.note().signatures().size()).isLessThan(3);
            }
        }
    }

    @Test
    void whateverNoteIsReadIsWrittenTheSame() {
        byte[] small = SignedCheckpoint.sign(CHECKPOINT, LOG, TIME)
                .cosign(WITNESS, TIME)
                .bytes();
        Fuzz.bytes(List.of(small), 30_000, bytes -> {
            if (SignedNote.parse(bytes) instanceof Parsed.Value<SignedNote>(SignedNote note)) {
                assertThat(note.bytes()).isEqualTo(bytes);
                note.check(LOG.verifier());
            }
            SignedCheckpoint.parse(bytes);
        });
    }

    @Test
    void signatureOverAnotherTextIsInvalid() {
        for (SignerKey key : List.of(LOG, WITNESS, MODERN)) {
            for (Checkpoint other : List.of(
                    new Checkpoint("example.com/log", 43, CHECKPOINT.root()),
                    new Checkpoint("example.com/lag", 42, CHECKPOINT.root()),
                    new Checkpoint("example.com/log", 42, TreeHasher.EMPTY_ROOT))) {
                SignedNote note = new SignedNote(other.text(), List.of(key.sign(CHECKPOINT, TIME)));
                assertThat(note.check(key.verifier())).isEqualTo(new SignatureCheck.Invalid());
            }
        }
    }

    @Test
    void signatureOfOneTypeIsNoneOfAnother() {
        SignerKey cosigner = key("same.example", SignatureType.ED25519_COSIGNATURE);
        VerifierKey plain = VerifierKey.of(
                        "same.example",
                        SignatureType.ED25519,
                        cosigner.verifier().publicKey())
                .orThrow();
        assertThat(plain.id()).isNotEqualTo(cosigner.verifier().id());
        assertThat(plain.hasSamePublicKey(cosigner.verifier())).isTrue();
        assertThat(SignedCheckpoint.sign(CHECKPOINT, cosigner, TIME).check(plain))
                .isEqualTo(new SignatureCheck.Absent());
    }

    @Test
    void oneBadLineOfAKeyMakesAllOfItInvalid() {
        NoteSignature bad = WITNESS.sign(new Checkpoint("example.com/log", 7, CHECKPOINT.root()), TIME);
        assertThat(SIGNED.with(bad).check(WITNESS.verifier())).isEqualTo(new SignatureCheck.Invalid());
        assertThat(SIGNED.with(bad).check(LOG.verifier())).isEqualTo(new SignatureCheck.Valid(0));
        assertThat(SIGNED.cosign(WITNESS, TIME.plusSeconds(60)).check(WITNESS.verifier()))
                .isEqualTo(new SignatureCheck.Valid(1_700_000_060));
    }

    @Test
    void timeBeyondTheLimitIsInvalid() {
        NoteSignature good = WITNESS.sign(CHECKPOINT, TIME);
        byte[] value = good.value();
        value[0] |= (byte) 0x80;
        SignedNote note =
                new SignedNote(CHECKPOINT.text(), List.of(new NoteSignature(good.name(), good.keyId(), value)));
        assertThat(note.check(WITNESS.verifier())).isEqualTo(new SignatureCheck.Invalid());
        assertThatThrownBy(() -> WITNESS.sign(CHECKPOINT, Instant.ofEpochSecond(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void signatureOfAnotherLengthIsInvalid() {
        for (SignerKey key : List.of(LOG, WITNESS, MODERN)) {
            NoteSignature good = key.sign(CHECKPOINT, TIME);
            for (int length : new int[] {1, 8, 63, 64, 65, 71, 73, 2427, 2429}) {
                if (length != good.value().length) {
                    NoteSignature other =
                            new NoteSignature(good.name(), good.keyId(), Arrays.copyOf(good.value(), length));
                    assertThat(new SignedNote(CHECKPOINT.text(), List.of(other)).check(key.verifier()))
                            .isEqualTo(new SignatureCheck.Invalid());
                }
            }
        }
    }

    @Test
    void mlDsaSignsCheckpointsOnly() {
        NoteSignature signature = MODERN.sign(CHECKPOINT, TIME);
        SignedNote note = new SignedNote("no checkpoint\n", List.of(signature));
        assertThat(note.check(MODERN.verifier())).isEqualTo(new SignatureCheck.Invalid());
        Checkpoint longOrigin = new Checkpoint("o".repeat(256), 42, CHECKPOINT.root());
        assertThatThrownBy(() -> MODERN.sign(longOrigin, TIME)).isInstanceOf(IllegalArgumentException.class);
        Checkpoint fits = new Checkpoint("o".repeat(255), 42, CHECKPOINT.root());
        assertThat(SignedCheckpoint.sign(fits, MODERN, TIME).check(MODERN.verifier()))
                .isEqualTo(new SignatureCheck.Valid(1_700_000_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "o\n42\n",
                "o\n42\n" + "ROOT",
                "\n42\nROOT\n",
                "o\n\nROOT\n",
                "o\n042\nROOT\n",
                "o\n-1\nROOT\n",
                "o\n+1\nROOT\n",
                "o\n9223372036854775808\nROOT\n",
                "o\n42\nROOT=\n",
                "o\n42\nROO\n",
                "o\n42\nROOT\n\n",
                "o\n42\nROOT\n\nx\n",
                "o\n0\nROOT\n",
                "o\n4 2\nROOT\n",
                "o\n42 \nROOT\n",
                "o\n\u0664\nROOT\n"
            })
    void refusesWhatIsNoCheckpoint(String text) {
        assertThat(code(Checkpoint.parse(text.replace("ROOT", ROOT)))).isEqualTo("RF-LDG-029");
    }

    @Test
    void checkpointSurvivesItsText() {
        for (Checkpoint checkpoint : List.of(
                CHECKPOINT,
                new Checkpoint("o", 0, TreeHasher.EMPTY_ROOT),
                new Checkpoint("a log", Long.MAX_VALUE, CHECKPOINT.root(), List.of("more", "\u00e8")))) {
            assertThat(Checkpoint.parse(checkpoint.text()).orThrow()).isEqualTo(checkpoint);
        }
    }

    @Test
    void refusesWhatIsNoNote() {
        String line = "\u2014 name AAAAAAA=\n";
        assertThat(code(note("text\n\n" + line))).isEqualTo("accepted");
        assertThat(code(note("text\n\nmore\n\n" + line))).isEqualTo("accepted");
        assertThat(code(note("text\n" + line))).isEqualTo("RF-LDG-022");
        assertThat(code(note("text\n\n"))).isEqualTo("RF-LDG-023");
        assertThat(code(note("text\n\n" + line.strip()))).isEqualTo("RF-LDG-023");
        assertThat(code(note("te\txt\n\n" + line))).isEqualTo("RF-LDG-021");
        assertThat(code(note("text\r\n\n" + line))).isEqualTo("RF-LDG-021");
        assertThat(code(SignedNote.parse(new byte[] {(byte) 0xff, '\n', '\n'}))).isEqualTo("RF-LDG-021");
        assertThat(code(note("text\n\n" + line.repeat(100)))).isEqualTo("accepted");
        assertThat(code(note("text\n\n" + line.repeat(101)))).isEqualTo("RF-LDG-024");
        assertThat(code(SignedNote.parse(new byte[SignedNote.LIMIT_BYTES + 1]))).isEqualTo("RF-LDG-020");
        for (String bad : List.of(
                "- name AAAAAAA=",
                "\u2014name AAAAAAA=",
                "\u2014  AAAAAAA=",
                "\u2014 na+me AAAAAAA=",
                "\u2014 name AAAA",
                "\u2014 name AAAAAAA",
                "\u2014 name AAAAAAB=",
                "\u2014 name  AAAAAAA=",
                "\u2014 na\u00a0me AAAAAAA=",
                "\u2014 na\u2003me AAAAAAA=",
                "\u2014 name",
                "\u2014 name AAAAAAA= ")) {
            assertThat(code(note("text\n\n" + bad + "\n"))).as(bad).isEqualTo("RF-LDG-023");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keyTruncatedOrFlippedAnywhereIsRefused(SignatureType type) {
        SignerKey key = key("example.com/log", type);
        String vkey = key.verifier().vkey();
        int step = Math.max(1, vkey.length() / 100);
        for (int at = 0; at < vkey.length(); at += step) {
            assertThat(VerifierKey.parse(vkey.substring(0, at))).isInstanceOf(Parsed.Refused.class);
            char other = vkey.charAt(at) == 'A' ? 'B' : 'A';
            String changed = vkey.substring(0, at) + other + vkey.substring(at + 1);
            assertThat(VerifierKey.parse(changed)).isInstanceOf(Parsed.Refused.class);
        }
        String secret = key.secretText();
        for (int at = 0; at < secret.length(); at++) {
            assertThat(SignerKey.parse(secret.substring(0, at))).isInstanceOf(Parsed.Refused.class);
        }
    }

    @Test
    void refusesKeysWithTheirCodes() {
        String vkey = LOG.verifier().vkey();
        assertThat(code(VerifierKey.parse("nothing"))).isEqualTo("RF-LDG-025");
        assertThat(code(VerifierKey.parse("x" + vkey))).isEqualTo("RF-LDG-026");
        assertThat(code(VerifierKey.parse("name+00000000+" + Base64Text.encode(new byte[] {2, 0, 0}))))
                .isEqualTo("RF-LDG-027");
        assertThat(code(VerifierKey.parse("x".repeat(5000)))).isEqualTo("RF-LDG-025");
        assertThat(code(VerifierKey.of(
                        "a b", SignatureType.ED25519, LOG.verifier().publicKey())))
                .isEqualTo("RF-LDG-025");
        assertThat(code(VerifierKey.of("a", SignatureType.ED25519, new byte[31])))
                .isEqualTo("RF-LDG-025");
        byte[] noPoint = new byte[32];
        Arrays.fill(noPoint, (byte) 0xff);
        assertThat(code(VerifierKey.of("a", SignatureType.ED25519, noPoint))).isEqualTo("RF-LDG-025");
        assertThat(code(SignerKey.parse(vkey))).isEqualTo("RF-LDG-028");
        assertThat(code(SignerKey.parse(LOG.secretText().replace("example.com", "example.org"))))
                .isEqualTo("RF-LDG-028");
        assertThat(code(SignerKey.generate("a b", SignatureType.ED25519))).isEqualTo("RF-LDG-028");
    }

    @Test
    void refusalOfASecretDoesNotRepeatIt() {
        String secret = LOG.secretText();
        for (String bad : List.of(secret.substring(1), secret + "x", secret.replace("example.com", "example.org"))) {
            assertThat(SignerKey.parse(bad).toString())
                    .doesNotContain(secret.substring(secret.length() - 20, secret.length() - 4));
        }
    }

    @Test
    void readingKeysNeverThrows() {
        Fuzz.text(List.of(LOG.verifier().vkey(), WITNESS.verifier().vkey()), 5_000, VerifierKey::parse);
        Fuzz.text(List.of(LOG.secretText(), MODERN.secretText()), 5_000, SignerKey::parse);
    }

    private static Parsed<SignedNote> note(String text) {
        return SignedNote.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SignerKey key(String name, SignatureType type) {
        return SignerKey.generate(name, type).orThrow();
    }

    private static String code(Parsed<?> parsed) {
        return parsed instanceof Parsed.Refused<?>(var refusal) ? refusal.code() : "accepted";
    }
}
