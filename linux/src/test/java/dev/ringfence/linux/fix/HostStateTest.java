package dev.ringfence.linux.fix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.fix.CurrentState;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostStateTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    @SuppressWarnings("NullAway.Init")
    CurrentState state;

    @BeforeEach
    void makeTree() throws IOException {
        Files.createDirectories(root.resolve("etc/d"));
        long uid = ((Integer) Files.getAttribute(root, "unix:uid")).longValue();
        long gid = ((Integer) Files.getAttribute(root, "unix:gid")).longValue();
        Files.writeString(root.resolve("etc/passwd"), "me:x:" + uid + ":" + gid + "::/:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "us:x:" + gid + ":\n");
        Files.writeString(root.resolve("etc/a.conf"), "a = 1\n");
        Files.setPosixFilePermissions(root.resolve("etc/a.conf"), PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(root.resolve("etc/link.conf"), Path.of("a.conf"));
        Files.createSymbolicLink(root.resolve("etc/gone.conf"), Path.of("nothing"));
        state = new HostState(HostFiles.tree(root));
    }

    @Test
    void tellsContentOwnerGroupAndMode() {
        CurrentState.FileOnHost file = observed(state.file("/etc/a.conf"));
        assertThat(file.content()).isEqualTo(FileContent.of("a = 1\n"));
        assertThat(file.attributes()).hasToString("me:us 0640");
        assertThat(file.state()).isEqualTo(FileState.of(file.content(), file.attributes()));
    }

    @Test
    void aLinkIsNoFile() {
        assertThat(state.file("/etc/link.conf"))
                .isInstanceOfSatisfying(
                        Fact.NotObserved.class, f -> assertThat(f.reason()).contains("symbolic link"));
        assertThat(state.attributes("/etc/link.conf")).isInstanceOf(Fact.NotObserved.class);
        assertThat(state.exists("/etc/link.conf").orElse(false)).isTrue();
        assertThat(state.exists("/etc/gone.conf").orElse(true)).isFalse();
    }

    @Test
    void whatIsNotThereIsAbsentAndADirectoryIsNoFile() {
        assertThat(state.file("/etc/b.conf")).isInstanceOf(Fact.Absent.class);
        assertThat(state.file("/etc/x/y.conf")).isInstanceOf(Fact.Absent.class);
        assertThat(state.file("/etc/d")).isInstanceOf(Fact.NotObserved.class);
        assertThat(observed(state.attributes("/etc/d")).kind()).isEqualTo("directory");
    }

    @Test
    void aFileBeyondTheLimitIsNotObserved() throws IOException {
        Files.write(root.resolve("etc/big.conf"), new byte[FileContent.LIMIT_BYTES]);
        assertThat(state.file("/etc/big.conf")).isInstanceOf(Fact.Observed.class);
        Files.write(root.resolve("etc/big.conf"), new byte[FileContent.LIMIT_BYTES + 1]);
        assertThat(state.file("/etc/big.conf")).isInstanceOf(Fact.NotObserved.class);
    }

    @Test
    void listsNamesAndReadsTheFirstLineOfAValue() throws IOException {
        Files.createDirectories(root.resolve("sys/kernel/mm/ksm"));
        Files.writeString(root.resolve("sys/kernel/mm/ksm/run"), " 1 \nrest\n");
        assertThat(state.kernelValue("/sys/kernel/mm/ksm/run").orElse("")).isEqualTo("1");
        assertThat(state.list("/sys/kernel/mm").orElse(List.of())).containsExactly("ksm");
        assertThat(state.kernelValue("/proc/sys/kernel/x")).isInstanceOf(Fact.NotObserved.class);
    }

    private static <T> T observed(Fact<T> fact) {
        if (fact instanceof Fact.Observed<T>(T value, var source)) {
            return value;
        }
        throw new AssertionError("not observed: " + fact);
    }
}
