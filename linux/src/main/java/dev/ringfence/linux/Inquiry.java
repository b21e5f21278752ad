package dev.ringfence.linux;

import dev.ringfence.core.host.Fact;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command that only asks the kernel or a daemon something that no file tells. On a live host it is run, bounded; in a
 * capture its recorded output is read.
 *
 * @param name of the recorded output below {@code .ringfence/}
 * @param command program and arguments; the program is looked up in the usual directories for system programs
 */
public record Inquiry(String name, List<String> command) {
    public Inquiry {
        command = List.copyOf(command);
    }

    /** What it printed; absent if there is no such program, not observed if it failed or took longer than the limit. */
    public Fact<String> ask(HostFiles files, Duration limit) {
        if (!files.isLive()) {
            return files.text("/.ringfence/" + name, BoundedCommand.OUTPUT_LIMIT_BYTES);
        }
        String shown = String.join(" ", command);
        Optional<Path> program = BoundedCommand.find(command.getFirst());
        if (program.isEmpty()) {
            return Fact.absent(shown, "command");
        }
        List<String> line = new ArrayList<>(command);
        line.set(0, program.get().toString());
        return new BoundedCommand(line, "").run(shown, limit);
    }
}
