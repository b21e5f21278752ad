package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Sets an SELinux boolean, now and for later. Storing it compiles the policy, which takes minutes on a busy machine. */
final class SelinuxHand implements Hand {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Workplace at;
    private final Action.SetSelinuxBoolean set;

    SelinuxHand(Workplace at, Action.SetSelinuxBoolean set) {
        this.at = at;
        this.set = set;
    }

    private Argv command(boolean value) {
        return Argv.of("setsebool", "-P", set.name(), value ? "on" : "off");
    }

    @Override
    public Optional<String> later() {
        return at.running() ? Optional.empty() : Optional.of("not the running host; there: " + command(set.after()));
    }

    @Override
    public String before() {
        return set.name() + " " + set.before();
    }

    @Override
    public String after() {
        return set.name() + " " + set.after();
    }

    /** The kernel shows the value in force, then the one that a commit would bring. */
    private Optional<Boolean> value() throws IOException {
        Path file = at.place("/sys/fs/selinux/booleans/" + set.name());
        return Files.exists(file) ? Optional.of(Files.readString(file).startsWith("1")) : Optional.empty();
    }

    @Override
    public Standing standing(Json.Members kept, Json.Members left) throws IOException {
        Optional<Boolean> now = value();
        if (now.isEmpty()) {
            return new Standing.Changed("SELinux has no boolean " + set.name() + " any more, or is off\n");
        }
        return now.get() == set.after() ? new Standing.After() : new Standing.Before();
    }

    @Override
    public Json.Members prepare() {
        return NOTHING;
    }

    @Override
    public Outcome apply(Json.Members kept) throws IOException {
        return switched(set.after()).<Outcome>map(Outcome.Refused::new).orElse(new Outcome.Made(NOTHING));
    }

    private Optional<Refusal> switched(boolean value) throws IOException {
        Commands.Ended ended = at.commands().run(command(value), LIMIT);
        if (!ended.well()) {
            return Optional.of(new Refusal("RF-FIX-115", "'" + command(value) + "' failed: " + ended.lastWords()));
        }
        return value().filter(now -> now == value).isPresent()
                ? Optional.empty()
                : Optional.of(new Refusal("RF-FIX-116", set.name() + " did not become " + value));
    }

    @Override
    public Optional<Refusal> undo(Json.Members kept, Json.Members left) throws IOException {
        return value().filter(now -> now == set.before()).isPresent() ? Optional.empty() : switched(set.before());
    }
}
