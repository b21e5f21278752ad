package dev.ringfence.formats.domain;

import java.util.List;

/**
 * Elements of QEMU's own namespace, which reach QEMU without libvirt's checks.
 *
 * @param commandline {@code <qemu:commandline>} is there
 * @param args its arguments, in order
 * @param envs its environment variables
 * @param override {@code <qemu:override>} is there
 * @param capabilities {@code <qemu:capabilities>} is there
 * @param capabilitiesAdd capabilities that it adds
 * @param capabilitiesDel capabilities that it removes
 */
public record Qemu(
        boolean commandline,
        List<String> args,
        List<Parameter> envs,
        boolean override,
        List<PropertyOverride> overrides,
        boolean capabilities,
        List<String> capabilitiesAdd,
        List<String> capabilitiesDel,
        String deprecationBehavior) {
    public Qemu {
        args = List.copyOf(args);
        envs = List.copyOf(envs);
        overrides = List.copyOf(overrides);
        capabilitiesAdd = List.copyOf(capabilitiesAdd);
        capabilitiesDel = List.copyOf(capabilitiesDel);
    }

    /**
     * A property set on a device behind libvirt's back.
     *
     * @param alias the device
     * @param type {@code string}, {@code signed}, {@code unsigned}, {@code bool}, {@code remove}
     */
    public record PropertyOverride(String alias, String name, String type, String value) {}
}
