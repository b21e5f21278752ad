package dev.ringfence.core.host;

import java.util.List;

/**
 * The host's processors.
 *
 * @param vendor {@code GenuineIntel}, {@code AuthenticAMD}…
 * @param microcode revision as in /proc/cpuinfo
 * @param flags of the first processor
 * @param smtControl {@code on}, {@code off}, {@code forceoff}, {@code notsupported}, {@code notimplemented}
 * @param vulnerabilities one for each file that the kernel shows, known to us or not
 */
public record Cpu(
        Fact<String> vendor,
        Fact<String> model,
        Fact<String> microcode,
        Fact<List<String>> flags,
        Fact<String> smtControl,
        Fact<List<Vulnerability>> vulnerabilities) {
    /**
     * One file of /sys/devices/system/cpu/vulnerabilities.
     *
     * @param text the whole line
     * @param states the parts between {@code ;} and {@code ,}, trimmed
     * @param affected false when the kernel says {@code Not affected}
     * @param vulnerableStates those states that say vulnerable, sub-states such as {@code BHI: Vulnerable} included
     */
    public record Vulnerability(
            String name, String text, List<String> states, boolean affected, List<String> vulnerableStates) {
        public Vulnerability {
            states = List.copyOf(states);
            vulnerableStates = List.copyOf(vulnerableStates);
        }
    }
}
