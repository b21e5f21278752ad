package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.isAbsent;
import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Accounts;
import dev.ringfence.linux.HostFiles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsProbeTest {
    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root);
    }

    @Test
    void readsAccountsAndWhatTheirPasswordsAre() {
        tree.file("/etc/passwd", """
                        root:x:0:0:root:/root:/bin/bash
                        toor:x:0:0::/root:/bin/sh
                        nova:x:64060:64060::/var/lib/nova:/bin/sh
                        www:x:33:33::/var/www:/usr/sbin/nologin
                        open::1001:100::/home/open:
                        old:$1$abc$def:1002:100::/home/old:/bin/zsh
                        gone:x:1003:100::/home/gone:/bin/sh
                        +nis::::::
                        broken:x:abc:100::/:/bin/sh
                        short:x:5
                        """)
                .file("/etc/shadow", "root:$y$j9T$x:19000:::::\ntoor::19000:::::\nnova:!:1::::::\nwww:*:1::::::\n");
        List<Accounts.User> users = value(observe().users());
        assertThat(users)
                .extracting(
                        Accounts.User::name, Accounts.User::uid, Accounts.User::loginShell, u -> value(u.password()))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("root", 0L, true, "set"),
                        org.assertj.core.groups.Tuple.tuple("toor", 0L, true, "empty"),
                        org.assertj.core.groups.Tuple.tuple("nova", 64060L, true, "locked"),
                        org.assertj.core.groups.Tuple.tuple("www", 33L, false, "locked"),
                        org.assertj.core.groups.Tuple.tuple("open", 1001L, true, "empty"),
                        org.assertj.core.groups.Tuple.tuple("old", 1002L, true, "set"),
                        org.assertj.core.groups.Tuple.tuple("gone", 1003L, true, "locked"));
        assertThat(users.get(2).home()).isEqualTo("/var/lib/nova");
        assertThat(users.get(2).shell()).isEqualTo("/bin/sh");
    }

    @Test
    void neverTellsAHash() {
        tree.file("/etc/passwd", "root:$6$secret:0:0::/root:/bin/sh\na:x:1:1::/:/bin/sh\n")
                .file("/etc/shadow", "a:$6$secret:1::::::\n");
        assertThat(observe().toString()).doesNotContain("secret");
    }

    @Test
    void saysNothingOfPasswordsBehindUnreadableShadow() {
        tree.file("/etc/passwd", "root:x:0:0::/root:/bin/sh\n").fifo("/etc/shadow");
        assertThat(reason(value(observe().users()).getFirst().password())).contains("fifo");
    }

    @Test
    void membersIncludeThoseWhosePrimaryGroupItIs() {
        tree.file("/etc/passwd", "nova:x:1:64055::/:/bin/sh\nroot:x:0:0::/:/bin/sh\n")
                .file("/etc/group", "libvirt:x:64055:alice,bob,,nova\nkvm:x:108:\nbad:x:x:\n");
        assertThat(value(observe().groups()))
                .containsExactly(
                        new Accounts.Group("libvirt", 64055, List.of("nova", "alice", "bob")),
                        new Accounts.Group("kvm", 108, List.of()));
    }

    @Test
    void groupsAreNotObservedWhenAccountsAreNot() {
        tree.loop("/etc/passwd").file("/etc/group", "kvm:x:108:\n");
        assertThat(reason(observe().users())).contains("loop");
        assertThat(reason(observe().groups())).contains("loop");
    }

    @Test
    void everythingIsAbsentOnEmptyHost() {
        Accounts accounts = observe();
        assertThat(isAbsent(accounts.users())).isTrue();
        assertThat(isAbsent(accounts.sudo())).isTrue();
        assertThat(isAbsent(accounts.sshd())).isTrue();
    }

    @Test
    void readsBytesThatAreNotText() {
        tree.bytes("/etc/passwd", new byte[] {'a', ':', 'x', ':', '1', ':', '1', ':', (byte) 0xff, ':', '/', ':', '/'});
        assertThat(value(observe().users())).extracting(Accounts.User::name).containsExactly("a");
    }

    @Test
    void observesLiveHost() {
        Accounts accounts = AccountsProbe.observe(HostFiles.live());
        assertThat(value(accounts.users()))
                .filteredOn(u -> u.name().equals("root"))
                .singleElement()
                .satisfies(u -> assertThat(u.uid()).isZero());
        assertThat(value(accounts.groups()))
                .filteredOn(g -> g.gid() == 0)
                .isNotEmpty()
                .allSatisfy(g -> assertThat(g.members()).contains("root"));
    }

    private Accounts observe() {
        return AccountsProbe.observe(tree.files());
    }
}
