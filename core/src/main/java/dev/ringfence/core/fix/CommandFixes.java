package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Commands of a fix. What changes owners and modes becomes exact changes of exact paths; what is known to have an opposite
 * can be undone; what asks questions or needs a shell is left to a person.
 */
final class CommandFixes {
    private static final Pattern SHELL = Pattern.compile("[|&;<>()$`\\\\\"'{}\\[\\]~#!\\r\\n]");
    private static final Pattern WILDCARD = Pattern.compile("[*?]");
    private static final int MATCH_LIMIT = 200;

    /** Programs that ask, change what only a person can put back, or leave nothing behind after a restart. */
    private static final Map<String, String> LEFT_TO_PEOPLE = Map.of(
            "mokutil", "it asks for a password, and again when the host starts",
            "apt-get", "it asks what to do with changed files",
            "mount", "it holds until the next start only: put the options into /etc/fstab as well",
            "dnf", "it replaces files that are not known before");

    private final HostView host;
    private final Drafts drafts;
    private final PermissionFixes permissions;

    CommandFixes(HostView host, Drafts drafts, PermissionFixes permissions) {
        this.host = host;
        this.drafts = drafts;
        this.permissions = permissions;
    }

    Outcome command(Fix.Change change, Cause cause) {
        String line = change.target().strip();
        if (line.isEmpty() || SHELL.matcher(line).find()) {
            return new Outcome.ByHand("'" + line + "' needs a shell");
        }
        List<String> words = new ArrayList<>();
        for (String word : line.split("\\s+")) {
            if (!WILDCARD.matcher(word).find()) {
                words.add(word);
                continue;
            }
            List<String> paths = matching(word);
            if (paths.isEmpty()) {
                return new Outcome.Already("nothing is called " + word);
            }
            if (paths.size() > MATCH_LIMIT) {
                return new Outcome.ByHand(word + " stands for more paths than a plan can show");
            }
            words.addAll(paths);
        }
        Optional<Outcome> exact = switch (words.getFirst()) {
            case "chown" -> permissions.chown(words, cause);
            case "chmod" -> permissions.chmod(words, cause);
            default -> Optional.empty();
        };
        return exact.orElseGet(() -> run(words, cause));
    }

    private Outcome run(List<String> words, Cause cause) {
        String program = words.getFirst();
        Argv argv = new Argv(words);
        String left = LEFT_TO_PEOPLE.get(program);
        if (left != null) {
            return new Outcome.ByHand("'" + argv + "' is not run: " + left);
        }
        Optional<String> gone = words.stream()
                .skip(1)
                .filter(w -> w.startsWith("/"))
                .filter(w -> !host.isThere(w))
                .findFirst();
        if (gone.isPresent()) {
            return new Outcome.Already(gone.get() + " is not there");
        }
        if (host.program(program).isEmpty()) {
            return new Outcome.ByHand("'" + argv + "' cannot be run: " + program + " is not installed");
        }
        Optional<Argv> undo = opposite(words);
        return drafts.single(new Drafts.SingleDraft(
                "Run " + program,
                new Action.RunCommand(argv, undo),
                List.of(cause),
                List.of(new Step.Precondition.ProgramThere(program)),
                List.of(),
                undo.map(u -> new Step.Undo(Step.Undo.Kind.AUTOMATIC, u.toString()))
                        .orElse(new Step.Undo(Step.Undo.Kind.NONE, "nothing is known that takes it back"))));
    }

    private Optional<Argv> opposite(List<String> words) {
        List<String> other = new ArrayList<>(words);
        return switch (words.getFirst()) {
            case "aa-enforce" -> {
                other.set(0, "aa-complain");
                yield Optional.of(new Argv(other));
            }
            case "semanage" -> {
                int at = words.indexOf("-d");
                if (words.size() < 4 || !words.get(1).equals("permissive") || at < 0) {
                    yield Optional.empty();
                }
                other.set(at, "-a");
                yield Optional.of(new Argv(other));
            }
            case "update-crypto-policies" ->
                host.state().file("/etc/crypto-policies/config")
                                        instanceof Fact.Observed<CurrentState.FileOnHost>(var file, var source)
                                && words.size() == 3
                        ? Optional.of(Argv.of(
                                "update-crypto-policies",
                                "--set",
                                file.content()
                                        .text()
                                        .strip()
                                        .lines()
                                        .findFirst()
                                        .orElse("DEFAULT")))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    /** The paths that a pattern stands for; wildcards in its last part alone. */
    private List<String> matching(String pattern) {
        int slash = pattern.lastIndexOf('/');
        if (slash < 1 || WILDCARD.matcher(pattern.substring(0, slash)).find()) {
            return List.of();
        }
        Pattern name = glob(pattern.substring(slash + 1));
        String directory = pattern.substring(0, slash);
        return host.state().list(directory).orElse(List.of()).stream()
                .filter(n -> !n.startsWith(".")
                        && n.length() < 256
                        && name.matcher(n).matches())
                .map(n -> directory + "/" + n)
                .toList();
    }

    private static Pattern glob(String glob) {
        StringBuilder out = new StringBuilder();
        for (char c : glob.replaceAll("[*]+", "*").toCharArray()) {
            out.append(
                    switch (c) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(c));
                    });
        }
        return Pattern.compile(out.toString());
    }
}
