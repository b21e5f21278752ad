package dev.ringfence.ledger.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.leaf.Content;
import dev.ringfence.ledger.leaf.Json;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.leaf.LeafKind;
import dev.ringfence.ledger.leaf.LeafText;
import dev.ringfence.ledger.log.DirectoryStorage;
import dev.ringfence.ledger.merkle.Hash;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.Tile;
import dev.ringfence.ledger.tile.TilePath;
import dev.ringfence.ledger.tile.TileSource;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeafIndexTest {
    private static final int SEGMENT = 65_536;
    private static final int SIZE = SEGMENT + 700;
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final List<byte[]> ENTRIES = new ArrayList<>();
    private static final List<Optional<Leaf>> LEAVES = new ArrayList<>();
    private static final Map<String, byte[]> FILES = new HashMap<>();

    /** A body whose members are named as those of the leaf. */
    private static final Map<String, Json> DECEIVING = Map.of(
            "kind", new Json.Characters("vm.start"),
            "subject", new Json.Characters("vm-17"),
            "time", new Json.Characters("2026-03-01T00:00:01Z"),
            "v", new Json.Whole(1));

    private static final TileSource TILES = path -> {
        byte[] file = FILES.get(path.path());
        if (file == null) {
            throw new IOException(path + " is missing");
        }
        return file;
    };

    @TempDir
    Path directory;

    private LeafIndex index;

    /** The index file as it was built first, so that not every test builds it again. */
    private static byte[] built = new byte[0];

    @BeforeAll
    static void writeTheLog(@TempDir Path first) throws IOException {
        RandomGenerator random = Fuzz.random(7);
        LeafKind[] kinds = LeafKind.values();
        for (int i = 0; i < SIZE; i++) {
            Leaf leaf = new Leaf(
                    kinds[random.nextInt(kinds.length)],
                    // Clocks of several hosts: times are not in the order of the log.
                    START.plusMillis(i * 1000L + random.nextInt(-60_000, 60_000)),
                    "agent",
                    "vm-" + random.nextInt(2000) + (i % 50 == 0 ? " \"with\" \u00fcmlaut\\,\"kind\":\"vm.stop" : ""),
                    new Content.Body(new Json.Members(i % 7 == 0 ? DECEIVING : Map.of())));
            boolean foreign = i % 1000 == 999;
            ENTRIES.add(foreign ? "not a leaf".getBytes(StandardCharsets.US_ASCII) : leaf.bytes());
            LEAVES.add(foreign ? Optional.empty() : Optional.of(leaf));
        }
        writeBundles();
        writeTiles();
        assertThat(new LeafIndex(TILES, new DirectoryStorage(first)).update(SIZE))
                .isEmpty();
        built = Files.readAllBytes(first.resolve("leaves-0"));
    }

    private static void writeBundles() {
        for (int at = 0; at < SIZE; at += TilePath.FULL_WIDTH) {
            List<byte[]> some = ENTRIES.subList(at, Math.min(SIZE, at + TilePath.FULL_WIDTH));
            FILES.put(
                    TilePath.entries(at / TilePath.FULL_WIDTH, some.size()).path(),
                    EntryBundle.of(some).bytes());
        }
        FILES.put(
                "tile/entries/000.p/100",
                EntryBundle.of(ENTRIES.subList(0, 100)).bytes());
    }

    private static void writeTiles() {
        TreeHasher hasher = new TreeHasher();
        List<Hash> hashes = ENTRIES.stream().map(hasher::leaf).toList();
        for (int level = 0; !hashes.isEmpty(); level++) {
            List<Hash> above = new ArrayList<>();
            for (int at = 0; at < hashes.size(); at += TilePath.FULL_WIDTH) {
                List<Hash> some = hashes.subList(at, Math.min(hashes.size(), at + TilePath.FULL_WIDTH));
                Tile tile = Tile.of(some);
                FILES.put(new TilePath(level, at / TilePath.FULL_WIDTH, some.size()).path(), tile.bytes());
                if (some.size() == TilePath.FULL_WIDTH) {
                    above.add(tile.subtree(Tile.HEIGHT, 0));
                }
            }
            hashes = above;
        }
    }

    @BeforeEach
    void open() throws IOException {
        Files.write(directory.resolve("leaves-0"), built);
        index = opened();
    }

    private LeafIndex opened() throws IOException {
        LeafIndex opened = new LeafIndex(TILES, new DirectoryStorage(directory));
        assertThat(opened.update(SIZE)).isEmpty();
        return opened;
    }

    private static List<Long> scan(Query query) {
        List<Long> found = new ArrayList<>();
        for (int i = (int) query.fromIndex(); i < ENTRIES.size() && found.size() < query.limit(); i++) {
            if (LEAVES.get(i).filter(query::matches).isPresent()) {
                found.add((long) i);
            }
        }
        return found;
    }

    private List<Long> found(Query query) throws IOException {
        return index.find(query).hits().stream().map(Answer.Hit::index).toList();
    }

    @Test
    void findsWhatAScanOfAllLeavesFinds() throws IOException {
        List<Query> queries = List.of(
                Query.all().about("vm-17"),
                Query.all().about("vm-1999").of(LeafKind.VM_START),
                Query.all().about("vm-2000"),
                Query.all().about("vm-40 \"with\" \u00fcmlaut\\,\"kind\":\"vm.stop"),
                Query.all()
                        .of(LeafKind.KEY_ROTATE)
                        .since(START.plusSeconds(65_000))
                        .until(START.plusSeconds(65_900)),
                Query.all().since(START.plusSeconds(SIZE - 5)),
                Query.all().until(START.plusSeconds(3)),
                Query.all().from(SEGMENT - 2).atMost(5),
                Query.all().about("vm-3").from(40_000).atMost(3));
        for (Query query : queries) {
            assertThat(found(query)).as(query.toString()).isEqualTo(scan(query));
        }
        assertThat(found(queries.getFirst())).hasSizeGreaterThan(10);
        assertThat(found(queries.get(2))).isEmpty();
    }

    @Test
    void givesTheLeafThatStandsAtTheIndex() throws IOException {
        for (Answer.Hit hit : index.find(Query.all().about("vm-5")).hits()) {
            assertThat(hit.leaf().bytes()).isEqualTo(ENTRIES.get((int) hit.index()));
            assertThat(hit.leaf().subject()).isEqualTo("vm-5");
        }
    }

    @Test
    void goesThroughAllAnswersPageByPage() throws IOException {
        List<Long> all = new ArrayList<>();
        Query query = Query.all().of(LeafKind.FINDING).atMost(100);
        Answer answer = index.find(query);
        int pages = 1;
        while (true) {
            answer.hits().forEach(hit -> all.add(hit.index()));
            if (answer.isComplete()) {
                break;
            }
            answer = index.find(query.from(answer.next()));
            pages++;
        }
        assertThat(pages).isGreaterThan(10);
        assertThat(all).isEqualTo(scan(query.atMost(SIZE)));
    }

    @Test
    void countsEntriesThatAreNoLeaves() throws IOException {
        assertThat(index.find(Query.all().atMost(1)).unreadable()).isEqualTo(SIZE / 1000);
    }

    @Test
    void usesTheFileThatIsThere() throws IOException {
        byte[] file = Files.readAllBytes(directory.resolve("leaves-0"));
        Files.setLastModifiedTime(directory.resolve("leaves-0"), java.nio.file.attribute.FileTime.from(START));
        index = opened();
        assertThat(Files.getLastModifiedTime(directory.resolve("leaves-0")).toInstant())
                .isEqualTo(START);
        assertThat(Files.readAllBytes(directory.resolve("leaves-0"))).isEqualTo(file);
        assertThat(found(Query.all().about("vm-17"))).isEqualTo(scan(Query.all().about("vm-17")));
    }

    @Test
    void rebuildsADamagedFileAndSaysSo() throws IOException {
        Path file = directory.resolve("leaves-0");
        byte[] good = Files.readAllBytes(file);
        for (int at : new int[] {0, 9, 20, 30, 200_000, good.length - 1}) {
            byte[] bad = good.clone();
            bad[at] ^= 4;
            Files.write(file, bad);
            assertRebuilt(file, good, "byte " + at);
        }
        Files.write(file, java.util.Arrays.copyOf(good, 1000));
        assertRebuilt(file, good, "cut");
        Files.write(file, java.util.Arrays.copyOf(good, good.length + 1));
        assertRebuilt(file, good, "longer");
    }

    private void assertRebuilt(Path file, byte[] good, String what) throws IOException {
        LeafIndex again = new LeafIndex(TILES, new DirectoryStorage(directory));
        assertThat(again.update(SIZE)).as(what).extracting(Refusal::code).containsExactly("RF-LDG-130");
        assertThat(Files.readAllBytes(file)).isEqualTo(good);
    }

    @Test
    void rebuildsWhatWasThrownAwayWithoutAWord() throws IOException {
        byte[] good = Files.readAllBytes(directory.resolve("leaves-0"));
        Files.delete(directory.resolve("leaves-0"));
        index = opened();
        assertThat(Files.readAllBytes(directory.resolve("leaves-0"))).isEqualTo(good);
    }

    @Test
    void answersNothingFromAFileThatChangedWhileItWasOpen() throws IOException {
        Path file = directory.resolve("leaves-0");
        byte[] bad = Files.readAllBytes(file);
        bad[500_000] ^= 1;
        Files.write(file, bad);
        assertThatThrownBy(() -> index.find(Query.all().about("vm-17")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("leaves-0");
    }

    @Test
    void takesInLeavesThatComeLater() throws IOException {
        LeafIndex growing = new LeafIndex(TILES, new DirectoryStorage(directory));
        growing.update(100);
        assertThat(growing.find(Query.all()).hits()).hasSize(100);
        growing.update(SIZE);
        index = growing;
        assertThat(found(Query.all().about("vm-17"))).isEqualTo(scan(Query.all().about("vm-17")));
        assertThatThrownBy(() -> growing.update(SIZE - 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void takesNoMutatedFileForAWholeOne() {
        Hash root = Hash.at(built, 24);
        assertThat(SegmentFile.decode(built, 0, root)).isPresent();
        assertThat(SegmentFile.decode(built, SEGMENT, root)).isEmpty();
        Fuzz.bytes(
                List.of(built),
                200,
                file -> assertThat(SegmentFile.decode(file, 0, root))
                        .matches(decoded -> decoded.isEmpty() || java.util.Arrays.equals(file, built)));
    }

    @Test
    void seesTheShapeOfALeafOnlyWhereItReadsTheSameLeaf() {
        List<byte[]> samples = List.of(ENTRIES.get(0), ENTRIES.get(7), ENTRIES.get(50));
        Fuzz.bytes(samples, 20_000, entry -> {
            Optional<LeafShape> shape = LeafShape.of(entry);
            if (LeafText.parseEntry(entry) instanceof Parsed.Value<Leaf>(Leaf leaf)) {
                assertThat(shape)
                        .hasValue(new LeafShape(
                                leaf.kind(),
                                LeafShape.subjectHash(leaf.subject()),
                                leaf.time().getEpochSecond()));
            }
        });
    }
}
