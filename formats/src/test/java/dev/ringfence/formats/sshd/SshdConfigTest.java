package dev.ringfence.formats.sshd;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SshdConfigTest {
    private static final String SAMPLE = """
            # comment
            Include /etc/ssh/sshd_config.d/*.conf
            PermitRootLogin=no
            permitrootlogin yes
              PasswordAuthentication "no"  # trailing
            HostKey /etc/ssh/a
            HostKey /etc/ssh/b
            AllowUsers "a b" c\\"d
            X11Forwarding = yes
            Banner /x#y
            Match User anoncvs Address 10.0.0.0/8
              PermitTTY no
              PermitRootLogin yes
            Match all
              GatewayPorts yes
            """;

    private static SshdConfig parsed(String text) {
        return value(SshdConfig.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theFirstValueWinsAndKeywordsHaveNoCase() {
        SshdConfig config = parsed(SAMPLE);
        assertThat(config.global("PERMITROOTLOGIN"))
                .contains(new Directive("permitrootlogin", List.of("no"), List.of(), 3));
        assertThat(config.global("PasswordAuthentication").map(Directive::value))
                .contains("no");
        assertThat(config.global("MaxSessions")).isEmpty();
        assertThat(config.globals("HostKey").stream().map(Directive::value))
                .containsExactly("/etc/ssh/a", "/etc/ssh/b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "A b|b",
                "A=b|b",
                "A = b|b",
                "A == b|= b",
                "A \"b c\" d|b c;d",
                "A b#c|b#c",
                "A b #c|b",
                "A 'b c'|b c",
                "A b\"c d\"e|bc de",
                "A \\\"b|\"b",
                "A b\\c|b\\c"
            })
    void splitsWords(String line, String args) {
        assertThat(String.join(";", parsed(line).directives().getFirst().args()))
                .isEqualTo(args.replace("= b", "=;b"));
    }

    @Test
    void matchBlocksKeepTheirConditions() {
        SshdConfig config = parsed(SAMPLE);
        assertThat(config.named("PermitTTY").getFirst().match())
                .containsExactly("User", "anoncvs", "Address", "10.0.0.0/8");
        assertThat(config.global("PermitTTY")).isEmpty();
        assertThat(config.global("GatewayPorts"))
                .as("Match all holds for everybody")
                .isPresent();
        assertThat(config.named("PermitRootLogin")).hasSize(3);
    }

    @Test
    void includedFilesStandWhereTheyAreIncluded() {
        Map<String, List<SshdConfig>> files = Map.of(
                "/etc/ssh/sshd_config.d/*.conf",
                List.of(
                        parsed("PermitRootLogin without-password\nMatch User x\nPermitTTY no\n"),
                        parsed("UseDNS no\n")));
        SshdConfig joined = parsed(SAMPLE).withIncludes(p -> files.getOrDefault(p, List.of()));
        assertThat(joined.global("PermitRootLogin").map(Directive::value)).contains("without-password");
        assertThat(joined.global("UseDNS")).as("a Match ends with its file").isPresent();
        assertThat(joined.named("include")).isEmpty();
        SshdConfig inMatch = parsed("Match User a\nInclude x\nMatch Host b\nInclude x\n")
                .withIncludes(p -> List.of(parsed("PermitTTY no\nMatch Group g\nPermitTunnel no\n")));
        assertThat(inMatch.directives().stream().map(Directive::match))
                .containsExactly(
                        List.of("User", "a"),
                        List.of("User", "a", "Group", "g"),
                        List.of("Host", "b"),
                        List.of("Host", "b", "Group", "g"));
    }

    @Test
    void filesThatIncludeThemselvesEnd() {
        SshdConfig self = parsed("Include a b\nUseDNS no\n");
        SshdConfig joined = self.withIncludes(p -> List.of(self, self));
        assertThat(joined.named("UseDNS")).hasSizeBetween(2, 1_001);
        assertThat(joined.named("Include")).isNotEmpty();
    }

    @Test
    void refusesWhatSshdRefuses() {
        assertThat(code(SshdConfig.parse("A \"b".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("RF-SHD-002");
        assertThat(code(SshdConfig.parse("UseDNS\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("RF-SHD-003");
        assertThat(code(SshdConfig.parse(new byte[(1 << 20) + 1]))).isEqualTo("RF-SHD-001");
    }

    @Test
    void truncationAndMutationNeverThrow() {
        for (int length = 0; length < SAMPLE.length(); length++) {
            assertThat(SshdConfig.parse(SAMPLE.substring(0, length).getBytes(StandardCharsets.UTF_8)))
                    .isNotNull();
        }
        Fuzz.bytes(
                List.of(SAMPLE.getBytes(StandardCharsets.UTF_8)),
                3_000,
                bytes -> assertThat(SshdConfig.parse(bytes)).isNotNull());
    }
}
