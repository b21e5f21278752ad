package dev.ringfence.linux.probe;

import static dev.ringfence.linux.probe.HostTree.reason;
import static dev.ringfence.linux.probe.HostTree.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.Accounts;
import dev.ringfence.core.host.Fact;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SudoPolicyTest {
    @TempDir
    private Path root;

    private HostTree tree;

    @BeforeEach
    void begin() {
        tree = new HostTree(root);
    }

    @Test
    void readsRulesOfIncludedDirectory() {
        sudoers("Defaults env_reset\nroot ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n");
        tree.file(
                        "/etc/sudoers.d/nova_sudoers",
                        "# rootwrap\nnova ALL = (root) NOPASSWD: /usr/bin/nova-rootwrap /etc/nova/rootwrap.conf *\n")
                .file("/etc/sudoers.d/README.txt", "x ALL=(ALL) ALL\n")
                .file("/etc/sudoers.d/backup~", "x ALL=(ALL) ALL\n")
                .directory("/etc/sudoers.d/subdirectory");
        assertThat(value(observe()))
                .containsExactly(
                        new Accounts.SudoRule("/etc/sudoers", 2, "root", "ALL:ALL", List.of("ALL"), false),
                        new Accounts.SudoRule(
                                "/etc/sudoers.d/nova_sudoers",
                                2,
                                "nova",
                                "root",
                                List.of("/usr/bin/nova-rootwrap /etc/nova/rootwrap.conf *"),
                                true));
    }

    @Test
    void keepsCommandsOfOneSpecificationTogether() {
        sudoers("alice ALL = /bin/a, !/bin/b x, NOPASSWD: /bin/c, PASSWD: /bin/d\n");
        assertThat(value(observe()))
                .extracting(Accounts.SudoRule::commands, Accounts.SudoRule::noPassword)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(List.of("/bin/a", "!/bin/b x"), false),
                        org.assertj.core.groups.Tuple.tuple(List.of("/bin/c"), true),
                        org.assertj.core.groups.Tuple.tuple(List.of("/bin/d"), false));
    }

    @Test
    void replacesAliasesOfAnotherFile() {
        sudoers("User_Alias OPS = alice, %ops\n#include /etc/sudoers.more\n");
        tree.file("/etc/sudoers.more", "Cmnd_Alias SHELLS = /bin/sh, /bin/bash\nOPS ALL = NOPASSWD: SHELLS\n");
        assertThat(value(observe()))
                .containsExactly(new Accounts.SudoRule(
                        "/etc/sudoers.more", 2, "alice,%ops", "root", List.of("/bin/sh", "/bin/bash"), true));
    }

    @Test
    void defaultsThatAskForNoPasswordCount() {
        sudoers("Defaults:alice !authenticate\nalice ALL=(ALL) ALL\nbob ALL=(ALL) ALL\ncarol ALL=(ALL) PASSWD: ALL\n");
        assertThat(value(observe())).extracting(Accounts.SudoRule::noPassword).containsExactly(true, false, false);
        sudoers("Defaults !authenticate\nbob ALL=(ALL) ALL\ncarol ALL=(ALL) PASSWD: ALL\n");
        assertThat(value(observe())).extracting(Accounts.SudoRule::noPassword).containsExactly(true, false);
        sudoers("Defaults exempt_group=wheel\n%wheel ALL=(ALL) ALL\n%other ALL=(ALL) ALL\n");
        assertThat(value(observe())).extracting(Accounts.SudoRule::noPassword).containsExactly(true, false);
    }

    @Test
    void lineThatCannotBeReadHidesAll() {
        sudoers("root ALL=(ALL) ALL\nthis is no rule\n");
        assertThat(reason(observe())).contains("RF-SUD");
    }

    @Test
    void includedFileThatCannotBeReadHidesAll() {
        sudoers("root ALL=(ALL) ALL\n@include /etc/more\n");
        assertThat(value(observe())).hasSize(1);
        tree.fifo("/etc/more");
        assertThat(reason(observe())).contains("/etc/more").contains("fifo");
    }

    @Test
    void fileThatIncludesItselfIsReadOnce() {
        sudoers("@include /etc/sudoers.d/a\n");
        tree.file("/etc/sudoers.d/a", "@include a\n@includedir /etc/sudoers.d\nroot ALL=(ALL) ALL\n");
        assertThat(value(observe())).hasSize(1);
    }

    @Test
    void pathThatDependsOnTheHostIsNotGuessed() {
        sudoers("@include /etc/sudoers.%h\n");
        assertThat(reason(observe())).contains("depends on the name");
    }

    private void sudoers(String text) {
        tree.file("/etc/sudoers", text);
    }

    private Fact<List<Accounts.SudoRule>> observe() {
        return SudoPolicy.observe(tree.files());
    }
}
