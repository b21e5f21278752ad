package dev.ringfence.core.fix;

import dev.ringfence.formats.text.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The difference of two texts in the unified format of POSIX {@code diff -u} (POSIX.1-2024, diff, "Diff Unified Output
 * Format"), with three lines of context. Shortest where the texts differ in at most {@link #EFFORT} lines; correct
 * always. Source of the method: Myers, "An O(ND) Difference Algorithm and Its Variations", 1986.
 */
public final class UnifiedDiff {
    /** Differing lines up to which the shortest difference is looked for; beyond, the middle is replaced as a whole. */
    static final int EFFORT = 1000;

    private static final int CONTEXT = 3;
    private static final String NO_END = "\\ No newline at end of file";

    private final List<String> before;
    private final List<String> after;

    private UnifiedDiff(String before, String after) {
        this.before = lines(before);
        this.after = lines(after);
    }

    /**
     * The difference, empty when there is none.
     *
     * @param from header of the old text, such as {@code a/etc/libvirt/qemu.conf}
     * @param to header of the new text
     * @param shown what is printed of a line, given without its line end; the identity for an exact difference
     */
    public static String of(String from, String to, String before, String after, UnaryOperator<String> shown) {
        return before.equals(after) ? "" : new UnifiedDiff(before, after).print(from, to, shown);
    }

    /** Lines with their ends: a last line without one differs from one with it. */
    private static List<String> lines(String text) {
        return Line.split(text).stream()
                .map(line -> text.substring(line.start(), line.next()))
                .toList();
    }

    /** A stretch where the old lines from..to became the new lines newFrom..newTo. */
    private record Change(int from, int to, int newFrom, int newTo) {}

    private List<Change> changes() {
        int start = 0;
        int end = before.size();
        int newEnd = after.size();
        while (start < Math.min(end, newEnd) && before.get(start).equals(after.get(start))) {
            start++;
        }
        while (end > start && newEnd > start && before.get(end - 1).equals(after.get(newEnd - 1))) {
            end--;
            newEnd--;
        }
        boolean[] removed = new boolean[before.size()];
        boolean[] added = new boolean[after.size()];
        if (!shortest(start, end, newEnd, removed, added)) {
            Arrays.fill(removed, start, end, true);
            Arrays.fill(added, start, newEnd, true);
        }
        List<Change> changes = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < removed.length || j < added.length) {
            int from = i;
            int newFrom = j;
            while (i < removed.length && removed[i]) {
                i++;
            }
            while (j < added.length && added[j]) {
                j++;
            }
            if (i > from || j > newFrom) {
                changes.add(new Change(from, i, newFrom, j));
            } else {
                i++;
                j++;
            }
        }
        return changes;
    }

    /** Marks the lines of a shortest edit of before[start..end) into after[start..newEnd); false when too far apart. */
    private boolean shortest(int start, int end, int newEnd, boolean[] removed, boolean[] added) {
        int n = end - start;
        int m = newEnd - start;
        int limit = Math.min(EFFORT, n + m);
        int[] furthest = new int[2 * limit + 2];
        List<int[]> trace = new ArrayList<>();
        for (int d = 0; d <= limit; d++) {
            for (int k = -d; k <= d; k += 2) {
                boolean down = k == -d || k != d && furthest[limit + k - 1] < furthest[limit + k + 1];
                int x = down ? (d == 0 ? 0 : furthest[limit + k + 1]) : furthest[limit + k - 1] + 1;
                int y = x - k;
                while (x < n && y < m && y >= 0 && before.get(start + x).equals(after.get(start + y))) {
                    x++;
                    y++;
                }
                furthest[limit + k] = x;
                if (x >= n && y >= m) {
                    backtrack(trace, start, new int[] {n, m, d, limit}, removed, added);
                    return true;
                }
            }
            trace.add(Arrays.copyOfRange(furthest, limit - d, limit + d + 1));
        }
        return false;
    }

    /** Walks the traces from the end; {@code trace.get(d)[k + d]} is the furthest x on diagonal k after d edits. */
    private static void backtrack(List<int[]> trace, int start, int[] end, boolean[] removed, boolean[] added) {
        int x = end[0];
        int y = end[1];
        for (int d = end[2]; d > 0; d--) {
            int[] previous = trace.get(d - 1);
            int k = x - y;
            int below = k - 1 >= -(d - 1) ? previous[k - 1 + d - 1] : -1;
            int above = k + 1 <= d - 1 ? previous[k + 1 + d - 1] : -1;
            boolean down = k == -d || k != d && below < above;
            int fromK = down ? k + 1 : k - 1;
            int fromX = down ? above : below;
            if (down) {
                added[start + fromX - fromK] = true;
            } else {
                removed[start + fromX] = true;
            }
            x = fromX;
            y = fromX - fromK;
        }
    }

    private String print(String from, String to, UnaryOperator<String> shown) {
        List<Change> changes = changes();
        StringBuilder out = new StringBuilder("--- " + from + "\n+++ " + to + "\n");
        int first = 0;
        while (first < changes.size()) {
            int last = first;
            while (last + 1 < changes.size()
                    && changes.get(last + 1).from() - changes.get(last).to() <= 2 * CONTEXT) {
                last++;
            }
            hunk(out, changes.subList(first, last + 1), shown);
            first = last + 1;
        }
        return out.toString();
    }

    private void hunk(StringBuilder out, List<Change> changes, UnaryOperator<String> shown) {
        Change first = changes.getFirst();
        Change last = changes.getLast();
        int lead = Math.min(CONTEXT, first.from());
        int tail = Math.min(CONTEXT, before.size() - last.to());
        int from = first.from() - lead;
        int newFrom = first.newFrom() - lead;
        out.append("@@ -").append(range(from, last.to() + tail - from));
        out.append(" +").append(range(newFrom, last.newTo() + tail - newFrom)).append(" @@\n");
        int at = from;
        for (Change change : changes) {
            print(out, ' ', before.subList(at, change.from()), shown);
            print(out, '-', before.subList(change.from(), change.to()), shown);
            print(out, '+', after.subList(change.newFrom(), change.newTo()), shown);
            at = change.to();
        }
        print(out, ' ', before.subList(at, at + tail), shown);
    }

    private static String range(int from, int count) {
        // An empty range names the line before it.
        return (count == 0 ? from : from + 1) + (count == 1 ? "" : "," + count);
    }

    private static void print(StringBuilder out, char mark, List<String> lines, UnaryOperator<String> shown) {
        for (String line : lines) {
            boolean ended = line.endsWith("\n");
            out.append(mark)
                    .append(shown.apply(ended ? line.substring(0, line.length() - 1) : line))
                    .append('\n');
            if (!ended) {
                out.append(NO_END).append('\n');
            }
        }
    }
}
