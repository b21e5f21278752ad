package dev.ringfence.ledger.auditor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.AuditorMain;
import dev.ringfence.ledger.TestLog;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditorTest {
    private static final String KEY = TestLog.KEY.verifier().vkey();

    @TempDir
    Path temporary;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path log;
    private Path proof;
    private Path leaf;

    @BeforeEach
    void makeLog() throws IOException {
        log = Files.createDirectory(temporary.resolve("log"));
        proof = temporary.resolve("proof");
        leaf = temporary.resolve("leaf");
        TestLog.write(log, TestLog.leaves(600));
    }

    @Test
    void provesAndVerifies() throws IOException {
        assertThat(run("prove", log, "--index", "417", "--out", proof, "--leaf-out", leaf))
                .isZero();
        assertThat(Files.readString(leaf)).isEqualTo("leaf 417");
        assertThat(run("verify", proof, "--leaf", leaf, "--key", KEY)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("verified: leaf 417 of example.com/ringfence, in its tree of 600\n");
        Path key = Files.writeString(temporary.resolve("key"), KEY + "\n");
        Files.writeString(leaf, "leaf 417\n");
        assertThat(run("verify", "--key", key, "--leaf", leaf, proof)).isZero();
    }

    @Test
    void refusesAnotherLeafKeyOrTooFewWitnesses() throws IOException {
        run("prove", log, "--index", "417", "--out", proof);
        Files.writeString(leaf, "leaf 418");
        assertThat(run("verify", proof, "--leaf", leaf, "--key", KEY)).isEqualTo(Auditor.REFUSED);
        assertThat(said()).startsWith("RF-LDG-003 refused " + proof);
        Files.writeString(leaf, "leaf 417");
        String other = SignerKey.generate("example.com/x", SignatureType.ED25519)
                .orThrow()
                .verifier()
                .vkey();
        assertThat(run("verify", proof, "--leaf", leaf, "--key", other)).isEqualTo(Auditor.REFUSED);
        assertThat(said()).startsWith("RF-LDG-052");
        String witness = SignerKey.generate("w", SignatureType.ED25519_COSIGNATURE)
                .orThrow()
                .verifier()
                .vkey();
        Path policy = Files.writeString(
                temporary.resolve("policy"), "log " + KEY + "\nwitness w " + witness + "\nquorum w\n");
        assertThat(run("verify", proof, "--leaf", leaf, "--policy", policy)).isEqualTo(Auditor.REFUSED);
        assertThat(said()).startsWith("RF-LDG-055");
        Files.writeString(policy, "log " + KEY + "\nquorum none\n");
        assertThat(run("verify", proof, "--leaf", leaf, "--policy", policy)).isZero();
    }

    @Test
    void checksADirectory() throws IOException {
        assertThat(run("fsck", log, "--key", KEY)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("sound: 600 leaves of example.com/ringfence");
        Path last = temporary.resolve("last");
        Files.write(last, TestLog.checkpoint(TestLog.leaves(500)).bytes());
        assertThat(run("fsck", log, "--key", KEY, "--last-signed", last)).isZero();
        Path tile = log.resolve("tile/0/001");
        byte[] bytes = Files.readAllBytes(tile);
        bytes[70] ^= 1;
        Files.write(tile, bytes);
        assertThat(run("fsck", log, "--key", KEY)).isEqualTo(Auditor.REFUSED);
        assertThat(said()).startsWith("RF-LDG-073 tile/0/001 byte 70: ").contains("not sound: 1 faults");
    }

    @Test
    void hasNoProofForATreeThatIsNotWhatWasSigned() throws IOException {
        Path tile = log.resolve("tile/0/001");
        byte[] bytes = Files.readAllBytes(tile);
        bytes[70] ^= 1;
        Files.write(tile, bytes);
        assertThat(run("prove", log, "--index", "257", "--out", proof)).isEqualTo(Auditor.REFUSED);
        assertThat(said()).startsWith("RF-LDG-060");
        assertThat(proof).doesNotExist();
        assertThat(run("prove", log, "--index", "600")).isEqualTo(Auditor.REFUSED);
        assertThat(said()).startsWith("RF-LDG-001");
    }

    @Test
    void neverWritesOverAFile() throws IOException {
        Files.writeString(proof, "mine");
        assertThat(run("prove", log, "--index", "0", "--out", proof)).isEqualTo(Auditor.COULD_NOT_RUN);
        assertThat(proof).hasContent("mine");
    }

    @Test
    void saysWhenItCouldNotRun() {
        assertThat(run("verify", proof, "--leaf", leaf, "--key", KEY)).isEqualTo(Auditor.COULD_NOT_RUN);
        assertThat(said()).contains(leaf.toString());
        assertThat(run("fsck", temporary.resolve("none"), "--key", KEY)).isEqualTo(Auditor.COULD_NOT_RUN);
        assertThat(run("prove", temporary, "--index", "0")).isEqualTo(Auditor.COULD_NOT_RUN);
    }

    @Test
    void refusesAWrongCommandLine() {
        for (List<Object> words : List.<List<Object>>of(
                List.of(),
                List.of("audit"),
                List.of("verify"),
                List.of("verify", proof),
                List.of("verify", proof, "--leaf", leaf, "--leaf", leaf),
                List.of("verify", proof, "more", "--leaf", leaf, "--key", KEY),
                List.of("verify", proof, "--leaf"),
                List.of("fsck", log),
                List.of("fsck", log, "--kee", KEY),
                List.of("prove", log),
                List.of("prove", log, "--index", "-1"),
                List.of("prove", "a\0b", "--index", "1"))) {
            assertThat(run(words.toArray())).as("%s", words).isEqualTo(Auditor.USAGE);
        }
        assertThat(run("verify", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("fsck DIR --key KEY");
    }

    @Test
    void runsWithNothingButTheJdkAndItsOwnClasses() throws Exception {
        assertThat(status("fsck", log.toString(), "--key", KEY)).isZero();
        Files.delete(log.resolve("tile/0/000"));
        assertThat(status("fsck", log.toString(), "--key", KEY)).isEqualTo(Auditor.REFUSED);
        assertThat(status()).isEqualTo(Auditor.USAGE);
        assertThat(status("fsck", log + "/none", "--key", KEY)).isEqualTo(Auditor.COULD_NOT_RUN);
    }

    private static int status(String... words) throws Exception {
        Path classes = Path.of(AuditorMain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classes.toString(),
                AuditorMain.class.getName()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end: " + command);
        }
        return process.exitValue();
    }

    private int run(Object... words) {
        out.reset();
        err.reset();
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return new Auditor(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(arguments);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
