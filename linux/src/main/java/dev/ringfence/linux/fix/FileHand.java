package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FileDiff;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** Replaces a file, or makes a new one with the directories that it needs. */
final class FileHand implements Hand {
    private static final int DIRECTORY_MODE = 0755;

    private final Workplace at;
    private final PlanFolder folder;
    private final Accounts accounts;
    private final Action.EditFile edit;
    private final String token;
    private final Path place;
    private final FileReplacer replacer;

    FileHand(Workplace at, PlanFolder folder, Accounts accounts, Action.EditFile edit, String token) {
        this.at = at;
        this.folder = folder;
        this.accounts = accounts;
        this.edit = edit;
        this.token = token;
        this.place = at.place(edit.path());
        this.replacer = new FileReplacer(at.storage(), at.trusted());
    }

    @Override
    public Optional<String> later() {
        return Optional.empty();
    }

    @Override
    public String before() {
        return edit.before().toString();
    }

    @Override
    public String after() {
        return "SHA-256 " + edit.after().sha256().substring(0, 16) + "… " + edit.attributes();
    }

    private boolean has(Metadata found, FileAttributes attributes) {
        return found.mode() == attributes.modeBits()
                && OptionalLong.of(found.uid()).equals(accounts.user(attributes.owner()))
                && OptionalLong.of(found.gid()).equals(accounts.group(attributes.group()));
    }

    @Override
    public Standing standing(Json.Members kept, Json.Members left) throws IOException {
        Optional<Storage.Kind> kind = at.storage().kind(place);
        if (kind.isPresent() && kind.get() != Storage.Kind.FILE) {
            return new Standing.Changed(edit.path() + " is not a regular file any more");
        }
        Optional<FileReplacer.Snapshot> now = replacer.snapshot(place);
        if (isBefore(now, kept)) {
            return new Standing.Before();
        }
        return isAfter(now, left) ? new Standing.After() : new Standing.Changed(view(now, kept));
    }

    private boolean isBefore(Optional<FileReplacer.Snapshot> now, Json.Members kept) {
        Optional<Metadata> metadata = kept.member("metadata").flatMap(MetadataJson::read);
        return switch (edit.before()) {
            case FileState.Absent() -> now.isEmpty();
            case FileState.Present before ->
                now.isPresent()
                        && now.get().sha256().equals(before.sha256())
                        && (metadata.isPresent()
                                ? metadata.get().equals(now.get().metadata())
                                : has(now.get().metadata(), before.attributes()));
        };
    }

    private boolean isAfter(Optional<FileReplacer.Snapshot> now, Json.Members left) {
        Optional<Metadata> metadata = left.member("metadata").flatMap(MetadataJson::read);
        return now.isPresent()
                && now.get().sha256().equals(edit.after().sha256())
                && (metadata.isPresent()
                        ? metadata.get().equals(now.get().metadata())
                        : has(now.get().metadata(), edit.attributes()));
    }

    /** Planned before, now, planned after; and, once applied, what somebody made of what was written. */
    private String view(Optional<FileReplacer.Snapshot> now, Json.Members kept) throws IOException {
        StringBuilder out = new StringBuilder(edit.path()).append('\n');
        out.append("  before, by the plan: ").append(before()).append('\n');
        out.append("  now:                 ")
                .append(now.map(s -> "SHA-256 " + s.sha256().substring(0, 16) + "… " + s.metadata())
                        .orElse("absent"))
                .append('\n');
        out.append("  after, by the plan:  ").append(after()).append('\n');
        byte[] content = now.isPresent() ? at.storage().read(place, FileReplacer.LIMIT_BYTES) : new byte[0];
        if (content.length > FileContent.LIMIT_BYTES) {
            return out.append("  too large now to be compared\n").toString();
        }
        FileContent found = FileContent.of(content);
        if (kept.members().isEmpty()) {
            out.append("the plan:\n").append(edit.diff());
            out.append("from what is there now to what the plan writes:\n")
                    .append(FileDiff.of(edit.path(), found, edit.after()));
        } else {
            out.append("from what was written to what is there now:\n")
                    .append(FileDiff.of(edit.path(), edit.after(), found));
        }
        return out.toString();
    }

    @Override
    public Json.Members prepare() throws IOException {
        Map<String, Json> kept = new LinkedHashMap<>();
        if (edit.before() instanceof FileState.Present) {
            kept.put("backup", new Json.Characters(folder.keep(at.storage().read(place, FileReplacer.LIMIT_BYTES))));
            kept.put("metadata", MetadataJson.of(at.storage().metadata(place)));
        } else {
            List<Json> missing = new ArrayList<>();
            for (Path above = place.getParent();
                    above != null && at.storage().kind(above).isEmpty();
                    above = above.getParent()) {
                missing.addFirst(new Json.Characters(above.toString()));
            }
            kept.put("directories", new Json.Elements(missing));
        }
        return new Json.Members(kept);
    }

    @Override
    public Outcome apply(Json.Members kept) throws IOException {
        OptionalLong uid = accounts.user(edit.attributes().owner());
        OptionalLong gid = accounts.group(edit.attributes().group());
        if (uid.isEmpty() || gid.isEmpty()) {
            return Outcome.refused("RF-FIX-122", "this host has no account " + edit.attributes());
        }
        if (standing(kept, NOTHING) instanceof Standing.Before) {
            Optional<Refusal> refused = write(kept, uid.getAsLong(), gid.getAsLong());
            if (refused.isPresent()) {
                return new Outcome.Refused(refused.get());
            }
        }
        Optional<Refusal> refused = accepted();
        if (refused.isPresent()) {
            return new Outcome.Refused(refused.get());
        }
        return new Outcome.Made(
                new Json.Members(Map.of("metadata", MetadataJson.of(at.storage().metadata(place)))));
    }

    private Optional<Refusal> write(Json.Members kept, long uid, long gid) throws IOException {
        for (Json directory : kept.member("directories").map(Json::elements).orElse(List.of())) {
            Path path = Path.of(directory.text().orElse(""));
            if (at.storage().kind(path).isEmpty()) {
                at.storage().createDirectory(path);
            }
            // Also where a call that was killed had made it.
            at.storage().setMetadata(path, at.storage().metadata(path).withMode(DIRECTORY_MODE));
            at.storage().syncDirectory(path);
            at.storage().syncDirectory(Objects.requireNonNull(path.getParent()));
        }
        Metadata metadata = kept.member("metadata")
                .flatMap(MetadataJson::read)
                .orElse(Metadata.of(uid, gid, 0))
                .withOwner(uid, gid)
                .withMode(edit.attributes().modeBits());
        Optional<String> expected =
                edit.before() instanceof FileState.Present before ? Optional.of(before.sha256()) : Optional.empty();
        return replacer.write(place, edit.after().bytes(), metadata, token, expected, this::checked);
    }

    private Optional<Refusal> checked(Path aside) {
        for (Action.Check check : edit.checks()) {
            if (check.when() == Action.Check.When.BEFORE) {
                List<String> words = check.argv().words().stream()
                        .map(word -> word.equals(Action.Check.FILE) ? aside.toString() : word)
                        .toList();
                Optional<Refusal> refused = run("RF-FIX-114", new Argv(words));
                if (refused.isPresent()) {
                    return refused;
                }
            }
        }
        return Optional.empty();
    }

    /** With the file in its place. */
    private Optional<Refusal> accepted() {
        if (!at.running()) {
            return Optional.empty();
        }
        for (Action.Check check : edit.checks()) {
            if (check.when() == Action.Check.When.AFTER) {
                Optional<Refusal> refused = run("RF-FIX-114", check.argv());
                if (refused.isPresent()) {
                    return refused;
                }
            }
        }
        return regenerated();
    }

    private Optional<Refusal> regenerated() {
        if (at.running()) {
            for (Argv command : edit.regenerate()) {
                Optional<Refusal> refused = run("RF-FIX-115", command);
                if (refused.isPresent()) {
                    return refused;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> run(String code, Argv command) {
        Commands.Ended ended = at.commands().run(command, Commands.LIMIT);
        return ended.well()
                ? Optional.empty()
                : Optional.of(new Refusal(
                        code, "'" + command + "' ended with status " + ended.status() + ": " + ended.lastWords()));
    }

    @Override
    public Optional<Refusal> undo(Json.Members kept, Json.Members left) throws IOException {
        switch (standing(kept, left)) {
            case Standing.Before b -> replacer.sweep(place, token);
            case Standing.After a -> {
                Optional<Refusal> refused = putBack(kept);
                if (refused.isPresent()) {
                    return refused;
                }
            }
            case Standing.Changed changed -> {
                return Optional.of(new Refusal("RF-FIX-110", "changed by somebody else since:\n" + changed.view()));
            }
            case Standing.Untold u -> throw new IllegalStateException("a file always tells");
        }
        removeDirectories(kept);
        return regenerated();
    }

    private Optional<Refusal> putBack(Json.Members kept) throws IOException {
        if (edit.before() instanceof FileState.Absent) {
            return replacer.delete(place, token, edit.after().sha256());
        }
        Optional<Metadata> metadata = kept.member("metadata").flatMap(MetadataJson::read);
        if (metadata.isEmpty()) {
            return Optional.of(new Refusal("RF-FIX-105", "the journal does not say what " + edit.path() + " was"));
        }
        return switch (folder.kept(kept.textOf("backup"))) {
            case Decoded.Value<PlanFolder.Kept>(PlanFolder.Kept backup) ->
                replacer.write(
                        place,
                        backup.bytes(),
                        metadata.get(),
                        token,
                        Optional.of(edit.after().sha256()),
                        FileReplacer.Check.NONE);
            case Decoded.Refused<PlanFolder.Kept>(Refusal refusal) -> Optional.of(refusal);
        };
    }

    private void removeDirectories(Json.Members kept) throws IOException {
        List<Json> made = kept.member("directories").map(Json::elements).orElse(List.of());
        for (Json directory : made.reversed()) {
            Path path = Path.of(directory.text().orElse(""));
            if (at.storage().kind(path).isPresent() && at.storage().list(path).isEmpty()) {
                at.storage().delete(path);
                at.storage().syncDirectory(Objects.requireNonNull(path.getParent()));
            }
        }
    }
}
