package dev.ringfence.formats.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

class LdSoConfTest {
    @Test
    void keepsDirectoriesAndIncludesInOrder() {
        String text = """
                # Multiarch support
                /usr/local/lib/x86_64-linux-gnu
                include /etc/ld.so.conf.d/*.conf extra/*.conf
                  /opt/lib   # a comment
                /old/lib=libc6
                """;

        assertThat(LdSoConf.parse(text))
                .containsExactly(
                        new LdSoConf.Directory("/usr/local/lib/x86_64-linux-gnu"),
                        new LdSoConf.Include("/etc/ld.so.conf.d/*.conf"),
                        new LdSoConf.Include("extra/*.conf"),
                        new LdSoConf.Directory("/opt/lib"),
                        new LdSoConf.Directory("/old/lib"));
    }

    @Test
    void leavesOutRelativeDirectoriesAndObsoleteLines() {
        assertThat(LdSoConf.parse("lib\n./lib\nhwcap 1 nosegneg\n#/lib\n\n")).isEmpty();
    }

    @Test
    void neverThrows() {
        Fuzz.text(List.of("/lib\ninclude a b\n#x\n/l=c\n"), 2_000, LdSoConf::parse);
    }
}
