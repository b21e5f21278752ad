package dev.ringfence.formats.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A JSON value. Immutable, thread-safe. The questions below answer for values of another kind too, with nothing. */
public sealed interface Json {
    /** An object; members in the order of the text, names unique. */
    record Members(Map<String, Json> members) implements Json {
        public Members {
            // Not Map.copyOf: its probing is quadratic for names that were chosen to collide.
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        @Override
        public Optional<Json> member(String name) {
            return Optional.ofNullable(members.get(name));
        }
    }

    /** An array. */
    record Elements(List<Json> elements) implements Json {
        public Elements {
            elements = List.copyOf(elements);
        }
    }

    /** A string, escapes resolved. */
    record Characters(String value) implements Json {
        @Override
        public Optional<String> text() {
            return Optional.of(value);
        }
    }

    /** A number as it was written: JSON gives numbers no range. */
    record Numeral(String literal) implements Json {
        @Override
        public OptionalLong whole() {
            try {
                return OptionalLong.of(Long.parseLong(literal));
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }
    }

    /** {@code true} or {@code false}. */
    record Flag(boolean value) implements Json {
        @Override
        public boolean isTrue() {
            return value;
        }
    }

    /** {@code null}. */
    record Nothing() implements Json {}

    /** The member of that name, if this is an object that has it. */
    default Optional<Json> member(String name) {
        return Optional.empty();
    }

    /** The elements of an array; empty for any other value. */
    default List<Json> elements() {
        return List.of();
    }

    /** The characters, if this is a string. */
    default Optional<String> text() {
        return Optional.empty();
    }

    /** The value, if this is a number without fraction and exponent that fits 64 bits. */
    default OptionalLong whole() {
        return OptionalLong.empty();
    }

    /** Whether this is {@code true}. */
    default boolean isTrue() {
        return false;
    }

    /** The characters of a member; empty when it is not there or no string. */
    default String textOf(String name) {
        return member(name).flatMap(Json::text).orElse("");
    }
}
