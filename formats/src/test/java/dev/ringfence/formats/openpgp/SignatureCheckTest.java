package dev.ringfence.formats.openpgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class SignatureCheckTest {
    private static final byte[] CONTENT =
            "0f343b0931126a20f133d67c2b018a3b  debian.iso\n".getBytes(StandardCharsets.UTF_8);
    private static final String OTHER_DAY = "20250101T000000!";

    @TempDir
    private Path directory;

    private GnuPg gpg;

    @BeforeEach
    void begin() throws IOException {
        gpg = new GnuPg(directory);
    }

    @AfterEach
    void end() throws IOException {
        gpg.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa2048", "rsa3072", "ed25519", "nistp256", "nistp384", "nistp521"})
    void acceptsWhatTheKeySignedAndRefusesAnythingElse(String algorithm) throws IOException {
        String fingerprint = gpg.key("signer", algorithm, "sign", "0");
        byte[] key = gpg.export("signer");
        for (String digest : digests(algorithm)) {
            byte[] signature = gpg.sign(CONTENT, "signer", "--digest-algo", digest);
            assertThat(verify(key, signature, CONTENT)).isEqualTo("good " + fingerprint);
            byte[] changed = CONTENT.clone();
            changed[3] ^= 1;
            assertThat(verify(key, signature, changed)).isEqualTo("RF-PGP-011");
            assertThat(verify(key, signature, Arrays.copyOf(CONTENT, CONTENT.length - 1)))
                    .isEqualTo("RF-PGP-011");
        }
    }

    /** GnuPG signs with no digest that is shorter than the curve. */
    private static List<String> digests(String algorithm) {
        return switch (algorithm) {
            case "nistp384" -> List.of("SHA384", "SHA512");
            case "nistp521" -> List.of("SHA512");
            default -> List.of("SHA256", "SHA384", "SHA512");
        };
    }

    @Test
    void readsAsciiArmor() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "sign", "0");
        byte[] key = gpg.export("signer", "--armor");
        byte[] signature = gpg.sign(CONTENT, "signer", "--armor");
        assertThat(verify(key, signature, CONTENT)).isEqualTo("good " + fingerprint);
        String text = new String(signature, StandardCharsets.US_ASCII);
        assertThat(verify(key, text.replace("-----END", "----END").getBytes(StandardCharsets.US_ASCII), CONTENT))
                .isEqualTo("RF-PGP-002");
        assertThat(verify(signature, signature, CONTENT)).isEqualTo("RF-PGP-002");
        int sum = text.indexOf("\n=") + 2;
        char other = text.charAt(sum) == 'A' ? 'B' : 'A';
        String damaged = text.substring(0, sum) + other + text.substring(sum + 1);
        assertThat(verify(key, damaged.getBytes(StandardCharsets.US_ASCII), CONTENT))
                .isEqualTo("RF-PGP-002");
    }

    @Test
    void aSigningSubkeySpeaksForItsPrimaryKey() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "cert", "0");
        gpg.run(List.of("--quick-add-key", fingerprint, "ed25519", "sign", "0"));
        byte[] signature = gpg.sign(CONTENT, "signer");
        assertThat(verify(gpg.export("signer"), signature, CONTENT)).isEqualTo("good " + fingerprint);
    }

    /** Somebody who takes another's key for a subkey of their own must not get the credit for its signatures. */
    @Test
    void refusesASubkeyThatNeverAgreed() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "cert", "0");
        gpg.run(List.of("--quick-add-key", fingerprint, "ed25519", "sign", "0"));
        byte[] signature = gpg.sign(CONTENT, "signer");
        gpg.key("thief", "ed25519", "cert,sign", "0");
        byte[] stolen =
                join(gpg.export("thief"), packets(gpg.export("signer"), Packet.PUBLIC_SUBKEY, Packet.SIGNATURE));
        assertThat(verify(stolen, signature, CONTENT)).isEqualTo("RF-PGP-018");
    }

    @Test
    void refusesAnotherSigner() throws IOException {
        gpg.key("signer", "ed25519", "sign", "0");
        gpg.key("other", "ed25519", "sign", "0");
        assertThat(verify(gpg.export("signer"), gpg.sign(CONTENT, "other"), CONTENT))
                .isEqualTo("RF-PGP-010");
    }

    @Test
    void oneGoodSignatureOfSeveralIsEnough() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "sign", "0");
        gpg.key("other", "ed25519", "sign", "0");
        byte[] both = join(gpg.sign(CONTENT, "other"), gpg.sign(CONTENT, "signer"));
        assertThat(verify(gpg.export("signer"), both, CONTENT)).isEqualTo("good " + fingerprint);
    }

    @Test
    void refusesARevokedKey() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "sign", "0");
        byte[] signature = gpg.sign(CONTENT, "signer");
        assertThat(verify(gpg.export("signer"), signature, CONTENT)).isEqualTo("good " + fingerprint);
        gpg.revoke(fingerprint);
        assertThat(verify(gpg.export("signer"), signature, CONTENT)).isEqualTo("RF-PGP-017");
    }

    @Test
    void refusesAnExpiredKeyAndAcceptsItBefore() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "sign", "30d", "--faked-system-time", OTHER_DAY);
        byte[] signature = gpg.sign(CONTENT, "signer", "--faked-system-time", OTHER_DAY);
        byte[] key = gpg.export("signer");
        Instant day = Instant.parse("2025-01-01T00:00:00Z");
        assertThat(verify(key, signature, CONTENT, day.plus(Duration.ofDays(30)).minusSeconds(1)))
                .isEqualTo("good " + fingerprint);
        assertThat(verify(key, signature, CONTENT, day.plus(Duration.ofDays(30))))
                .isEqualTo("RF-PGP-016");
    }

    @Test
    void refusesAnExpiredSubkey() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "cert", "0", "--faked-system-time", OTHER_DAY);
        gpg.run(List.of("--faked-system-time", OTHER_DAY, "--quick-add-key", fingerprint, "ed25519", "sign", "30d"));
        byte[] signature = gpg.sign(CONTENT, "signer", "--faked-system-time", OTHER_DAY);
        byte[] key = gpg.export("signer");
        Instant day = Instant.parse("2025-01-01T00:00:00Z");
        assertThat(verify(key, signature, CONTENT, day.plus(Duration.ofDays(29))))
                .isEqualTo("good " + fingerprint);
        assertThat(verify(key, signature, CONTENT, day.plus(Duration.ofDays(31))))
                .isEqualTo("RF-PGP-016");
    }

    @Test
    void refusesAnExpiredSignatureAndOneOfTheFuture() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "sign", "0", "--faked-system-time", OTHER_DAY);
        byte[] signature = gpg.sign(CONTENT, "signer", "--faked-system-time", OTHER_DAY, "--default-sig-expire", "10d");
        byte[] key = gpg.export("signer");
        Instant day = Instant.parse("2025-01-01T00:00:00Z");
        assertThat(verify(key, signature, CONTENT, day.plus(Duration.ofDays(10)).minusSeconds(1)))
                .isEqualTo("good " + fingerprint);
        assertThat(verify(key, signature, CONTENT, day.plus(Duration.ofDays(10))))
                .isEqualTo("RF-PGP-014");
        assertThat(verify(key, signature, CONTENT, day.minusSeconds(1))).isEqualTo("RF-PGP-015");
    }

    @Test
    void refusesAWeakDigestAndAWeakKey() throws IOException {
        gpg.key("signer", "rsa2048", "sign", "0");
        byte[] sha1 = gpg.sign(CONTENT, "signer", "--digest-algo", "SHA1");
        assertThat(verify(gpg.export("signer"), sha1, CONTENT)).isEqualTo("RF-PGP-012");
        gpg.key("small", "rsa1024", "sign", "0");
        assertThat(verify(gpg.export("small"), gpg.sign(CONTENT, "small"), CONTENT))
                .isEqualTo("RF-PGP-013");
        gpg.key("dsa", "dsa2048", "sign", "0");
        assertThat(verify(gpg.export("dsa"), gpg.sign(CONTENT, "dsa"), CONTENT)).isEqualTo("RF-PGP-013");
    }

    @Test
    void refusesASignatureOfText() throws IOException {
        gpg.key("signer", "ed25519", "sign", "0");
        assertThat(verify(gpg.export("signer"), gpg.sign(CONTENT, "signer", "--textmode"), CONTENT))
                .isEqualTo("RF-PGP-019");
    }

    @Test
    void refusesACriticalNotation() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "sign", "0");
        byte[] key = gpg.export("signer");
        assertThat(verify(key, gpg.sign(CONTENT, "signer", "--sig-notation", "note@example.org=x"), CONTENT))
                .isEqualTo("good " + fingerprint);
        assertThat(verify(key, gpg.sign(CONTENT, "signer", "--sig-notation", "!note@example.org=x"), CONTENT))
                .isEqualTo("RF-PGP-020");
    }

    @Test
    void refusesAPrivateKey() throws IOException {
        String fingerprint = gpg.key("signer", "ed25519", "sign", "0");
        Path out = directory.resolve("secret");
        gpg.run(List.of("--output", out.toString(), "--export-secret-keys", fingerprint));
        assertThat(verify(java.nio.file.Files.readAllBytes(out), gpg.sign(CONTENT, "signer"), CONTENT))
                .isEqualTo("RF-PGP-007");
    }

    @Test
    void noFlippedBitAndNoTruncationIsAcceptedOrThrows() throws IOException {
        gpg.key("signer", "nistp256", "sign", "0");
        byte[] key = gpg.export("signer");
        byte[] signature = gpg.sign(CONTENT, "signer");
        int unhashed = 0;
        for (int i = 0; i < signature.length * 8; i++) {
            byte[] changed = signature.clone();
            changed[i / 8] ^= (byte) (1 << i % 8);
            if (verify(key, changed, CONTENT).startsWith("good")) {
                unhashed++;
            }
        }
        // Only the key ID in the unhashed part is a hint that may be wrong while the fingerprint is right.
        assertThat(unhashed).isLessThanOrEqualTo(8 * 10);
        for (int i = 0; i < signature.length; i++) {
            assertThat(verify(key, Arrays.copyOf(signature, i), CONTENT))
                    .as("first %d octets", i)
                    .startsWith("RF-PGP-");
        }
        for (int i = 0; i < key.length; i++) {
            verify(Arrays.copyOf(key, i), signature, CONTENT);
        }
        Fuzz.bytes(List.of(signature, key), 3000, b -> {
            verify(b, signature, CONTENT);
            verify(key, b, CONTENT);
        });
    }

    private static String verify(byte[] keyring, byte[] signature, byte[] content) {
        return verify(keyring, signature, content, Instant.now());
    }

    private static String verify(byte[] keyring, byte[] signature, byte[] content, Instant now) {
        return switch (Certificate.decode(keyring)) {
            case Decoded.Refused<List<Certificate>>(var why) -> why.code();
            case Decoded.Value<List<Certificate>>(List<Certificate> keys) ->
                switch (PgpSignature.decode(signature)) {
                    case Decoded.Refused<List<PgpSignature>>(var why) -> why.code();
                    case Decoded.Value<List<PgpSignature>>(List<PgpSignature> signatures) ->
                        switch (SignatureCheck.begin(signatures, keys.getFirst(), now)) {
                            case Decoded.Refused<SignatureCheck>(var why) -> why.code();
                            case Decoded.Value<SignatureCheck>(SignatureCheck check) -> finish(check, content);
                        };
                };
        };
    }

    private static String finish(SignatureCheck check, byte[] content) {
        check.update(content, 0, 7);
        check.update(content, 7, content.length - 7);
        return switch (check.finish()) {
            case Decoded.Refused<SignatureCheck.Good>(var why) -> why.code();
            case Decoded.Value<SignatureCheck.Good>(SignatureCheck.Good good) -> "good " + good.fingerprint();
        };
    }

    /** The packets of the first given type, and all of the second that follow it. */
    private static byte[] packets(byte[] key, int first, int then) {
        try {
            List<byte[]> out = new ArrayList<>();
            boolean taking = false;
            for (Packet packet : Packet.read(key)) {
                taking = packet.type() == first || taking && packet.type() == then;
                if (taking) {
                    out.add(encoded(packet));
                }
            }
            return join(out.toArray(byte[][]::new));
        } catch (Malformed e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] encoded(Packet packet) {
        int length = packet.body().length();
        byte[] head = {(byte) (0xc0 | packet.type()), (byte) 0xff, 0, 0, (byte) (length >> 8), (byte) length};
        return join(head, packet.body().copy());
    }

    private static byte[] join(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
