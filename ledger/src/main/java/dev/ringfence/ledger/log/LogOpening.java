package dev.ringfence.ledger.log;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.merkle.Frontier;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignerKey;
import dev.ringfence.ledger.note.VerifierKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a log may be written on. Two trees must never be signed under one key, so what was signed last is kept in
 * two places: the public checkpoint, and a second one that is always written first. The second is therefore equal or ahead;
 * if ahead, the machine stopped in between (or witnesses were missing), and its tree is published now. Everything else is
 * refused: a second that is behind, one whose tree the directory does not hold (an older copy), two different trees.
 *
 * <p>Refusals: RF-LDG-110 no log, 113 public checkpoint unusable, 114 to 116 the files are not those of the tree, 117 no
 * second checkpoint, 118 second unusable, 119 second behind, 120 two trees, 121 the directory is older than what was signed,
 * 122 and 123 no new log can be made here.
 */
final class LogOpening {
    private final LogPlaces places;
    private final List<SignerKey> keys;
    private final Cosigning cosigning;
    private final InstantSource clock;
    private final Together together;
    private final VerifierKey key;

    /** @param keys not empty; the first is the log's Ed25519 key, named after the origin */
    LogOpening(LogPlaces places, List<SignerKey> keys, Cosigning cosigning, InstantSource clock, Together together) {
        this.places = places;
        this.keys = List.copyOf(keys);
        this.cosigning = cosigning;
        this.clock = clock;
        this.together = together;
        this.key = keys.getFirst().verifier();
    }

    /** Makes a new log with an empty tree, which needs no witness since it says nothing. */
    Parsed<LogWriter> create() throws StorageException {
        for (String name : places.log().list("")) {
            if (!name.startsWith(".")) {
                return Parsed.refused("RF-LDG-122", places.log().place("") + " is not empty: it holds " + name);
            }
        }
        CheckpointFile second = places.secondCheckpoint();
        switch (second.read(key).orElse(Parsed.of(emptyTree()))) {
            case Parsed.Refused<SignedCheckpoint>(Refusal why) -> {
                return new Parsed.Refused<>(why);
            }
            case Parsed.Value<SignedCheckpoint>(SignedCheckpoint there) -> {
                if (there.checkpoint().size() > 0) {
                    return Parsed.refused(
                            "RF-LDG-123",
                            second.place() + " says that this key has signed a tree of "
                                    + there.checkpoint().size() + "; a new log needs a new key");
                }
            }
        }
        SignedCheckpoint empty = emptyTree();
        second.write(empty);
        places.publicCheckpoint().write(empty);
        return Parsed.of(writer(TreeEdge.of(new Frontier(), List.of(), List.of()), empty, empty));
    }

    /** Opens a log whose two checkpoints agree. */
    Parsed<LogWriter> open() throws StorageException {
        Optional<Parsed<SignedCheckpoint>> second = places.secondCheckpoint().read(key);
        if (second.isEmpty()) {
            return places.publicCheckpoint().exists()
                    ? Parsed.refused(
                            "RF-LDG-117",
                            places.secondCheckpoint().place()
                                    + " is missing, so nothing says that the directory is not an older copy")
                    : noLog();
        }
        Optional<Parsed<SignedCheckpoint>> shown = places.publicCheckpoint().read(key);
        if (shown.isEmpty()) {
            return second.get()
                    .then(signed -> signed.checkpoint().size() == 0
                            ? noLog()
                            : Parsed.refused(
                                    "RF-LDG-121",
                                    "the directory holds no checkpoint, but a tree of "
                                            + signed.checkpoint().size() + " was signed"));
        }
        return switch (second.get()) {
            case Parsed.Refused<SignedCheckpoint>(Refusal why) -> new Parsed.Refused<>(why);
            case Parsed.Value<SignedCheckpoint>(SignedCheckpoint signed) ->
                switch (shown.get()) {
                    case Parsed.Refused<SignedCheckpoint>(Refusal why) -> new Parsed.Refused<>(why);
                    case Parsed.Value<SignedCheckpoint>(SignedCheckpoint published) -> agree(signed, published);
                };
        };
    }

    /**
     * Opens a log by its public checkpoint alone and writes the second anew. Nothing protects against an older copy of the
     * directory then: it is for an operator who has lost the second place, and knows that the directory is the latest.
     */
    Parsed<LogWriter> openTrustingDirectoryAlone() throws StorageException {
        Optional<Parsed<SignedCheckpoint>> shown = places.publicCheckpoint().read(key);
        return switch (shown.orElseGet(LogOpening::noLog)) {
            case Parsed.Refused<SignedCheckpoint>(Refusal why) -> new Parsed.Refused<>(why);
            case Parsed.Value<SignedCheckpoint>(SignedCheckpoint published) ->
                switch (new RecordedTree(places.log()).edge(published.checkpoint())) {
                    case Parsed.Refused<TreeEdge>(Refusal why) -> new Parsed.Refused<>(why);
                    case Parsed.Value<TreeEdge>(TreeEdge edge) -> {
                        places.secondCheckpoint().write(published);
                        yield resume(edge, published, published);
                    }
                };
        };
    }

    private Parsed<LogWriter> agree(SignedCheckpoint signed, SignedCheckpoint published) throws StorageException {
        long signedSize = signed.checkpoint().size();
        long publishedSize = published.checkpoint().size();
        if (signedSize < publishedSize) {
            return Parsed.refused(
                    "RF-LDG-119",
                    places.secondCheckpoint().place() + " is of a tree of " + signedSize + ", behind the published "
                            + publishedSize + ": it was replaced by an older copy");
        }
        if (signedSize == publishedSize
                && !signed.checkpoint().root().equals(published.checkpoint().root())) {
            return Parsed.refused(
                    "RF-LDG-120",
                    "two trees of " + signedSize + " were signed, with the roots "
                            + signed.checkpoint().root() + " and "
                            + published.checkpoint().root());
        }
        RecordedTree tree = new RecordedTree(places.log());
        return switch (tree.edge(signed.checkpoint())) {
            case Parsed.Refused<TreeEdge>(Refusal why) ->
                new Parsed.Refused<>(signedSize == publishedSize ? why : older(signedSize, why));
            case Parsed.Value<TreeEdge>(TreeEdge edge) ->
                switch (tree.continues(published.checkpoint(), signed.checkpoint(), edge)) {
                    case Parsed.Refused<TreeEdge>(Refusal why) -> new Parsed.Refused<>(why);
                    case Parsed.Value<TreeEdge> _ -> resume(edge, signed, published);
                };
        };
    }

    private static Refusal older(long signedSize, Refusal why) {
        return new Refusal(
                "RF-LDG-121",
                "a tree of " + signedSize + " was signed, but the directory does not hold it (" + why
                        + "): it is an older copy, or damaged");
    }

    private Parsed<LogWriter> resume(TreeEdge edge, SignedCheckpoint signed, SignedCheckpoint published)
            throws StorageException {
        // A process that ended early may have renamed the checkpoints without syncing the directories.
        places.secondCheckpoint().sync();
        places.publicCheckpoint().sync();
        new Leftovers(places.log()).removeBeyond(edge.size());
        LogWriter writer = writer(edge, signed, published);
        if (writer.isPending()) {
            writer.publish();
        }
        return Parsed.of(writer);
    }

    private LogWriter writer(TreeEdge edge, SignedCheckpoint signed, SignedCheckpoint published) {
        return new LogWriter(places, keys, cosigning, clock, edge, signed, published, together);
    }

    private SignedCheckpoint emptyTree() {
        return LogWriter.sign(LogWriter.emptyTree(keys), keys, clock);
    }

    private static <T> Parsed<T> noLog() {
        return Parsed.refused("RF-LDG-110", "there is no log here; make one with init");
    }
}
