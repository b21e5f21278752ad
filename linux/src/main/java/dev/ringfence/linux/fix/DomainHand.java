package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FileDiff;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** Gives a domain another stored definition through libvirt, which writes it in its own form. */
final class DomainHand implements Hand {
    private static final String URI = "qemu:///system";

    private final Workplace at;
    private final PlanFolder folder;
    private final Action.EditDomain edit;
    private final String token;

    DomainHand(Workplace at, PlanFolder folder, Action.EditDomain edit, String token) {
        this.at = at;
        this.folder = folder;
        this.edit = edit;
        this.token = token;
    }

    @Override
    public Optional<String> later() {
        return at.running() ? Optional.empty() : Optional.of("not the running host; there: virsh edit " + edit.name());
    }

    @Override
    public String before() {
        return edit.path() + " SHA-256 " + edit.sha256Before().substring(0, 16) + "…";
    }

    @Override
    public String after() {
        return "another definition of " + edit.name();
    }

    private Optional<byte[]> stored() throws IOException {
        Path place = at.place(edit.path());
        return at.storage().kind(place).filter(k -> k == Storage.Kind.FILE).isPresent()
                ? Optional.of(at.storage().read(place, FileReplacer.LIMIT_BYTES))
                : Optional.empty();
    }

    @Override
    public Standing standing(Json.Members kept, Json.Members left) throws IOException {
        Optional<byte[]> now = stored();
        String digest = now.map(Digests::sha256).orElse("absent");
        if (digest.equals(edit.sha256Before())) {
            return new Standing.Before();
        }
        return digest.equals(left.textOf("sha256")) ? new Standing.After() : new Standing.Changed(view(now));
    }

    private String view(Optional<byte[]> now) {
        if (now.isEmpty()) {
            return "the domain " + edit.name() + " is not defined any more\n";
        }
        FileContent found = FileContent.of(new String(now.get(), StandardCharsets.UTF_8));
        return edit.path() + "\n  before, by the plan: SHA-256 " + edit.sha256Before()
                + "\n  now:                 SHA-256 "
                + found.sha256() + "\nthe plan:\n" + edit.diff()
                + "from what is there now to what the plan defines:\n"
                + FileDiff.of(edit.path(), found, FileContent.of(edit.after()));
    }

    @Override
    public Json.Members prepare() throws IOException {
        Optional<byte[]> now = stored();
        return now.isPresent() ? JsonLine.texts("backup", folder.keep(now.get())) : NOTHING;
    }

    @Override
    public Outcome apply(Json.Members kept) throws IOException {
        Optional<Refusal> refused = define(edit.after().getBytes(StandardCharsets.UTF_8));
        if (refused.isPresent()) {
            return new Outcome.Refused(refused.get());
        }
        Optional<byte[]> now = stored();
        return now.isPresent()
                ? new Outcome.Made(JsonLine.texts("sha256", Digests.sha256(now.get())))
                : Outcome.refused("RF-FIX-116", "libvirt took the definition, but " + edit.path() + " is not there");
    }

    /** libvirt answers when the definition is on disk. */
    private Optional<Refusal> define(byte[] xml) throws IOException {
        Path file = folder.directory().resolve("define-" + token + ".xml");
        if (at.storage().kind(file).isPresent()) {
            at.storage().delete(file);
        }
        at.storage().create(file, xml);
        try {
            Commands.Ended ended =
                    at.commands().run(Argv.of("virsh", "-q", "-c", URI, "define", file.toString()), Commands.LIMIT);
            return ended.well()
                    ? Optional.empty()
                    : Optional.of(new Refusal(
                            "RF-FIX-115",
                            "libvirt refuses the definition of " + edit.name() + ": " + ended.lastWords()));
        } finally {
            at.storage().delete(file);
        }
    }

    @Override
    public Optional<Refusal> undo(Json.Members kept, Json.Members left) throws IOException {
        Standing standing = standing(kept, left);
        if (standing instanceof Standing.Changed && left.members().isEmpty()) {
            standing = again();
        }
        return switch (standing) {
            case Standing.Before b -> Optional.empty();
            case Standing.After a -> restore(kept);
            case Standing.Changed(String view) ->
                Optional.of(new Refusal("RF-FIX-110", "changed by somebody else since:\n" + view));
            case Standing.Untold u -> throw new IllegalStateException("a definition always tells");
        };
    }

    /** Killed before it could be noted how libvirt writes the new definition: defining it again tells. */
    private Standing again() throws IOException {
        Optional<byte[]> found = stored();
        if (found.isEmpty()) {
            return new Standing.Changed(view(found));
        }
        boolean defined = define(edit.after().getBytes(StandardCharsets.UTF_8)).isEmpty();
        if (defined
                && stored().map(Digests::sha256)
                        .filter(Digests.sha256(found.get())::equals)
                        .isPresent()) {
            return new Standing.After();
        }
        define(found.get());
        return new Standing.Changed(view(found));
    }

    private Optional<Refusal> restore(Json.Members kept) throws IOException {
        Decoded<PlanFolder.Kept> backup = folder.kept(kept.textOf("backup"));
        if (backup instanceof Decoded.Refused<PlanFolder.Kept>(Refusal refusal)) {
            return Optional.of(refusal);
        }
        if (backup instanceof Decoded.Value<PlanFolder.Kept>(PlanFolder.Kept bytes)) {
            Optional<Refusal> refused = define(bytes.bytes());
            if (refused.isPresent()) {
                return refused;
            }
        }
        String now = stored().map(Digests::sha256).orElse("absent");
        return now.equals(edit.sha256Before())
                ? Optional.empty()
                : Optional.of(new Refusal(
                        "RF-FIX-119",
                        "libvirt has the old definition of " + edit.name() + " again, but writes it as SHA-256 "
                                + now));
    }
}
