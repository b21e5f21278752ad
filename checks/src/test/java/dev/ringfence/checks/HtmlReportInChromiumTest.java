package dev.ringfence.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ringfence.cli.RingfenceMain;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.report.HtmlReport;
import dev.ringfence.core.audit.AuditReport;
import dev.ringfence.core.audit.Control;
import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.audit.Severity;
import dev.ringfence.core.audit.Stride;
import dev.ringfence.core.audit.Threat;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.host.Source;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTML report as a browser sees it: its content, what its console says, and whom it asks for anything. */
class HtmlReportInChromiumTest {
    private static final long LIMIT_SECONDS = 90;
    private static final String HOSTILE =
            "</title></style><script>document.title='owned'</script><img src=x onerror=alert(1)>\"'\u202e\u0000";

    @TempDir
    Path directory;

    private record Seen(String dom, List<String> console, List<String> requests) {}

    @BeforeEach
    void needsChromium() {
        assumeTrue(
                chromium().isPresent(),
                "chromium is not installed, so no browser has looked at the HTML report; apt-get install chromium");
    }

    private static Optional<Path> chromium() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .flatMap(d -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(n -> Path.of(d, n)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private Seen open(Path page) throws IOException, InterruptedException {
        return open(page, List.of("--dump-dom"));
    }

    private Seen open(Path page, List<String> task) throws IOException, InterruptedException {
        Path log = directory.resolve("net.json");
        Path dom = directory.resolve("dom.html");
        Path errors = directory.resolve("console.txt");
        List<String> command = new ArrayList<>(List.of(
                chromium().orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                // What the browser asks for on its own account stays on this machine.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--user-data-dir=" + Files.createTempDirectory(directory, "profile"),
                "--enable-logging=stderr",
                "--log-net-log=" + log));
        command.addAll(task);
        command.add(page.toUri().toString());
        Process browser = new ProcessBuilder(command)
                .redirectOutput(dom.toFile())
                .redirectError(errors.toFile())
                .start();
        boolean ended = browser.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        List<ProcessHandle> left = browser.descendants().toList();
        left.forEach(ProcessHandle::destroyForcibly);
        browser.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        assertThat(ended).as("chromium ended within %d s", LIMIT_SECONDS).isTrue();
        return new Seen(
                Files.readString(dom),
                Files.readAllLines(errors).stream()
                        .filter(l -> l.contains("CONSOLE"))
                        .toList(),
                // Requests of a page have an origin; those of the browser itself have none.
                Files.readAllLines(log).stream()
                        .filter(l -> l.contains("\"initiator\":") && !l.contains("\"initiator\":\"not an origin\""))
                        .toList());
    }

    private Path page(AuditReport report) throws IOException {
        Path page = directory.resolve("report.html");
        try (OutputStream out = Files.newOutputStream(page)) {
            HtmlReport.write(report, "0.1.0", out);
        }
        return page;
    }

    private static AuditReport report(String text) {
        List<ControlResult> results = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            Control control = new Control(
                    "ABC-00" + results.size(),
                    "Title " + text,
                    Severity.HIGH,
                    Profile.Level.BASELINE,
                    List.of(Threat.GUEST_TO_HOST),
                    List.of(Stride.TAMPERING),
                    "Rationale " + text,
                    "",
                    "guests",
                    "guest",
                    "guest",
                    "true",
                    "",
                    new Fix(
                            Fix.Reach.DAEMON,
                            "Summary " + text,
                            List.of(new Fix.Change(Fix.Kind.SYSCTL, "target" + text, "value" + text)),
                            ""),
                    List.of());
            results.add(new ControlResult(
                    control,
                    verdict,
                    "Evidence " + text,
                    List.of(new ControlResult.SubjectResult("Subject " + text, verdict, "seen " + text)),
                    List.of(new Source("/etc/" + text, "read")),
                    Optional.empty()));
        }
        return new AuditReport(
                "host " + text, "live as root", Instant.parse("2026-11-20T09:41:27Z"), "baseline", results, Map.of());
    }

    @Test
    void showsAReportWithoutAskingAnybodyForAnything() throws IOException, InterruptedException {
        Seen seen = open(page(report("one")));
        assertThat(seen.console()).isEmpty();
        assertThat(seen.requests()).isEmpty();
        assertThat(seen.dom())
                .contains("<h1>host one</h1>")
                .contains("1 control failed")
                .contains("<article class=\"card high\" id=\"ABC-001\">")
                .contains("Evidence one")
                .contains("<details class=\"fold\">");
    }

    @Test
    void runsNothingThatAHostPutIntoItsTexts() throws IOException, InterruptedException {
        Seen seen = open(page(report(HOSTILE)));
        assertThat(seen.console()).isEmpty();
        assertThat(seen.requests()).isEmpty();
        assertThat(seen.dom())
                .doesNotContain("<script")
                .doesNotContain("<img")
                .contains("&lt;script&gt;document.title='owned'&lt;/script&gt;")
                .containsPattern("<title>host &lt;/title&gt;")
                .doesNotContain("<title>owned");
    }

    @Test
    void wouldSeeARequestAndAnErrorOfAPage() throws IOException, InterruptedException {
        Path page = directory.resolve("bad.html");
        Files.writeString(
                page, "<!doctype html><img src=\"http://127.0.0.1:9/a.png\"><script>console.error('x')</script>");
        Seen seen = open(page);
        assertThat(seen.console()).isNotEmpty();
        assertThat(seen.requests()).anyMatch(l -> l.contains("http://127.0.0.1:9/a.png"));
    }

    /** The picture of the README is made here: -Dreport.screenshot=docs/images/report.png, of -Dreport.facts if given. */
    @Test
    void aRealAuditMakesAPictureOfManyColours() throws IOException, InterruptedException {
        Path page = directory.resolve("real.html");
        Path picture = Path.of(System.getProperty(
                        "report.screenshot", directory.resolve("real.png").toString()))
                .toAbsolutePath();
        List<String> audit = new ArrayList<>(List.of("audit", "--out", page.toString()));
        if (System.getProperty("report.facts") != null) {
            audit.addAll(List.of("--facts", System.getProperty("report.facts")));
        }
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        RingfenceMain.run(new Terminal(nowhere, nowhere, false, 80, false), audit.toArray(String[]::new));
        open(page, List.of("--hide-scrollbars", "--window-size=1280,1100", "--screenshot=" + picture));
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(1280);
        assertThat(IntStream.range(0, image.getWidth() * image.getHeight())
                        .map(i -> image.getRGB(i % image.getWidth(), i / image.getWidth()))
                        .distinct()
                        .count())
                .isGreaterThan(50);
    }
}
