package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Writes a value below /proc/sys or /sys. These trees are the kernel's, so nobody can put links or other files there. */
final class KernelValueHand implements Hand {
    private static final int LIMIT_BYTES = 1 << 16;

    private final Workplace at;
    private final Action.SetKernelValue set;
    private final Path place;

    KernelValueHand(Workplace at, Action.SetKernelValue set) {
        this.at = at;
        this.set = set;
        this.place = at.place(set.path());
    }

    @Override
    public Optional<String> later() {
        return at.running()
                ? Optional.empty()
                : Optional.of("not the running host; there: echo " + set.after() + " > " + set.path());
    }

    @Override
    public String before() {
        return set.path() + " = " + set.before();
    }

    @Override
    public String after() {
        return set.path() + " = " + set.after();
    }

    /** The first line, however long the file says it is. */
    private Optional<String> value() throws IOException {
        // Files.readString reads a file of size 0 octet by octet, and a sysctl gives its number to the first read only.
        try (InputStream in = Files.newInputStream(place)) {
            String text = new String(in.readNBytes(LIMIT_BYTES), StandardCharsets.UTF_8);
            return Optional.of(text.lines().findFirst().orElse("").strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Standing standing(Json.Members kept, Json.Members left) throws IOException {
        String now = value().orElse("absent");
        if (now.equals(set.before())) {
            return new Standing.Before();
        }
        boolean ours = now.equals(set.after())
                || left.member("readBack")
                        .flatMap(Json::text)
                        .filter(now::equals)
                        .isPresent();
        return ours
                ? new Standing.After()
                : new Standing.Changed(set.path() + "\n  before, by the plan: " + set.before()
                        + "\n  now:                 " + now + "\n  after, by the plan:  " + set.after() + "\n");
    }

    @Override
    public Json.Members prepare() {
        return JsonLine.texts("value", set.before());
    }

    @Override
    public Outcome apply(Json.Members kept) throws IOException {
        Optional<String> refused = write(set.after());
        if (refused.isPresent()) {
            return Outcome.refused("RF-FIX-116", refused.get());
        }
        String readBack = value().orElse("absent");
        if (readBack.equals(set.before()) && !set.before().equals(set.after())) {
            return Outcome.refused(
                    "RF-FIX-116",
                    "the kernel took '" + set.after() + "' for " + set.path() + " but it still reads '" + readBack
                            + "'");
        }
        return new Outcome.Made(JsonLine.texts("readBack", readBack));
    }

    private Optional<String> write(String value) {
        try (OutputStream out = Files.newOutputStream(place, StandardOpenOption.WRITE)) {
            out.write((value + "\n").getBytes(StandardCharsets.UTF_8));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the kernel does not take '" + value + "' for " + set.path() + ": " + e.getMessage());
        }
    }

    @Override
    public Optional<Refusal> undo(Json.Members kept, Json.Members left) throws IOException {
        Standing standing = standing(kept, left);
        if (standing instanceof Standing.Changed
                && left.members().isEmpty()
                && set.restore().isPresent()) {
            // Killed before it could be noted how the kernel shows the new value: writing it again tells.
            String found = value().orElse("");
            if (write(set.after()).isEmpty() && value().filter(found::equals).isPresent()) {
                standing = new Standing.After();
            } else {
                write(found);
            }
        }
        return switch (standing) {
            case Standing.Before b -> Optional.empty();
            case Standing.After a -> restore();
            case Standing.Changed(String view) ->
                Optional.of(new Refusal("RF-FIX-110", "changed by somebody else since:\n" + view));
            case Standing.Untold u -> throw new IllegalStateException("a value always tells");
        };
    }

    private Optional<Refusal> restore() throws IOException {
        if (set.restore().isEmpty()) {
            return Optional.of(new Refusal(
                    "RF-FIX-119", "the kernel takes " + set.path() + " back only at a restart of the host"));
        }
        Optional<String> refused = write(set.restore().get());
        if (refused.isPresent()) {
            return Optional.of(new Refusal("RF-FIX-116", refused.get()));
        }
        String now = value().orElse("absent");
        return now.equals(set.before())
                ? Optional.empty()
                : Optional.of(new Refusal(
                        "RF-FIX-116", set.path() + " reads '" + now + "' instead of '" + set.before() + "'"));
    }
}
