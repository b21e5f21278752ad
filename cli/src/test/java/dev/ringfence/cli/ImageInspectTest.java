package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ImageInspectTest {
    @TempDir
    private Path directory = Path.of("");

    private Path qemuImg(String name, String... arguments) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/qemu-img")), "qemu-img is not installed");
        List<String> command = new ArrayList<>(List.of("/usr/bin/qemu-img", "create", "-q"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return directory.resolve(name);
    }

    private static Json json(Ran ran) {
        if (JsonText.read(ran.out()) instanceof Decoded.Value<Json>(Json json)) {
            return json;
        }
        throw new AssertionError(ran.out() + ran.err());
    }

    private static String text(Json json, String name) {
        return json.member(name).flatMap(Json::text).orElse("");
    }

    @Test
    void saysThatAnImageIsSafe() throws Exception {
        Path image = qemuImg("a.qcow2", "-f", "qcow2", "a.qcow2", "10G");
        Ran ran = Ran.ringfence("image", "inspect", image, "--format-declared", "QCOW2", "--format", "json");
        assertThat(ran.status()).isEqualTo(ExitStatus.CLEAN);
        Json json = json(ran);
        assertThat(text(json, "path")).isEqualTo(image.toString());
        assertThat(text(json, "format")).isEqualTo("qcow2");
        assertThat(text(json, "verdict")).isEqualTo("safe");
        assertThat(json.member("virtualSize").map(Json::whole).orElseThrow()).hasValue(10L << 30);
        assertThat(json.member("fileSize").map(Json::whole).orElseThrow()).hasValue(Files.size(image));
        assertThat(json.member("codes")).contains(new Json.Elements(List.of()));
        assertThat(json instanceof Json.Members(var members) ? List.copyOf(members.keySet()) : List.of())
                .startsWith("path", "format", "virtualSize", "fileSize", "backing", "dataFile", "verdict", "codes");
        assertThat(ran.out()).contains("\"backing\": null", "\"dataFile\": null");
        Ran table = Ran.ringfence("image", "inspect", image);
        assertThat(table.out()).contains("qcow2 3", "10.00 GiB").endsWith("safe\n");
    }

    @Test
    void saysWhyAnImageIsRefused() throws Exception {
        Path image = qemuImg("a.qcow2", "-f", "qcow2", "-u", "-b", "/etc/shadow", "-F", "raw", "a.qcow2", "1G");
        Ran ran = Ran.ringfence("image", "inspect", image, "--format", "json");
        assertThat(ran.status()).isEqualTo(ExitStatus.FINDINGS);
        Json json = json(ran);
        assertThat(text(json, "verdict")).isEqualTo("refused");
        assertThat(text(json, "backing")).isEqualTo("/etc/shadow");
        assertThat(json.member("codes"))
                .contains(new Json.Elements(
                        List.of(new Json.Characters("RF-IMG-010"), new Json.Characters("RF-IMG-016"))));
        assertThat(Ran.ringfence("image", "inspect", image).out())
                .contains("RF-IMG-010", "/etc/shadow (raw)", "refused");
    }

    @Test
    void walksAChainOnlyWhenAsked() throws Exception {
        qemuImg("base.qcow2", "-f", "qcow2", "base.qcow2", "1G");
        Path image = qemuImg("a.qcow2", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", "a.qcow2");
        assertThat(Ran.ringfence("image", "inspect", image).status()).isEqualTo(ExitStatus.FINDINGS);
        Ran ran = Ran.ringfence("image", "inspect", image, "--chain", "--pool", directory, "--format", "json");
        assertThat(ran.status()).isEqualTo(ExitStatus.CLEAN);
        assertThat(ran.out()).contains("base.qcow2\"").contains("\"chain\": [");
        assertThat(Ran.ringfence("image", "inspect", image, "--chain").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("image", "inspect", image, "--pool", directory).status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("image", "inspect", image, "--chain", "--pool", "/no/such")
                        .status())
                .isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(Ran.ringfence("image", "inspect", "/bin/sh", "--chain", "--pool", directory)
                        .status())
                .isEqualTo(ExitStatus.COULD_NOT_RUN);
    }

    @Test
    void refusesWhatIsNoRegularFile() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("/bin/sh"));
        for (Path path : List.of(fifo, link, directory, Path.of("/dev/null"), directory.resolve("none"))) {
            Ran ran = Ran.ringfence("image", "inspect", path);
            assertThat(ran.status()).as("%s", path).isEqualTo(ExitStatus.COULD_NOT_RUN);
            assertThat(ran.err()).contains(path + ": ").doesNotContain("Exception");
        }
    }

    @Test
    void refusesWrongUse() throws Exception {
        Path image = Files.write(directory.resolve("a"), new byte[512]);
        assertThat(Ran.ringfence("image", "inspect").status()).isEqualTo(ExitStatus.USAGE);
        Ran unknown = Ran.ringfence("image", "inspect", image, "--format-declared", "qcow3");
        assertThat(unknown.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(unknown.err()).contains("qcow2, qcow, qed");
        for (String size : List.of("", "0", "-1", "x", "9999999999T", "K")) {
            assertThat(Ran.ringfence("image", "inspect", image, "--max-virtual-size", size)
                            .status())
                    .as(size)
                    .isEqualTo(ExitStatus.USAGE);
        }
    }

    @Test
    void holdsTheVirtualSizeToTheLimitThatIsGiven() throws Exception {
        Path image = qemuImg("a.qcow2", "-f", "qcow2", "a.qcow2", "10G");
        assertThat(Ran.ringfence("image", "inspect", image, "--max-virtual-size", "10G")
                        .status())
                .isEqualTo(ExitStatus.CLEAN);
        assertThat(Ran.ringfence("image", "inspect", image, "--max-virtual-size", "9g")
                        .out())
                .contains("RF-IMG-033");
    }

    @Test
    void neverPrintsControlCharactersOfAnImage() throws Exception {
        Path image = qemuImg("a.qcow2", "-f", "qcow2", "-u", "-b", "a\u001b[2Jb", "-F", "raw", "a.qcow2", "1G");
        assertThat(Ran.ringfence("image", "inspect", image).out())
                .contains("a?[2Jb")
                .doesNotContain("\u001b");
        assertThat(Ran.ringfence("image", "inspect", image, "--format", "json").out())
                .doesNotContain("\u001b");
    }
}
