package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Kernel;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.List;

/** The directives of modprobe.d(5). */
final class ModprobeDirectories {
    private static final List<String> DIRECTORIES = List.of(
            "/etc/modprobe.d",
            "/run/modprobe.d",
            "/usr/local/lib/modprobe.d",
            "/usr/lib/modprobe.d",
            "/lib/modprobe.d");

    private ModprobeDirectories() {}

    static Fact<List<Kernel.ModprobeDirective>> observe(HostFiles files) {
        return Readings.then(ConfigDirectories.effective(files, ".conf", DIRECTORIES), paths -> {
            List<Kernel.ModprobeDirective> found = new ArrayList<>();
            for (String path : paths) {
                Fact<String> text = ConfigDirectories.text(files, path);
                if (text instanceof Fact.NotObserved<String> unseen) {
                    return Fact.notObserved(path, "read", unseen.reason());
                }
                directives(path, text.orElse(""), found);
            }
            return Fact.of(List.copyOf(found), DIRECTORIES.getFirst(), "parsed");
        });
    }

    private static void directives(String path, String text, List<Kernel.ModprobeDirective> found) {
        // A backslash at the end of a line joins the next one to it.
        for (String line : text.replace("\\\n", " ").split("\n")) {
            String code = line.strip();
            String[] words = code.split("\\s+");
            if (code.startsWith("#") || words.length < 2) {
                continue;
            }
            // The kernel takes both for one name; an alias is a pattern, which is not to be changed.
            String module = words[0].equals("alias") ? words[1] : words[1].replace('-', '_');
            found.add(new Kernel.ModprobeDirective(
                    path, words[0], module, List.of(words).subList(2, words.length)));
        }
    }
}
