package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Accounts;
import dev.ringfence.core.host.Fact;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshServerTest {
    private static final String MAIN = "/etc/ssh/sshd_config";

    /** sshd completes addresses with ports, and shows the one host key that the machine had. */
    private static final Set<String> SHOWN_OTHERWISE = Set.of("hostkey", "listenaddress", "modulifile");

    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root);
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "loose", "algorithms"})
    void agreesWithTheServerItself(String vector) {
        tree.file(MAIN, resource(vector + "/sshd_config"));
        if (vector.equals("loose")) {
            for (String name : List.of("10-first.conf", "20-second.conf")) {
                tree.file("/etc/ssh/sshd_config.d/" + name, resource("loose/sshd_config.d/" + name));
            }
        }
        Map<String, String> expected = new HashMap<>();
        resource(vector + "/effective.txt").lines().forEach(line -> {
            int blank = line.indexOf(' ');
            expected.merge(line.substring(0, blank), line.substring(blank + 1), (a, b) -> a + " " + b);
        });
        expected.replace("permitrootlogin", "without-password", "prohibit-password");
        expected.keySet().removeAll(SHOWN_OTHERWISE);
        assertThat(expected).hasSizeGreaterThan(80);
        assertThat(value(observe()).values()).containsAllEntriesOf(expected);
    }

    @Test
    void listsWhatMatchBlocksChange() {
        tree.file(MAIN, resource("loose/sshd_config"));
        assertThat(value(observe()).conditional())
                .containsExactly(
                        "passwordauthentication no (User backup)",
                        "forcecommand /usr/bin/rsync --server (User backup)",
                        "permitrootlogin prohibit-password (Address 192.0.2.0/24)");
    }

    @Test
    void absentWithoutConfiguration() {
        assertThat(isAbsent(observe())).isTrue();
        tree.file("/usr/etc/ssh/sshd_config", "PermitRootLogin no\n");
        assertThat(value(observe()).values()).containsEntry("permitrootlogin", "no");
    }

    @Test
    void includedFileThatCannotBeReadHidesAll() {
        tree.file(MAIN, "Include sshd_config.d/*.conf\nPermitRootLogin no\n")
                .file("/etc/ssh/sshd_config.d/a.conf", "PasswordAuthentication no\n")
                .file("/etc/ssh/sshd_config.d/ignored", "\"");
        assertThat(value(observe()).values()).containsEntry("passwordauthentication", "no");
        tree.fifo("/etc/ssh/sshd_config.d/b.conf");
        assertThat(reason(observe())).contains("b.conf").contains("fifo");
    }

    @Test
    void refusesWhatTheServerWouldRefuse() {
        tree.file(MAIN, "PermitRootLogin\n");
        assertThat(reason(observe())).contains("RF-SHD-003");
        tree.file(MAIN, "Include /etc/ssh/x\n").file("/etc/ssh/x", "Banner \"open\n Banner \"a\n");
        assertThat(reason(observe())).contains("/etc/ssh/x").contains("RF-SHD-002");
    }

    @Test
    void includesWithoutEndAreCutOff() {
        tree.file(MAIN, ("Include " + MAIN + "\n").repeat(8));
        assertThat(reason(observe())).contains("too many files");
    }

    @Test
    void patternOfDirectoriesIsNotFollowed() {
        tree.file(MAIN, "Include /etc/ssh/*/x.conf\n");
        assertThat(reason(observe())).contains("pattern of directories");
    }

    private Fact<Accounts.Sshd> observe() {
        return SshServer.observe(tree.files());
    }

    private static String resource(String name) {
        try (InputStream in = SshServerTest.class.getResourceAsStream("sshd/" + name)) {
            if (in == null) {
                throw new AssertionError("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
