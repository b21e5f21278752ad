package dev.ringfence.linux.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.oslo.OsloConfig;
import dev.ringfence.formats.oslo.OsloFile;
import dev.ringfence.formats.oslo.Redaction;
import dev.ringfence.testkit.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The collector's filters, each with every awk(1) that is installed: what leaves the host must not depend on which it has. */
final class CollectorFiltersTest {
    @TempDir
    private Path temporary = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"awk", "mawk", "gawk", "busybox awk"})
    void hidesTheOptionsThatReportsHide(String awk) throws IOException {
        List<String> keys = keys();
        StringBuilder conf = new StringBuilder("[DEFAULT]\n");
        keys.forEach(key -> conf.append(key).append(" = hunter2\n"));

        List<String> lines = filter(awk, "oslo", conf.toString()).lines().toList();

        assertThat(lines).hasSize(keys.size() + 1);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(lines.get(i + 1))
                    .isEqualTo(keys.get(i) + (Redaction.isSecret(keys.get(i)) ? " = xxxxxxx" : " = hunter2"));
        }
    }

    /** Names put together from the words that matter, in any order. */
    private static List<String> keys() {
        List<String> words = List.of(
                "password",
                "passwd",
                "passphrase",
                "secret",
                "token",
                "fixed_key",
                "encryption_key",
                "access_key",
                "api_key",
                "auth_key",
                "private_key",
                "signing_key",
                "credential",
                "community_string",
                "pass",
                "pwd",
                "kek",
                "file",
                "path",
                "ttl",
                "timeout",
                "type",
                "driver",
                "backend",
                "algorithm",
                "url",
                "uri",
                "name",
                "enabled",
                "strategy",
                "roles",
                "methods",
                "my",
                "Admin",
                "cache_time",
                "key",
                "dir",
                "uuid",
                "length",
                "security",
                "provider",
                "lifetime",
                "expiry",
                "expiration",
                "size",
                "rounds",
                "method",
                "host");
        RandomGenerator random = Fuzz.random(7);
        List<String> keys = new ArrayList<>(words);
        for (int i = 0; i < 600; i++) {
            String key = words.get(random.nextInt(words.size()));
            for (int j = random.nextInt(3); j > 0; j--) {
                key += (random.nextInt(8) == 0 ? "-" : "_") + words.get(random.nextInt(words.size()));
            }
            keys.add(key);
        }
        return keys;
    }

    @ParameterizedTest
    @ValueSource(strings = {"awk", "mawk", "gawk", "busybox awk"})
    void filteredOptionsReadAsTheOriginalOnes(String awk) throws IOException {
        String conf = """
                # comment SECRET
                [DEFAULT]
                a = b
                password = "quoted SECRET"
                secret='it''s SECRET'
                half_password = "SECRET
                token = SECRET SECRET
                   SECRET goes on
                \tSECRET further

                plain = one
                   two
                my_secret: SECRET = SECRET
                spaced password = SECRET
                empty_password =
                on_password = TRUE
                secret_file = /etc/nova/key
                connection = mysql://nova:SECRET@db:3306/nova?charset=utf8
                many = rabbit://a:SECRET@h1:1,b:SECRET@h2:2/v
                odd = rabbit://a:S:E@CRET@h/
                none = http://host:80/path
                mail = someone@example.org
                [x]
                password=SECRET
                """;

        String filtered = filter(awk, "oslo", conf);

        assertThat(filtered).doesNotContain("SECRET", "CRET@h");
        assertThat(filtered.lines().count()).isEqualTo(conf.lines().count());
        assertThat(shown(filtered)).isEqualTo(shown(conf));
    }

    /** What a report shows of a file: every option with its value or the length of its secret. */
    private static List<String> shown(String conf) {
        Decoded<OsloFile> decoded = OsloFile.parse("nova.conf", conf.getBytes(StandardCharsets.UTF_8));
        if (!(decoded instanceof Decoded.Value<OsloFile>(OsloFile file))) {
            throw new AssertionError(decoded);
        }
        OsloConfig config = OsloConfig.of(List.of(file));
        return file.values().stream()
                .map(v -> v.group() + "." + v.key() + " " + v.line() + " "
                        + config.resolvedAll(v.group(), v.key()).stream()
                                .map(r -> r.display() + " "
                                        + (Redaction.isSecret(v.key())
                                                ? r.text().length()
                                                : ""))
                                .toList())
                .toList();
    }

    @Test
    void refusesLinesThatHideOthers() throws IOException {
        Collector.Run run =
                run("awk", "oslo", "[DEFAULT]\na = b\rpassword = SECRET\n".getBytes(StandardCharsets.UTF_8));

        assertThat(run.status()).isNotZero();
        assertThat(run.complaints()).contains("a carriage return within a line");
        assertThat(run("awk", "oslo", "[DEFAULT]\r\na = b\r\n".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"awk", "mawk", "gawk", "busybox awk"})
    void hidesLibvirtsPasswords(String awk) throws IOException {
        String conf = """
                # vnc_password = "SECRET"
                vnc_password = "SECRET"
                spice_password='SECRET'
                  rdp_password   =   "SECRET"   # SECRET
                odd_password = SECRET
                open_password = "SECRET
                vnc_listen = "0.0.0.0"
                cgroup_device_acl = [
                  "/dev/null", "/dev/kvm"
                ]
                """;

        assertThat(filter(awk, "libvirt", conf)).isEqualTo("""
                        #
                        vnc_password = "xxxxxx"
                        spice_password='xxxxxx'
                          rdp_password   =   "xxxxxx"
                        odd_password = xxxxxx
                        open_password = xxxxxxx
                        vnc_listen = "0.0.0.0"
                        cgroup_device_acl = [
                          "/dev/null", "/dev/kvm"
                        ]
                        """);
    }

    @Test
    void refusesPasswordsOverSeveralLines() throws IOException {
        Collector.Run run =
                run("awk", "libvirt", "vnc_password = \"\"\"\nSECRET\n\"\"\"\n".getBytes(StandardCharsets.UTF_8));

        assertThat(run.status()).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"awk", "mawk", "gawk", "busybox awk"})
    void hidesPasswordsOfConsoles(String awk) throws IOException {
        assertThat(filter(awk, "xml", """
                        <a><graphics type='vnc' passwd='SECRET' port='1'/><b passwd="SECRET"/>
                        <graphics
                         passwd='' passwdValidTo='2030-01-01T00:00:00'/>
                        <c
                        passwd = 'SECRET'/></a>
                        """)).isEqualTo("""
                        <a><graphics type='vnc' passwd='xxxxxx' port='1'/><b passwd="xxxxxx"/>
                        <graphics
                         passwd='' passwdValidTo='2030-01-01T00:00:00'/>
                        <c
                        passwd = 'xxxxxx'/></a>
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"awk", "mawk", "gawk", "busybox awk"})
    void hidesSecretsInArguments(String awk) throws IOException {
        String arguments = String.join(
                        "\0",
                        "qemu-system-x86_64",
                        "-object",
                        "secret,id=a,data=SECRET,format=raw",
                        "-object",
                        "{\"qom-type\":\"secret\",\"id\":\"a\",\"data\" : \"SECRET\"}",
                        "-vnc",
                        ":0,password=on,tls",
                        "-drive",
                        "file=rbd:pool/image:id=x:key=SECRET==:mon_host=a,password=SECRET",
                        "-spice",
                        "port=1,password=SECRET,key=no",
                        "passwd=SECRET",
                        "two\nlines",
                        "")
                + "\0";

        assertThat(filter(awk, "arguments", arguments).split("\0", -1))
                .containsExactly(
                        "qemu-system-x86_64",
                        "-object",
                        "secret,id=a,data=xxxxxx,format=raw",
                        "-object",
                        "{\"qom-type\":\"secret\",\"id\":\"a\",\"data\" : \"xxxxxx\"}",
                        "-vnc",
                        ":0,password=on,tls",
                        "-drive",
                        "file=rbd:pool/image:id=x:key=xxxxxxxxxxxxxxxxxxx,password=xxxxxx",
                        "-spice",
                        "port=1,password=xxxxxx,key=no",
                        "passwd=xxxxxx",
                        "two\nlines",
                        "",
                        "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"awk", "mawk", "gawk", "busybox awk"})
    void hidesWhatRsyslogLogsInWith(String awk) throws IOException {
        String conf = """
                # SECRET
                *.* @@logs.example.org:6514
                $template token,"<%pri%> [SECRET@1] %msg%"
                template(name="t" type="string" string="SECRET %msg%")
                action(type="omfwd" target="logs" port="6514"
                  StreamDriver="gtls" StreamDriverMode="1")
                action(type="ommysql" server="db" uid="log" pwd="SECRET")
                *.* :ommysql:db,logs,user,SECRET
                *.* :omrelp:logs.example.org:2514
                action(type="omelasticsearch" server="https://u:SECRET@es" pwd = "SECRET" apikey="SECRET")
                include(file="/etc/rsyslog.d/more.conf")
                """;

        assertThat(filter(awk, "rsyslog", conf)).isEqualTo("""
                        #
                        *.* @@logs.example.org:6514
                        #
                        template(name="t" type="string" string="xxxxxxxxxxxx")
                        action(type="omfwd" target="logs" port="6514"
                          StreamDriver="gtls" StreamDriverMode="1")
                        action(type="ommysql" server="db" uid="log" pwd="xxxxxx")
                        #
                        *.* :omrelp:logs.example.org:2514
                        action(type="omelasticsearch" server="https://u:xxxxxx@es" pwd = "xxxxxx" apikey="xxxxxx")
                        include(file="/etc/rsyslog.d/more.conf")
                        """);
    }

    @Test
    void keepsOnlyTheLinesThatMatter() throws IOException {
        assertThat(filter("awk", "mechanisms", "mech_list: gssapi\nldapdb_pw: SECRET\n"))
                .isEqualTo("mech_list: gssapi\n");
        assertThat(filter("awk", "sources", "server a iburst\ncrypto pw SECRET\npool b\n"))
                .isEqualTo("server a iburst\npool b\n");
        assertThat(filter("awk", "login", "URL=https://u:SECRET@logs:19532\n"))
                .isEqualTo("URL=https://u:xxxxxx@logs:19532\n");
    }

    @Test
    void keepsCertificatesAndNoKeys() throws IOException {
        String certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        String list = "-----BEGIN X509 CRL-----\nMIIC\n-----END X509 CRL-----\n";
        for (String kind : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY")) {
            String key = "-----BEGIN " + kind + "-----\nSECRET\n-----END " + kind + "-----\n";

            assertThat(filter("awk", "certificates", "SECRET\n" + key + certificate + key + list + "SECRET\n"))
                    .isEqualTo(certificate + list);
            // A certificate without an end does not let a key out.
            assertThat(filter("awk", "certificates", "-----BEGIN CERTIFICATE-----\nMIIB\n" + key + certificate))
                    .doesNotContain("SECRET");
        }
    }

    @Test
    void neverLetsASecretThroughWhateverTheFileLooksLike() throws IOException {
        // 'Z' stands in secrets only, so that a mutation cannot make one elsewhere.
        String conf = "[DEFAULT]\npassword = ZZZZ\n  ZZZZ\nmy_token: \"ZZZZ\"\nurl = a://b:ZZZZ@c/\nx = y\n";
        List<byte[]> mutants = new ArrayList<>();
        Fuzz.bytes(List.of(conf.getBytes(StandardCharsets.UTF_8)), 150, mutants::add);
        for (byte[] mutant : mutants) {
            Collector.Run run = run("awk", "oslo", mutant);
            Decoded<OsloFile> original = OsloFile.parse("x", mutant);
            if (run.status() == 0 && original instanceof Decoded.Value<OsloFile>(OsloFile file)) {
                Decoded<OsloFile> filtered = OsloFile.parse("x", run.out().readAllBytes());
                assertThat(filtered).isInstanceOf(Decoded.Value.class);
                if (filtered instanceof Decoded.Value<OsloFile>(OsloFile left)) {
                    assertThat(left.values()).hasSameSizeAs(file.values()).allSatisfy(v -> {
                        if (Redaction.isSecret(v.key())) {
                            assertThat(v.text()).doesNotContain("ZZ");
                        }
                    });
                }
            }
        }
    }

    private String filter(String awk, String filter, String input) throws IOException {
        Collector.Run run = run(awk, filter, input.getBytes(StandardCharsets.UTF_8));
        assertThat(run.complaints()).isEmpty();
        assertThat(run.status()).isZero();
        return new String(run.out().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Runs one function of the collector on a file. */
    private Collector.Run run(String awk, String filter, byte[] input) throws IOException {
        assumeTrue(Collector.has(awk.split(" ")[0]), awk + " is not installed");
        Path file = Files.write(temporary.resolve("input"), input);
        String script = Collector.functions()
                + "LC_ALL=C; export LC_ALL\n"
                + "have_awk=yes; slow=; limit=1000000\n"
                + "awk() { command " + awk + " \"$@\"; }\n"
                + filter + " '" + file + "'\n";
        return Collector.run(script, temporary, List.of("sh", "-s"));
    }
}
