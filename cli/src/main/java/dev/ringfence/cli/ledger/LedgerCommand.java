package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.cli.Terminal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A log that nobody can rewrite unnoticed, its proofs, and witnesses for the logs of others. */
@Command(
        name = "ledger",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        description = "Keep a log that nobody can rewrite unnoticed; prove and verify what stands in it.",
        footer = {
            "",
            "Examples:",
            "  ringfence ledger init /var/lib/ledger --origin hv.example/ledger",
            "  ringfence ledger append /var/lib/ledger events.jsonl",
            "  ringfence ledger prove /var/lib/ledger --index 17 --out 17.proof --leaf-out 17.leaf",
            "  ringfence ledger verify 17.proof --leaf 17.leaf --key ledger.key.pub"
        })
public final class LedgerCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private LedgerCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * The command. Only the subcommand that the arguments name is loaded, so that the others cost nothing at start-up; all
     * of them if it is none, for help and for suggestions.
     *
     * @param arguments of the whole command line
     */
    public static CommandLine line(Terminal terminal, String... arguments) {
        Map<String, Function<Terminal, Object>> subcommands = new LinkedHashMap<>();
        subcommands.put("init", InitLog::new);
        subcommands.put("append", AppendLeaves::new);
        subcommands.put("checkpoint", ShowCheckpoint::new);
        subcommands.put("prove", ProveLeaf::new);
        subcommands.put("prove-consistency", ProveConsistency::new);
        subcommands.put("verify", VerifyProof::new);
        subcommands.put("fsck", CheckLog::new);
        subcommands.put("query", QueryLog::new);
        subcommands.put("serve", ServeLog::new);
        subcommands.put("witness", RunWitness::new);
        subcommands.put("bench", BenchLog::new);
        CommandLine line = new CommandLine(new LedgerCommand(terminal));
        if (arguments.length == 0 || !arguments[0].equals("ledger")) {
            return line;
        }
        Function<Terminal, Object> named = arguments.length > 1 ? subcommands.get(arguments[1]) : null;
        if (named != null) {
            return line.addSubcommand(named.apply(terminal));
        }
        subcommands.values().forEach(subcommand -> line.addSubcommand(subcommand.apply(terminal)));
        return line;
    }

    @Override
    public Integer call() throws CommandFailure {
        terminal.err().println(spec.commandLine().getUsageMessage());
        throw CommandFailure.usage(
                "ledger: say which command, such as init, append, prove or verify; see" + " 'ringfence ledger --help'");
    }
}
