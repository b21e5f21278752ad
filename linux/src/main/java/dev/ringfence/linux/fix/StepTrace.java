package dev.ringfence.linux.fix;

import dev.ringfence.formats.json.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where a step stands, by the journal.
 *
 * @param touched whether something of it may be on the host, so that there is something to take back
 * @param kept what was kept before it began
 * @param left what it left behind, empty when that was not noted
 * @param doneAt when it was made
 * @param thisRun whether its last record is of the call that applies now, or of one that this call resumes
 */
record StepTrace(
        Stage stage,
        boolean touched,
        Json.Members kept,
        Json.Members left,
        Optional<Instant> doneAt,
        String reason,
        boolean thisRun) {
    static final StepTrace NONE =
            new StepTrace(Stage.UNTOUCHED, false, Hand.NOTHING, Hand.NOTHING, Optional.empty(), "", false);

    /** How far it came. */
    enum Stage {
        UNTOUCHED,
        BEGUN,
        DONE,
        VERIFIED,
        PENDING,
        FAILED,
        UNDOING,
        ROLLED_BACK
    }

    /** A call that was begun and did not end. */
    record Call(String command, FixOptions options, List<Guests.Running> guests) {}

    /** Every step that the journal names. */
    static Map<Integer, StepTrace> all(List<FixRecord> records) {
        Map<Integer, StepTrace> out = new HashMap<>();
        for (FixRecord record : records) {
            if (record.act() == FixRecord.Act.BEGIN && !record.what().equals(FixRun.RESUME)) {
                out.replaceAll((step, trace) -> trace.old());
            }
            if (record.step() > 0) {
                out.merge(record.step(), NONE.after(record), (trace, first) -> trace.after(record));
            }
        }
        return out;
    }

    private StepTrace old() {
        return new StepTrace(stage, touched, kept, left, doneAt, reason, false);
    }

    private StepTrace after(FixRecord record) {
        return switch (record.act()) {
            case INTENT -> new StepTrace(Stage.BEGUN, true, record.data(), Hand.NOTHING, Optional.empty(), "", true);
            case DONE -> new StepTrace(Stage.DONE, true, kept, record.data(), Optional.of(record.at()), "", true);
            case VERIFIED -> with(Stage.VERIFIED, touched, record.after());
            case PENDING -> with(Stage.PENDING, touched, record.after());
            case FAILED -> with(Stage.FAILED, touched, record.after());
            case UNDO -> with(Stage.UNDOING, touched, record.after());
            case ROLLED_BACK -> with(Stage.ROLLED_BACK, false, record.after());
            case PLAN, BEGIN, RESTART, RESTARTED, END -> this;
        };
    }

    private StepTrace with(Stage next, boolean stillTouched, String why) {
        return new StepTrace(next, stillTouched, kept, left, doneAt, why, true);
    }

    /** The call that was killed, if the last one was. */
    static Optional<Call> unfinished(List<FixRecord> records) {
        Optional<Call> call = Optional.empty();
        for (FixRecord record : records) {
            if (record.act() == FixRecord.Act.END) {
                call = Optional.empty();
            } else if (record.act() == FixRecord.Act.BEGIN && !record.what().equals(FixRun.RESUME)) {
                call = Optional.of(new Call(
                        record.what(),
                        FixOptions.of(record.data()),
                        record.data().member("guests").orElse(new Json.Nothing()).elements().stream()
                                .map(Guests.Running::of)
                                .toList()));
            }
        }
        return call;
    }

    /** Units that were restarted since a moment, by this program. */
    static TreeSet<String> restartedSince(List<FixRecord> records, Instant since) {
        TreeSet<String> units = new TreeSet<>();
        for (FixRecord record : records) {
            if (record.act() == FixRecord.Act.RESTARTED && !record.at().isBefore(since)) {
                record.data()
                        .member("units")
                        .orElse(new Json.Nothing())
                        .elements()
                        .forEach(unit -> unit.text().ifPresent(units::add));
            }
        }
        return units;
    }
}
