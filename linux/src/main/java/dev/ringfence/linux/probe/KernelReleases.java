package dev.ringfence.linux.probe;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Order of kernel releases such as {@code 6.1.0-18-cloud-amd64} and {@code 5.14.0-362.8.1.el9_3.x86_64}. */
final class KernelReleases {
    /** By the numbers at the front; flavour and distribution do not count, a release candidate comes before its release. */
    static final Comparator<String> OLDEST_FIRST = KernelReleases::compare;

    private static final Pattern NUMBERS = Pattern.compile("^\\d{1,9}+(?:[.+~-]\\d{1,9}+(?![A-Za-z]))*");
    private static final Pattern CANDIDATE = Pattern.compile("^[-~+.]?rc(\\d{1,4})");

    private KernelReleases() {}

    private static int compare(String a, String b) {
        String[] left = numbers(a).split("[.+~-]");
        String[] right = numbers(b).split("[.+~-]");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int order = Integer.compare(number(left, i), number(right, i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(candidate(a), candidate(b));
    }

    private static int number(String[] parts, int index) {
        return index < parts.length && !parts[index].isEmpty() ? Integer.parseInt(parts[index]) : 0;
    }

    private static String numbers(String release) {
        Matcher numbers = NUMBERS.matcher(release);
        return numbers.find() ? numbers.group() : "";
    }

    private static int candidate(String release) {
        Matcher candidate = CANDIDATE.matcher(release.substring(numbers(release).length()));
        return candidate.find() ? Integer.parseInt(candidate.group(1)) : Integer.MAX_VALUE;
    }
}
