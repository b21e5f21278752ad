package dev.ringfence.ledger.witness;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.log.Cosigning;
import dev.ringfence.ledger.note.NoteSignature;
import dev.ringfence.ledger.note.VerifierKey;
import dev.ringfence.ledger.proof.Policy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the witnesses of a policy over HTTP, all at once, until the quorum is reached or the time is over. A witness that
 * answers too late is not waited for; it is asked again with the next checkpoint. What a witness sends counts only if it is
 * a valid cosignature of a key of the policy. Thread-safe; one checkpoint after the other.
 *
 * <p>Refusals: RF-LDG-210 the quorum was not reached, with what each missing witness said (RF-LDG-211 to 215); RF-LDG-216
 * the policy names a quorum that cannot be asked for.
 */
public final class WitnessClient implements Cosigning, AutoCloseable {
    /** How long a checkpoint waits for its quorum unless said otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What to do without a quorum. */
    public enum Mode {
        /** Publish nothing. */
        STRICT,
        /** Publish with the cosignatures that came, and say so each time. */
        LENIENT
    }

    private final Policy policy;
    private final Mode mode;
    private final Duration patience;
    private final Consumer<Refusal> shortfall;
    private final List<AskedWitness> witnesses;
    private final HttpClient http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private WitnessClient(
            Policy policy,
            Mode mode,
            Duration patience,
            Consumer<Refusal> shortfall,
            Map<URI, List<Policy.Witness>> witnesses) {
        this.policy = policy;
        this.mode = mode;
        this.patience = patience;
        this.shortfall = shortfall;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(patience)
                .executor(threads)
                .build();
        this.witnesses = new ArrayList<>();
        witnesses.forEach((uri, keys) -> this.witnesses.add(new AskedWitness(http, uri, keys)));
    }

    /**
     * A client of the witnesses of a policy. Several lines with one URL are one witness with several keys.
     *
     * @param patience how long a checkpoint waits for its quorum
     * @param shortfall told in {@link Mode#LENIENT} whenever something is published without the quorum
     */
    public static Parsed<WitnessClient> of(Policy policy, Mode mode, Duration patience, Consumer<Refusal> shortfall) {
        Map<URI, List<Policy.Witness>> witnesses = new LinkedHashMap<>();
        Set<String> reachable = new HashSet<>();
        for (Policy.Witness witness : policy.witnesses()) {
            if (!witness.url().isEmpty()) {
                URI uri = submission(witness.url());
                if (uri == null) {
                    return Parsed.refused(
                            "RF-LDG-216", "witness " + witness.name() + " of the policy has no http or https URL");
                }
                witnesses.computeIfAbsent(uri, _ -> new ArrayList<>()).add(witness);
                reachable.add(witness.name());
            }
        }
        return policy.isQuorum(reachable)
                ? Parsed.of(new WitnessClient(policy, mode, patience, shortfall, witnesses))
                : Parsed.refused(
                        "RF-LDG-216",
                        "the witnesses with a URL are too few for the quorum of the policy, " + policy.quorumText());
    }

    private static @Nullable URI submission(String url) {
        try {
            URI uri = new URI((url.endsWith("/") ? url : url + "/") + "add-checkpoint");
            boolean usable = ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null;
            return usable ? uri : null;
        } catch (URISyntaxException _) {
            return null;
        }
    }

    @Override
    public Outcome cosign(Offer offer) {
        long end = System.nanoTime() + patience.toNanos();
        BlockingQueue<Parsed<List<AskedWitness.Cosignature>>> answers = new LinkedBlockingQueue<>();
        for (AskedWitness witness : witnesses) {
            threads.execute(() -> answers.add(witness.ask(offer, end)));
        }
        List<NoteSignature> cosignatures = new ArrayList<>();
        Set<String> cosigned = new HashSet<>();
        List<String> reasons = new ArrayList<>();
        int asked = witnesses.size();
        while (asked > 0 && !isEnough(cosigned)) {
            Parsed<List<AskedWitness.Cosignature>> answer = next(answers, end);
            if (answer == null) {
                reasons.add(asked + " did not answer in " + patience.toMillis() + " ms");
                break;
            }
            asked--;
            switch (answer) {
                case Parsed.Refused<List<AskedWitness.Cosignature>>(Refusal why) -> reasons.add(why.toString());
                case Parsed.Value<List<AskedWitness.Cosignature>>(var given) ->
                    given.forEach(cosignature -> {
                        cosigned.add(cosignature.witness());
                        cosignatures.add(cosignature.signature());
                    });
            }
        }
        return policy.isQuorum(cosigned) ? new Met(cosignatures) : withoutQuorum(cosigned, cosignatures, reasons);
    }

    private Outcome withoutQuorum(Set<String> cosigned, List<NoteSignature> cosignatures, List<String> reasons) {
        Refusal why = new Refusal(
                "RF-LDG-210",
                "cosigned by " + (cosigned.isEmpty() ? "no witness" : String.join(", ", cosigned))
                        + ", the policy asks for " + policy.quorumText() + ": " + String.join("; ", reasons));
        return switch (mode) {
            case STRICT -> new NotMet(why);
            case LENIENT -> {
                shortfall.accept(why);
                yield new Met(cosignatures);
            }
        };
    }

    /** Without a quorum to reach, every witness is waited for. */
    private boolean isEnough(Set<String> cosigned) {
        return !policy.quorum().equals(Policy.NONE) && policy.isQuorum(cosigned);
    }

    private static @Nullable Parsed<List<AskedWitness.Cosignature>> next(
            BlockingQueue<Parsed<List<AskedWitness.Cosignature>>> answers, long end) {
        try {
            return answers.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The keys of the witnesses that are asked. */
    public List<VerifierKey> keys() {
        return policy.witnesses().stream().map(Policy.Witness::key).toList();
    }

    /** Ends what is still under way. */
    @Override
    public void close() {
        threads.shutdownNow();
        http.shutdownNow();
    }
}
