package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.Domain;
import dev.ringfence.formats.domain.DomainText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes of stored definitions of guests. Only what a guest does not notice is changed: consoles, error policies, limits,
 * labels. A change of its hardware needs a person who knows the guest; Nova's guests are defined by Nova.
 */
final class DomainFixes {
    private static final String STORED = "/etc/libvirt/qemu/";
    private static final String CONSOLE = "/domain/devices/graphics/listen[";

    /** Starts of paths that may be changed without asking the guest. */
    private static final List<String> UNNOTICED = List.of(
            "/domain/devices/graphics",
            "/domain/devices/disk/driver/@error_policy",
            "/domain/devices/disk/driver/@rerror_policy",
            "/domain/devices/disk/@sgio",
            "/domain/devices/disk/@rawio",
            "/domain/devices/interface/@trustGuestRxFilters",
            "/domain/devices/rng/rate/",
            "/domain/devices/watchdog[@action='dump']/@action",
            "/domain/memoryBacking/nosharepages",
            "/domain/seclabel",
            "/domain/on_crash");

    private final HostView host;
    private final Map<String, DomainDraft> drafts = new TreeMap<>();

    DomainFixes(HostView host) {
        this.host = host;
    }

    /** One guest's definition while its changes are collected. */
    static final class DomainDraft {
        private final Domain domain;
        private final String path;
        private final FileContent before;
        private byte[] now;
        private final Set<Cause> causes = new LinkedHashSet<>();

        DomainDraft(Domain domain, String path, FileContent before) {
            this.domain = domain;
            this.path = path;
            this.before = before;
            this.now = before.bytes();
        }

        List<Cause> causes() {
            return List.copyOf(causes);
        }

        boolean isChanged() {
            return !causes.isEmpty();
        }

        Action.EditDomain action() {
            FileContent after = FileContent.of(now);
            return new Action.EditDomain(
                    domain.name(),
                    domain.uuid(),
                    path,
                    before.sha256(),
                    after.text(),
                    FileDiff.of(path, before, after));
        }
    }

    List<DomainDraft> drafts() {
        return drafts.values().stream().filter(DomainDraft::isChanged).toList();
    }

    Outcome change(Fix.Change change, Cause cause) {
        if (UNNOTICED.stream().noneMatch(change.target()::startsWith)) {
            return new Outcome.ByHand("it changes what the guest has, so a person who knows the guest decides");
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (String subject : cause.subjects()) {
            Optional<Guest> guest = host.guest(subject);
            outcomes.add(
                    guest.isPresent()
                            ? change(guest.get(), change, cause)
                            : new Outcome.ByHand("no guest is called " + subject));
        }
        return outcomes.isEmpty() ? new Outcome.ByHand("no guest is named") : Outcome.together(outcomes);
    }

    private Outcome change(Guest guest, Fix.Change change, Cause cause) {
        if (!drafts.containsKey(guest.name())) {
            switch (open(guest)) {
                case Opened.Closed(String why) -> {
                    return new Outcome.ByHand(why);
                }
                case Opened.Draft(DomainDraft opened) -> drafts.put(guest.name(), opened);
            }
        }
        DomainDraft target = Objects.requireNonNull(drafts.get(guest.name()));
        Decoded<byte[]> edited = ConfigurationFixes.then(
                DomainText.parse(target.now), text -> ConfigurationFixes.map(edited(text, change), DomainText::bytes));
        return switch (edited) {
            case Decoded.Refused<byte[]>(var refusal) ->
                new Outcome.ByHand(guest.name() + " cannot be edited safely: " + refusal.reason());
            case Decoded.Value<byte[]>(byte[] bytes) -> {
                if (Arrays.equals(bytes, target.now)) {
                    yield new Outcome.Already("the stored definition of " + guest.name() + " has it");
                }
                target.now = bytes;
                target.causes.add(cause);
                yield Outcome.planned();
            }
        };
    }

    private static Decoded<DomainText> edited(DomainText text, Fix.Change change) {
        if (change.value().isEmpty()) {
            return text.remove(change.target());
        }
        if (!change.target().startsWith(CONSOLE)) {
            return text.set(change.target(), change.value());
        }
        // libvirt wants the old attribute to say what the element says, and writes it anew itself.
        return ConfigurationFixes.then(
                text.remove("/domain/devices/graphics/@listen"),
                bare -> ConfigurationFixes.then(
                        bare.read(change.target()),
                        now -> now.stream().allMatch(change.value()::equals)
                                ? now.isEmpty() ? new Decoded.Value<>(bare) : new Decoded.Value<>(text)
                                : bare.set(change.target(), change.value())));
    }

    private sealed interface Opened {
        record Draft(DomainDraft draft) implements Opened {}

        record Closed(String why) implements Opened {}
    }

    private Opened open(Guest guest) {
        if (!(guest.stored() instanceof Fact.Observed<Domain>(Domain domain, var source))) {
            return new Opened.Closed(guest.name() + " has no stored definition that could be read");
        }
        if (domain.metadata().nova().present()) {
            return new Opened.Closed(
                    guest.name() + " is Nova's, which defines it anew: change its flavor, image or nova.conf");
        }
        String path = STORED + guest.name() + ".xml";
        if (!(host.state().file(path) instanceof Fact.Observed<CurrentState.FileOnHost>(var file, var where))) {
            return new Opened.Closed(path + " cannot be read");
        }
        byte[] bytes = file.content().bytes();
        boolean utf8 = Arrays.equals(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
        return utf8
                ? new Opened.Draft(new DomainDraft(domain, path, file.content()))
                : new Opened.Closed(path + " is not UTF-8");
    }
}
