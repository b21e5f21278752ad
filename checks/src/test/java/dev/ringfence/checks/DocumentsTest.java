package dev.ringfence.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.checks.architecture.Tree;
import dev.ringfence.controls.ShippedControls;
import dev.ringfence.core.audit.ControlPack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents say of the code is true. */
final class DocumentsTest {
    private static final Pattern CODE = Pattern.compile("RF-[A-Z]{3}-\\d{3}");

    @Test
    void everyRefusalCodeIsDocumentedAndNoneIsInvented() throws IOException {
        Set<String> inCode = new TreeSet<>();
        for (Path source : sources("src/main/java", ".java")) {
            Matcher matcher = Pattern.compile("\"(" + CODE + ")").matcher(Files.readString(source));
            while (matcher.find()) {
                inCode.add(matcher.group(1));
            }
        }
        Set<String> documented = new TreeSet<>();
        Matcher matcher = CODE.matcher(Files.readString(Tree.root().resolve("docs/REFUSALS.md")));
        while (matcher.find()) {
            documented.add(matcher.group());
        }
        assertThat(inCode).hasSizeGreaterThan(80);
        assertThat(documented).containsExactlyElementsOf(inCode);
    }

    @Test
    void everyControlThatADocumentNamesExists() throws IOException {
        ControlPack pack = ShippedControls.load();
        List<String> unknown = new ArrayList<>();
        for (String document : List.of("README.md", "docs/MISSION.md", "docs/CONTROLS.md", "ARCHITECTURE.md")) {
            Matcher matcher = Pattern.compile("\\b(KRN|MEM|DMA|QBN|QPR|DOM|MAC|LVD|NOV|HST)-\\d{3}\\b")
                    .matcher(Files.readString(Tree.root().resolve(document)));
            while (matcher.find()) {
                if (pack.find(matcher.group()).isEmpty()) {
                    unknown.add(document + ": " + matcher.group());
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void theMissionTableHasEveryRowOnce() throws IOException {
        List<String> rows = Files.readString(Tree.root().resolve("docs/MISSION.md"))
                .lines()
                .filter(line -> line.matches("\\| [HIPSDM]\\d+ \\|.*"))
                .map(line -> line.split("\\|")[1].strip())
                .toList();
        assertThat(rows).hasSize(67).doesNotHaveDuplicates();
    }

    @Test
    void theTreeNamesNoMachineOfItsAuthors() throws IOException {
        List<String> found = new ArrayList<>();
        Pattern machine = Pattern.compile("/(work|root/\\.m2|tmp/rf)/");
        for (Path file : sources("", "")) {
            if (machine.matcher(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .find()) {
                found.add(file.toString());
            }
        }
        assertThat(found).isEmpty();
    }

    /** Text files of the tree below a folder of any module, without what is built. */
    private static List<Path> sources(String within, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(Tree.root())) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> {
                        String path = Tree.root().relativize(f).toString();
                        return path.contains(within)
                                && path.endsWith(suffix)
                                && !path.equals(".git")
                                && !path.startsWith(".git/")
                                && !path.contains("target/")
                                && !path.endsWith("DocumentsTest.java");
                    })
                    .toList();
        }
    }
}
