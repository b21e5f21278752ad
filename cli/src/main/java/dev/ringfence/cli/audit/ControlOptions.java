package dev.ringfence.cli.audit;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.controls.PackOption;
import dev.ringfence.core.audit.ControlPack;
import dev.ringfence.core.audit.ControlParser;
import dev.ringfence.core.audit.Profile;
import dev.ringfence.core.audit.Waiver;
import dev.ringfence.core.host.NearestName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which controls judge, and what is waived. Options of several commands. */
public final class ControlOptions {
    @Option(
            names = "--profile",
            paramLabel = "NAME|FILE",
            defaultValue = "multi-tenant",
            description = "baseline, multi-tenant (the default), high-assurance, or a file that tailors one.")
    private String profile = "multi-tenant";

    @Mixin
    private PackOption controls = new PackOption();

    @Option(names = "--waivers", paramLabel = "FILE", description = "Waivers. Repeatable.")
    private List<Path> waiverFiles = new ArrayList<>();

    /** The shipped controls and those of {@code --controls}. */
    public ControlPack pack() throws CommandFailure, IOException {
        return controls.load();
    }

    /** The profile that {@code --profile} names. */
    public Profile profile(ControlPack pack) throws CommandFailure, IOException {
        List<String> names = new ArrayList<>();
        for (Profile.Level level : Profile.Level.values()) {
            String name = level.name().toLowerCase(Locale.ROOT).replace('_', '-');
            names.add(name);
            if (name.equals(profile)) {
                return new Profile(name, level, List.of(), Map.of(), Map.of(), Map.of());
            }
        }
        Path file = Path.of(profile);
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.usage("profile '" + profile + "' is neither one of " + String.join(", ", names)
                    + " nor a file"
                    + NearestName.of(profile, names)
                            .map(n -> "; did you mean '" + n + "'?")
                            .orElse(""));
        }
        ControlParser.Parsed<Profile> parsed = ControlParser.profile(file.toString(), Files.readString(file));
        List<String> problems = new ArrayList<>(parsed.problems());
        if (parsed.values().size() != 1 && problems.isEmpty()) {
            problems.add(file + ": expected one profile");
        }
        for (Profile read : parsed.values()) {
            List<String> named = new ArrayList<>(read.add());
            named.addAll(read.remove().keySet());
            named.addAll(read.severities().keySet());
            named.forEach(id -> unknown(file, id, pack, problems));
        }
        refuse(problems);
        return parsed.values().getFirst();
    }

    /** The waivers of {@code --waivers}. */
    public List<Waiver> waivers(ControlPack pack) throws CommandFailure, IOException {
        List<Waiver> out = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path file : waiverFiles) {
            ControlParser.Parsed<Waiver> parsed = ControlParser.waivers(file.toString(), Files.readString(file));
            problems.addAll(parsed.problems());
            parsed.values().forEach(w -> unknown(file, w.control(), pack, problems));
            out.addAll(parsed.values());
        }
        refuse(problems);
        return out;
    }

    private static void refuse(List<String> problems) throws CommandFailure {
        if (!problems.isEmpty()) {
            throw CommandFailure.usage(problems);
        }
    }

    static void unknown(@Nullable Path file, String id, ControlPack pack, List<String> problems) {
        if (pack.find(id).isEmpty()) {
            List<String> ids =
                    pack.controls().stream().map(c -> c.control().id()).toList();
            problems.add((file == null ? "" : file + ": ") + "no control is called '" + id + "'"
                    + NearestName.of(id, ids)
                            .map(n -> "; did you mean '" + n + "'?")
                            .orElse("; 'ringfence controls list' shows all"));
        }
    }
}
