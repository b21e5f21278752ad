package dev.ringfence.formats.elf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The symbol names that say something about hardening.
 *
 * <p>The fortifiable functions are those for which glibc exports a checking twin, {@code __NAME_chk}. Those whose twin came
 * after glibc 2.36 count only when the twin is called: with an older library, the plain call is all there is.
 *
 * <p>Names are found from their end: linkers let one name be the tail of another, so that {@code read} may begin in the
 * middle of {@code pthread}. From each NUL in a string table a walk backwards through {@link #step} passes every known name
 * that ends there.
 */
final class KnownSymbols {
    /** What a name means. */
    enum Meaning {
        /** A stack protector's failure handler or guard value. */
        GUARD,
        /** The checking twin of a function. */
        FORTIFIED,
        /** A function that has a checking twin. */
        UNFORTIFIED,
        /** Clang's control-flow integrity. */
        CONTROL_FLOW
    }

    /**
     * One name.
     *
     * @param name as in the symbol table
     * @param function for the fortify meanings the plain name, such as {@code memcpy}; else the name itself
     */
    record Known(String name, Meaning meaning, String function) {}

    static final List<String> FORTIFIABLE = List.of(
            ("asprintf confstr dprintf explicit_bzero fdelt fgets fgets_unlocked fgetws fgetws_unlocked fprintf fread"
                            + " fread_unlocked fwprintf getcwd getdomainname getgroups gethostname getlogin_r gets getwd"
                            + " longjmp mbsnrtowcs mbsrtowcs mbstowcs memcpy memmove mempcpy memset"
                            + " obstack_printf obstack_vprintf poll ppoll pread pread64 printf ptsname_r read readlink"
                            + " readlinkat realpath recv recvfrom snprintf sprintf stpcpy stpncpy strcat strcpy strncat"
                            + " strncpy swprintf syslog ttyname_r vasprintf vdprintf vfprintf vfwprintf"
                            + " vprintf vsnprintf vsprintf vswprintf vsyslog vwprintf wcpcpy wcpncpy wcrtomb wcscat"
                            + " wcscpy wcsncat wcsncpy wcsnrtombs wcsrtombs wcstombs wctomb wmemcpy"
                            + " wmemmove wmempcpy wmemset wprintf")
                    .split(" "));

    static final List<String> FORTIFIABLE_LATER =
            List.of("inet_ntop", "inet_pton", "strlcat", "strlcpy", "wcslcat", "wcslcpy");

    /** The state before the last letter. */
    static final int START = 0;
    /** No known name has this tail. */
    static final int NOWHERE = -1;

    private static final int LETTERS = 128;

    /** For each state and letter, the state one letter further left. Built once: about 2,000 states. */
    private static final short[] STEPS;

    private static final @Nullable Known[] NAMES;
    /** The longest known name. */
    static final int LONGEST;

    static {
        List<Known> all = all();
        Map<Integer, Integer> steps = new HashMap<>();
        Map<Integer, Known> names = new HashMap<>();
        int states = 1;
        int longest = 0;
        for (Known known : all) {
            int state = START;
            for (int i = known.name().length() - 1; i >= 0; i--) {
                int key = state * LETTERS + known.name().charAt(i);
                Integer next = steps.putIfAbsent(key, states);
                state = next == null ? states++ : next;
            }
            names.put(state, known);
            longest = Math.max(longest, known.name().length());
        }
        STEPS = new short[states * LETTERS];
        Arrays.fill(STEPS, (short) NOWHERE);
        steps.forEach((key, state) -> STEPS[key] = state.shortValue());
        NAMES = new @Nullable Known[states];
        names.forEach((state, known) -> NAMES[state] = known);
        LONGEST = longest;
    }

    private KnownSymbols() {}

    /** The state one letter further left, or {@link #NOWHERE}. */
    static int step(int state, byte letter) {
        return letter < 0 ? NOWHERE : STEPS[state * LETTERS + letter];
    }

    /** The name that begins where this state was reached, or null. */
    static @Nullable Known at(int state) {
        return NAMES[state];
    }

    private static List<Known> all() {
        List<Known> all = new ArrayList<>();
        for (String guard :
                List.of("__stack_chk_fail", "__stack_chk_fail_local", "__stack_chk_guard", "__intel_security_cookie")) {
            all.add(new Known(guard, Meaning.GUARD, guard));
        }
        for (String check : List.of(
                "__cfi_check",
                "__cfi_slowpath",
                "__cfi_slowpath_diag",
                "__ubsan_handle_cfi_check_fail",
                "__ubsan_handle_cfi_check_fail_abort")) {
            all.add(new Known(check, Meaning.CONTROL_FLOW, check));
        }
        for (String function : FORTIFIABLE) {
            all.add(new Known("__" + function + "_chk", Meaning.FORTIFIED, function));
            all.add(new Known(function, Meaning.UNFORTIFIED, function));
            if (function.endsWith("printf") || function.endsWith("syslog")) {
                // ppc64le with IEEE 128-bit long double.
                all.add(new Known("__" + function + "_chkieee128", Meaning.FORTIFIED, function));
                all.add(new Known("__" + function + "ieee128", Meaning.UNFORTIFIED, function));
            }
        }
        all.add(new Known("_longjmp", Meaning.UNFORTIFIED, "longjmp"));
        for (String function : FORTIFIABLE_LATER) {
            all.add(new Known("__" + function + "_chk", Meaning.FORTIFIED, function));
        }
        return all;
    }
}
