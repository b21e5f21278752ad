package dev.ringfence.formats.oslo;

import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OsloConfigTest {
    private static OsloFile file(String name, String text) {
        return value(OsloFile.parse(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static OsloConfig config(String text) {
        return OsloConfig.of(List.of(file("f", text)));
    }

    private static String resolved(String text) {
        return config(text).resolved("g", "k").orElseThrow().text();
    }

    @Test
    void aLaterFileWinsAndTheLastValueInIt() {
        OsloConfig config = OsloConfig.of(
                List.of(file("a", "[g]\nk = 1\nk = 2\nonly = x\n"), file("b", "[G]\nk = 3\nk = 4\n"), file("c", "")));
        assertThat(config.value("g", "k")).contains(new OsloValue("b", "G", "k", "4", 3));
        assertThat(config.value("g", "only").map(OsloValue::file)).contains("a");
        assertThat(config.value("g", "none")).isEmpty();
    }

    @Test
    void multiValuedOptionsAddUpInOrder() {
        OsloConfig config = OsloConfig.of(List.of(file("a", "[g]\nk = 1\nk = 2\n"), file("b", "[g]\nk = 3\n")));
        assertThat(config.values("g", "k").stream().map(OsloValue::text)).containsExactly("1", "2", "3");
        assertThat(config.resolvedAll("g", "k").stream().map(OsloConfig.Resolved::text))
                .containsExactly("1", "2", "3");
        assertThat(config.groups()).containsExactly("g");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$a/x|1/x",
                "${a}x|1x",
                "$other.b|2",
                "${other.b}!|2!",
                "$$a|$a",
                "\\$a|$a",
                "$d|9",
                "cost $5|cost $5",
                "$missing/x|$missing/x",
                "$a$a|11",
                "$|$",
                "${a|${a",
                "$chain|1-2"
            })
    void replacesReferences(String text, String expected) {
        assertThat(resolved("[DEFAULT]\nd = 9\na = wrong\n[other]\nb = 2\n[g]\na = 1\nchain = $a-${other.b}\nk = "
                        + text + "\n"))
                .isEqualTo(expected);
    }

    @Test
    void saysWhatItCouldNotReplace() {
        OsloConfig.Resolved resolved =
                config("[g]\nk = $missing ${other.x}\n").resolved("g", "k").orElseThrow();
        assertThat(resolved.unresolved()).containsExactly("missing", "other.x");
        assertThat(resolved.text()).isEqualTo("$missing ${other.x}");
    }

    @Test
    void referencesThatLeadBackEnd() {
        OsloConfig.Resolved resolved =
                config("[g]\nk = a$l\nl = b$k\n").resolved("g", "k").orElseThrow();
        assertThat(resolved.text()).isEqualTo("ab$k");
        assertThat(resolved.unresolved()).containsExactly("k");
    }

    @Test
    void referencesThatMultiplyAreBounded() {
        String laughs = IntStream.rangeClosed(1, 30)
                .mapToObj(i -> "v" + i + " = " + ("$v" + (i - 1)).repeat(10))
                .collect(Collectors.joining("\n"));
        OsloConfig.Resolved resolved = config("[g]\nv0 = " + "x".repeat(1000) + "\n" + laughs + "\nk = $v10\n")
                .resolved("g", "k")
                .orElseThrow();
        assertThat(resolved.unresolved()).isNotEmpty();
        assertThat(resolved.text().length()).isLessThan(2_000_000);
    }

    @Test
    void aReferenceToASecretIsASecret() {
        OsloConfig config = config("[g]\nadmin_password = hunter2\nurl = http://$admin_password\nplain = $url/x\n");
        OsloConfig.Resolved resolved = config.resolved("g", "plain").orElseThrow();
        assertThat(resolved.text()).isEqualTo("http://hunter2/x");
        assertThat(resolved.secret()).isTrue();
        assertThat(resolved.display()).isEqualTo("[redacted]");
        assertThat(resolved.toString()).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource({
        "password,x,[redacted]",
        "PASSWORD,x,[redacted]",
        "metadata_proxy_shared_secret,x,[redacted]",
        "admin_token,x,[redacted]",
        "fixed_key,x,[redacted]",
        "memcache_secret_key,x,[redacted]",
        "password,'',''",
        "inject_password,False,False",
        "ssh_password_file,/p,/p",
        "token_ttl,600,600",
        "supported_tpm_secret_security,host,host",
        "virt_type,kvm,kvm",
        "connection,mysql+pymysql://u:p@db/nova,mysql+pymysql://u:[redacted]@db/nova",
        "connection,mysql://u:p@ss:w/rd@db/nova,mysql://u:[redacted]@db/nova",
        "transport_url,rabbit://a:b@h1;c:d@h2/v,rabbit://a:[redacted]@h2/v",
        "auth_url,https://keystone:5000/v3,https://keystone:5000/v3",
        "connection,sqlite:///x,sqlite:///x"
    })
    void redactsByNameAndInsideUrls(String key, String text, String shown) {
        assertThat(new OsloValue("f", "g", key, text.replace(';', ','), 1).display())
                .isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"true,true", "Yes,true", "1,true", "ON,true", "false,false", "no,false", "0,false", "off,false"})
    void readsBooleansAsOsloDoes(String text, boolean expected) {
        assertThat(new OsloValue("f", "g", "k", text, 1).bool()).isEqualTo(Optional.of(expected));
    }

    @Test
    void otherTextIsNoBoolean() {
        assertThat(new OsloValue("f", "g", "k", "maybe", 1).bool()).isEmpty();
    }

    @Test
    void mutatedReferencesNeverThrow() {
        List<String> samples = List.of("[DEFAULT]\na = $b${c.d}$$\nb = ${a}\n[c]\nd = $a$b\n", "[g]\nk = $k.k\n");
        Fuzz.text(samples, 3_000, text -> {
            if (OsloFile.parse("f", text.getBytes(StandardCharsets.UTF_8))
                    instanceof Decoded.Value<OsloFile>(OsloFile file)) {
                OsloConfig config = OsloConfig.of(List.of(file));
                config.values()
                        .forEach(v ->
                                assertThat(config.resolved(v.group(), v.key())).isPresent());
            }
        });
    }
}
