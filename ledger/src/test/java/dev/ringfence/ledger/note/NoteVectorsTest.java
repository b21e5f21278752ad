package dev.ringfence.ledger.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.merkle.TreeHasher;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notes that other programs signed, and ours before other programs. Origins are in the README of the resources. */
final class NoteVectorsTest {
    private static final String ML_DSA_SEED = "2886adc2b0eabfce67c0472939127998bf886cf256bfee8ba76a253fce1146e0";

    @Test
    void exampleOfSignedNoteVerifies() {
        VerifierKey key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
                .orThrow();
        SignedNote note = note("This is an example message.\n\n\u2014 example.com/foo "
                + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n");
        assertThat(note.check(key)).isEqualTo(new SignatureCheck.Valid(0));
        assertThat(new SignedNote("This is an example massage.\n", note.signatures()).check(key))
                .isEqualTo(new SignatureCheck.Invalid());
    }

    @Test
    void keyAndNoteOfTheGoDocumentationVerify() {
        SignerKey signer = SignerKey.parse(
                        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
                .orThrow();
        assertThat(signer.verifier().vkey())
                .isEqualTo("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
        SignedNote note = note("If you think cryptography is the answer to your problem,\n"
                + "then you don't know what your problem is.\n\n\u2014 PeterNeumann "
                + "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n");
        assertThat(note.check(signer.verifier())).isEqualTo(new SignatureCheck.Valid(0));
    }

    @Test
    void checkpointOfASigsumLogVerifies() {
        String origin = "sigsum.org/v1/tree/985ea163f5af026723561354f51f2ebcdcf2af809ce254ccfb64aa9aadd80f90";
        VerifierKey key = VerifierKey.of(
                        origin,
                        SignatureType.ED25519,
                        HexFormat.of().parseHex("52c05edad1bf5feffa81354faae59a655d9a9a1a793ed2f62c39c26c0be2aecd"))
                .orThrow();
        SignedCheckpoint checkpoint = SignedCheckpoint.parse((origin
                                + "\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\u2014 " + origin
                                + " 7BKT0gOfNZ1J0So9unY3BZtm2YkPIoNYM/dce0Z2avJDs8dxN6ts9bOSwwrVrbjm6P9K3ZxpK6jJngOG6YvGGzV/"
                                + "lwo=\n")
                        .getBytes(StandardCharsets.UTF_8))
                .orThrow();
        assertThat(checkpoint.check(key)).isEqualTo(new SignatureCheck.Valid(0));
        assertThat(checkpoint.checkpoint().size()).isEqualTo(1);
    }

    @Test
    void mlDsaCheckpointOfAnotherProgramVerifies() throws IOException {
        VerifierKey key = VerifierKey.parse(new String(resource("mldsa-log.vkey"), StandardCharsets.UTF_8))
                .orThrow();
        SignedCheckpoint signed =
                SignedCheckpoint.parse(resource("mldsa-log.checkpoint")).orThrow();
        assertThat(signed.check(key)).isEqualTo(new SignatureCheck.Valid(0));
        assertThat(signed.bytes()).isEqualTo(resource("mldsa-log.checkpoint"));
        Checkpoint checkpoint = signed.checkpoint();
        assertThat(checkpoint.root()).isEqualTo(new TreeHasher().leaf("testonly".getBytes(StandardCharsets.UTF_8)));
        Checkpoint larger = new Checkpoint(checkpoint.origin(), 2, checkpoint.root());
        assertThat(new SignedNote(larger.text(), signed.note().signatures()).check(key))
                .isEqualTo(new SignatureCheck.Invalid());
    }

    @Test
    void mlDsaSeedMakesTheKeyOfAnotherProgram() throws IOException {
        String vkey = new String(resource("mldsa-log.vkey"), StandardCharsets.UTF_8).strip();
        byte[] material = new byte[33];
        material[0] = 6;
        System.arraycopy(HexFormat.of().parseHex(ML_DSA_SEED), 0, material, 1, 32);
        SignerKey key = SignerKey.parse("PRIVATE+KEY+example.com/mldsa-log+b5df45c5+" + Base64Text.encode(material))
                .orThrow();
        assertThat(key.verifier().vkey()).isEqualTo(vkey);
    }

    @Test
    void opensslMakesTheSameEd25519Signature(@TempDir Path directory) throws Exception {
        Checkpoint checkpoint = new Checkpoint("example.com/log", 1, new TreeHasher().leaf(new byte[] {7}));
        for (SignatureType type : new SignatureType[] {SignatureType.ED25519, SignatureType.ED25519_COSIGNATURE}) {
            SignerKey key = SignerKey.generate("example.com/log", type).orThrow();
            byte[] value =
                    key.sign(checkpoint, Instant.ofEpochSecond(1_700_000_000)).value();
            boolean cosignature = type.isTimestamped();
            String message = (cosignature ? "cosignature/v1\ntime 1700000000\n" : "") + checkpoint.text();
            assertThat(openssl(directory, key, message))
                    .isEqualTo(Arrays.copyOfRange(value, cosignature ? 8 : 0, value.length));
        }
    }

    /** An Ed25519 signature by openssl with the seed of a key of ours. */
    private static byte[] openssl(Path directory, SignerKey key, String message) throws Exception {
        String text = key.secretText();
        byte[] material = Base64Text.decode(text.substring(text.indexOf('+', text.indexOf("log+") + 4) + 1))
                .orElseThrow();
        byte[] header = HexFormat.of().parseHex("302e020100300506032b657004220420");
        byte[] der = Arrays.copyOf(header, header.length + 32);
        System.arraycopy(material, 1, der, header.length, 32);
        Files.write(directory.resolve("key.der"), der);
        Files.writeString(directory.resolve("message"), message);
        Process process = new ProcessBuilder(
                        "openssl",
                        "pkeyutl",
                        "-sign",
                        "-rawin",
                        "-keyform",
                        "DER",
                        "-inkey",
                        "key.der",
                        "-in",
                        "message",
                        "-out",
                        "signature")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        boolean ended = process.waitFor(30, TimeUnit.SECONDS);
        String said = ended ? new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8) : "no end";
        assertThat(ended && process.exitValue() == 0).as(said).isTrue();
        return Files.readAllBytes(directory.resolve("signature"));
    }

    private static SignedNote note(String text) {
        return SignedNote.parse(text.getBytes(StandardCharsets.UTF_8)).orThrow();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(NoteVectorsTest.class.getResourceAsStream(name))) {
            return in.readAllBytes();
        }
    }
}
