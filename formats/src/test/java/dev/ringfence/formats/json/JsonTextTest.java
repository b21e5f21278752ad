package dev.ringfence.formats.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static final String SAMPLE = """
            {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
              {"chain": {"family": "inet", "name": "input", "prio": -10, "policy": "drop", "handle": 1.5e3}},
              {"rule": {"expr": [{"drop": null}, true, false, "a\\u00e9\\ud83d\\ude00\\n\\"\\\\/"], "empty": {}, "none": []}}]}
            """;

    @Test
    void readsEveryKindOfValue() {
        Json value = read(SAMPLE);
        List<Json> entries = value.member("nftables").orElseThrow().elements();
        assertThat(entries).hasSize(3);
        Json chain = entries.get(1).member("chain").orElseThrow();
        assertThat(chain.textOf("policy")).isEqualTo("drop");
        assertThat(chain.member("prio").orElseThrow().whole()).isEqualTo(OptionalLong.of(-10));
        assertThat(chain.member("handle")).contains(new Json.Numeral("1.5e3"));
        Json rule = entries.get(2).member("rule").orElseThrow();
        assertThat(rule.member("expr").orElseThrow().elements())
                .extracting(Json::isTrue)
                .containsExactly(false, true, false, false);
        assertThat(rule.member("expr").orElseThrow().elements().get(3).text()).contains("aé😀\n\"\\/");
        assertThat(rule.member("empty")).contains(new Json.Members(java.util.Map.of()));
        assertThat(rule.member("none").orElseThrow().elements()).isEmpty();
    }

    @Test
    void answersWithNothingForAnotherKind() {
        Json number = read("7");
        assertThat(number.member("a")).isEmpty();
        assertThat(number.text()).isEmpty();
        assertThat(number.elements()).isEmpty();
        assertThat(read("\"7\"").whole()).isEmpty();
        assertThat(read("1.0").whole()).isEmpty();
        assertThat(read("9223372036854775808").whole()).isEmpty();
        assertThat(read("9223372036854775807").whole()).isEqualTo(OptionalLong.of(Long.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "-0", "12", "-1.25", "1e5", "2E-3", "3e+2", " \t\r\n null ", "\uFEFFtrue", "[[],[]]", "\"\""
            })
    void readsWellFormedText(String text) {
        assertThat(JsonText.read(text)).isInstanceOf(Decoded.Value.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "RF-JSN-002 | [1 2]",
                "RF-JSN-002 | {a: 1}",
                "RF-JSN-002 | {\"a\" 1}",
                "RF-JSN-002 | [1,]",
                "RF-JSN-002 | {\"a\":1,}",
                "RF-JSN-002 | +1",
                "RF-JSN-002 | .5",
                "RF-JSN-002 | 1.x",
                "RF-JSN-002 | NaN",
                "RF-JSN-002 | trux",
                "RF-JSN-003 | [1,",
                "RF-JSN-003 | {\"a\"",
                "RF-JSN-003 | \"abc",
                "RF-JSN-003 | tru",
                "RF-JSN-003 | -",
                "RF-JSN-004 | \"\\x\"",
                "RF-JSN-004 | \"\\u12g4\"",
                "RF-JSN-004 | \"\\ud800\"",
                "RF-JSN-004 | \"\\ude00\\ud83d\"",
                "RF-JSN-006 | {\"a\":1,\"a\":2}",
                "RF-JSN-008 | 01",
                "RF-JSN-008 | 1 2",
                "RF-JSN-008 | {} {}",
            })
    void refusesMalformedText(String code, String text) {
        assertThat(refusal(text)).isEqualTo(code);
    }

    @Test
    void refusesEmptyTextAndRawControlCharacters() {
        assertThat(refusal("")).isEqualTo("RF-JSN-003");
        assertThat(refusal("\"a\nb\"")).isEqualTo("RF-JSN-004");
    }

    @Test
    void acceptsDepthUpToItsLimitAndRefusesOneMore() {
        int limit = JsonText.DEPTH_LIMIT;
        assertThat(JsonText.read("[".repeat(limit) + "]".repeat(limit))).isInstanceOf(Decoded.Value.class);
        assertThat(refusal("[".repeat(limit + 1) + "]".repeat(limit + 1))).isEqualTo("RF-JSN-005");
        assertThat(refusal("{\"a\":".repeat(1_000_000))).isEqualTo("RF-JSN-005");
    }

    @Test
    void refusesTooLongTextAndTooManyValues() {
        assertThat(refusal(" ".repeat(JsonText.LENGTH_LIMIT + 1))).isEqualTo("RF-JSN-001");
        assertThat(refusal("[" + "0,".repeat(JsonText.VALUE_LIMIT) + "0]")).isEqualTo("RF-JSN-007");
    }

    @Test
    void readsObjectWhoseNamesCollideInHashing() {
        StringBuilder text = new StringBuilder("{");
        // "Aa" and "BB" have one hash code, and so have all words made of them.
        for (int i = 0; i < 1 << 12; i++) {
            text.append(i == 0 ? "\"" : ",\"");
            for (int bit = 0; bit < 12; bit++) {
                text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            text.append("\":0");
        }
        assertThat(((Json.Members) read(text.append("}").toString())).members()).hasSize(1 << 12);
    }

    @Test
    void truncationAtEveryPlaceIsRefused() {
        String whole = SAMPLE.strip();
        for (int length = 0; length < whole.length(); length++) {
            assertThat(JsonText.read(whole.substring(0, length))).isInstanceOf(Decoded.Refused.class);
        }
    }

    @Test
    void neverThrowsForMutatedText() {
        Fuzz.text(List.of(SAMPLE, "[1,2.5e-7,\"\\u0041\"]", "{\"a\":{\"b\":[null,true]}}"), 20_000, JsonText::read);
    }

    private static Json read(String text) {
        return switch (JsonText.read(text)) {
            case Decoded.Value<Json>(Json value) -> value;
            case Decoded.Refused<Json>(var refusal) -> throw new AssertionError(refusal);
        };
    }

    private static String refusal(String text) {
        return switch (JsonText.read(text)) {
            case Decoded.Value<Json>(Json value) -> throw new AssertionError("accepted " + value);
            case Decoded.Refused<Json>(var refusal) -> refusal.code();
        };
    }
}
