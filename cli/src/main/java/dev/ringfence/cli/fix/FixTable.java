package dev.ringfence.cli.fix;

import dev.ringfence.cli.ExitStatus;
import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Wrap;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.Step;
import dev.ringfence.linux.fix.FixResult;
import dev.ringfence.wire.json.JsonDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Shows what came of a call. */
record FixTable(Terminal terminal, Format format) {
    private static final int INDENT = 20;

    /** How a result is printed. */
    enum Format {
        TABLE,
        JSON
    }

    /** The result of a call, and its exit status. */
    int write(String command, FixPlan plan, FixResult result, boolean torn) throws IOException {
        if (torn) {
            terminal.err()
                    .println("ringfence: the last line of the journal of plan " + plan.id()
                            + " was cut off when an earlier call was killed; it is left out");
        }
        if (format == Format.JSON) {
            JsonDocument.write(terminal.out(), JsonDocument.Layout.INDENTED, json -> {
                json.writeStartObject();
                json.writeStringProperty("command", command);
                json(json, plan, result);
                json.writeEndObject();
            });
        } else {
            table(command, plan, result);
        }
        return switch (result) {
            case FixResult.Ended ended -> StoreOptions.status(ended.well());
            case FixResult.Stopped stopped -> ExitStatus.COULD_NOT_RUN;
        };
    }

    static void json(JsonGenerator json, FixPlan plan, FixResult result) {
        json.writeStringProperty("plan", plan.id().value());
        json.writeStringProperty("host", plan.target().host());
        switch (result) {
            case FixResult.Ended(List<FixResult.StepResult> steps) -> {
                json.writeArrayPropertyStart("steps");
                for (FixResult.StepResult outcome : steps) {
                    Step step = plan.steps().get(outcome.step() - 1);
                    json.writeStartObject();
                    json.writeNumberProperty("step", step.number());
                    json.writeStringProperty("title", step.title());
                    json.writeArrayPropertyStart("controls");
                    step.controls().forEach(json::writeString);
                    json.writeEndArray();
                    json.writeStringProperty("outcome", word(outcome.outcome()).replace(' ', '-'));
                    json.writeStringProperty("reason", outcome.reason());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            case FixResult.Stopped stopped -> {
                json.writeStringProperty("stopped", stopped.refusal().code());
                json.writeStringProperty("reason", stopped.refusal().reason());
                json.writeArrayPropertyStart("views");
                stopped.views().forEach(json::writeString);
                json.writeEndArray();
            }
        }
    }

    private void table(String command, FixPlan plan, FixResult result) {
        switch (result) {
            case FixResult.Ended ended -> {
                terminal.out()
                        .println("Plan " + plan.id() + ", " + plan.target().host() + ", " + command);
                terminal.out().println();
                steps(plan, ended.steps());
                terminal.out().println();
                terminal.out().println(sum(ended.steps()));
            }
            case FixResult.Stopped stopped -> {
                terminal.err().println("ringfence: " + stopped.refusal());
                for (String view : stopped.views()) {
                    terminal.err().println();
                    terminal.err().println(printable(view.stripTrailing()));
                }
            }
        }
    }

    void steps(FixPlan plan, List<FixResult.StepResult> results) {
        if (results.isEmpty()) {
            terminal.out().println("  no step");
        }
        for (FixResult.StepResult result : results) {
            Step step = plan.steps().get(result.step() - 1);
            String word = String.format("%-13s", word(result.outcome()));
            terminal.out()
                    .println(String.format("%5d  ", step.number())
                            + terminal.style(style(result.outcome()), word)
                            + Wrap.hanging(
                                    step.title() + " (" + String.join(", ", step.controls()) + ")",
                                    INDENT,
                                    terminal.columns()));
            if (!result.reason().isEmpty()) {
                for (String line : printable(result.reason().stripTrailing()).split("\n")) {
                    terminal.out().println(" ".repeat(INDENT) + Wrap.hanging(line, INDENT, terminal.columns()));
                }
            }
        }
    }

    private static String sum(List<FixResult.StepResult> steps) {
        Map<FixResult.Outcome, Integer> counts = new EnumMap<>(FixResult.Outcome.class);
        steps.forEach(step -> counts.merge(step.outcome(), 1, Integer::sum));
        List<String> words = new ArrayList<>();
        counts.forEach((outcome, count) -> words.add(count + " " + word(outcome)));
        return words.isEmpty() ? "Nothing to do." : String.join(", ", words) + ".";
    }

    static String word(FixResult.Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static Terminal.Style style(FixResult.Outcome outcome) {
        return switch (outcome) {
            case VERIFIED -> Terminal.Style.GOOD;
            case PENDING, ROLLED_BACK -> Terminal.Style.UNSURE;
            case FAILED, INTERRUPTED -> Terminal.Style.BAD;
            case SKIPPED -> Terminal.Style.QUIET;
        };
    }

    /** Files of the host are quoted here; what would steer a terminal must not reach it. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}&&[^\n\t]]", "?");
    }
}
