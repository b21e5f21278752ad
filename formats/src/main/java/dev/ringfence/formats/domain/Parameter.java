package dev.ringfence.formats.domain;

/** A name with a value, where the names are open ended. */
public record Parameter(String name, String value) {}
