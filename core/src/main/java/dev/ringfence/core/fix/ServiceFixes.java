package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.MandatoryAccess;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.sshd.Directive;
import dev.ringfence.formats.sshd.SshdConfig;
import dev.ringfence.formats.sshd.SshdFile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Changes of units, packages, SELinux booleans and the SSH server. */
final class ServiceFixes {
    private static final String SSHD_MAIN = "/etc/ssh/sshd_config";
    private static final String SSHD_DIRECTORY = "/etc/ssh/sshd_config.d/";

    /** Packages that only processors of one maker take. */
    private static final Map<String, String> VENDOR_PACKAGES =
            Map.of("intel-microcode", "GenuineIntel", "amd64-microcode", "AuthenticAMD");

    private final HostView host;
    private final Drafts drafts;

    ServiceFixes(HostView host, Drafts drafts) {
        this.host = host;
        this.drafts = drafts;
    }

    Outcome unit(Fix.Change change, Cause cause) {
        String unit = change.target();
        Action.ChangeUnit.UnitState now = host.unitState(unit);
        Action.ChangeUnit.Verb verb;
        switch (change.value()) {
            case "mask" -> verb = Action.ChangeUnit.Verb.MASK;
            case "disable" -> verb = Action.ChangeUnit.Verb.DISABLE;
            case "enable" -> verb = Action.ChangeUnit.Verb.ENABLE;
            default -> {
                return new Outcome.ByHand("the control says nothing that can be done with " + unit);
            }
        }
        if (!(host.facts().services().enabled() instanceof Fact.Observed<List<String>>)) {
            return new Outcome.ByHand("which units start by themselves could not be seen");
        }
        boolean there = host.hasUnit(unit);
        switch (verb) {
            case MASK -> {
                if (now == Action.ChangeUnit.UnitState.MASKED || !there) {
                    return new Outcome.Already(there ? unit + " is masked" : "there is no " + unit);
                }
                if (host.hasOwnUnitFile(unit)) {
                    return new Outcome.ByHand("/etc/systemd/system/" + unit
                            + " is the administrator's own file, which a mask would replace: disable it");
                }
            }
            case DISABLE -> {
                if (now != Action.ChangeUnit.UnitState.ENABLED) {
                    return new Outcome.Already(unit + " does not start by itself");
                }
            }
            case ENABLE -> {
                if (now == Action.ChangeUnit.UnitState.ENABLED) {
                    return new Outcome.Already(unit + " starts by itself");
                }
                boolean comes = cause.finding().control().fix().changes().stream()
                        .anyMatch(c -> c.kind() == Fix.Kind.PACKAGE && c.value().equals("install"));
                if (!there && !comes) {
                    return new Outcome.ByHand("there is no " + unit + " to enable");
                }
            }
        }
        String word = change.value();
        return drafts.single(new Drafts.SingleDraft(
                word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + " " + unit,
                new Action.ChangeUnit(unit, now, verb),
                List.of(cause),
                List.of(new Step.Precondition.ProgramThere("systemctl")),
                List.of(),
                new Step.Undo(
                        Step.Undo.Kind.AUTOMATIC,
                        "the unit becomes " + now.name().toLowerCase(Locale.ROOT)
                                + " again, and runs again if it ran")));
    }

    Outcome selinux(Fix.Change change, Cause cause) {
        boolean wanted = change.value().equals("on");
        return switch (host.facts().mandatoryAccess().selinux()) {
            case Fact.Absent<MandatoryAccess.Selinux> absent -> new Outcome.Already("this host has no SELinux");
            case Fact.NotObserved<MandatoryAccess.Selinux>(var source, String why) ->
                new Outcome.ByHand("SELinux: " + why);
            case Fact.Observed<MandatoryAccess.Selinux>(MandatoryAccess.Selinux selinux, var source) -> {
                Boolean now = selinux.booleans().get(change.target());
                if (now == null || now == wanted) {
                    yield new Outcome.Already(
                            now == null ? "this policy has no " + change.target() : change.target() + " is set so");
                }
                yield drafts.single(new Drafts.SingleDraft(
                        "Switch SELinux boolean " + change.target() + " " + change.value(),
                        new Action.SetSelinuxBoolean(change.target(), now, wanted),
                        List.of(cause),
                        List.of(new Step.Precondition.ProgramThere("setsebool")),
                        List.of(),
                        new Step.Undo(
                                Step.Undo.Kind.AUTOMATIC,
                                "the boolean is switched " + (now ? "on" : "off") + " again")));
            }
        };
    }

    Outcome packages(Fix.Change change, Cause cause) {
        if (!(host.facts().packages() instanceof Fact.Observed<Map<String, String>>)) {
            return new Outcome.ByHand("which packages are installed could not be seen");
        }
        if (!host.isThere("/var/lib/dpkg/status")) {
            return new Outcome.ByHand(
                    "the package is called '" + change.target() + "' on Debian; install what corresponds to it here");
        }
        String vendor = VENDOR_PACKAGES.get(change.target());
        if (vendor != null && host.isOtherVendor(vendor)) {
            return new Outcome.ByHand(change.target() + " is not for this processor");
        }
        Optional<String> now = host.installedVersion(change.target());
        Action.ChangePackage.Verb verb;
        switch (change.value()) {
            case "install" -> verb = Action.ChangePackage.Verb.INSTALL;
            case "remove" -> verb = Action.ChangePackage.Verb.REMOVE;
            case "upgrade" -> verb = Action.ChangePackage.Verb.UPGRADE;
            default -> {
                return new Outcome.ByHand("the control says nothing that can be done with " + change.target());
            }
        }
        if (now.isPresent() == (verb == Action.ChangePackage.Verb.INSTALL)) {
            return new Outcome.Already(change.target() + (now.isPresent() ? " is installed" : " is not installed"));
        }
        if (now.isEmpty() && verb != Action.ChangePackage.Verb.INSTALL) {
            return new Outcome.Already(change.target() + " is not installed");
        }
        String word = change.value();
        Step.Undo undo = switch (verb) {
            case INSTALL -> new Step.Undo(Step.Undo.Kind.AUTOMATIC, "the package is removed again");
            case REMOVE -> new Step.Undo(Step.Undo.Kind.AUTOMATIC, "the package is installed again");
            case UPGRADE ->
                new Step.Undo(
                        Step.Undo.Kind.NONE,
                        "by hand, while the archive still has it: apt-get install " + change.target() + "="
                                + now.orElse(""));
        };
        return drafts.single(new Drafts.SingleDraft(
                word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1) + " package " + change.target(),
                new Action.ChangePackage(change.target(), now, verb, Action.ChangePackage.Family.DPKG),
                List.of(cause),
                List.of(),
                List.of(),
                undo));
    }

    /** A keyword of sshd_config: in a drop-in where the main file includes it before it sets the keyword itself. */
    Outcome sshd(Fix.Change change, Cause cause) {
        String keyword = change.target();
        if (!(drafts.existing(SSHD_MAIN) instanceof Drafts.Opened.Draft(FileDraft main))) {
            return new Outcome.ByHand(SSHD_MAIN + " is not there or cannot be read");
        }
        switch (SshdConfig.parse(main.content())) {
            case Decoded.Refused<SshdConfig>(var refusal) -> {
                return new Outcome.ByHand(SSHD_MAIN + " cannot be edited safely: " + refusal.reason());
            }
            case Decoded.Value<SshdConfig>(SshdConfig config) -> {
                String path = includesFirst(config, keyword) ? DropIns.SSHD : SSHD_MAIN;
                Outcome outcome = sshd(path, keyword, change.value(), cause);
                String name = keyword.toLowerCase(Locale.ROOT);
                boolean loosened = config.named(name).stream()
                        .anyMatch(d -> !d.global() && !d.value().equalsIgnoreCase(change.value()));
                return loosened
                        ? Outcome.together(List.of(
                                outcome,
                                new Outcome.ByHand(
                                        "a Match block of " + SSHD_MAIN + " sets " + keyword + " otherwise")))
                        : outcome;
            }
        }
    }

    private static boolean includesFirst(SshdConfig config, String keyword) {
        for (Directive directive : config.directives()) {
            if (!directive.global() || directive.keyword().equalsIgnoreCase(keyword)) {
                return false;
            }
            if (directive.keyword().equals("include")
                    && (directive.args().contains(SSHD_DIRECTORY + "*.conf")
                            || directive.args().contains("sshd_config.d/*.conf"))) {
                return true;
            }
        }
        return false;
    }

    private Outcome sshd(String path, String keyword, String value, Cause cause) {
        return switch (drafts.open(path, new FileAttributes("root", "root", "0600"))) {
            case Drafts.Opened.Missing missing -> new Outcome.Already(path + " is not there");
            case Drafts.Opened.Unreadable(String why) -> new Outcome.ByHand(why);
            case Drafts.Opened.Draft(FileDraft draft) -> {
                host.program("sshd")
                        .ifPresent(sshd -> draft.check(
                                new Action.Check(Action.Check.When.AFTER, Argv.of("/usr/sbin/sshd", "-t"))));
                List.of("ssh.service", "sshd.service").stream()
                        .filter(host::hasUnit)
                        .limit(1)
                        .forEach(unit -> draft.restart(new Step.UnitRestart(unit, true)));
                yield draft.edit(
                        keyword.toLowerCase(Locale.ROOT),
                        value,
                        cause,
                        bytes -> ConfigurationFixes.then(
                                SshdFile.parse(path.equals(DropIns.SSHD) ? DropIns.begun(bytes) : bytes), file -> {
                                    boolean same = file.config()
                                            .global(keyword.toLowerCase(Locale.ROOT))
                                            .filter(d -> d.value().equalsIgnoreCase(value))
                                            .isPresent();
                                    return same
                                            ? new Decoded.Value<>(bytes)
                                            : ConfigurationFixes.map(file.set(keyword, value), SshdFile::bytes);
                                }));
            }
        };
    }
}
