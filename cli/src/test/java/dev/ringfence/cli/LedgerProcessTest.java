package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.AuditorMain;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger end to end: servers in processes of their own, and an auditor who has a JDK and one jar. */
@Tag("slow")
final class LedgerProcessTest {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path temp = Path.of("");

    private final List<Process> running = new ArrayList<>();

    @AfterEach
    void end() throws InterruptedException {
        for (Process process : running) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process ringfence(Path err, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RingfenceMain.class.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process =
                new ProcessBuilder(command).redirectError(err.toFile()).start();
        running.add(process);
        return process;
    }

    /** A command that serves until it is ended; its first lines, up to the one with its address. */
    private List<String> serving(Object... arguments) throws IOException {
        Process process = ringfence(Files.createTempFile(temp, "server", ".err"), arguments);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        List<String> said = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
            if (line.contains(" at http://")) {
                return said;
            }
        }
        throw new AssertionError("the server ended: " + said);
    }

    private static String url(List<String> said) {
        return said.getLast().substring(said.getLast().indexOf("http://"));
    }

    /** Runs the auditor's jar, with nothing else on its class path. */
    private Ran auditor(Object... arguments) throws Exception {
        Path alone = Files.createDirectories(temp.resolve("auditor"));
        Path jar = alone.resolve("ledger.jar");
        if (!Files.exists(jar)) {
            Path code = code();
            if (Files.isDirectory(code)) {
                ToolProvider.findFirst("jar")
                        .orElseThrow()
                        .run(
                                System.out,
                                System.err,
                                "--create",
                                "--file=" + jar,
                                "--main-class=" + AuditorMain.class.getName(),
                                "-C",
                                code.toString(),
                                ".");
            } else {
                Files.copy(code, jar);
            }
        }
        List<String> command = new ArrayList<>(List.of(JAVA, "-jar", jar.toString()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Path err = Files.createTempFile(temp, "auditor", ".err");
        Process process = new ProcessBuilder(command)
                .directory(alone.toFile())
                .redirectError(err.toFile())
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out, Files.readString(err));
    }

    private static Path code() throws URISyntaxException {
        return Path.of(AuditorMain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    private static String event(int number) {
        return "{\"kind\":\"vm.start\",\"actor\":\"nova\",\"subject\":\"vm-" + number + "\",\"body\":{}}";
    }

    private Ran append(Path log, int number) throws IOException {
        return Ran.ringfence("ledger", "append", log, Files.writeString(temp.resolve("events"), event(number) + "\n"));
    }

    @Test
    void anAuditorVerifiesWithAJdkAndOneJar() throws Exception {
        Path log = temp.resolve("log");
        Ran.ringfence("ledger", "init", log, "--origin", "hv.example/ledger");
        for (int i = 0; i < 3; i++) {
            assertThat(append(log, i).out()).isEqualTo(i + "\n");
        }
        Path proof = temp.resolve("proof");
        Path leaf = temp.resolve("leaf");
        Path key = temp.resolve("log.key.pub");
        Ran.ringfence("ledger", "prove", log, "--index", 1, "--out", proof, "--leaf-out", leaf);

        Ran verified = auditor("verify", proof, "--leaf", leaf, "--key", key);
        assertThat(verified.status()).as(verified.err()).isZero();
        assertThat(verified.out()).contains("leaf 1 of hv.example/ledger");
        assertThat(auditor("fsck", log, "--key", key).status()).isZero();

        Files.writeString(leaf, Files.readString(leaf).replace("vm-1", "vm-2"));
        Ran forged = auditor("verify", proof, "--leaf", leaf, "--key", key);
        assertThat(forged.status()).isEqualTo(1);
        assertThat(forged.err()).contains("RF-LDG-003");
    }

    @Test
    void aLogIsProvedFromWhatItServes() throws Exception {
        Path log = temp.resolve("log");
        Ran.ringfence("ledger", "init", log, "--origin", "hv.example/ledger");
        append(log, 0);
        String url = url(serving("ledger", "serve", log, "--listen", "127.0.0.1:0"));
        append(log, 1);
        Path proof = temp.resolve("proof");
        Path leaf = temp.resolve("leaf");
        Ran proved = Ran.ringfence("ledger", "prove", url, "--index", 1, "--out", proof, "--leaf-out", leaf);
        assertThat(proved.status()).as(proved.err()).isEqualTo(ExitStatus.CLEAN);
        assertThat(Ran.ringfence("ledger", "verify", proof, "--leaf", leaf, "--key", temp.resolve("log.key.pub"))
                        .status())
                .isEqualTo(ExitStatus.CLEAN);
        assertThat(Ran.ringfence("ledger", "prove-consistency", url, "--from", 1)
                        .out())
                .startsWith("old 1\n");
        assertThat(Ran.ringfence("ledger", "prove", url, "--index", 2).status()).isEqualTo(ExitStatus.FINDINGS);
        running.getFirst().destroyForcibly().waitFor();
        assertThat(Ran.ringfence("ledger", "prove", url, "--index", 1).status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
    }

    @Test
    void appendAnswersEachLineWhileItsInputGoesOn() throws Exception {
        Path log = temp.resolve("log");
        Ran.ringfence("ledger", "init", log, "--origin", "hv.example/ledger");
        Path err = temp.resolve("append.err");
        Process append = ringfence(err, "ledger", "append", log);
        BufferedReader out = append.inputReader(StandardCharsets.UTF_8);
        try (var in = append.outputWriter(StandardCharsets.UTF_8)) {
            for (int i = 0; i < 3; i++) {
                in.write(event(i) + "\n");
                in.flush();
                assertThat(out.readLine()).isEqualTo(String.valueOf(i));
            }
            // While it runs nobody else may write.
            Ran second = append(log, 9);
            assertThat(second.status()).isEqualTo(ExitStatus.FINDINGS);
            assertThat(second.err()).contains("RF-LDG-111", String.valueOf(append.pid()));
            in.write("{}\n");
            in.flush();
            // It ends at the refusal, although its input is still open.
            assertThat(append.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(append.exitValue()).isEqualTo(ExitStatus.FINDINGS);
        assertThat(Files.readString(err)).startsWith("ringfence: RF-LDG-047 refused standard input line 4: ");
    }

    private String witness(String name, boolean fresh, Path logKey) throws IOException {
        List<Object> arguments = new ArrayList<>(List.of(
                "ledger", "witness", "--state", temp.resolve(name), "--listen", "127.0.0.1:0", "--log", logKey));
        if (fresh) {
            arguments.addAll(List.of("--name", name + ".example"));
        }
        List<String> said = serving(arguments.toArray());
        String ed25519 = said.stream()
                .filter(line -> line.startsWith("witness ed25519"))
                .findFirst()
                .orElseThrow();
        return "witness " + name + " " + ed25519.split(" ")[2] + " " + url(said) + "\n";
    }

    @Test
    void aLogWithWitnessesShowsOnlyWhatTheyCosigned() throws Exception {
        Path key = temp.resolve("log.key");
        Path policy = temp.resolve("policy");
        Path log = temp.resolve("log");
        // The witnesses need the log's key, the log the witnesses' addresses: the key comes first.
        Ran.ringfence("ledger", "init", temp.resolve("keymaker"), "--origin", "hv.example/ledger", "--key", key);
        Path logKey = temp.resolve("log.key.pub");
        String quorum = "group both all a b\nquorum both\n";
        Files.writeString(policy, witness("a", true, logKey) + witness("b", true, logKey) + quorum);
        Ran init = Ran.ringfence(
                "ledger", "init", log, "--origin", "hv.example/ledger", "--key", key, "--witnesses", policy);
        assertThat(init.status()).as(init.err()).isEqualTo(ExitStatus.CLEAN);
        assertThat(append(log, 0).out()).isEqualTo("0\n");

        byte[] shown = Files.readAllBytes(log.resolve("checkpoint"));
        running.get(1).destroyForcibly().waitFor();
        Ran without = append(log, 1);
        assertThat(without.status()).isEqualTo(ExitStatus.FINDINGS);
        assertThat(without.err()).contains("RF-LDG-104", "RF-LDG-210", "witness b");
        assertThat(without.out()).isEmpty();
        assertThat(Files.readAllBytes(log.resolve("checkpoint"))).isEqualTo(shown);

        String[] lines = Files.readString(policy).split("\n");
        Files.writeString(policy, lines[0] + "\n" + witness("b", false, logKey) + quorum);
        Ran again = append(log, 2);
        assertThat(again.err()).isEmpty();
        assertThat(again.out()).isEqualTo("2\n");

        Path proof = temp.resolve("proof");
        Path leaf = temp.resolve("leaf");
        Ran.ringfence("ledger", "prove", log, "--index", 1, "--out", proof, "--leaf-out", leaf);
        Ran verified = Ran.ringfence("ledger", "verify", proof, "--leaf", leaf, "--key", logKey, "--policy", policy);
        assertThat(verified.out()).contains("cosigned by a at ", "cosigned by b at ");
        assertThat(auditor("verify", proof, "--leaf", leaf, "--key", logKey, "--policy", policy)
                        .status())
                .isZero();

        Path stranger = Files.writeString(
                temp.resolve("stranger"), witness("c", true, logKey).replaceFirst(" http.*\n", "\n") + "quorum c\n");
        Ran unknown = Ran.ringfence("ledger", "verify", proof, "--leaf", leaf, "--key", logKey, "--policy", stranger);
        assertThat(unknown.status()).isEqualTo(ExitStatus.FINDINGS);
        assertThat(unknown.err()).contains("RF-LDG-055");
    }
}
