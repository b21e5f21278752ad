package dev.ringfence.core.host;

import java.util.List;
import java.util.Map;

/** SELinux and AppArmor. Absent where the kernel does not run the module. */
public record MandatoryAccess(Fact<Selinux> selinux, Fact<String> selinuxConfigured, Fact<AppArmor> appArmor) {
    /**
     * A running SELinux.
     *
     * @param enforcing now
     * @param policy such as {@code targeted}
     * @param booleans current value by name
     * @param permissiveTypes domains made permissive by a local module
     */
    public record Selinux(
            boolean enforcing, String policy, Map<String, Boolean> booleans, Fact<List<String>> permissiveTypes) {
        public Selinux {
            booleans = Map.copyOf(booleans);
        }
    }

    /**
     * A running AppArmor.
     *
     * @param profiles loaded profiles
     * @param looseRules rules in libvirt's own profiles and local additions that give a guest more than it needs
     */
    public record AppArmor(Fact<List<Profile>> profiles, Fact<List<LooseRule>> looseRules) {}

    /** A loaded profile and its mode: {@code enforce}, {@code complain}, {@code kill}, {@code unconfined}. */
    public record Profile(String name, String mode) {}

    /** A rule that is wider than a guest needs. */
    public record LooseRule(String file, long line, String rule) {}
}
