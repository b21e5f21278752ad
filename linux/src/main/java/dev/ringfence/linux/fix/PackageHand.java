package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.time.Duration;
import java.util.Optional;

/** Installs, removes or upgrades a package with the host's package manager. */
final class PackageHand implements Hand {
    private static final Duration LIMIT = Duration.ofMinutes(20);

    private final Workplace at;
    private final Action.ChangePackage change;

    PackageHand(Workplace at, Action.ChangePackage change) {
        this.at = at;
        this.change = change;
    }

    private Argv command() {
        return switch (change.verb()) {
            case INSTALL -> install(change.name());
            case REMOVE ->
                switch (change.family()) {
                    case DPKG -> Argv.of("apt-get", "-y", "remove", change.name());
                    case RPM -> Argv.of("dnf", "-y", "remove", change.name());
                };
            case UPGRADE ->
                switch (change.family()) {
                    case DPKG -> Argv.of("apt-get", "-y", "--only-upgrade", "install", change.name());
                    case RPM -> Argv.of("dnf", "-y", "upgrade", change.name());
                };
        };
    }

    private Argv install(String what) {
        return switch (change.family()) {
            case DPKG -> Argv.of("apt-get", "-y", "--no-install-recommends", "install", what);
            case RPM -> Argv.of("dnf", "-y", "install", what);
        };
    }

    @Override
    public Optional<String> later() {
        return at.running() ? Optional.empty() : Optional.of("not the running host; there: " + command());
    }

    @Override
    public String before() {
        return change.name() + " " + change.before().orElse("not installed");
    }

    @Override
    public String after() {
        return command().toString();
    }

    private Optional<String> installed() {
        Commands.Ended ended = switch (change.family()) {
            case DPKG ->
                at.commands()
                        .run(
                                Argv.of("dpkg-query", "-W", "-f=${db:Status-Abbrev}${Version}", change.name()),
                                Commands.LIMIT);
            case RPM ->
                at.commands()
                        .run(Argv.of("rpm", "-q", "--qf", "ii %{VERSION}-%{RELEASE}", change.name()), Commands.LIMIT);
        };
        String answer = ended.output().strip();
        return ended.well() && answer.startsWith("ii")
                ? Optional.of(answer.substring(2).strip())
                : Optional.empty();
    }

    @Override
    public Standing standing(Json.Members kept, Json.Members left) {
        Optional<String> now = installed();
        if (left.member("version").isPresent() && now.orElse("").equals(left.textOf("version"))) {
            return new Standing.After();
        }
        if (now.equals(change.before())) {
            return new Standing.Before();
        }
        boolean done = switch (change.verb()) {
            case INSTALL, UPGRADE -> left.members().isEmpty() && now.isPresent();
            case REMOVE -> now.isEmpty();
        };
        return done
                ? new Standing.After()
                : new Standing.Changed(change.name() + "\n  before, by the plan: "
                        + change.before().orElse("not installed") + "\n  now:                 "
                        + now.orElse("not installed") + "\n");
    }

    @Override
    public Json.Members prepare() {
        return NOTHING;
    }

    @Override
    public Outcome apply(Json.Members kept) {
        Commands.Ended ended = at.commands().run(command(), LIMIT);
        return ended.well()
                ? new Outcome.Made(JsonLine.texts("version", installed().orElse("")))
                : Outcome.refused("RF-FIX-115", "'" + command() + "' failed: " + ended.lastWords());
    }

    @Override
    public Optional<Refusal> undo(Json.Members kept, Json.Members left) {
        return switch (standing(kept, left)) {
            case Standing.Before b -> Optional.empty();
            case Standing.Changed(String view) ->
                Optional.of(new Refusal("RF-FIX-110", "changed by somebody else since:\n" + view));
            case Standing.After a -> back();
            case Standing.Untold u -> throw new IllegalStateException("a package always tells");
        };
    }

    private Optional<Refusal> back() {
        if (change.verb() == Action.ChangePackage.Verb.UPGRADE) {
            return Optional.of(new Refusal(
                    "RF-FIX-119",
                    "a package that was upgraded is not taken back: "
                            + change.before().orElse("")));
        }
        Argv command = change.before()
                .map(version -> switch (change.family()) {
                    case DPKG -> install(change.name() + "=" + version);
                    case RPM -> install(change.name() + "-" + version);
                })
                .orElseGet(() -> switch (change.family()) {
                    case DPKG -> Argv.of("apt-get", "-y", "remove", change.name());
                    case RPM -> Argv.of("dnf", "-y", "remove", change.name());
                });
        Commands.Ended ended = at.commands().run(command, LIMIT);
        return ended.well()
                ? Optional.empty()
                : Optional.of(new Refusal("RF-FIX-115", "'" + command + "' failed: " + ended.lastWords()));
    }
}
