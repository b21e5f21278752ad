package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ringfence fix plan} and {@code fix show}, as they are typed. */
class FixCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    Path root;

    @SuppressWarnings("NullAway.Init")
    RelaxedHost host;

    @BeforeEach
    void make() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        host = RelaxedHost.in(root);
    }

    @Test
    void showsAStepAsAPersonReviewsIt() {
        Ran ran = Ran.ringfence("fix", "plan", "NOV-031", "--root", root);
        assertThat(ran.status()).isZero();
        assertThat(ran.out().lines().skip(2))
                .containsExactly("""

                1 step by program: 1 daemon; 0 findings by hand
                   1  daemon Edit /etc/nova/nova.conf

                No running guest is disturbed.

                Step 1  Edit /etc/nova/nova.conf
                  for       NOV-031
                  reach     daemon: a daemon restarts, guests keep running
                  guests    none disturbed
                  restart   nova-compute.service, only when asked
                  cost      none known
                  undo      the file gets its old bytes back
                  consider  NOV-031: Remove disable_deep_image_inspection and restart
                            nova-compute. Convert images that are then refused.
                  --- a/etc/nova/nova.conf
                  +++ b/etc/nova/nova.conf
                  @@ -8,4 +8,3 @@
                   virt_type = qemu
                  \s
                   [workarounds]
                  -disable_deep_image_inspection = True
                """.stripTrailing().split("\\R"));
    }

    @Test
    void noLineIsWiderThanTheScreenAndNoSecretIsShown() {
        Ran ran = Ran.ringfence("fix", "plan", "--root", root);
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(ran.out().lines()).allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
        assertThat(ran.out())
                .doesNotContain("hunter2")
                .doesNotContain("s3cr3tpw")
                .contains("vnc_password = [redacted]");
    }

    @Test
    void whatAFileHoldsCannotSteerTheTerminal() throws IOException {
        host.file("/etc/libvirt/qemu.conf", "# \u001b[2J\u202e\u0007\nuser = \"root\"\n");
        Ran ran = Ran.ringfence("fix", "plan", "LVD-012", "--root", root);
        assertThat(ran.out()).contains("# ?[2J??").doesNotContain("\u001b").doesNotContain("\u202e");
    }

    @Test
    void aWrittenPlanIsShownTheSameAndIsForItsOwnerAlone() throws IOException {
        Path file = directory.resolve("plan.json");
        Files.writeString(file, "old, and readable by all");
        Ran planned = Ran.ringfence("fix", "plan", "--root", root, "--out", file);
        assertThat(planned.status()).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Ran shown = Ran.ringfence("fix", "show", file);
        assertThat(planned.out()).startsWith(shown.out());
        assertThat(shown.out()).contains("Step 1  ");
    }

    @Test
    void aChangedPlanIsRefused() throws IOException {
        Path file = directory.resolve("plan.json");
        Ran.ringfence("fix", "plan", "LVD-012", "--root", root, "--out", file);
        Files.writeString(file, Files.readString(file).replace("kept", "lost").replace("libvirt-qemu", "nobody"));
        Ran ran = Ran.ringfence("fix", "show", file);
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).startsWith("ringfence: RF-FIX-003 refused " + file);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void factsAreNotEnough() {
        Ran ran = Ran.ringfence("fix", "plan", "--facts", "facts.json");
        assertThat(ran.status()).isEqualTo(2);
        assertThat(ran.err()).contains("a plan needs the files of the host").contains("--root");
    }

    @Test
    void unknownControlsAndMissingTreesAreSaid() {
        assertThat(Ran.ringfence("fix", "plan", "NOV-0311", "--root", root).status())
                .isEqualTo(2);
        assertThat(Ran.ringfence("fix", "plan", "--root", directory.resolve("none"))
                        .status())
                .isEqualTo(3);
        assertThat(Ran.ringfence("fix", "show", directory.resolve("none")).status())
                .isEqualTo(3);
        assertThat(Ran.ringfence("fix").status()).isEqualTo(2);
    }

    @Test
    void aControlThatHoldsIsSaidToNeedNothing() {
        Ran ran = Ran.ringfence("fix", "plan", "LVD-017", "--root", root);
        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("Nothing to do.");
        assertThat(ran.err()).contains("LVD-017 is not planned: pass");
    }

    @Test
    void exportsGoToTheirFile() throws IOException {
        Path script = directory.resolve("fix.sh");
        assertThat(Ran.ringfence("fix", "plan", "LVD-012", "--root", root, "--export", "sh", "--out", script)
                        .out())
                .isEmpty();
        assertThat(script).content().startsWith("#!/bin/sh\n").contains("put /etc/libvirt/qemu.conf ");
        assertThat(Ran.ringfence("fix", "plan", "LVD-012", "--root", root, "--export", "ansible")
                        .out())
                .startsWith("---\n")
                .contains("dest: \"/etc/libvirt/qemu.conf\"");
    }
}
