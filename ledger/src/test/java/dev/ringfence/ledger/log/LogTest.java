package dev.ringfence.ledger.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.note.SignatureCheck;
import dev.ringfence.ledger.note.SignedCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
    @TempDir
    Path temp;

    private LogSettings settings() {
        return LogSettings.of(temp.resolve("log"), temp.resolve("last-checkpoint"), Promises.KEY);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String code(Parsed<Log> outcome) throws StorageException {
        return switch (outcome) {
            case Parsed.Refused<Log>(Refusal why) -> why.code();
            case Parsed.Value<Log>(Log log) -> {
                log.close();
                yield "opened";
            }
        };
    }

    @Test
    void acceptsAnEntryUnderAPublishedCheckpoint() throws Exception {
        try (Log log = Log.create(settings()).orThrow()) {
            assertThat(log.append(bytes("first"))).isEqualTo(new Append.Accepted(0, 1));
            assertThat(log.append(bytes("second"))).isEqualTo(new Append.Accepted(1, 2));

            SignedCheckpoint shown = SignedCheckpoint.parse(Files.readAllBytes(temp.resolve("log/checkpoint")))
                    .orThrow();
            assertThat(shown.checkpoint()).isEqualTo(log.checkpoint().checkpoint());
            assertThat(shown.check(Promises.KEY.verifier())).isInstanceOf(SignatureCheck.Valid.class);
            assertThat(Files.readAllBytes(temp.resolve("last-checkpoint"))).isEqualTo(shown.bytes());
            assertThat(Promises.leaves(log.tiles(), 2)).containsExactly(bytes("first"), bytes("second"));
        }
    }

    @Test
    void writesTheFilesThatTheFormatNames() throws Exception {
        try (Log log = Log.create(settings()).orThrow()) {
            for (int i = 0; i < 258; i++) {
                log.append(bytes("entry " + i));
            }
        }
        List<String> files;
        try (Stream<Path> walk = Files.walk(temp.resolve("log"))) {
            files = walk.filter(Files::isRegularFile)
                    .map(p -> temp.resolve("log").relativize(p).toString())
                    .sorted()
                    .toList();
        }
        // Tiles that became full have lost their partial forms; tile 1 has one for each checkpoint.
        assertThat(files)
                .containsExactly(
                        ".lock",
                        "checkpoint",
                        "tile/0/000",
                        "tile/0/001.p/1",
                        "tile/0/001.p/2",
                        "tile/1/000.p/1",
                        "tile/entries/000",
                        "tile/entries/001.p/1",
                        "tile/entries/001.p/2");
    }

    @Test
    void continuesWhereItWasClosed() throws Exception {
        Promises promises = new Promises();
        long next = 0;
        try (Log log = Log.create(settings()).orThrow()) {
            promises.published(log.checkpoint().checkpoint(), log.tiles());
        }
        for (int round = 0; round < 4; round++) {
            try (Log log = Log.open(settings()).orThrow()) {
                for (int i = 0; i < 100; i++, next++) {
                    byte[] leaf = bytes("entry " + next);
                    assertThat(log.append(leaf)).isEqualTo(new Append.Accepted(next, next + 1));
                    promises.acknowledged(next, leaf);
                }
                promises.published(log.checkpoint().checkpoint(), log.tiles());
                promises.hold(log.checkpoint().checkpoint(), log.tiles());
            }
        }
    }

    @Test
    void refusesEntriesOfAnImpossibleLength() throws Exception {
        try (Log log = Log.create(settings()).orThrow()) {
            for (int length : new int[] {0, 65_536}) {
                assertThat(log.append(new byte[length]))
                        .isInstanceOfSatisfying(
                                Append.Refused.class,
                                r -> assertThat(r.why().code()).isEqualTo("RF-LDG-100"));
            }
            assertThat(log.append(new byte[65_535])).isEqualTo(new Append.Accepted(0, 1));
            assertThat(log.append(new byte[1])).isEqualTo(new Append.Accepted(1, 2));
        }
    }

    @Test
    void givesSixtyFourSubmittersEachTheirOwnIndex() throws Exception {
        int submitters = 64;
        int each = 60;
        Map<Long, String> byIndex = new ConcurrentHashMap<>();
        try (Log log = Log.create(settings()).orThrow();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> done = new ArrayList<>();
            for (int s = 0; s < submitters; s++) {
                int submitter = s;
                done.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        String leaf = "submitter " + submitter + " entry " + i;
                        Append.Accepted accepted = (Append.Accepted) log.append(bytes(leaf));
                        assertThat(log.checkpoint().checkpoint().size())
                                .isGreaterThanOrEqualTo(accepted.checkpointSize());
                        assertThat(accepted.index()).isLessThan(accepted.checkpointSize());
                        assertThat(byIndex.put(accepted.index(), leaf)).isNull();
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
            assertThat(byIndex).hasSize(submitters * each);
            assertThat(log.checkpoint().checkpoint().size()).isEqualTo((long) submitters * each);
            List<byte[]> leaves = Promises.leaves(log.tiles(), (long) submitters * each);
            byIndex.forEach(
                    (index, leaf) -> assertThat(leaves.get(index.intValue())).isEqualTo(bytes(leaf)));
            assertThat(byIndex.values()).doesNotHaveDuplicates();
        }
    }

    @Test
    void refusesASecondWriterInTheSameProcessAndKeepsTheLock() throws Exception {
        try (Log log = Log.create(settings()).orThrow()) {
            assertThat(code(Log.open(settings()))).isEqualTo("RF-LDG-112");
            // Had the refusal opened and closed the lock file, the kernel would have taken the lock from the first.
            assertThat(OtherProcess.lock(temp.resolve("log"))).startsWith("RF-LDG-111");
            assertThat(log.append(bytes("still here"))).isEqualTo(new Append.Accepted(0, 1));
        }
        assertThat(OtherProcess.lock(temp.resolve("log"))).isEqualTo("taken");
        assertThat(code(Log.open(settings()))).isEqualTo("opened");
    }

    @Test
    void namesTheProcessThatHoldsTheDirectory() throws Exception {
        try (Log _ = Log.create(settings()).orThrow()) {
            assertThat(OtherProcess.lock(temp.resolve("log")))
                    .endsWith("in process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void refusesWhatDoesNotFitIntoTheQueue() throws Exception {
        CountDownLatch offered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Cosigning slow = offer -> {
            if (offer.checkpoint().checkpoint().size() == 1) {
                offered.countDown();
                await(go);
            }
            return new Cosigning.Met(List.of());
        };
        LogOptions small = new LogOptions(10, 1000, 3, 100, Duration.ZERO, Duration.ofSeconds(1));
        try (Log log = Log.create(settings().with(small).with(slow)).orThrow()) {
            CompletableFuture<Append> first = log.submit(bytes("one"));
            offered.await();
            List<CompletableFuture<Append>> queued =
                    List.of(log.submit(bytes("two")), log.submit(bytes("three")), log.submit(bytes("four")));
            assertThat(log.submit(bytes("five")).join())
                    .isInstanceOfSatisfying(
                            Append.Refused.class,
                            r -> assertThat(r.why().code()).isEqualTo("RF-LDG-101"));
            go.countDown();
            assertThat(first.join()).isEqualTo(new Append.Accepted(0, 1));
            assertThat(queued.getLast().join()).isEqualTo(new Append.Accepted(3, 4));
            assertThat(log.append(bytes("five"))).isEqualTo(new Append.Accepted(4, 5));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void writesWhatWaitsBeforeItCloses() throws Exception {
        Log log = Log.create(settings()).orThrow();
        List<CompletableFuture<Append>> submitted = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            submitted.add(log.submit(bytes("entry " + i)));
        }
        log.close();
        for (int i = 0; i < 500; i++) {
            assertThat(((Append.Accepted) submitted.get(i).join()).index()).isEqualTo(i);
        }
        assertThat(log.append(bytes("late")))
                .isInstanceOfSatisfying(
                        Append.Refused.class, r -> assertThat(r.why().code()).isEqualTo("RF-LDG-102"));
    }

    @Test
    void failsEverySubmitterWithTheCauseWhenTheStorageFails() throws Exception {
        Log log = Log.create(settings()).orThrow();
        log.append(bytes("good"));
        // A file where the log needs a directory: real storage that cannot do what it is asked.
        Files.writeString(temp.resolve("log/tile/0/001.p"), "in the way");
        List<CompletableFuture<Append>> submitted = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            submitted.add(log.submit(bytes("entry " + i)));
        }
        assertThatThrownBy(submitted.getLast()::join).hasCauseInstanceOf(StorageException.class);
        assertThatThrownBy(() -> log.append(bytes("more")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("make directory")
                .hasMessageContaining("tile/0/001.p");
        assertThat(log.failure()).isPresent();
        long shown = log.checkpoint().checkpoint().size();
        log.close();

        Files.delete(temp.resolve("log/tile/0/001.p"));
        try (Log again = Log.open(settings()).orThrow()) {
            assertThat(again.checkpoint().checkpoint().size()).isEqualTo(shown);
            assertThat(again.append(bytes("goes on"))).isEqualTo(new Append.Accepted(shown, shown + 1));
        }
    }

    @Test
    void publishesNothingWhileWitnessesAreMissing() throws Exception {
        AtomicBoolean reachable = new AtomicBoolean();
        Cosigning strict = offer -> reachable.get()
                ? new Cosigning.Met(List.of())
                : new Cosigning.NotMet(new Refusal("RF-LDG-299", "1 of 2 witnesses answered"));
        LogOptions patient = new LogOptions(100, 10_000, 100, 10_000, Duration.ZERO, Duration.ofDays(1));
        try (Log log = Log.create(settings().with(patient).with(strict)).orThrow()) {
            assertThat(log.append(bytes("one"))).isInstanceOfSatisfying(Append.Unpublished.class, u -> {
                assertThat(u.index()).isZero();
                assertThat(u.why().code()).isEqualTo("RF-LDG-104");
                assertThat(u.why().reason()).contains("1 of 2 witnesses answered");
            });
            assertThat(log.append(bytes("two")))
                    .isInstanceOfSatisfying(
                            Append.Refused.class,
                            r -> assertThat(r.why().code()).isEqualTo("RF-LDG-105"));
            assertThat(log.checkpoint().checkpoint().size()).isZero();
            assertThat(Files.readString(temp.resolve("log/checkpoint"))).contains("\n0\n");
        }
        // Opened again the log still owes the first entry, and still does not show it.
        try (Log log = Log.open(settings().with(patient).with(strict)).orThrow()) {
            assertThat(log.checkpoint().checkpoint().size()).isZero();
            reachable.set(true);
            assertThat(log.append(bytes("three"))).isEqualTo(new Append.Accepted(1, 2));
            assertThat(Promises.leaves(log.tiles(), 2)).containsExactly(bytes("one"), bytes("three"));
        }
    }

    @Test
    void offersAPendingCheckpointAgainWithoutANewEntry() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        Cosigning thirdTime = offer -> {
            asked.countDown();
            return asked.getCount() > 0
                    ? new Cosigning.NotMet(new Refusal("RF-LDG-299", "no witness answered"))
                    : new Cosigning.Met(List.of());
        };
        LogOptions quick = new LogOptions(100, 10_000, 100, 10_000, Duration.ZERO, Duration.ofMillis(1));
        try (Log log = Log.create(settings().with(quick).with(thirdTime)).orThrow()) {
            assertThat(log.append(bytes("one"))).isInstanceOf(Append.Unpublished.class);
            asked.await();
            assertThat(log.append(bytes("two"))).isEqualTo(new Append.Accepted(1, 2));
        }
    }

    @Test
    void givesWitnessesAProofFromWhatTheySaw() throws Exception {
        List<Long> sizes = new ArrayList<>();
        Cosigning checking = offer -> {
            try {
                sizes.add(offer.proofFrom(offer.publishedSize()).newSize());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            return new Cosigning.Met(List.of());
        };
        try (Log log = Log.create(settings().with(checking)).orThrow()) {
            log.append(bytes("one"));
            log.append(bytes("two"));
        }
        assertThat(sizes).containsExactly(1L, 2L);
    }

    @Test
    void makesNoNewLogWhereOneIs() throws Exception {
        try (Log log = Log.create(settings()).orThrow()) {
            log.append(bytes("one"));
        }
        assertThat(code(Log.create(settings()))).isEqualTo("RF-LDG-122");
    }

    @Test
    void makesNoNewLogForAKeyThatHasSignedOne() throws Exception {
        try (Log log = Log.create(settings()).orThrow()) {
            log.append(bytes("one"));
        }
        LogSettings elsewhere = LogSettings.of(temp.resolve("other"), settings().secondCheckpoint(), Promises.KEY);
        assertThat(code(Log.create(elsewhere))).isEqualTo("RF-LDG-123");
    }

    @Test
    void keepsTheSecondCheckpointOutsideTheLog() {
        assertThatThrownBy(() -> LogSettings.of(temp.resolve("log"), temp.resolve("log/second"), Promises.KEY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
