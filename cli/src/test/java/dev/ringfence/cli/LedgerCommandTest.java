package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LedgerCommandTest {
    @TempDir
    private Path temp = Path.of("");

    private Path log = Path.of("");

    @BeforeEach
    void paths() {
        log = temp.resolve("log");
    }

    private Ran init(Object... more) {
        Object[] line = new Object[more.length + 5];
        System.arraycopy(new Object[] {"ledger", "init", log, "--origin", "hv.example/ledger"}, 0, line, 0, 5);
        System.arraycopy(more, 0, line, 5, more.length);
        return Ran.ringfence(line);
    }

    private Path lines(String... lines) throws IOException {
        return Files.write(temp.resolve("events.jsonl"), List.of(lines));
    }

    private static String event(String kind, String subject, int number) {
        return "{\"kind\":\"" + kind + "\",\"actor\":\"nova\",\"subject\":\"" + subject + "\",\"body\":{\"n\":" + number
                + "},\"time\":\"2026-03-01T12:00:0" + number % 10 + "Z\"}";
    }

    private Ran append(String... lines) throws IOException {
        return Ran.ringfence("ledger", "append", log, lines(lines));
    }

    private static void refused(Ran ran, String code) {
        assertThat(ran.err())
                .startsWith("ringfence: " + code + " refused ")
                .contains(": ")
                .contains(". ");
        assertThat(ran.status()).isEqualTo(ExitStatus.FINDINGS);
    }

    @Test
    void makesALogWithAKeyThatOnlyItsOwnerReads() throws IOException {
        Ran ran = init();
        assertThat(ran.status()).as(ran.err()).isEqualTo(ExitStatus.CLEAN);
        assertThat(ran.out()).contains("hv.example/ledger+").doesNotContain("PRIVATE+KEY");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("log.key"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(temp.resolve("log.key"))).startsWith("PRIVATE+KEY+hv.example/ledger+");
        assertThat(ran.out())
                .contains(Files.readString(temp.resolve("log.key.pub")).strip());
    }

    @Test
    void makesNoSecondLogAndWritesOverNoKey() throws IOException {
        init();
        String key = Files.readString(temp.resolve("log.key"));
        refused(init(), "RF-LDG-122");
        assertThat(Files.readString(temp.resolve("log.key"))).isEqualTo(key);
        // The key has signed already: once a leaf is there, no other log may begin with it.
        append(event("vm.start", "a", 1));
        refused(
                Ran.ringfence(
                        "ledger",
                        "init",
                        temp.resolve("other"),
                        "--origin",
                        "hv.example/ledger",
                        "--key",
                        temp.resolve("log.key"),
                        "--last-signed",
                        temp.resolve("log.last-signed")),
                "RF-LDG-123");
        assertThat(Ran.ringfence("ledger", "init", temp.resolve("x"), "--origin", "y", "--key", temp.resolve("log.key"))
                        .status())
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void refusesAKeyThatOthersCanRead() throws IOException {
        init();
        Files.setPosixFilePermissions(temp.resolve("log.key"), PosixFilePermissions.fromString("rw-r-----"));
        refused(append(event("vm.start", "a", 1)), "RF-LDG-221");
    }

    @Test
    void refusesALastSignedCheckpointInsideTheLog() {
        assertThat(init("--last-signed", log.resolve("last")).status()).isEqualTo(ExitStatus.USAGE);
        assertThat(init("--origin", "").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void signsWithBothKinds() throws IOException {
        init("--ml-dsa");
        append(event("vm.start", "a", 1));
        Ran shown = Ran.ringfence("ledger", "checkpoint", log);
        assertThat(shown.out().lines().filter(line -> line.startsWith("— hv.example/ledger ")))
                .hasSize(2);
        Ran.ringfence(
                "ledger", "prove", log, "--index", 0, "--out", temp.resolve("p"), "--leaf-out", temp.resolve("l"));
        for (String pub : List.of("log.key.pub", "log.key.ml-dsa-44.pub")) {
            assertThat(Ran.ringfence(
                                    "ledger",
                                    "verify",
                                    temp.resolve("p"),
                                    "--leaf",
                                    temp.resolve("l"),
                                    "--key",
                                    temp.resolve(pub))
                            .status())
                    .isEqualTo(ExitStatus.CLEAN);
        }
    }

    @Test
    void printsAnIndexForEachLine() throws IOException {
        init();
        Ran ran = append(event("vm.start", "a", 1), "", event("vm.stop", "a", 2));
        assertThat(ran.out()).isEqualTo("0\n1\n");
        assertThat(ran.status()).isEqualTo(ExitStatus.CLEAN);
        Ran json = Ran.ringfence("ledger", "append", log, lines("", event("vm.start", "b", 3)), "--format", "json");
        assertThat(json.out()).isEqualTo("{\"checkpointSize\":3,\"index\":2,\"line\":2}\n");
    }

    @Test
    void keepsTheOrderOfManyLinesUnderFewCheckpoints() throws IOException {
        init();
        String[] events = new String[3000];
        StringBuilder indices = new StringBuilder();
        for (int i = 0; i < events.length; i++) {
            events[i] = event("vm.start", "vm-" + i, i);
            indices.append(i).append('\n');
        }
        assertThat(append(events).out()).isEqualTo(indices.toString());
        Ran found = Ran.ringfence("ledger", "query", log, "--subject", "vm-2999");
        assertThat(found.out()).startsWith("2999  ");
        // Had each line its own checkpoint, the levels above would have been written 3000 times.
        long partials;
        try (var files = Files.list(log.resolve("tile/0"))) {
            partials = files.filter(file -> file.toString().endsWith(".p")).count();
        }
        assertThat(partials).isLessThan(12);
    }

    @Test
    void endsAtTheFirstLineThatIsRefused() throws IOException {
        init();
        Ran ran = append(event("vm.start", "a", 1), event("vm.strt", "a", 2), event("vm.stop", "a", 3));
        assertThat(ran.out()).isEqualTo("0\n");
        refused(ran, "RF-LDG-048");
        assertThat(ran.err()).contains("events.jsonl line 2");
        refused(append("{}"), "RF-LDG-047");
        refused(append("x".repeat(500_000)), "RF-LDG-045");
        refused(append("{\"kind\":"), "RF-LDG-040");
        assertThat(Ran.ringfence("ledger", "checkpoint", log, "--format", "json")
                        .out())
                .contains("\"size\":1}");
    }

    @Test
    void provesAndVerifies() throws IOException {
        init();
        append(event("vm.start", "a", 1), event("vm.start", "b", 2), event("vm.stop", "a", 3));
        Path proof = temp.resolve("proof");
        Path leaf = temp.resolve("leaf");
        Path key = temp.resolve("log.key.pub");
        assertThat(Ran.ringfence("ledger", "prove", log, "--index", 1, "--out", proof, "--leaf-out", leaf)
                        .status())
                .isEqualTo(ExitStatus.CLEAN);
        Ran verified = Ran.ringfence("ledger", "verify", proof, "--leaf", leaf, "--key", key);
        assertThat(verified.status()).isEqualTo(ExitStatus.CLEAN);
        assertThat(verified.out()).contains("verified: leaf 1 of hv.example/ledger", "no witness");
        assertThat(Ran.ringfence(
                                "ledger",
                                "verify",
                                proof,
                                "--leaf",
                                leaf,
                                "--key",
                                Files.readString(key),
                                "--format",
                                "json")
                        .out())
                .startsWith("{\"cosigned\":[],\"index\":1,");

        Files.writeString(leaf, Files.readString(leaf).replace("\"b\"", "\"c\""));
        refused(Ran.ringfence("ledger", "verify", proof, "--leaf", leaf, "--key", key), "RF-LDG-003");
        Path other = temp.resolve("other.key.pub");
        Ran.ringfence("ledger", "init", temp.resolve("other"), "--origin", "hv.example/ledger");
        refused(Ran.ringfence("ledger", "verify", proof, "--leaf", leaf, "--key", other), "RF-LDG-052");
        refused(Ran.ringfence("ledger", "verify", key, "--leaf", leaf, "--key", key), "RF-LDG-051");
        // Evidence is not written over.
        assertThat(Ran.ringfence("ledger", "prove", log, "--index", 1, "--out", proof)
                        .status())
                .isEqualTo(ExitStatus.COULD_NOT_RUN);
    }

    @Test
    void provesNothingThatIsNotThere() throws IOException {
        init();
        refused(Ran.ringfence("ledger", "prove", log, "--index", 0), "RF-LDG-222");
        append(event("vm.start", "a", 1));
        refused(Ran.ringfence("ledger", "prove", log, "--index", 1), "RF-LDG-222");
        refused(Ran.ringfence("ledger", "prove-consistency", log, "--from", 2), "RF-LDG-222");
        assertThat(Ran.ringfence("ledger", "prove", log, "--index", -1).status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("ledger", "prove", temp, "--index", 0).status())
                .isEqualTo(ExitStatus.COULD_NOT_RUN);
    }

    @Test
    void handsOutNoProofFromDamagedTiles() throws IOException {
        init();
        append(event("vm.start", "a", 1), event("vm.start", "b", 2), event("vm.stop", "a", 3));
        Path tile = log.resolve("tile/0/000.p/3");
        byte[] bytes = Files.readAllBytes(tile);
        bytes[70] ^= 1;
        Files.write(tile, bytes);
        refused(Ran.ringfence("ledger", "prove", log, "--index", 0), "RF-LDG-223");
        refused(Ran.ringfence("ledger", "prove-consistency", log, "--from", 1), "RF-LDG-223");
        Ran fsck = Ran.ringfence("ledger", "fsck", log, "--key", temp.resolve("log.key.pub"));
        assertThat(fsck.status()).isEqualTo(ExitStatus.FINDINGS);
        assertThat(fsck.out()).contains("RF-LDG-073 tile/0/000.p/3 byte 70", "not sound: 1 faults");
        assertThat(Ran.ringfence("ledger", "fsck", log, "--key", temp.resolve("log.key.pub"), "--format", "json")
                        .out())
                .contains("\"sound\":false", "\"code\":\"RF-LDG-073\"");
        bytes[70] ^= 1;
        Files.write(tile, bytes);
        assertThat(Ran.ringfence("ledger", "fsck", log, "--key", temp.resolve("log.key.pub"))
                        .status())
                .isEqualTo(ExitStatus.CLEAN);
    }

    @Test
    void showsThatALogContinuesAnEarlierCheckpointOrNot() throws IOException {
        init();
        append(event("vm.start", "a", 1), event("vm.start", "b", 2));
        Path earlier = Files.copy(log.resolve("checkpoint"), temp.resolve("earlier"));
        append(event("vm.stop", "a", 3));
        Ran proof = Ran.ringfence("ledger", "prove-consistency", log, "--from-checkpoint", earlier);
        assertThat(proof.status()).isEqualTo(ExitStatus.CLEAN);
        assertThat(proof.out()).startsWith("old 2\n").contains("\n\nhv.example/ledger\n3\n");
        assertThat(Ran.ringfence("ledger", "prove-consistency", log, "--from", 2)
                        .out())
                .isEqualTo(proof.out());
        assertThat(Ran.ringfence("ledger", "prove-consistency", log, "--from", 0, "--format", "json")
                        .out())
                .contains("\"hashes\":[]", "\"newSize\":3");
        assertThat(Ran.ringfence("ledger", "prove-consistency", log).status()).isEqualTo(ExitStatus.USAGE);

        // Another log of the same name: its first two leaves are others.
        log = temp.resolve("rewritten");
        init();
        append(event("vm.start", "x", 1), event("vm.start", "b", 2), event("vm.stop", "a", 3));
        refused(Ran.ringfence("ledger", "prove-consistency", log, "--from-checkpoint", earlier), "RF-LDG-006");
        log = temp.resolve("set-back");
        init();
        append(event("vm.start", "a", 1));
        refused(Ran.ringfence("ledger", "prove-consistency", log, "--from-checkpoint", earlier), "RF-LDG-004");
    }

    @Test
    void findsLeaves() throws IOException {
        init();
        append(event("vm.start", "a", 1), event("vm.start", "b", 2), event("vm.stop", "a", 3));
        assertThat(Ran.ringfence("ledger", "query", log, "--subject", "a").out())
                .isEqualTo(
                        "0  2026-03-01T12:00:01Z  vm.start  a  by nova\n2  2026-03-01T12:00:03Z  vm.stop  a  by nova\n");
        assertThat(Ran.ringfence("ledger", "query", log, "--kind", "vm.stop", "--format", "json")
                        .out())
                .startsWith("{\"index\":2,\"leaf\":{\"actor\":\"nova\",\"body\":{\"n\":3}");
        assertThat(Ran.ringfence("ledger", "query", log, "--since", "2026-03-01T12:00:02Z", "--limit", 1)
                        .out())
                .startsWith("1  ")
                .hasLineCount(1);
        assertThat(Ran.ringfence("ledger", "query", log, "--until", "2026-03-01T12:00:02Z")
                        .out())
                .startsWith("0  ")
                .hasLineCount(1);
        Ran nothing = Ran.ringfence("ledger", "query", log, "--subject", "z");
        assertThat(nothing.status()).isEqualTo(ExitStatus.CLEAN);
        assertThat(nothing.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--since=yesterday", "--kind=vm", "--limit=0"})
    void refusesQueriesThatMeanNothing(String option) throws IOException {
        init();
        Ran ran = Ran.ringfence("ledger", "query", log, option);
        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.err()).contains(option.substring(0, option.indexOf('=')));
    }

    @Test
    void refusesAnOlderCopyOfTheLog() throws IOException {
        init();
        append(event("vm.start", "a", 1));
        Path checkpoint = Files.copy(log.resolve("checkpoint"), temp.resolve("older"));
        append(event("vm.start", "b", 2));
        Files.copy(checkpoint, log.resolve("checkpoint"), StandardCopyOption.REPLACE_EXISTING);
        try (var tiles = Files.walk(log.resolve("tile"))) {
            tiles.filter(file -> file.toString().endsWith(".p/2"))
                    .forEach(file -> file.toFile().delete());
        }
        refused(append(event("vm.start", "c", 3)), "RF-LDG-121");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key /k\n",
                "key /k\nlast-signed /l\nkey /k\n",
                "key /k\nlast-signed /l\nwithout-quorum maybe\n",
                "key /k\nlast-signed /l\nwitness-patience-millis soon\n",
                "key /k\nlast-signed /l\nwitneses /p\n"
            })
    void refusesSettingsThatItDoesNotUnderstand(String settings) throws IOException {
        init();
        Files.writeString(log.resolve(".settings"), settings);
        refused(append(event("vm.start", "a", 1)), "RF-LDG-220");
    }

    @Test
    void measures() {
        Ran ran = Ran.ringfence(
                "ledger", "bench", temp.resolve("bench"), "--submitters", 4, "--appends", 40, "--format", "json");
        assertThat(ran.out()).contains("\"appends\":40", "\"appendsPerSecond\":", "\"p99Micros\":");
        refused(Ran.ringfence("ledger", "bench", temp.resolve("bench")), "RF-LDG-122");
        assertThat(Ran.ringfence("ledger", "bench", log, "--submitters", 0).status())
                .isEqualTo(ExitStatus.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8080", "host.example:80", "127.0.0.1:65536", "1.2.3:x", "[::1", "999.1.1.1:1"})
    void listensOnlyOnAddresses(String address) {
        init();
        Ran ran = Ran.ringfence("ledger", "serve", log, "--listen", address);
        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.err()).contains("--listen");
    }

    @Test
    void witnessesOnlyWithLogsAndAName() throws IOException {
        init();
        Path state = temp.resolve("w");
        assertThat(Ran.ringfence(
                                "ledger", "witness", "--state", state, "--listen", "127.0.0.1:0", "--name", "w.example")
                        .err())
                .contains("--log");
        assertThat(Ran.ringfence(
                                "ledger",
                                "witness",
                                "--state",
                                state,
                                "--listen",
                                "127.0.0.1:0",
                                "--log",
                                temp.resolve("log.key.pub"))
                        .err())
                .contains("--name");
        // A key whose records are lost would be a witness that has forgotten.
        Files.createDirectories(state);
        Files.copy(temp.resolve("log.key"), state.resolve("key"), StandardCopyOption.COPY_ATTRIBUTES);
        refused(
                Ran.ringfence(
                        "ledger",
                        "witness",
                        "--state",
                        state,
                        "--listen",
                        "127.0.0.1:0",
                        "--log",
                        temp.resolve("log.key.pub")),
                "RF-LDG-206");
    }
}
