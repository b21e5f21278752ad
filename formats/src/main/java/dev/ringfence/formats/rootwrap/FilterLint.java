package dev.ringfence.formats.rootwrap;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Says what a filter amounts to for the service that may use it. */
public final class FilterLint {
    private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9_.:/=-]*");

    private FilterLint() {}

    /** How far a filter reaches. */
    public enum Reach {
        /** Whoever may use the filter is root. */
        ROOT,
        /** The caller chooses arguments freely, of a program that is not known to give root for that. */
        WIDE,
        /** The filter says what may be run. */
        NARROW
    }

    /** The verdict and, in half a sentence, why. */
    public record Verdict(Reach reach, String reason) {}

    /** Judges one filter by itself. */
    public static Verdict judge(Filter filter) {
        if (!filter.user().equals("root") && !filter.user().equals("0")) {
            return new Verdict(Reach.NARROW, filter.user().isEmpty() ? "no user is named" : "does not run as root");
        }
        return switch (filter.filterClass()) {
            case "CommandFilter" -> freeArguments(filter);
            case "EnvFilter" -> environment(filter);
            case "RegExpFilter" -> patterns(filter);
            case "PathFilter" -> paths(filter);
            case "ReadFileFilter" -> readFile(filter);
            case "IpFilter" -> new Verdict(Reach.WIDE, "any change to the host's network");
            case "KillFilter" ->
                filter.args().size() > 1
                        ? new Verdict(Reach.NARROW, "named signals to one program")
                        : new Verdict(Reach.WIDE, "ends any process of one program");
            case "IpNetnsExecFilter", "ChainingRegExpFilter" ->
                new Verdict(Reach.NARROW, "the command behind it must pass another filter");
            default -> new Verdict(Reach.NARROW, "rootwrap skips a class that it does not know");
        };
    }

    private static Verdict freeArguments(Filter filter) {
        return RootCommands.reason(filter.command())
                .map(reason -> new Verdict(Reach.ROOT, "any arguments: " + reason))
                .orElse(new Verdict(Reach.WIDE, "any arguments"));
    }

    private static Verdict environment(Filter filter) {
        Optional<String> variable = filter.env().stream()
                .filter(RootCommands.CODE_VARIABLES::contains)
                .findFirst();
        return variable.map(
                        name -> new Verdict(Reach.ROOT, "any value of " + name + ", which names what is loaded or run"))
                .orElseGet(() -> freeArguments(filter));
    }

    private static Verdict patterns(Filter filter) {
        List<String> patterns = filter.args().isEmpty()
                ? List.of()
                : filter.args().subList(1, filter.args().size());
        if (patterns.stream().noneMatch(ArgumentPattern::isOpen)) {
            return new Verdict(Reach.NARROW, "every argument is bounded by its pattern");
        }
        return loose(filter, "a pattern takes anything");
    }

    private static Verdict paths(Filter filter) {
        if (filter.args().stream().noneMatch(a -> a.equals("pass") || a.equals("/"))) {
            return new Verdict(Reach.NARROW, "every argument is fixed or below a directory");
        }
        return loose(filter, "an argument takes anything");
    }

    private static Verdict loose(Filter filter, String how) {
        Optional<String> reason = RootCommands.reason(filter.command());
        if (reason.isEmpty()) {
            return new Verdict(Reach.WIDE, how);
        }
        return fixedContext(filter)
                ? new Verdict(Reach.WIDE, "starts a privsep daemon with a fixed context")
                : new Verdict(Reach.ROOT, how + ": " + reason.get());
    }

    /** A privsep daemon runs what its context holds; only a context of the caller's choice is any code. */
    private static boolean fixedContext(Filter filter) {
        int flag = filter.args().indexOf("--privsep_context");
        return filter.command().endsWith(RootCommands.PRIVSEP)
                && flag >= 0
                && flag + 1 < filter.args().size()
                && LITERAL.matcher(filter.args().get(flag + 1)).matches()
                && !filter.args().get(flag + 1).equals("pass");
    }

    private static Verdict readFile(Filter filter) {
        return filter.args().stream().anyMatch(RootCommands.SECRET_FILES::contains)
                ? new Verdict(Reach.ROOT, "reads a file that leads to root")
                : new Verdict(Reach.NARROW, "reads one file");
    }
}
