package dev.ringfence.linux.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Sets owner, group and mode of files, directories and devices. */
final class AttributesHand implements Hand {
    private final Workplace at;
    private final Accounts accounts;
    private final Action.SetFileAttributes set;
    private final FileReplacer replacer;

    AttributesHand(Workplace at, Accounts accounts, Action.SetFileAttributes set) {
        this.at = at;
        this.accounts = accounts;
        this.set = set;
        this.replacer = new FileReplacer(at.storage(), at.trusted());
    }

    @Override
    public Optional<String> later() {
        return Optional.empty();
    }

    @Override
    public String before() {
        return set.changes().stream().map(c -> c.path() + " " + c.before()).collect(Collectors.joining(", "));
    }

    @Override
    public String after() {
        return set.changes().stream().map(c -> c.path() + " " + c.after()).collect(Collectors.joining(", "));
    }

    private Optional<Metadata> wanted(Metadata now, FileAttributes attributes) {
        OptionalLong uid = accounts.user(attributes.owner());
        OptionalLong gid = accounts.group(attributes.group());
        return uid.isEmpty() || gid.isEmpty()
                ? Optional.empty()
                : Optional.of(now.withOwner(uid.getAsLong(), gid.getAsLong()).withMode(attributes.modeBits()));
    }

    private boolean is(Metadata now, FileAttributes attributes) {
        return wanted(now, attributes).filter(now::equals).isPresent();
    }

    @Override
    public Standing standing(Json.Members kept, Json.Members left) throws IOException {
        boolean whole = true;
        StringBuilder changed = new StringBuilder();
        for (Action.AttributeChange change : set.changes()) {
            Path place = at.place(change.path());
            Optional<Storage.Kind> kind = at.storage().kind(place);
            if (kind.isEmpty() || kind.get() == Storage.Kind.LINK) {
                changed.append(view(change, kind.isEmpty() ? "absent" : "a symbolic link"));
                continue;
            }
            Metadata now = at.storage().metadata(place);
            if (!is(now, change.after())) {
                whole = false;
                if (!is(now, change.before())) {
                    changed.append(view(change, now.toString()));
                }
            }
        }
        if (!changed.isEmpty()) {
            return new Standing.Changed(changed.toString());
        }
        return whole ? new Standing.After() : new Standing.Before();
    }

    private static String view(Action.AttributeChange change, String now) {
        return change.path() + "\n  before, by the plan: " + change.before() + "\n  now:                 " + now
                + "\n  after, by the plan:  " + change.after() + "\n";
    }

    @Override
    public Json.Members prepare() throws IOException {
        Map<String, Json> kept = new LinkedHashMap<>();
        for (Action.AttributeChange change : set.changes()) {
            kept.put(change.path(), MetadataJson.of(at.storage().metadata(at.place(change.path()))));
        }
        return new Json.Members(kept);
    }

    @Override
    public Outcome apply(Json.Members kept) throws IOException {
        for (Action.AttributeChange change : set.changes()) {
            Path place = at.place(change.path());
            Metadata now = at.storage().metadata(place);
            Optional<Metadata> wanted = wanted(now, change.after());
            if (wanted.isEmpty()) {
                return Outcome.refused("RF-FIX-122", "this host has no account " + change.after());
            }
            Optional<Refusal> refused = replacer.setMetadata(place, wanted.get(), now);
            if (refused.isPresent()) {
                return new Outcome.Refused(refused.get());
            }
        }
        return new Outcome.Made(NOTHING);
    }

    @Override
    public Optional<Refusal> undo(Json.Members kept, Json.Members left) throws IOException {
        if (standing(kept, left) instanceof Standing.Changed(String view)) {
            return Optional.of(new Refusal("RF-FIX-110", "changed by somebody else since:\n" + view));
        }
        for (Action.AttributeChange change : set.changes().reversed()) {
            Path place = at.place(change.path());
            Optional<Metadata> was = kept.member(change.path()).flatMap(MetadataJson::read);
            if (was.isEmpty()) {
                return Optional.of(
                        new Refusal("RF-FIX-105", "the journal does not say what " + change.path() + " was"));
            }
            Metadata now = at.storage().metadata(place);
            if (!now.equals(was.get())) {
                Optional<Refusal> refused = replacer.setMetadata(place, was.get(), now);
                if (refused.isPresent()) {
                    return refused;
                }
            }
        }
        return Optional.empty();
    }
}
