package dev.ringfence.checks.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the product to the architecture, and the rules to planted breaches. */
final class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.ringfence");
    private static final JavaClasses BREACHES = new ClassFileImporter()
            .importPackages(
                    "dev.ringfence.core.planted", "dev.ringfence.formats.planted", "dev.ringfence.ledger.fsck.planted");

    static Stream<Arguments> rules() {
        return Rules.all().entrySet().stream().map(e -> arguments(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void productKeepsTheRule(String name, ArchRule rule) {
        assertThat(rule.evaluate(PRODUCT).getFailureReport().getDetails()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void plantedBreachIsCaught(String name, ArchRule rule) {
        // linux and wire share the mechanism of core and formats, which have the planted classes.
        if (name.startsWith("linux") || name.startsWith("wire")) {
            return;
        }
        assertThat(rule.evaluate(BREACHES).hasViolation()).isTrue();
    }

    @Test
    void productIsNotEmpty() {
        assertThat(PRODUCT.size()).isGreaterThan(200);
    }

    @Test
    void everyPackageIsDocumented() throws IOException {
        assertThat(bare(Tree.root()))
                .as("package-info.java without a description")
                .isEmpty();
    }

    @Test
    void plantedBarePackageIsCaught(@TempDir Path directory) throws IOException {
        Path planted = directory.resolve("core/src/main/java/dev/package-info.java");
        Files.createDirectories(planted.getParent());
        Files.writeString(planted, "@NullMarked\npackage dev;\n");
        assertThat(bare(directory)).containsExactly(planted);
    }

    private static List<Path> bare(Path root) throws IOException {
        List<Path> bare = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(root)) {
            for (Path file : sources.filter(p -> p.endsWith("package-info.java"))
                    .filter(p -> p.toString().contains("/src/main/"))
                    .toList()) {
                if (!Files.readString(file).startsWith("/**")) {
                    bare.add(file);
                }
            }
        }
        return bare;
    }
}
