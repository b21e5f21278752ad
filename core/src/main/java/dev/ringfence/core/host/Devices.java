package dev.ringfence.core.host;

import java.util.List;

/**
 * Devices that can be given to guests, and what keeps them apart.
 *
 * @param iommuUnits entries of /sys/class/iommu
 * @param iommuGroups one for each directory of /sys/kernel/iommu_groups
 * @param pci every PCI function
 * @param virtualFunctions of SR-IOV cards; empty where there are none
 */
public record Devices(
        Fact<List<String>> iommuUnits,
        Fact<List<IommuGroup>> iommuGroups,
        Fact<List<PciFunction>> pci,
        Fact<List<VirtualFunction>> virtualFunctions) {
    /** An IOMMU group, the type of its domain ({@code DMA}, {@code identity}…; empty before Linux 5.11), its members. */
    public record IommuGroup(long id, String type, List<String> members) {
        public IommuGroup {
            members = List.copyOf(members);
        }
    }

    /**
     * A PCI function.
     *
     * @param address {@code 0000:3b:00.1}
     * @param vendor four hexadecimal digits, lower case; so for {@code device}
     * @param pciClass six hexadecimal digits, {@code 020000} for Ethernet
     * @param driver bound driver, empty when none
     * @param iommuGroup -1 when in none
     * @param resetMethods such as {@code flr}, {@code bus}; {@code unnamed} from a kernel that does not name them; empty
     *     when the device cannot be reset
     * @param virtualFunctions how many are enabled
     * @param physicalFunction address of the card that a virtual function belongs to; absent for one that is not virtual
     */
    public record PciFunction(
            String address,
            String vendor,
            String device,
            String pciClass,
            String driver,
            long iommuGroup,
            List<String> resetMethods,
            long virtualFunctions,
            Fact<String> physicalFunction) {
        public PciFunction {
            resetMethods = List.copyOf(resetMethods);
        }
    }

    /** A virtual function as {@code ip link} shows it under its physical interface. */
    public record VirtualFunction(String physicalInterface, long index, long vlan, boolean spoofCheck, boolean trust) {}
}
