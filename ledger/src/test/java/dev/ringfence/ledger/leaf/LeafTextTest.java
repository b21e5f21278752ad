package dev.ringfence.ledger.leaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class LeafTextTest {
    private static final String CANONICAL =
            "{\"actor\":\"nova\",\"body\":{\"host\":\"h1\",\"vcpus\":4},\"kind\":\"vm.start\","
                    + "\"subject\":\"7c1e\",\"time\":\"2026-03-01T12:00:00Z\",\"v\":1}";
    private static final String SEALED = "{\"actor\":\"nova\",\"commitment\":\"hmac-sha256:" + "0a".repeat(32)
            + "\",\"kind\":\"evidence.seal\",\"subject\":\"case 7\",\"time\":\"2026-03-01T12:00:00.5Z\",\"v\":1}";

    @Test
    void entrySurvivesReadingAndWriting() {
        for (String text : List.of(CANONICAL, SEALED.replace(".5Z", ".500Z"))) {
            Leaf leaf = LeafText.parseEntry(bytes(text)).orThrow();
            assertThat(new String(leaf.bytes(), StandardCharsets.UTF_8)).isEqualTo(text);
        }
    }

    @Test
    void lineInAnyLayoutBecomesCanonical() {
        String line =
                " {\"v\" : 1, \"kind\":\"vm\\u002estart\",\n\"time\":\"2026-03-01T13:00:00.000+01:00\",\"subject\":\"7c1e\","
                        + "\"body\":{\"vcpus\":4,\"host\":\"h1\"},\"actor\":\"nova\"} ";
        assertThat(new String(LeafText.parse(line).orThrow().bytes(), StandardCharsets.UTF_8))
                .isEqualTo(CANONICAL);
        assertThat(code(LeafText.parseEntry(bytes(line)))).isEqualTo("RF-LDG-049");
    }

    @Test
    void timeOfReceiptStandsInForAMissingOneOnly() {
        String without = CANONICAL.replace("\"time\":\"2026-03-01T12:00:00Z\",", "");
        Instant received = Instant.parse("2026-03-02T00:00:00Z");
        assertThat(LeafText.parse(without, received).orThrow().time()).isEqualTo(received);
        assertThat(LeafText.parse(CANONICAL, received).orThrow().time()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(code(LeafText.parse(without))).isEqualTo("RF-LDG-047");
    }

    @ParameterizedTest
    @EnumSource
    void everyKindHasATextThatReads(LeafKind kind) {
        assertThat(LeafText.parse(CANONICAL.replace("vm.start", kind.text()))
                        .orThrow()
                        .kind())
                .isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "v":1                   | "v":2                              | RF-LDG-047
            "v":1                   | "v":1,"x":1                        | RF-LDG-047
            "v":1                   | "v":1,"v":1                        | RF-LDG-042
            "v":1                   | "v":1.0                            | RF-LDG-043
            "v":1                   | "v":1e0                            | RF-LDG-043
            "v":1                   | "v":-0                             | RF-LDG-043
            "v":1                   | "v":01                             | RF-LDG-043
            "vcpus":4               | "vcpus":9007199254740992           | RF-LDG-043
            "vcpus":4               | "vcpus":-9007199254740992          | RF-LDG-043
            "vcpus":4               | "vcpus":99999999999999999999999999 | RF-LDG-043
            "vcpus":4               | "vcpus":NaN                        | RF-LDG-040
            "vcpus":4               | "vcpus":tru                        | RF-LDG-040
            "vcpus":4               | "vcpus":"\\ud800"                   | RF-LDG-044
            "vcpus":4               | "vcpus":"\\x"                       | RF-LDG-040
            "vcpus":4               | "vcpus":"\\u00g0"                   | RF-LDG-040
            "vcpus":4               | "vcpus":4,                         | RF-LDG-040
            "vcpus":4               | "vcpus":[4,]                       | RF-LDG-040
            {"host":"h1","vcpus":4} | 7                                  | RF-LDG-047
            {"host":"h1","vcpus":4} | {},"commitment":"x"                | RF-LDG-047
            vm.start                | vm.strat                           | RF-LDG-048
            "vm.start"              | 3                                  | RF-LDG-047
            nova                    | ``                                 | RF-LDG-047
            nova                    | a\\nb                               | RF-LDG-047
            2026-03-01T12:00:00Z    | 2026-03-01                         | RF-LDG-047
            2026-03-01T12:00:00Z    | 1969-12-31T23:59:59Z               | RF-LDG-047
            2026-03-01T12:00:00Z    | 2026-02-30T12:00:00Z               | RF-LDG-047
            "v":1}                  | "v":1}}                            | RF-LDG-040
            """)
    void refusesWithItsCode(String from, String to, String code) {
        assertThat(CANONICAL).contains(from);
        assertThat(code(LeafText.parse(CANONICAL.replace(from, to)))).isEqualTo(code);
    }

    @Test
    void refusesWhatIsNoObject() {
        for (String text : List.of("[]", "1", "\"x\"", "null")) {
            assertThat(code(LeafText.parse(text))).isEqualTo("RF-LDG-047");
        }
        assertThat(code(LeafText.parse(""))).isEqualTo("RF-LDG-040");
    }

    @Test
    void refusesACommitmentThatIsNone() {
        assertThat(code(LeafText.parse(SEALED.replace("0a0a", "0A0A")))).isEqualTo("RF-LDG-047");
        assertThat(code(LeafText.parse(SEALED.replace("hmac-", "")))).isEqualTo("RF-LDG-047");
        assertThat(LeafText.parse(SEALED)).isInstanceOf(Parsed.Value.class);
    }

    @Test
    void largestLeafFitsAndOneByteMoreDoesNot() {
        int room = Leaf.LIMIT_BYTES - CANONICAL.length() + "h1".length();
        String largest = CANONICAL.replace("h1", "x".repeat(room));
        assertThat(LeafText.parseEntry(bytes(largest)).orThrow().bytes()).hasSize(65_535);
        assertThat(code(LeafText.parseEntry(bytes(CANONICAL.replace("h1", "x".repeat(room + 1))))))
                .isEqualTo("RF-LDG-045");
        assertThat(code(LeafText.parse(CANONICAL.replace("h1", "x".repeat(room + 1)))))
                .isEqualTo("RF-LDG-045");
        assertThat(code(LeafText.parse(" ".repeat(LeafText.LINE_LIMIT + 1)))).isEqualTo("RF-LDG-045");
    }

    @Test
    void refusesDeepNesting() {
        String body = "[".repeat(31) + "]".repeat(31);
        assertThat(LeafText.parse(CANONICAL.replace("\"vcpus\":4", "\"a\":" + "[".repeat(30) + "]".repeat(30))))
                .isInstanceOf(Parsed.Value.class);
        assertThat(code(LeafText.parse(CANONICAL.replace("\"vcpus\":4", "\"a\":" + body))))
                .isEqualTo("RF-LDG-041");
        assertThat(code(LeafText.parse("[".repeat(300_000)))).isEqualTo("RF-LDG-041");
    }

    @Test
    void refusesAnEntryThatIsNotUtf8() {
        byte[] entry = bytes(CANONICAL);
        entry[12] = (byte) 0xff;
        assertThat(code(LeafText.parseEntry(entry))).isEqualTo("RF-LDG-046");
    }

    @Test
    void truncationIsRefusedAtEveryPosition() {
        for (int end = 0; end < CANONICAL.length(); end++) {
            assertThat(LeafText.parse(CANONICAL.substring(0, end))).isInstanceOf(Parsed.Refused.class);
        }
    }

    @Test
    void whateverIsAcceptedSurvivesAsAnEntry() {
        Fuzz.text(List.of(CANONICAL, SEALED), 30_000, text -> {
            if (LeafText.parse(text) instanceof Parsed.Value<Leaf>(Leaf leaf)) {
                assertThat(LeafText.parseEntry(leaf.bytes()).orThrow()).isEqualTo(leaf);
            }
        });
    }

    @Test
    void canonicalJsonIsThatOfRfc8785() {
        // The strings and the order of names of RFC 8785, sections 3.2.2.2 and 3.2.3.
        Json json = JsonReader.read(
                        "{\"string\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\"literals\":[null,true,false]}")
                .orThrow();
        assertThat(json.canonical())
                .isEqualTo("{\"literals\":[null,true,false],\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
        Json names = JsonReader.read(
                        "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}")
                .orThrow();
        assertThat(names.canonical())
                .isEqualTo(
                        "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"\u00f6\":7,\"\u20ac\":1,\"\ud83d\ude00\":5,\"\ufb33\":3}");
    }

    @Test
    void everyValueSurvivesItsText() {
        RandomGenerator random = Fuzz.random(3);
        for (int i = 0; i < 3_000; i++) {
            Json value = value(random, 4);
            assertThat(JsonReader.read(value.canonical()).orThrow()).isEqualTo(value);
        }
    }

    @Test
    void commitmentOpensWithItsBodyAndSaltOnly() {
        byte[] salt = new byte[32];
        salt[3] = 9;
        Commitment commitment = Commitment.to(bytes("body"), salt);
        assertThat(commitment.opens(bytes("body"), salt)).isTrue();
        assertThat(commitment.opens(bytes("bodY"), salt)).isFalse();
        assertThat(commitment.opens(bytes("body"), new byte[32])).isFalse();
        assertThat(commitment.opens(bytes("body"), new byte[31])).isFalse();
        assertThat(Commitment.parse(commitment.text())).contains(commitment);
        assertThatThrownBy(() -> Commitment.to(bytes("body"), new byte[8]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leafHoldsItsLimitsItself() {
        Content body = new Content.Body(new Json.Members(Map.of("a", new Json.Characters("x".repeat(70_000)))));
        Instant time = Instant.parse("2026-03-01T12:00:00Z");
        assertThatThrownBy(() -> new Leaf(LeafKind.FINDING, time, "a", "b", body))
                .isInstanceOf(IllegalArgumentException.class);
        Content small = new Content.Body(new Json.Members(Map.of()));
        assertThatThrownBy(() -> new Leaf(LeafKind.FINDING, time, "", "b", small))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Leaf(LeafKind.FINDING, Instant.MIN, "a", "b", small))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Json value(RandomGenerator random, int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 6)) {
            case 0 -> new Json.Characters(text(random));
            case 1 -> new Json.Whole(random.nextLong(-Json.NUMBER_LIMIT, Json.NUMBER_LIMIT + 1));
            case 2 -> new Json.Flag(random.nextBoolean());
            case 3 -> new Json.Nothing();
            case 4 -> new Json.Elements(List.of(value(random, depth - 1), value(random, depth - 1)));
            default -> {
                Map<String, Json> members = new TreeMap<>();
                for (int n = random.nextInt(5); n > 0; n--) {
                    members.put(text(random), value(random, depth - 1));
                }
                yield new Json.Members(members);
            }
        };
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            int c = random.nextInt(5) == 0 ? random.nextInt(0x10ffff) : random.nextInt(0x100);
            text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? ' ' : c);
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String code(Parsed<?> parsed) {
        return parsed instanceof Parsed.Refused<?>(var refusal) ? refusal.code() : "accepted";
    }
}
