package dev.ringfence.core.fix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
    private static final Pattern HUNK = Pattern.compile("@@ -(\\d+)(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@");

    private static String diff(String before, String after) {
        return UnifiedDiff.of("a", "b", before, after, UnaryOperator.identity());
    }

    @Test
    void saysNothingOfEqualTexts() {
        assertThat(diff("x\ny\n", "x\ny\n")).isEmpty();
        assertThat(diff("", "")).isEmpty();
    }

    @Test
    void printsAsDiffDoes() {
        assertThat(diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n10\n"))
                .isEqualTo("""
                --- a
                +++ b
                @@ -2,8 +2,9 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                 8
                 9
                +10
                """);
    }

    @Test
    void changesFarApartMakeTwoHunks() {
        String before = "a\n" + "same\n".repeat(7) + "b\n";
        String after = "A\n" + "same\n".repeat(7) + "B\n";
        assertThat(diff(before, after)).contains("@@ -1,4 +1,4 @@\n").contains("@@ -6,4 +6,4 @@\n");
    }

    @Test
    void aMissingLastLineEndIsADifference() {
        assertThat(diff("x\n", "x")).isEqualTo("""
                --- a
                +++ b
                @@ -1 +1 @@
                -x
                +x
                \\ No newline at end of file
                """);
    }

    @Test
    void newAndEmptiedFilesHaveEmptyRanges() {
        assertThat(diff("", "x\n")).contains("@@ -0,0 +1 @@\n+x\n");
        assertThat(diff("x\n", "")).contains("@@ -1 +0,0 @@\n-x\n");
    }

    @Test
    void appliedToTheOldTextGivesTheNew() {
        for (long seed = 0; seed < 2_000; seed++) {
            RandomGenerator random = Fuzz.random(seed);
            String before = text(random, 30, 4);
            String after = random.nextInt(3) == 0 ? text(random, 30, 4) : changed(random, before);
            String diff = diff(before, after);
            assertThat(applied(before, diff)).as("seed %d:%n%s", seed, diff).isEqualTo(after);
        }
    }

    @Test
    void textsThatShareLittleAreReplacedInBoundedTime() {
        StringBuilder before = new StringBuilder();
        StringBuilder after = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            before.append("old ").append(i).append('\n');
            after.append("new ").append(i).append('\n');
        }
        String diff = diff(before.toString(), after.toString());
        assertThat(applied(before.toString(), diff)).isEqualTo(after.toString());
    }

    /** The fewest lines that any edit script needs, by the table of longest common subsequences. */
    @Test
    void isShortest() {
        for (long seed = 0; seed < 300; seed++) {
            RandomGenerator random = Fuzz.random(seed);
            String before = text(random, 12, 3);
            String after = text(random, 12, 3);
            long marked = diff(before, after)
                    .lines()
                    .skip(2)
                    .filter(l -> l.startsWith("+") || l.startsWith("-"))
                    .count();
            assertThat(marked).as("seed %d", seed).isEqualTo(distance(lines(before), lines(after)));
        }
    }

    private static int distance(List<String> a, List<String> b) {
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int j = b.size() - 1; j >= 0; j--) {
                common[i][j] = a.get(i).equals(b.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return a.size() + b.size() - 2 * common[0][0];
    }

    private static String text(RandomGenerator random, int lines, int words) {
        StringBuilder text = new StringBuilder();
        int count = random.nextInt(lines);
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(words))).append('\n');
        }
        return random.nextInt(4) == 0 && !text.isEmpty() ? text.substring(0, text.length() - 1) : text.toString();
    }

    private static String changed(RandomGenerator random, String text) {
        List<String> lines = new ArrayList<>(lines(text));
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(lines.size() + 1);
            if (random.nextBoolean() || at == lines.size()) {
                lines.add(Math.min(at, Math.max(0, lines.size() - 1)), "new " + random.nextInt(3) + "\n");
            } else {
                lines.remove(at);
            }
        }
        return String.join("", lines);
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            int next = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(from, next));
            from = next;
        }
        return lines;
    }

    /** A patch program that believes nothing: context and removed lines must be where the diff says. */
    private static String applied(String before, String diff) {
        List<String> old = lines(before);
        StringBuilder out = new StringBuilder();
        int at = 0;
        List<String> patch =
                diff.isEmpty() ? List.of() : lines(diff).subList(2, lines(diff).size());
        for (int i = 0; i < patch.size(); i++) {
            String line = patch.get(i);
            Matcher hunk = HUNK.matcher(line.strip());
            if (hunk.matches()) {
                int count = hunk.group(2) == null ? 1 : Integer.parseInt(hunk.group(2));
                int from = Integer.parseInt(hunk.group(1)) - (count == 0 ? 0 : 1);
                while (at < from) {
                    out.append(old.get(at++));
                }
                continue;
            }
            if (line.startsWith("\\")) {
                continue;
            }
            boolean unended = i + 1 < patch.size() && patch.get(i + 1).startsWith("\\");
            String text = unended ? line.substring(1, line.length() - 1) : line.substring(1);
            switch (line.charAt(0)) {
                case ' ' -> {
                    assertThat(old.get(at++)).isEqualTo(text);
                    out.append(text);
                }
                case '-' -> assertThat(old.get(at++)).isEqualTo(text);
                case '+' -> out.append(text);
                default -> throw new AssertionError("not a line of a diff: " + line);
            }
        }
        while (at < old.size()) {
            out.append(old.get(at++));
        }
        return out.toString();
    }
}
