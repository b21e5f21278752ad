package dev.ringfence.cli.fix;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Terminal;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.wire.fix.AnsibleExport;
import dev.ringfence.wire.fix.PlanJson;
import dev.ringfence.wire.fix.ShellExport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a plan goes. */
final class PlanOutput {
    private enum Export {
        SH,
        ANSIBLE
    }

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Write what is asked for here, for root's eyes only: it holds files in full, with their secrets.")
    private @Nullable Path out;

    @Option(
            names = "--export",
            paramLabel = "sh|ansible",
            description = "Write the same steps as a shell script or an Ansible playbook.")
    private @Nullable Export export;

    @Option(names = "--brief", description = "Show the overview without the steps in full.")
    private boolean brief;

    void write(FixPlan plan, Terminal terminal) throws CommandFailure, IOException {
        if (export != null) {
            if (out == null) {
                export(export, plan, terminal.out());
            } else {
                try (OutputStream file = open(out)) {
                    export(export, plan, file);
                }
            }
            return;
        }
        new FixView(terminal).write(plan, !brief);
        if (out != null) {
            try (OutputStream file = open(out)) {
                PlanJson.write(plan, file);
            }
            terminal.out().println();
            terminal.out().println("Written to " + out + "; 'ringfence fix apply " + out + "' applies it.");
        }
    }

    private static void export(Export kind, FixPlan plan, OutputStream out) throws IOException {
        switch (kind) {
            case SH -> ShellExport.write(plan, out);
            case ANSIBLE -> AnsibleExport.write(plan, out);
        }
    }

    /** A new file that only its owner can read; one that is there is replaced only if it is a regular file. */
    private static OutputStream open(Path path) throws CommandFailure, IOException {
        if (Files.isRegularFile(path)) {
            Files.delete(path);
        }
        try {
            return new BufferedOutputStream(Channels.newOutputStream(FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))));
        } catch (FileAlreadyExistsException e) {
            throw CommandFailure.usage(path + ": is there and no regular file; name another");
        }
    }
}
