package dev.ringfence.ledger.proof;

import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;
import dev.ringfence.ledger.note.Checkpoint;
import dev.ringfence.ledger.note.SignatureType;
import dev.ringfence.ledger.note.VerifierKey;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a trust policy (C2SP tlog-policy). Names are bytes, compared as such. Refusals: RF-LDG-056 too long, or too many
 * lines of one kind; RF-LDG-057 a line, with its number, that the format does not allow; RF-LDG-058 not exactly one quorum.
 */
public final class PolicyText {
    /** Longest file in bytes. */
    public static final int LIMIT_BYTES = 1 << 20;

    /** Most logs, most witnesses and most groups. */
    public static final int COUNT_LIMIT = 256;

    private final List<Policy.Log> logs = new ArrayList<>();
    private final List<Policy.Witness> witnesses = new ArrayList<>();
    private final List<Policy.Group> groups = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> grouped = new HashSet<>();
    private Optional<String> quorum = Optional.empty();

    private PolicyText() {}

    /** Reads a policy file. Never throws. */
    public static Parsed<Policy> parse(byte[] bytes) {
        if (bytes.length > LIMIT_BYTES) {
            return Parsed.refused("RF-LDG-056", "a policy longer than " + LIMIT_BYTES + " bytes");
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        // A cut file could name a shorter quorum; the newline that the format asks for at the end shows the cut.
        if (!text.endsWith("\n")) {
            return Parsed.refused("RF-LDG-057", "the last line of a policy has no newline");
        }
        PolicyText policy = new PolicyText();
        String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            Optional<String> problem = policy.line(lines[i]);
            if (problem.isPresent()) {
                return Parsed.refused("RF-LDG-057", "line " + (i + 1) + " of a policy: " + problem.get());
            }
            if (policy.logs.size() > COUNT_LIMIT
                    || policy.witnesses.size() > COUNT_LIMIT
                    || policy.groups.size() > COUNT_LIMIT) {
                return Parsed.refused(
                        "RF-LDG-056", "a policy of more than " + COUNT_LIMIT + " logs, witnesses or groups");
            }
        }
        return policy.quorum.isPresent()
                ? Parsed.of(new Policy(policy.logs, policy.witnesses, policy.groups, policy.quorum.get()))
                : Parsed.refused("RF-LDG-058", "a policy without a quorum line");
    }

    /** Takes one line; what is wrong with it, or empty. */
    private Optional<String> line(String line) {
        if (line.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f)) {
            return Optional.of("a control character");
        }
        List<String> words = words(line);
        if (words.isEmpty() || words.getFirst().startsWith("#")) {
            return Optional.empty();
        }
        List<String> rest = words.subList(1, words.size());
        return switch (words.getFirst()) {
            case "log" -> log(rest);
            case "witness" -> witness(rest);
            case "group" -> group(rest);
            case "quorum" -> quorum(rest);
            default -> Optional.of("it starts with none of log, witness, group, quorum");
        };
    }

    private Optional<String> log(List<String> words) {
        if (words.isEmpty() || words.size() > 2) {
            return Optional.of("not: log <vkey> [<url>]");
        }
        return switch (key(words.getFirst())) {
            case Parsed.Refused<VerifierKey>(Refusal refusal) -> Optional.of(refusal.toString());
            case Parsed.Value<VerifierKey>(VerifierKey key) -> {
                if (key.type() == SignatureType.ED25519_COSIGNATURE) {
                    yield Optional.of("a witness's kind of key in a log line");
                }
                if (logs.stream().anyMatch(log -> log.key().hasSamePublicKey(key))) {
                    yield Optional.of("a log that stands there already");
                }
                logs.add(new Policy.Log(key, url(words, 1)));
                yield Optional.empty();
            }
        };
    }

    private Optional<String> witness(List<String> words) {
        if (words.size() < 2 || words.size() > 3) {
            return Optional.of("not: witness <name> <vkey> [<url>]");
        }
        return switch (key(words.get(1))) {
            case Parsed.Refused<VerifierKey>(Refusal refusal) -> Optional.of(refusal.toString());
            case Parsed.Value<VerifierKey>(VerifierKey key) -> {
                if (key.type() == SignatureType.ED25519) {
                    yield Optional.of("a log's kind of key in a witness line");
                }
                if (witnesses.stream().anyMatch(witness -> witness.key().hasSamePublicKey(key))) {
                    yield Optional.of("a witness that stands there already");
                }
                if (!define(words.getFirst())) {
                    yield taken();
                }
                witnesses.add(new Policy.Witness(words.getFirst(), key, url(words, 2)));
                yield Optional.empty();
            }
        };
    }

    private Optional<String> group(List<String> words) {
        if (words.size() < 3) {
            return Optional.of("not: group <name> all|any|<k> <name>...");
        }
        List<String> members = words.subList(2, words.size());
        Optional<Long> threshold = switch (words.get(1)) {
            case "all" -> Optional.of((long) members.size());
            case "any" -> Optional.of(1L);
            default -> Checkpoint.decimal(words.get(1));
        };
        if (threshold.isEmpty() || threshold.get() < 1 || threshold.get() > members.size()) {
            return Optional.of("its threshold is not all, any, or a number from 1 to its members");
        }
        for (String member : members) {
            if (!names.contains(member)) {
                return Optional.of("a member that no line before defines");
            }
            if (!grouped.add(member)) {
                return Optional.of("a member that is in a group already");
            }
        }
        if (!define(words.getFirst())) {
            return taken();
        }
        groups.add(new Policy.Group(words.getFirst(), threshold.get().intValue(), members));
        return Optional.empty();
    }

    private Optional<String> quorum(List<String> words) {
        if (words.size() != 1) {
            return Optional.of("not: quorum <name>");
        }
        if (quorum.isPresent()) {
            return Optional.of("a second quorum");
        }
        String name = words.getFirst();
        if (!name.equals(Policy.NONE) && !names.contains(name)) {
            return Optional.of("a quorum that no line before defines");
        }
        quorum = Optional.of(name);
        return Optional.empty();
    }

    private boolean define(String name) {
        return !name.equals(Policy.NONE) && names.add(name);
    }

    private static Optional<String> taken() {
        return Optional.of("a name that is taken");
    }

    private static Parsed<VerifierKey> key(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return VerifierKey.parse(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException _) {
            return Parsed.refused("RF-LDG-025", "not a verifier key: it is not UTF-8");
        }
    }

    private static String url(List<String> words, int position) {
        return position < words.size()
                ? new String(words.get(position).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
                : "";
    }

    /** Only space and tab separate words; no other character that Unicode calls a space does. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.split("[ \t]+")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }
}
