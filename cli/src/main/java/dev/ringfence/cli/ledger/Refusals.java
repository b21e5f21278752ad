package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.ledger.Parsed;
import dev.ringfence.ledger.Refusal;

/** Refusals of the ledger as a person reads them: code, object, cause, next step. */
final class Refusals {
    private Refusals() {}

    /** The value, or the end of the command with status 1. */
    static <T> T unwrap(String object, Parsed<T> parsed) throws CommandFailure {
        return switch (parsed) {
            case Parsed.Value<T>(T value) -> value;
            case Parsed.Refused<T>(Refusal why) -> throw failure(object, why);
        };
    }

    /** The end of the command with status 1. */
    static CommandFailure failure(String object, Refusal why) {
        return CommandFailure.refused(text(object, why));
    }

    /** One line. */
    static String text(String object, Refusal why) {
        return why.code() + " refused " + object + ": " + why.reason() + ". " + nextStep(why.code());
    }

    private static String nextStep(String code) {
        return switch (code) {
            case "RF-LDG-001", "RF-LDG-002", "RF-LDG-003" ->
                "Check that leaf and proof belong together; if so, keep both: somebody may have rewritten the log.";
            case "RF-LDG-020", "RF-LDG-021", "RF-LDG-022", "RF-LDG-023", "RF-LDG-024", "RF-LDG-029" ->
                "Fetch the checkpoint again.";
            case "RF-LDG-025", "RF-LDG-026", "RF-LDG-027" -> "Give the .pub file that 'init' wrote beside the key.";
            case "RF-LDG-028", "RF-LDG-221" -> "Give the key file that 'init' made, with mode 600.";
            case "RF-LDG-052", "RF-LDG-053", "RF-LDG-054" ->
                "Ask the log's owner for its key over another channel; if it is the same, keep the file as evidence.";
            case "RF-LDG-055", "RF-LDG-104", "RF-LDG-105", "RF-LDG-210" ->
                "Bring the witnesses back, then try again; the policy file says who they are.";
            case "RF-LDG-056", "RF-LDG-057", "RF-LDG-058", "RF-LDG-216" -> "Correct the policy file.";
            case "RF-LDG-060",
                    "RF-LDG-070",
                    "RF-LDG-071",
                    "RF-LDG-072",
                    "RF-LDG-073",
                    "RF-LDG-074",
                    "RF-LDG-114",
                    "RF-LDG-115",
                    "RF-LDG-116",
                    "RF-LDG-223" -> "Run 'ringfence ledger fsck' to see which files are wrong, and restore those.";
            case "RF-LDG-110" -> "Make a log with 'ringfence ledger init'.";
            case "RF-LDG-111", "RF-LDG-112" -> "Stop the other process, or append through it.";
            case "RF-LDG-117", "RF-LDG-118" -> "Restore the file of the last signed checkpoint.";
            case "RF-LDG-119", "RF-LDG-120", "RF-LDG-121" ->
                "Write nothing. Restore the newer copy of the log; what was signed cannot be taken back.";
            case "RF-LDG-122", "RF-LDG-123" -> "Take an empty directory and a new key.";
            case "RF-LDG-206", "RF-LDG-207" -> "Restore the file, or begin a new witness in an empty directory.";
            case "RF-LDG-220" -> "Correct the settings file, or restore it.";
            case "RF-LDG-222" -> "'ringfence ledger checkpoint' says how many leaves there are.";
            default -> {
                boolean leaf = code.compareTo("RF-LDG-040") >= 0 && code.compareTo("RF-LDG-049") <= 0;
                yield leaf
                        ? "Correct the line; docs/LEDGER.md shows what a leaf looks like."
                        : "docs/REFUSALS.md lists the codes.";
            }
        };
    }
}
