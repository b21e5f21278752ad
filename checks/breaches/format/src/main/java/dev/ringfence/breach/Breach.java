package dev.ringfence.breach;
/** Badly laid out. */
final class Breach { private Breach() {}
  static int one() { return 1; } }
