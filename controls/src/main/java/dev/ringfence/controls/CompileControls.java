package dev.ringfence.controls;

import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.ControlWorkshop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Build step: YAML in, one compiled pack out. Prints every problem and fails if there is any. */
public final class CompileControls {
    private CompileControls() {}

    /**
     * @param arguments directory with the YAML files, file to write
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]);
        Map<String, String> files = read(directory);
        Map<String, String> parameters = new LinkedHashMap<>();
        String parameterFile = files.remove("parameters.yaml");
        if (parameterFile != null) {
            parameters.put("parameters.yaml", parameterFile);
        }
        ControlWorkshop.Built built = ControlWorkshop.build(files, parameters);
        built.problems().forEach(p -> System.err.println(directory + "/" + p));
        if (!built.problems().isEmpty()) {
            System.err.println(built.problems().size() + " problems in " + directory);
            System.exit(1);
        }
        ControlPack pack = built.pack();
        Files.createDirectories(target.getParent());
        Files.write(target, pack.toBytes());
        System.out.println("controls: " + pack.controls().size() + " compiled, "
                + 2 * pack.controls().size() + " samples hold");
    }

    private static Map<String, String> read(Path directory) throws IOException {
        Map<String, String> out = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> yaml =
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
            for (Path file : yaml) {
                out.put(String.valueOf(file.getFileName()), Files.readString(file));
            }
        }
        return out;
    }
}
