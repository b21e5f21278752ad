package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.linux.HostFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parameters of the kernel modules that virtualisation and module loading depend on, /sys/module. */
final class ModuleParameters {
    private static final String ROOT = "/sys/module";

    private static final List<String> MODULES = List.of(
            "apparmor",
            "kvm",
            "kvm_amd",
            "kvm_intel",
            "module",
            "vfio",
            "vfio_iommu_type1",
            "vfio_pci",
            "vhost",
            "vhost_net");

    /** What controls ask for: these say so when they are absent, or when the directory could not be read. */
    private static final List<String> ASKED = List.of(
            "apparmor.enabled",
            "kvm.allow_unsafe_mappings",
            "kvm.enable_pmu",
            "kvm.enable_vmware_backdoor",
            "kvm.ignore_msrs",
            "kvm.nx_huge_pages",
            "kvm.report_ignored_msrs",
            "kvm_amd.nested",
            "kvm_amd.sev",
            "kvm_amd.sev_snp",
            "kvm_intel.ept",
            "kvm_intel.nested",
            "kvm_intel.tdx",
            "kvm_intel.vmentry_l1d_flush",
            "module.sig_enforce",
            "vfio.enable_unsafe_noiommu_mode",
            "vfio_iommu_type1.allow_unsafe_interrupts");

    private ModuleParameters() {}

    /** Every parameter by {@code module.parameter}. */
    static Fact<Map<String, Fact<String>>> observe(HostFiles files) {
        return Readings.then(files.exists(ROOT), there -> {
            if (!there) {
                return Fact.notObserved(ROOT, "stat", "the kernel's modules are not there");
            }
            Map<String, Fact<String>> values = new HashMap<>();
            MODULES.forEach(module -> parameters(files, module, values));
            return Fact.of(Map.copyOf(values), ROOT, "read");
        });
    }

    private static void parameters(HostFiles files, String module, Map<String, Fact<String>> values) {
        String directory = ROOT + "/" + module + "/parameters";
        Fact<List<String>> names = files.list(directory);
        for (String name : names.orElse(List.of())) {
            values.put(module + "." + name, files.line(directory + "/" + name));
        }
        for (String asked : ASKED) {
            if (asked.startsWith(module + ".") && !values.containsKey(asked)) {
                String path = directory + "/" + asked.substring(module.length() + 1);
                values.put(asked, Readings.then(names, present -> Fact.absent(path, "read")));
            }
        }
    }
}
