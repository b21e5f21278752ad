package dev.ringfence.ledger.leaf;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON that a leaf may hold: whole numbers only, since no two programs agree on others, and text without lone
 * surrogates. {@link #canonical} is the form of RFC 8785.
 */
public sealed interface Json {
    /** Largest whole number that every JSON reader keeps, 2^53 - 1; the smallest is its negative. */
    long NUMBER_LIMIT = (1L << 53) - 1;

    /** An object; the order of its members is that of their names by UTF-16 code units. */
    record Members(Map<String, Json> members) implements Json {
        public Members {
            members = Collections.unmodifiableMap(new TreeMap<>(members));
            members.keySet().forEach(Json::requireText);
        }
    }

    /** An array. */
    record Elements(List<Json> elements) implements Json {
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    /** A string. */
    record Characters(String text) implements Json {
        public Characters {
            requireText(text);
        }
    }

    /** A whole number from -(2^53 - 1) to 2^53 - 1. */
    record Whole(long number) implements Json {
        public Whole {
            if (number > NUMBER_LIMIT || number < -NUMBER_LIMIT) {
                throw new IllegalArgumentException("not every JSON reader keeps " + number);
            }
        }
    }

    /** True or false. */
    record Flag(boolean value) implements Json {}

    /** Null. */
    record Nothing() implements Json {}

    /** The one text of this value: no white space, members in order, as few escapes as can be (RFC 8785 section 3.2). */
    default String canonical() {
        StringBuilder out = new StringBuilder();
        CanonicalJson.append(out, this);
        return out.toString();
    }

    private static void requireText(String text) {
        if (!CanonicalJson.isText(text)) {
            throw new IllegalArgumentException("a lone surrogate is no text");
        }
    }
}
