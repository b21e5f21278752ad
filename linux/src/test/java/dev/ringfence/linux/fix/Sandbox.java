package dev.ringfence.linux.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory that stands for the running machine, with programs of its own, and a store beside it. */
final class Sandbox {
    static final FixOptions ALL = options(false, new FixOptions.Restart.None());

    private final Path root;
    private final Path store;
    private final Path programs;
    private final Map<String, FixRun.Judged> verdicts = new HashMap<>();
    private final DiskStorage storage = new DiskStorage();

    Sandbox(Path directory) throws IOException {
        Path real = directory.toRealPath();
        root = Files.createDirectories(real.resolve("host"));
        store = real.resolve("store");
        programs = Files.createDirectories(real.resolve("bin"));
    }

    static FixOptions options(boolean allOrNothing, FixOptions.Restart restart, Integer... steps) {
        return new FixOptions(EnumSet.allOf(Fix.Reach.class), Set.of(steps), allOrNothing, restart);
    }

    Path root() {
        return root;
    }

    Path place(String path) {
        return root.resolve(path.substring(1));
    }

    Path file(String path, String text) throws IOException {
        Path file = place(path);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        Files.setAttribute(file, "unix:mode", 0644);
        return file;
    }

    /** A shell script that is found as a program, and runs with the sandbox as $HOST. */
    Path program(String name, String body) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!/bin/sh\nHOST='" + root + "'\n" + body + "\n");
        Files.setAttribute(file, "unix:mode", 0755);
        return file;
    }

    /** What the audit says of a control from now on; without a word it passes. */
    void verdict(String control, Verdict verdict) {
        verdicts.put(control, new FixRun.Judged(verdict, "seen in the sandbox"));
    }

    Decoded<FixStore> store() throws IOException {
        return FixStore.open(storage, store, Set.of(0L));
    }

    Path storePath() {
        return store;
    }

    FixRun run(FixPlan plan) throws IOException {
        Actor who = new Actor(0, -1, "");
        FixRecord first =
                new FixRecord(Instant.now(), who, plan.id(), 0, FixRecord.Act.PLAN, "plan", "", "", Hand.NOTHING);
        PlanFolder folder = value(value(store()).folder(plan, plan.toString().getBytes(StandardCharsets.UTF_8), first));
        Workplace at = new Workplace(
                root, true, storage, new Commands(List.of(programs, Path.of("/usr/bin"), Path.of("/bin"))), Set.of(0L));
        return new FixRun(
                at, plan, folder, who, InstantSource.system(), this::judge, FixRecord.Sink.NONE, (step, what) -> {});
    }

    private Map<String, FixRun.Judged> judge(Set<String> ids) {
        Map<String, FixRun.Judged> out = new HashMap<>();
        ids.forEach(id -> out.put(id, verdicts.getOrDefault(id, new FixRun.Judged(Verdict.PASS, ""))));
        return out;
    }

    static <T> T value(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> value;
            case Decoded.Refused<T>(Refusal refusal) -> throw new AssertionError(refusal.toString());
        };
    }

    /** Every file and directory of the host with its owner, mode, attributes and bytes. */
    Map<String, String> everything() throws IOException {
        Map<String, String> out = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                String content = Files.isRegularFile(file)
                        ? new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                        : "";
                out.put(root.relativize(file).toString(), storage.metadata(file) + " " + content);
            }
        }
        return out;
    }
}
