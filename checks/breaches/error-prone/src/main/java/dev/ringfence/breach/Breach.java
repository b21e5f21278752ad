package dev.ringfence.breach;

/** Makes an exception and forgets to throw it. */
final class Breach {
    private Breach() {}

    static void check(int size) {
        if (size < 0) {
            new IllegalArgumentException("negative");
        }
    }
}
