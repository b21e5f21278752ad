package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ImageDigestTest {
    /** Of the text {@code ringfence} and a line feed, as sha256sum and fsverity print them. */
    private static final String SHA256 = "e3eab8d9ef64f194e552f3d0233f0d9d9114ea35ac0acd0c632ccd0fec8f2814";

    private static final String VERITY = "9f5e8b91e2b3dc3579d010dae7ce6aae4c08101d9999d6649c2c5ae670b4d846";

    @TempDir
    private Path directory = Path.of("");

    private Path file(String name) throws Exception {
        return Files.write(directory.resolve(name), "ringfence\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void printsBothDigestsOfEachFile() throws Exception {
        Path one = file("one.raw");
        Path two = file("two.raw");
        Ran ran = Ran.ringfence("image", "digest", one, two);
        String line = "sha256:" + SHA256 + " verity-sha256:" + VERITY + " 10 ";
        assertThat(ran.out()).isEqualTo(line + one + "\n" + line + two + "\n");
        assertThat(ran.status()).isEqualTo(ExitStatus.CLEAN);
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void printsOneDigestWhereOneIsAsked() throws Exception {
        Path file = file("one.raw");
        assertThat(Ran.ringfence("image", "digest", "--only", "verity", file).out())
                .isEqualTo("verity-sha256:" + VERITY + " 10 " + file + "\n");
        assertThat(Ran.ringfence("image", "digest", "--only", "sha256", file).out())
                .isEqualTo("sha256:" + SHA256 + " 10 " + file + "\n");
    }

    @Test
    void failsForFilesThatCannotBeRead() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file("one.raw"));
        Ran linked = Ran.ringfence("image", "digest", link);
        assertThat(linked.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(linked.err()).contains("a symbolic link").hasLineCount(1);
        assertThat(linked.out()).isEmpty();
        Ran none = Ran.ringfence("image", "digest", directory.resolve("none"));
        assertThat(none.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(none.err()).contains("no such file");
        Ran folder = Ran.ringfence("image", "digest", directory);
        assertThat(folder.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(folder.err()).contains("not a regular file");
    }

    @Test
    void refusesAnEmptyCommandLine() {
        assertThat(Ran.ringfence("image", "digest").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("image", "digest", "--only", "md5", "x").status())
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void keepsALineALine() throws Exception {
        assertThat(Ran.ringfence("image", "digest", file("a\nsha256:0 b")).out())
                .hasLineCount(1)
                .endsWith("a?sha256:0 b\n");
    }
}
