package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Libvirt;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.DomainStatus;
import dev.ringfence.formats.domain.DomainXml;
import dev.ringfence.formats.domain.SecLabel;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Which security drivers libvirt's QEMU driver uses. Running guests carry a label of each, which settles it; where none
 * runs, libvirt's own choice is made again: the drivers that qemu.conf names, else SELinux where it runs, else AppArmor
 * where libvirtd's profile is loaded; and always file ownership.
 *
 * <p>Source: libvirt, src/security/security_driver.c, security_apparmor.c, src/qemu/qemu_driver.c.
 */
final class SecurityModels {
    private static final String OWNERSHIP = "dac";
    private static final int GUESTS_ASKED = 8;
    private static final int XML_LIMIT_BYTES = 4 << 20;
    private static final String PROFILES = "/sys/kernel/security/apparmor/profiles";
    private static final String TEMPLATE = "/etc/apparmor.d/libvirt/TEMPLATE.qemu";
    private static final List<String> PROFILE_NAMES =
            List.of("libvirtd", "virtqemud", "/usr/sbin/libvirtd", "/usr/sbin/virtqemud");

    private SecurityModels() {}

    /**
     * The models, sorted; {@code none} is no model. Absent where qemu is.
     *
     * @param qemu qemu.conf
     */
    static Fact<List<String>> of(HostFiles files, Fact<Libvirt.Settings> qemu) {
        Fact<List<String>> live = live(files);
        return live instanceof Fact.Observed ? live : Readings.then(qemu, settings -> derived(files, settings));
    }

    private static Fact<List<String>> live(HostFiles files) {
        List<String> names = files.list(GuestsProbe.LIVE).orElse(List.of()).stream()
                .filter(name -> name.endsWith(".xml"))
                .limit(GUESTS_ASKED)
                .toList();
        TreeSet<String> models = new TreeSet<>();
        for (String name : names) {
            String path = GuestsProbe.LIVE + "/" + name;
            byte[] xml = files.bytes(path, XML_LIMIT_BYTES).orElse(new byte[0]);
            if (DomainXml.decodeStatus(xml) instanceof Decoded.Value<DomainStatus>(DomainStatus status)) {
                status.domain().seclabels().stream().map(SecLabel::model).forEach(models::add);
            }
        }
        models.remove("none");
        models.remove("");
        return models.isEmpty()
                ? Fact.absent(GuestsProbe.LIVE, "parsed")
                : Fact.of(List.copyOf(models), GuestsProbe.LIVE, "parsed");
    }

    private static Fact<List<String>> derived(HostFiles files, Libvirt.Settings qemu) {
        List<String> wanted = new ArrayList<>(qemu.lists().getOrDefault("security_driver", List.of()));
        String single = qemu.values().getOrDefault("security_driver", "");
        if (!single.isEmpty()) {
            wanted.add(single);
        }
        TreeSet<String> models = new TreeSet<>(List.of(OWNERSHIP));
        boolean named = !wanted.isEmpty();
        if (!named || wanted.contains("selinux") || wanted.contains("apparmor")) {
            if (files.list("/sys").orElse(List.of()).isEmpty()) {
                return Fact.notObserved(
                        "/sys", "list", "the kernel is not visible: the host is not running, or not here");
            }
        }
        if (!named || wanted.contains("selinux")) {
            switch (files.line("/sys/fs/selinux/enforce")) {
                case Fact.Observed<String> enforce -> models.add("selinux");
                case Fact.Absent<String> none -> {
                    // Not mounted: SELinux does not run.
                }
                case Fact.NotObserved<String>(var source, String reason) -> {
                    return Fact.notObserved(source.where(), source.how(), reason);
                }
            }
        }
        if (wanted.contains("apparmor") || !named && !models.contains("selinux")) {
            switch (files.text(PROFILES)) {
                case Fact.Observed<String>(String profiles, var ignored) -> {
                    if (loaded(profiles) && files.exists(TEMPLATE).orElse(false)) {
                        models.add("apparmor");
                    }
                }
                case Fact.Absent<String> none -> {
                    // AppArmor does not run, or securityfs is not mounted, which is the same to libvirt.
                }
                case Fact.NotObserved<String>(var source, String reason) -> {
                    return Fact.notObserved(source.where(), source.how(), reason);
                }
            }
        }
        return Fact.of(List.copyOf(models), named ? qemu.file() : "/sys", "derived");
    }

    /** In any mode: a guest's own profile does not depend on libvirtd's. */
    private static boolean loaded(String profiles) {
        return profiles.lines().anyMatch(line -> PROFILE_NAMES.stream().anyMatch(name -> line.startsWith(name + " (")));
    }
}
