package dev.ringfence.linux.fix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.fix.PlanId;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JournalTest {
    private static final Path FILE = Path.of("/p/journal");
    private static final PlanId PLAN = new PlanId("ab".repeat(32));
    private static final Actor WHO = new Actor(0, 1000, "ada \"\u00e9\"\n");

    private final LossyStorage storage = new LossyStorage();

    @BeforeEach
    void directory() throws IOException {
        storage.createDirectory(Path.of("/p"));
    }

    private static FixRecord record(int step, FixRecord.Act act) {
        return new FixRecord(
                Instant.parse("2026-11-21T05:00:00.123Z"),
                WHO,
                PLAN,
                step,
                act,
                "what \u2713",
                "before",
                "after\ttab",
                MetadataJson.of(Metadata.of(1, 2, 0640)));
    }

    private byte[] written() throws IOException {
        Journal journal = Journal.create(storage, FILE);
        journal.add(record(0, FixRecord.Act.PLAN));
        journal.add(record(1, FixRecord.Act.INTENT));
        journal.add(record(1, FixRecord.Act.DONE));
        return storage.read(FILE, 1 << 20);
    }

    private Decoded<Journal> reopened(byte[] bytes) throws IOException {
        storage.delete(FILE);
        storage.create(FILE, bytes);
        return Journal.open(storage, FILE);
    }

    private static Journal value(Decoded<Journal> decoded) {
        return switch (decoded) {
            case Decoded.Value<Journal>(Journal journal) -> journal;
            case Decoded.Refused<Journal>(Refusal refusal) -> throw new AssertionError(refusal.toString());
        };
    }

    private static void assertRefused(Decoded<Journal> decoded) {
        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Decoded.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo("RF-FIX-104"));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Journal journal = value(reopened(written()));
        assertThat(journal.torn()).isFalse();
        assertThat(journal.records())
                .containsExactly(
                        record(0, FixRecord.Act.PLAN), record(1, FixRecord.Act.INTENT), record(1, FixRecord.Act.DONE));
    }

    @Test
    void dropsALastLineThatIsCutOffAnywhereAndGoesOn() throws IOException {
        byte[] whole = written();
        int lines = 0;
        for (int length = 0; length <= whole.length; length++) {
            boolean complete = length == 0 || whole[length - 1] == '\n';
            lines += length > 0 && complete ? 1 : 0;
            Journal journal = value(reopened(Arrays.copyOf(whole, length)));
            assertThat(journal.records()).hasSize(lines);
            assertThat(journal.torn()).isEqualTo(!complete);
            journal.add(record(2, FixRecord.Act.INTENT));
            Journal again = value(Journal.open(storage, FILE));
            assertThat(again.torn()).isFalse();
            assertThat(again.records()).hasSize(lines + 1).endsWith(record(2, FixRecord.Act.INTENT));
        }
    }

    @Test
    void dropsALastLineWhoseBlocksNeverReachedTheDisk() throws IOException {
        byte[] whole = written();
        byte[] holed = whole.clone();
        Arrays.fill(holed, holed.length - 100, holed.length - 50, (byte) 0);
        Journal journal = value(reopened(holed));
        assertThat(journal.torn()).isTrue();
        assertThat(journal.records()).hasSize(2);
    }

    @Test
    void refusesEveryOtherDamage() throws IOException {
        byte[] whole = written();
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            Decoded<Journal> decoded = reopened(flipped);
            if (at == whole.length - 1) {
                // Without its line end the last line looks cut off.
                assertThat(value(decoded).torn()).isTrue();
            } else {
                assertRefused(decoded);
            }
        }
    }

    @Test
    void refusesLinesThatAreMissingSwappedOrZeroed() throws IOException {
        List<String> lines =
                new String(written(), StandardCharsets.ISO_8859_1).lines().toList();
        assertRefused(reopened(text(lines.get(0), lines.get(2))));
        assertRefused(reopened(text(lines.get(1), lines.get(2))));
        assertRefused(reopened(text(lines.get(0), lines.get(2), lines.get(1))));
        assertRefused(reopened(text(lines.get(0), lines.get(1), lines.get(1))));
        assertRefused(reopened(text(lines.get(0), "\0".repeat(lines.get(1).length()), lines.get(2))));
    }

    private static byte[] text(String... lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
