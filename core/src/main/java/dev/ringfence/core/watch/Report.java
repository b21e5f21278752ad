package dev.ringfence.core.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A change as it is told: once, even where several watched things show it.
 *
 * @param controls every control that read the thing, in order
 * @param before the accepted state
 * @param after the state now
 * @param restored whether that is the accepted state
 */
public record Report(Thing thing, List<String> controls, String before, String after, boolean restored) {
    private static final String SEPARATOR = "; ";

    public Report {
        controls = List.copyOf(controls);
    }

    /**
     * The changes of one look. A change of a file's mode is told with that of its content, and a directory's entry with the
     * entry itself where that is watched on its own. Definitions of guests are not told.
     */
    public static List<Report> of(List<DriftLog.Change> changes, WatchList list) {
        Map<Thing, DriftLog.Change> left = new LinkedHashMap<>();
        changes.stream().filter(c -> c.thing().kind() != Thing.Kind.DEFINITIONS).forEach(c -> left.put(c.thing(), c));
        Map<Thing, TreeSet<String>> controls = new LinkedHashMap<>();
        left.keySet().forEach(thing -> controls.put(thing, new TreeSet<>(list.controls(thing))));
        for (DriftLog.Change change : changes) {
            Thing thing = change.thing();
            Thing content = new Thing(Thing.Kind.CONTENT, thing.path());
            if (thing.kind() == Thing.Kind.STATUS && isTold(left, content, change)) {
                left.remove(thing);
                controls.getOrDefault(content, new TreeSet<>()).addAll(list.controls(thing));
            } else if (thing.kind() == Thing.Kind.CONTENT) {
                left.computeIfPresent(thing, (t, c) -> withoutEntriesTold(c, left, controls, list));
            }
        }
        List<Report> reports = new ArrayList<>();
        left.forEach((thing, c) -> reports.add(new Report(
                thing,
                List.copyOf(controls.getOrDefault(thing, new TreeSet<>())),
                c.before(),
                c.after(),
                c.restored())));
        return reports;
    }

    private static boolean isTold(Map<Thing, DriftLog.Change> left, Thing thing, DriftLog.Change change) {
        DriftLog.Change told = left.get(thing);
        return told != null && told.restored() == change.restored();
    }

    /** Null when nothing is left to tell. */
    private static DriftLog.@Nullable Change withoutEntriesTold(
            DriftLog.Change change,
            Map<Thing, DriftLog.Change> left,
            Map<Thing, TreeSet<String>> controls,
            WatchList list) {
        List<String> before = new ArrayList<>(Arrays.asList(change.before().split(SEPARATOR)));
        List<String> after = new ArrayList<>(Arrays.asList(change.after().split(SEPARATOR)));
        boolean any = false;
        for (Thing entry : list.things()) {
            String name = entry.path().substring(entry.path().lastIndexOf('/') + 1);
            boolean within = entry.path().equals(change.thing().path() + "/" + name);
            if (within && entry.kind() == Thing.Kind.CONTENT && isTold(left, entry, change)) {
                controls.computeIfAbsent(entry, e -> new TreeSet<>()).addAll(list.controls(change.thing()));
                before.removeIf(part -> part.startsWith(name + " "));
                after.removeIf(part -> part.startsWith(name + " "));
                any = true;
            }
        }
        before.remove(DriftLog.NOTHING);
        after.remove(DriftLog.NOTHING);
        if (!any) {
            return change;
        }
        // A directory that is as accepted again is told by its entries.
        return change.restored() || before.isEmpty() && after.isEmpty()
                ? null
                : new DriftLog.Change(change.thing(), joined(before), joined(after), false);
    }

    private static String joined(List<String> parts) {
        return parts.isEmpty() ? DriftLog.NOTHING : String.join(SEPARATOR, parts);
    }
}
