package dev.ringfence.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.merkle.Hash;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SignerKeyTest {
    private static final Checkpoint CHECKPOINT = new Checkpoint("example.com/log", 42, Hash.of(new byte[32]));
    private static final Instant TIME = Instant.ofEpochSecond(1_679_315_147);

    @ParameterizedTest
    @EnumSource
    void checkpointOfEveryTypeVerifies(SignatureType type) {
        SignerKey key = SignerKey.generate("example.com/log", type).orThrow();
        SignedCheckpoint signed = SignedCheckpoint.sign(CHECKPOINT, key, TIME);
        SignedCheckpoint read = SignedCheckpoint.parse(signed.bytes()).orThrow();
        assertThat(read).isEqualTo(signed);
        assertThat(read.check(key.verifier()))
                .isEqualTo(new SignatureCheck.Valid(type.isTimestamped() ? 1_679_315_147 : 0));
        SignerKey other = SignerKey.generate("example.com/log", type).orThrow();
        assertThat(read.check(other.verifier())).isEqualTo(new SignatureCheck.Absent());
    }

    @ParameterizedTest
    @EnumSource
    void keySurvivesItsText(SignatureType type) {
        SignerKey key = SignerKey.generate("example.com/log", type).orThrow();
        SignerKey read = SignerKey.parse(key.secretText() + "\n").orThrow();
        assertThat(read).isEqualTo(key);
        assertThat(read.verifier().vkey()).isEqualTo(key.verifier().vkey());
        assertThat(VerifierKey.parse(key.verifier().vkey() + "\n").orThrow()).isEqualTo(key.verifier());
    }

    @Test
    void neverShowsItself() {
        SignerKey key =
                SignerKey.generate("example.com/log", SignatureType.ED25519).orThrow();
        assertThat(key.toString())
                .endsWith("[redacted]")
                .doesNotContain(key.secretText().substring(40));
    }
}
