package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes of owners and modes. A mode that is tighter already stays. */
final class PermissionFixes {
    /** More than any configuration directory holds. */
    private static final int TREE_LIMIT = 2_000;

    private static final int DEPTH_LIMIT = 16;
    private static final Pattern OCTAL = Pattern.compile("[0-7]{3,4}");
    private static final Pattern OWNER = Pattern.compile("([A-Za-z0-9_.-]+):([A-Za-z0-9_.-]+)");
    private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)([-+=])([rwx]*)");

    private final HostView host;
    private final Drafts drafts;

    PermissionFixes(HostView host, Drafts drafts) {
        this.host = host;
        this.drafts = drafts;
    }

    Outcome mode(Fix.Change change, Cause cause) {
        if (!OCTAL.matcher(change.value()).matches()) {
            return new Outcome.ByHand("the control names no octal mode in '" + change.value() + "'");
        }
        int wanted = Integer.parseInt(change.value(), 8);
        return kept(change.target(), cause, drafts.attributes(change.target(), cause, now -> tightened(now, wanted)));
    }

    Outcome owner(Fix.Change change, Cause cause) {
        Matcher owner = OWNER.matcher(change.value());
        if (!owner.matches()) {
            return new Outcome.ByHand("the control names no owner and group in '" + change.value() + "'");
        }
        return kept(
                change.target(),
                cause,
                drafts.attributes(
                        change.target(), cause, now -> new FileAttributes(owner.group(1), owner.group(2), now.mode())));
    }

    private static FileAttributes tightened(FileAttributes now, int wanted) {
        return (now.modeBits() & ~wanted) == 0 ? now : withMode(now, wanted);
    }

    private static FileAttributes withMode(FileAttributes now, int mode) {
        return new FileAttributes(now.owner(), now.group(), String.format("%04o", mode & 07777));
    }

    /** The kernel makes device nodes anew at each start; a udev rule keeps what they are to be. */
    private Outcome kept(String path, Cause cause, Outcome outcome) {
        String device = path.startsWith("/dev/") ? path.substring("/dev/".length()) : "";
        if (device.isEmpty() || !(outcome instanceof Outcome.Planned) || device.contains("/")) {
            return outcome;
        }
        FileAttributes wanted = Optional.ofNullable(drafts.attributes().get(path))
                .orElseThrow(() -> new IllegalStateException("planned but not drafted"))
                .after();
        String start = "KERNEL==\"" + device + "\",";
        String line = start + " OWNER=\"" + wanted.owner() + "\", GROUP=\"" + wanted.group() + "\", MODE=\""
                + wanted.mode() + "\"";
        if (!(drafts.open(DropIns.UDEV, FileAttributes.NEW_FILE) instanceof Drafts.Opened.Draft(FileDraft draft))) {
            return new Outcome.ByHand(DropIns.UDEV + " cannot be read");
        }
        if (host.program("udevadm").isPresent()) {
            draft.regenerate(Argv.of("udevadm", "control", "--reload"));
        }
        // The key has the wish in it: owner and mode of one device are two changes of one line.
        return draft.edit(start + wanted, "yes", cause, bytes -> DropIns.line(bytes, start, line));
    }

    /** {@code chown [-R] owner:group path…}; empty when the command is not of this form. */
    Optional<Outcome> chown(List<String> words, Cause cause) {
        boolean deep = words.size() > 1 && words.get(1).equals("-R");
        List<String> rest = words.subList(deep ? 2 : 1, words.size());
        Matcher owner = rest.isEmpty() ? OWNER.matcher("") : OWNER.matcher(rest.getFirst());
        if (rest.size() < 2 || !owner.matches()) {
            return Optional.empty();
        }
        UnaryOperator<FileAttributes> wish = now -> new FileAttributes(owner.group(1), owner.group(2), now.mode());
        return Optional.of(all(rest.subList(1, rest.size()), deep, cause, wish));
    }

    /** {@code chmod [-R] mode path…} with an octal or symbolic mode; empty when the command is not of this form. */
    Optional<Outcome> chmod(List<String> words, Cause cause) {
        boolean deep = words.size() > 1 && words.get(1).equals("-R");
        List<String> rest = words.subList(deep ? 2 : 1, words.size());
        if (rest.size() < 2) {
            return Optional.empty();
        }
        String mode = rest.getFirst();
        if (OCTAL.matcher(mode).matches()) {
            int bits = Integer.parseInt(mode, 8);
            return Optional.of(all(rest.subList(1, rest.size()), deep, cause, now -> withMode(now, bits)));
        }
        List<Matcher> clauses = new ArrayList<>();
        for (String clause : mode.split(",", -1)) {
            Matcher matcher = CLAUSE.matcher(clause);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            clauses.add(matcher);
        }
        return Optional.of(all(rest.subList(1, rest.size()), deep, cause, now -> {
            int bits = now.modeBits();
            for (Matcher clause : clauses) {
                bits = symbolic(bits, clause);
            }
            return withMode(now, bits);
        }));
    }

    private static int symbolic(int before, Matcher clause) {
        int rights = 0;
        for (char c : clause.group(3).toCharArray()) {
            rights |= c == 'r' ? 4 : c == 'w' ? 2 : 1;
        }
        String who = clause.group(1).isEmpty() || clause.group(1).contains("a") ? "ugo" : clause.group(1);
        int mask = 0;
        int bits = 0;
        for (char c : who.toCharArray()) {
            int shift = c == 'u' ? 6 : c == 'g' ? 3 : 0;
            mask |= 7 << shift;
            bits |= rights << shift;
        }
        return switch (clause.group(2)) {
            case "+" -> before | bits;
            case "-" -> before & ~bits;
            default -> before & ~mask | bits;
        };
    }

    private Outcome all(List<String> paths, boolean deep, Cause cause, UnaryOperator<FileAttributes> wish) {
        List<String> found = new ArrayList<>();
        for (String path : paths) {
            if (!path.startsWith("/") || path.contains("/..")) {
                return new Outcome.ByHand(path + " is not an exact path");
            }
            found.add(path);
            if (deep && !collect(path, 1, found)) {
                return new Outcome.ByHand(path + " holds more than a plan can show");
            }
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (String path : found) {
            // A link has no rights of its own, and what it points to is another place.
            boolean link = host.state().attributes(path)
                            instanceof Fact.NotObserved<CurrentState.PathOnHost>(var source, String why)
                    && why.contains("link");
            if (!link) {
                outcomes.add(drafts.attributes(path, cause, wish));
            }
        }
        return outcomes.isEmpty() ? new Outcome.Already("nothing is there") : Outcome.together(outcomes);
    }

    private boolean collect(String directory, int depth, List<String> found) {
        if (depth > DEPTH_LIMIT || found.size() > TREE_LIMIT) {
            return false;
        }
        if (host.state().attributes(directory) instanceof Fact.Observed<CurrentState.PathOnHost>(var there, var at)
                && there.kind().equals("directory")) {
            for (String name : host.state().list(directory).orElse(List.of())) {
                String path = directory + "/" + name;
                found.add(path);
                if (!collect(path, depth + 1, found)) {
                    return false;
                }
            }
        }
        return found.size() <= TREE_LIMIT;
    }
}
