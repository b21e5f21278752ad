package dev.ringfence.core.fix;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.core.host.Services;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What planning asks again and again: observed facts and files of one host. */
final class HostView {
    private static final List<String> UNIT_DIRECTORIES =
            List.of("/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system", "/run/systemd/system");
    private static final List<String> PROGRAM_DIRECTORIES =
            List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin");

    private final HostFacts facts;
    private final CurrentState state;

    HostView(HostFacts facts, CurrentState state) {
        this.facts = facts;
        this.state = state;
    }

    HostFacts facts() {
        return facts;
    }

    CurrentState state() {
        return state;
    }

    /** Whether something is there; false also where that could not be seen. */
    boolean isThere(String path) {
        return state.exists(path).orElse(false);
    }

    /** Where a program is. */
    Optional<String> program(String name) {
        return name.startsWith("/")
                ? Optional.of(name).filter(this::isThere)
                : PROGRAM_DIRECTORIES.stream()
                        .map(directory -> directory + "/" + name)
                        .filter(this::isThere)
                        .findFirst();
    }

    /** Whether systemd knows the unit. */
    boolean hasUnit(String unit) {
        return UNIT_DIRECTORIES.stream()
                .anyMatch(directory -> state.list(directory).orElse(List.of()).contains(unit));
    }

    /** Whether the administrator's own unit file is in the way of a mask. */
    boolean hasOwnUnitFile(String unit) {
        return state.attributes("/etc/systemd/system/" + unit)
                        instanceof Fact.Observed<CurrentState.PathOnHost>(var there, var source)
                && there.kind().equals("file");
    }

    Action.ChangeUnit.UnitState unitState(String unit) {
        Services services = facts.services();
        if (services.masked().orElse(List.of()).contains(unit)) {
            return Action.ChangeUnit.UnitState.MASKED;
        }
        return services.enabled().orElse(List.of()).contains(unit)
                ? Action.ChangeUnit.UnitState.ENABLED
                : Action.ChangeUnit.UnitState.DISABLED;
    }

    boolean runs(String process) {
        return facts.services().processes().orElse(List.of()).stream()
                .anyMatch(p -> p.name().equals(process));
    }

    Optional<String> installedVersion(String packageName) {
        return Optional.ofNullable(facts.packages().orElse(Map.of()).get(packageName));
    }

    /** Whether the processor is known to be of another maker than {@code GenuineIntel}, {@code AuthenticAMD}. */
    boolean isOtherVendor(String vendor) {
        return facts.cpu().vendor() instanceof Fact.Observed<String>(String here, var source) && !here.equals(vendor);
    }

    /** Guests that run; not observed where that cannot be told. */
    Fact<List<Guest>> running() {
        if (!(facts.guests() instanceof Fact.Observed<List<Guest>>(List<Guest> guests, var source))) {
            return facts.guests();
        }
        for (Guest guest : guests) {
            if (guest.running() instanceof Fact.NotObserved<Boolean>(var where, String why)) {
                return Fact.notObserved(where.where(), where.how(), why);
            }
        }
        return Fact.of(guests.stream().filter(g -> g.running().orElse(false)).toList(), source.where(), source.how());
    }

    static String uuid(Guest guest) {
        return guest.definition() instanceof Fact.Observed<dev.ringfence.formats.domain.Domain>(var domain, var source)
                ? domain.uuid()
                : guest.stored() instanceof Fact.Observed<dev.ringfence.formats.domain.Domain>(var stored, var where)
                        ? stored.uuid()
                        : "";
    }

    Optional<Guest> guest(String name) {
        return facts.guests().orElse(List.of()).stream()
                .filter(g -> g.name().equals(name))
                .findFirst();
    }
}
