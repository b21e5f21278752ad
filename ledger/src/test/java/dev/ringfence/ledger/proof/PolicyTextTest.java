package dev.ringfence.ledger.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.note.VerifierKey;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyTextTest {
    private static final String LOG = key("example.com/log", SignatureType.ED25519);
    private static final String MODERN_LOG = key("example.com/log", SignatureType.ML_DSA_44_COSIGNATURE);
    private static final List<String> WITNESSES = List.of(
            key("x1", SignatureType.ED25519_COSIGNATURE),
            key("x2", SignatureType.ED25519_COSIGNATURE),
            key("x3", SignatureType.ML_DSA_44_COSIGNATURE),
            key("y1", SignatureType.ED25519_COSIGNATURE),
            key("y2", SignatureType.ED25519_COSIGNATURE));

    /** The example of tlog-policy, with comments, tabs and URLs. */
    private static final String EXAMPLE = fill("""
            # whom to trust
            log LOG https://log.example/

            witness X1 W0 https://x1.example/
            \twitness\tX2   W1\t
            witness X3 W2
            group X-witnesses 2 X1 X2 X3
            witness Y1 W3
            witness Y2 W4
            group Y-witnesses any Y1 Y2
              # both
            group X-and-Y all X-witnesses Y-witnesses
            quorum X-and-Y
            """);

    @Test
    void exampleOfTheSpecificationIsRead() {
        Policy policy = parse(EXAMPLE).orThrow();
        assertThat(policy.logs()).singleElement().satisfies(log -> {
            assertThat(log.key().vkey()).isEqualTo(LOG);
            assertThat(log.url()).isEqualTo("https://log.example/");
        });
        assertThat(policy.witnesses()).extracting(Policy.Witness::name).containsExactly("X1", "X2", "X3", "Y1", "Y2");
        assertThat(policy.witnesses().getFirst().url()).isEqualTo("https://x1.example/");
        assertThat(policy.witnesses().get(1).url()).isEmpty();
        assertThat(policy.quorumText()).isEqualTo("X-and-Y (2 of X-witnesses, Y-witnesses)");
    }

    @Test
    void quorumIsThatOfTheGroups() {
        Policy policy = parse(EXAMPLE).orThrow();
        assertThat(policy.isQuorum(Set.of("X1", "X3", "Y2"))).isTrue();
        assertThat(policy.isQuorum(Set.of("X1", "X2", "X3", "Y1", "Y2"))).isTrue();
        assertThat(policy.isQuorum(Set.of("X1", "X2", "X3"))).isFalse();
        assertThat(policy.isQuorum(Set.of("X1", "Y1", "Y2"))).isFalse();
        assertThat(policy.isQuorum(Set.of())).isFalse();
        assertThat(parse("quorum none\n").orThrow().isQuorum(Set.of())).isTrue();
        Policy single = parse(fill("witness X1 W0\nquorum X1\n")).orThrow();
        assertThat(single.isQuorum(Set.of("X1"))).isTrue();
        assertThat(single.isQuorum(Set.of("X2"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log LOG\nlog LOG\nquorum none\n",
                "log\nquorum none\n",
                "log LOG url more\nquorum none\n",
                "log W0\nquorum none\n",
                "log nonsense\nquorum none\n",
                "witness X1\nquorum none\n",
                "witness X1 LOG\nquorum none\n",
                "witness X1 W0 url more\nquorum none\n",
                "witness X1 W0\nwitness X2 W0\nquorum none\n",
                "witness X1 W0\nwitness X1 W1\nquorum none\n",
                "witness none W0\nquorum none\n",
                "witness X1 W0\ngroup X1 any X1\nquorum none\n",
                "witness X1 W0\ngroup none any X1\nquorum none\n",
                "witness X1 W0\ngroup g any\nquorum none\n",
                "witness X1 W0\ngroup g any none\nquorum none\n",
                "witness X1 W0\ngroup g any X2\nquorum none\n",
                "group g any X1\nwitness X1 W0\nquorum none\n",
                "witness X1 W0\ngroup g 0 X1\nquorum none\n",
                "witness X1 W0\ngroup g 2 X1\nquorum none\n",
                "witness X1 W0\ngroup g 01 X1\nquorum none\n",
                "witness X1 W0\ngroup g -1 X1\nquorum none\n",
                "witness X1 W0\ngroup g some X1\nquorum none\n",
                "witness X1 W0\ngroup g 2 X1 X1\nquorum none\n",
                "witness X1 W0\ngroup g any X1\ngroup h any X1\nquorum none\n",
                "group g any g\nquorum none\n",
                "quorum X1\nwitness X1 W0\n",
                "quorum none\nquorum none\n",
                "quorum\n",
                "quorum none none\n",
                "quorum none",
                "quorum none\r\n",
                "quorum none\u0000\n",
                "quorum\u00a0none\n",
                "quarum none\n",
                "LOG\nquorum none\n"
            })
    void refusesALineThatTheFormatForbids(String text) {
        assertThat(code(parse(fill(text)))).isEqualTo("RF-LDG-057");
    }

    @Test
    void namesTheLine() {
        assertThat(parse("\n# x\nquarum none\n").toString()).contains("line 3");
    }

    @Test
    void refusesAPolicyWithoutAQuorumOrTooLarge() {
        assertThat(code(parse("\n"))).isEqualTo("RF-LDG-058");
        assertThat(code(parse(fill("log LOG\n")))).isEqualTo("RF-LDG-058");
        assertThat(code(parse("#".repeat(PolicyText.LIMIT_BYTES) + "\n"))).isEqualTo("RF-LDG-056");
        StringBuilder many = new StringBuilder(fill("witness X W0\n"));
        String before = "X";
        for (int i = 0; i <= PolicyText.COUNT_LIMIT; i++) {
            many.append("group g").append(i).append(" any ").append(before).append('\n');
            before = "g" + i;
        }
        assertThat(code(parse(many + "quorum " + before + "\n"))).isEqualTo("RF-LDG-056");
    }

    @Test
    void logMayHaveAModernKey() {
        assertThat(parse("log " + MODERN_LOG + "\nquorum none\n").orThrow().logs())
                .hasSize(1);
    }

    @Test
    void namesAreBytes() {
        // A Kelvin sign is another name than a K, and bytes that are not UTF-8 are a name too.
        byte[] text = fill("witness ? W0\nquorum ?\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < text.length; i++) {
            text[i] = text[i] == '?' ? (byte) 0xff : text[i];
        }
        assertThat(PolicyText.parse(text)).isInstanceOf(Parsed.Value.class);
        assertThat(code(parse(fill("witness \u212a W0\nquorum K\n")))).isEqualTo("RF-LDG-057");
        assertThat(parse(fill("witness \u212a W0\nquorum \u212a\n"))).isInstanceOf(Parsed.Value.class);
    }

    @Test
    void noTruncationIsTakenForAPolicy() {
        for (int end = 0; end < EXAMPLE.length(); end += 3) {
            assertThat(parse(EXAMPLE.substring(0, end))).isInstanceOf(Parsed.Refused.class);
        }
    }

    @Test
    void readingNeverThrows() {
        List<byte[]> samples = new ArrayList<>();
        samples.add(fill("log LOG\nwitness a W0\nwitness b W1\ngroup g any a b\nquorum g\n")
                .getBytes(StandardCharsets.UTF_8));
        Fuzz.bytes(samples, 4_000, bytes -> {
            if (PolicyText.parse(bytes) instanceof Parsed.Value<Policy>(Policy policy)) {
                policy.isQuorum(Set.of("a"));
                assertThat(policy.quorumText()).isNotEmpty();
            }
        });
    }

    private static String key(String name, SignatureType type) {
        VerifierKey key = SignerKey.generate(name, type).orThrow().verifier();
        return key.vkey();
    }

    private static String fill(String text) {
        // In one pass, since a key may hold anything that stands for another one.
        return Pattern.compile("\\b(?:LOG|W[0-4])\\b")
                .matcher(text)
                .replaceAll(match -> match.group().equals("LOG")
                        ? LOG
                        : WITNESSES.get(match.group().charAt(1) - '0'));
    }

    private static Parsed<Policy> parse(String text) {
        return PolicyText.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String code(Parsed<?> parsed) {
        return parsed instanceof Parsed.Refused<?>(var refusal) ? refusal.code() : "accepted";
    }
}
