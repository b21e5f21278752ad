package dev.ringfence.formats.domain;

/**
 * {@code <seclabel>} of a domain or of one of its sources.
 *
 * @param type {@code dynamic}, {@code static}, {@code none}
 * @param model {@code selinux}, {@code apparmor}, {@code dac}, {@code none}
 * @param relabel {@code yes} or {@code no}
 * @param labelskip {@code yes} when a source could not be labelled
 */
public record SecLabel(
        String type,
        String model,
        String relabel,
        String labelskip,
        String label,
        String imagelabel,
        String baselabel) {}
