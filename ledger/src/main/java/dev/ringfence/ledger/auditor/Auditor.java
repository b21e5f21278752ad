package dev.ringfence.ledger.auditor;

import dev.ringfence.ledger.Check;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.fsck.Fault;
import dev.ringfence.ledger.fsck.Fsck;
import dev.ringfence.ledger.fsck.FsckReport;
import dev.ringfence.ledger.leaf.Leaf;
import dev.ringfence.ledger.log.DirectoryStorage;
import dev.ringfence.ledger.log.StoredTiles;
import dev.ringfence.ledger.merkle.InclusionProof;
import dev.ringfence.ledger.merkle.TreeHasher;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignedCheckpoint;
import dev.ringfence.ledger.note.SignedNote;
import dev.ringfence.ledger.note.VerifierKey;
import dev.ringfence.ledger.proof.OfflineVerifier;
import dev.ringfence.ledger.proof.Policy;
import dev.ringfence.ledger.proof.PolicyText;
import dev.ringfence.ledger.proof.ProofFile;
import dev.ringfence.ledger.proof.Trust;
import dev.ringfence.ledger.proof.Verification;
import dev.ringfence.ledger.tile.EntryBundle;
import dev.ringfence.ledger.tile.TiledTree;
import dev.ringfence.ledger.tile.TreeTiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * The auditor's commands. Results go to one stream, refusals and mistakes to the other. Refusals: RF-LDG-060 the files of a
 * log do not make the tree of its checkpoint, so that no proof can be made, and those of what is read.
 */
public final class Auditor {
    /** It holds. */
    public static final int HOLDS = 0;
    /** It does not hold. */
    public static final int REFUSED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 2;
    /** A file could not be read or written. */
    public static final int COULD_NOT_RUN = 3;

    private static final int KEY_LIMIT_BYTES = 64 << 10;
    private static final String HELP = """
            Checks a transparency log without trusting who runs it.

              verify FILE --leaf FILE --key KEY [--policy FILE]
                  Whether a proof (c2sp.org/tlog-proof) proves that a leaf stands in the log of this key. With
                  --policy, also whether enough witnesses cosigned; the policy may name the log instead of --key.
              fsck DIR --key KEY [--last-signed FILE]
                  Derives a log's directory again from its entries and names every file that is wrong.
              prove DIR --index N [--out FILE] [--leaf-out FILE]
                  Makes a proof for one leaf from a log's directory.

            KEY is a verifier key, name+id+base64, or a file that holds one.
            Status: 0 it holds, 1 it does not, 2 wrong usage, 3 could not run.
            """;

    private final PrintStream out;
    private final PrintStream err;

    /** Commands that print to these streams. */
    public Auditor(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs one command line; returns the exit status. */
    public int run(String... words) {
        if (words.length == 0 || Arrays.asList(words).contains("--help")) {
            (words.length == 0 ? err : out).print(HELP);
            return words.length == 0 ? USAGE : HOLDS;
        }
        try {
            return switch (words[0]) {
                case "verify" -> verify(Arguments.read(words, Set.of("--leaf", "--key", "--policy")));
                case "fsck" -> fsck(Arguments.read(words, Set.of("--key", "--last-signed")));
                case "prove" -> prove(Arguments.read(words, Set.of("--index", "--out", "--leaf-out")));
                default -> throw new UsageException("unknown command '" + words[0] + "'");
            };
        } catch (UsageException e) {
            err.println(e.getMessage() + "; see --help");
            return USAGE;
        } catch (InvalidPathException e) {
            err.println("no path: " + e.getMessage());
            return USAGE;
        } catch (RefusedException e) {
            err.println(e.getMessage());
            return REFUSED;
        } catch (IOException e) {
            err.println("could not run: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return COULD_NOT_RUN;
        }
    }

    private int verify(Arguments arguments) throws UsageException, RefusedException, IOException {
        String file = arguments.operand();
        byte[] leaf = read(arguments.required("--leaf"), Leaf.LIMIT_BYTES + 1);
        OfflineVerifier verifier = new OfflineVerifier(trust(arguments));
        ProofFile proof = RefusedException.unwrap(file, ProofFile.parse(read(file, ProofFile.LIMIT_BYTES)));
        Verification verification = verifier.verify(proof, leaf);
        if (verification instanceof Verification.Refused && leaf.length > 0 && leaf[leaf.length - 1] == '\n') {
            // A leaf on a line of its own: the newline belongs to the file, not to the leaf.
            verification = verifier.verify(proof, Arrays.copyOf(leaf, leaf.length - 1));
        }
        switch (verification) {
            case Verification.Refused(Refusal refusal) -> throw new RefusedException(file, refusal);
            case Verification.Verified(var checkpoint, long index, var leafHash, var cosigned) -> {
                out.println("verified: leaf " + index + " of " + checkpoint.origin() + ", in its tree of "
                        + checkpoint.size());
                out.println("  leaf hash " + leafHash.hex());
                out.println("  root hash " + checkpoint.root().base64());
                for (Verification.Cosigned witness : cosigned) {
                    out.println("  cosigned by " + witness.name()
                            + (witness.unixSeconds() == 0
                                    ? ""
                                    : " at " + Instant.ofEpochSecond(witness.unixSeconds())));
                }
                return HOLDS;
            }
        }
    }

    private Trust trust(Arguments arguments) throws UsageException, RefusedException, IOException {
        Optional<String> key = arguments.option("--key");
        Optional<String> policyFile = arguments.option("--policy");
        if (policyFile.isEmpty()) {
            return Trust.log(key(arguments.required("--key")));
        }
        String file = policyFile.get();
        Policy policy = RefusedException.unwrap(file, PolicyText.parse(read(file, PolicyText.LIMIT_BYTES)));
        if (key.isPresent()) {
            return Trust.logAndWitnesses(key(key.get()), policy);
        }
        if (policy.logs().isEmpty()) {
            throw new UsageException("--key is missing, and the policy names no log");
        }
        return Trust.policy(policy);
    }

    private int fsck(Arguments arguments) throws UsageException, RefusedException, IOException {
        Path directory = Path.of(arguments.operand());
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is no directory");
        }
        String vkey = keyText(arguments.required("--key"));
        Optional<String> last = arguments.option("--last-signed");
        Optional<Fsck> fsck =
                last.isPresent() ? Fsck.of(directory, vkey, Path.of(last.get())) : Fsck.of(directory, vkey);
        if (fsck.isEmpty()) {
            throw new RefusedException("--key", new Refusal("RF-LDG-025", "not the verifier key of a log"));
        }
        FsckReport report = fsck.get().run();
        for (Fault fault : report.faults()) {
            err.println(fault);
        }
        String strays = report.strays() == 0 ? "" : ", " + report.strays() + " files beside them";
        if (!report.isSound()) {
            String count = report.faults().size() == Fsck.FAULT_LIMIT ? "at least " : "";
            err.println("not sound: " + count + report.faults().size() + " faults in " + directory + strays);
            return REFUSED;
        }
        out.println("sound: " + report.size() + " leaves of " + report.origin() + ", root " + report.root());
        out.println("  " + report.files() + " files, " + report.readBytes() + " bytes" + strays);
        return HOLDS;
    }

    private int prove(Arguments arguments) throws UsageException, RefusedException, IOException {
        long index = Checkpoint.decimal(arguments.required("--index"))
                .orElseThrow(() -> new UsageException("--index is a number from 0"));
        Path directory = Path.of(arguments.operand());
        String checkpointFile = directory.resolve("checkpoint").toString();
        SignedCheckpoint signed = RefusedException.unwrap(
                checkpointFile, SignedCheckpoint.parse(read(checkpointFile, SignedNote.LIMIT_BYTES)));
        Checkpoint checkpoint = signed.checkpoint();
        if (index >= checkpoint.size()) {
            throw new RefusedException(
                    arguments.operand(),
                    new Refusal("RF-LDG-001", "leaf " + index + " is not in a tree of " + checkpoint.size()));
        }
        StoredTiles tiles = new StoredTiles(new DirectoryStorage(directory));
        InclusionProof proof = InclusionProof.build(new TiledTree(tiles, checkpoint.size()), index, checkpoint.size());
        byte[] leaf = leaf(tiles, directory, index, checkpoint.size());
        // The key is not asked for here, but a proof that cannot hold is not handed out.
        if (proof.verify(new TreeHasher().leaf(leaf), checkpoint.root()) instanceof Check.Fails(Refusal refusal)) {
            throw new RefusedException(
                    arguments.operand(),
                    new Refusal(
                            "RF-LDG-060",
                            "its files do not make the tree of its checkpoint (" + refusal + "); run fsck"));
        }
        byte[] bytes = ProofFile.of(proof, signed).bytes();
        Optional<String> leafFile = arguments.option("--leaf-out");
        if (leafFile.isPresent()) {
            write(leafFile.get(), leaf);
        }
        Optional<String> proofFile = arguments.option("--out");
        if (proofFile.isPresent()) {
            write(proofFile.get(), bytes);
        } else {
            out.write(bytes, 0, bytes.length);
            out.flush();
        }
        return HOLDS;
    }

    private static byte[] leaf(StoredTiles tiles, Path directory, long index, long size)
            throws RefusedException, IOException {
        var path = new TreeTiles(size).bundleOf(index);
        Parsed<EntryBundle> bundle = EntryBundle.parse(tiles.read(path), path.width());
        return RefusedException.unwrap(directory.resolve(path.path()).toString(), bundle)
                .entry((int) (index % path.full().width()));
    }

    private static VerifierKey key(String keyOrFile) throws RefusedException, IOException {
        return RefusedException.unwrap("--key", VerifierKey.parse(keyText(keyOrFile)));
    }

    /** A vkey as it stands, anything else as the name of a file that holds one. */
    private static String keyText(String keyOrFile) throws IOException {
        return VerifierKey.parse(keyOrFile) instanceof Parsed.Value
                ? keyOrFile
                : new String(read(keyOrFile, KEY_LIMIT_BYTES), StandardCharsets.UTF_8);
    }

    private static void write(String file, byte[] bytes) throws IOException {
        try {
            Files.write(Path.of(file), bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("cannot write a new file " + file + ": " + e, e);
        }
    }

    /** A file, up to one byte more than the limit, which the parser then refuses. */
    private static byte[] read(String file, int limitBytes) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return in.readNBytes(limitBytes + 1);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e, e);
        }
    }
}
