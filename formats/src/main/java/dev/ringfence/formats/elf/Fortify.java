package dev.ringfence.formats.elf;

import java.util.List;

/**
 * How many of the calls that glibc could check at run time are checked: <i>fortified</i> of <i>fortifiable</i>. The ratio is
 * the fact. A compiler leaves out the checks that it can prove, so that even careful builds do not reach <i>m</i> of
 * <i>m</i>; a function called in both forms counts once in each.
 *
 * @param fortified functions called through their checking twin, sorted
 * @param unfortified fortifiable functions called directly, sorted
 * @param used whether any checking twin is called
 */
public record Fortify(List<String> fortified, List<String> unfortified, Property used) {
    public Fortify {
        fortified = List.copyOf(fortified);
        unfortified = List.copyOf(unfortified);
    }

    /** The <i>n</i> in <i>n of m</i>. */
    public int fortifiedCount() {
        return fortified.size();
    }

    /** The <i>m</i> in <i>n of m</i>. */
    public int fortifiableCount() {
        return fortified.size() + unfortified.size();
    }
}
