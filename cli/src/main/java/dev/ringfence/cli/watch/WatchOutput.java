package dev.ringfence.cli.watch;

import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Terminal.Style;
import dev.ringfence.core.audit.Verdict;
import dev.ringfence.core.watch.Thing;
import dev.ringfence.core.watch.WatchEvent;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Events as lines for a person, or one JSON object a line. Each line is flushed. */
final class WatchOutput implements Consumer<WatchEvent> {
    private static final int SHOWN_CONTROLS = 3;

    private final Terminal terminal;
    private final boolean json;

    WatchOutput(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
    }

    @Override
    public void accept(WatchEvent event) {
        PrintStream out = terminal.out();
        out.println(json ? object(event) : line(event));
        out.flush();
    }

    private String line(WatchEvent event) {
        return time(event.at()) + " "
                + switch (event) {
                    case WatchEvent.Drift d ->
                        terminal.style(Style.BAD, "drift") + " " + some(d.controls()) + " " + place(d.thing()) + ": "
                                + d.before() + " -> " + d.after() + ", by: " + d.who();
                    case WatchEvent.Restored r ->
                        terminal.style(Style.GOOD, "restored") + " " + some(r.controls()) + " " + place(r.thing())
                                + ": as accepted, by: " + r.who();
                    case WatchEvent.VerdictChanged v ->
                        terminal.style(style(v.after()), "verdict") + " " + v.control() + ": " + word(v.before())
                                + " -> " + word(v.after()) + ": " + v.evidence();
                    case WatchEvent.Enforced e ->
                        terminal.style(e.held() ? Style.GOOD : Style.BAD, e.held() ? "enforced" : "not enforced") + " "
                                + e.control() + ": " + e.message();
                    case WatchEvent.EnforceStopped s ->
                        terminal.style(Style.BAD, "alert") + " " + s.control() + ": put back " + s.timesAnHour()
                                + " times within an hour and changed again; left alone from now on. Find what changes"
                                + " it, then restart the watch";
                    case WatchEvent.Trouble t -> terminal.style(Style.UNSURE, "trouble") + " " + t.message();
                };
    }

    private static Style style(Verdict verdict) {
        return verdict == Verdict.PASS ? Style.GOOD : verdict == Verdict.FAIL ? Style.BAD : Style.UNSURE;
    }

    private static String some(List<String> controls) {
        String shown = String.join(",", controls.subList(0, Math.min(SHOWN_CONTROLS, controls.size())));
        return controls.size() > SHOWN_CONTROLS
                ? shown + " and " + (controls.size() - SHOWN_CONTROLS) + " more"
                : shown;
    }

    private static String place(Thing thing) {
        return thing.kind() == Thing.Kind.PROCESSES ? "QEMU processes" : thing.path();
    }

    private static String word(Verdict verdict) {
        return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String object(WatchEvent event) {
        StringBuilder out = new StringBuilder("{");
        member(out, "at", event.at().truncatedTo(ChronoUnit.MILLIS).toString());
        switch (event) {
            case WatchEvent.Drift d -> {
                member(out, "event", "drift");
                controls(out, d.controls());
                thing(out, d.thing());
                member(out, "before", d.before());
                member(out, "after", d.after());
                member(out, "who", d.who());
            }
            case WatchEvent.Restored r -> {
                member(out, "event", "restored");
                controls(out, r.controls());
                thing(out, r.thing());
                member(out, "after", r.state());
                member(out, "who", r.who());
            }
            case WatchEvent.VerdictChanged v -> {
                member(out, "event", "verdict");
                controls(out, List.of(v.control()));
                member(out, "before", word(v.before()));
                member(out, "after", word(v.after()));
                member(out, "evidence", v.evidence());
            }
            case WatchEvent.Enforced e -> {
                member(out, "event", e.held() ? "enforced" : "not-enforced");
                controls(out, List.of(e.control()));
                member(out, "message", e.message());
            }
            case WatchEvent.EnforceStopped s -> {
                member(out, "event", "enforce-stopped");
                controls(out, List.of(s.control()));
                member(out, "message", "put back " + s.timesAnHour() + " times within an hour; left alone from now on");
            }
            case WatchEvent.Trouble t -> {
                member(out, "event", "trouble");
                member(out, "message", t.message());
            }
        }
        return out.append('}').toString();
    }

    private static void controls(StringBuilder out, List<String> controls) {
        out.append(",\"controls\":[");
        for (int i = 0; i < controls.size(); i++) {
            out.append(i == 0 ? "" : ",");
            text(out, controls.get(i));
        }
        out.append(']');
    }

    private static void thing(StringBuilder out, Thing thing) {
        member(out, "kind", thing.kind().name().toLowerCase(Locale.ROOT));
        member(out, "path", thing.path());
    }

    private static void member(StringBuilder out, String name, String value) {
        out.append(out.length() == 1 ? "" : ",").append('"').append(name).append("\":");
        text(out, value);
    }

    /** RFC 8259, section 7. */
    private static void text(StringBuilder out, String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
