package dev.ringfence.formats.domain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code <features>}.
 *
 * @param smm {@code on}, {@code off} or {@code ""}; {@code on} for an element without a state
 * @param hypervMode {@code custom} or {@code passthrough}
 * @param states every child by name: the state that was written, or {@code on} when it is there without one
 * @param hyperv Hyper-V enlightenments and their state
 * @param kvm switches of {@code <kvm>}, such as {@code hidden}
 * @param msrsUnknown {@code ignore} or {@code fault}: what an unknown model-specific register does
 * @param capabilitiesPolicy {@code default}, {@code allow} or {@code deny}, for containers
 */
public record Features(
        boolean acpi,
        boolean pae,
        String apic,
        String smm,
        long smmTsegSizeBytes,
        String pmu,
        String vmport,
        String vmcoreinfo,
        String ioapicDriver,
        String gicVersion,
        String hypervMode,
        List<Parameter> hyperv,
        List<Parameter> kvm,
        List<Parameter> xen,
        String msrsUnknown,
        String capabilitiesPolicy,
        Map<String, String> states) {
    public Features {
        hyperv = List.copyOf(hyperv);
        kvm = List.copyOf(kvm);
        xen = List.copyOf(xen);
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }
}
