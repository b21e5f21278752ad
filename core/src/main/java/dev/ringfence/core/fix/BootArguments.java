package dev.ringfence.core.fix;

import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.host.Fact;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.grub.GrubDefaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Arguments that the kernel gets at its next start, through GRUB: added in a drop-in, taken out where they stand. */
final class BootArguments {
    private static final String MAIN = "/etc/default/grub";
    private static final String DIRECTORY = "/etc/default/grub.d";
    private static final String BOOT_ENTRIES = "/boot/loader/entries";
    private static final List<String> VARIABLES = List.of("GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT");

    /** Whose grub-mkconfig reads {@link #DIRECTORY}. */
    private static final Set<String> READS_DROP_INS = Set.of("debian", "ubuntu");

    private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z0-9_.-]+(=[A-Za-z0-9_.,:/@+-]+)?");

    private final HostView host;
    private final Drafts drafts;

    BootArguments(HostView host, Drafts drafts) {
        this.host = host;
        this.drafts = drafts;
    }

    Outcome change(Fix.Change change, Cause cause) {
        return switch (change.value()) {
            case "add" -> add(change.target(), cause);
            case "remove" -> remove(change.target(), cause);
            default -> new Outcome.ByHand("the control says neither add nor remove for " + change.target());
        };
    }

    Outcome add(String argument, Cause cause) {
        if (!ARGUMENT.matcher(argument).matches()) {
            return new Outcome.ByHand("'" + argument + "' is not a plain argument of the kernel");
        }
        if (argument.startsWith("intel_iommu") && host.isOtherVendor("GenuineIntel")
                || argument.startsWith("amd_iommu") && host.isOtherVendor("AuthenticAMD")) {
            return new Outcome.Already("this processor does not use " + argument);
        }
        if (host.facts().kernel().bootArguments().orElse(List.of()).contains(argument)) {
            return new Outcome.Already("the next start has " + argument);
        }
        String unknown = whyNotGrub("grubby --update-kernel=ALL --args=" + argument);
        if (!unknown.isEmpty()) {
            return new Outcome.ByHand(unknown);
        }
        String path = hasDropIns() ? DropIns.GRUB : MAIN;
        return edit(
                path,
                argument,
                "yes",
                cause,
                bytes -> ConfigurationFixes.then(
                        GrubDefaults.parse(path.equals(DropIns.GRUB) ? DropIns.begun(bytes) : bytes),
                        grub -> ConfigurationFixes.map(
                                grub.addArgument(VARIABLES.getFirst(), argument), GrubDefaults::bytes)));
    }

    private boolean hasDropIns() {
        return host.state().list(DIRECTORY) instanceof Fact.Observed<List<String>>
                || READS_DROP_INS.contains(host.facts().host().osId().orElse(""));
    }

    private Outcome remove(String argument, Cause cause) {
        List<Outcome> outcomes = new ArrayList<>();
        List<String> paths = new ArrayList<>(List.of(MAIN));
        host.state().list(DIRECTORY).orElse(List.of()).stream()
                .filter(name -> name.endsWith(".cfg"))
                .forEach(name -> paths.add(DIRECTORY + "/" + name));
        String unknown = whyNotGrub("grubby --update-kernel=ALL --remove-args=" + argument);
        boolean given = isAmong(host.facts().kernel().arguments().orElse(List.of()), argument);
        boolean comes = isAmong(host.facts().kernel().bootArguments().orElse(List.of()), argument);
        if (!unknown.isEmpty()) {
            return given || comes
                    ? new Outcome.ByHand(unknown)
                    : new Outcome.Already("the kernel does not get " + argument);
        }
        for (String path : paths) {
            for (String variable : VARIABLES) {
                if (!(drafts.existing(path) instanceof Drafts.Opened.Draft(FileDraft draft))) {
                    continue;
                }
                switch (GrubDefaults.parse(draft.content())) {
                    case Decoded.Refused<GrubDefaults>(var refusal) ->
                        outcomes.add(new Outcome.ByHand(path + " cannot be edited safely: " + refusal.reason()));
                    case Decoded.Value<GrubDefaults>(GrubDefaults grub) -> {
                        if (isAmong(grub.arguments(variable), argument)) {
                            outcomes.add(edit(
                                    path,
                                    variable + " " + argument,
                                    "",
                                    cause,
                                    bytes -> ConfigurationFixes.then(
                                            GrubDefaults.parse(bytes),
                                            now -> ConfigurationFixes.map(
                                                    now.removeArgument(variable, argument), GrubDefaults::bytes))));
                        }
                    }
                }
            }
        }
        if (!outcomes.isEmpty()) {
            return Outcome.together(outcomes);
        }
        if (comes) {
            return new Outcome.ByHand(
                    argument + " will be given at the next start, but stands in none of GRUB's files");
        }
        return given
                ? new Outcome.ByHand(argument + " was given to the running kernel and stands in none of GRUB's files:"
                        + " restart the host if it was taken out already, else look where its boot entry comes from")
                : new Outcome.Already("the kernel does not get " + argument);
    }

    private static boolean isAmong(List<String> tokens, String argument) {
        return tokens.stream()
                .anyMatch(t -> t.equals(argument) || argument.indexOf('=') < 0 && t.startsWith(argument + "="));
    }

    private String whyNotGrub(String instead) {
        if (!host.state().list(BOOT_ENTRIES).orElse(List.of()).isEmpty()) {
            return "boot entries of their own hold the arguments here: " + instead;
        }
        return host.state().file(MAIN) instanceof Fact.Absent<CurrentState.FileOnHost>
                ? "this host does not start through GRUB, or its configuration is not in " + MAIN
                : "";
    }

    private Outcome edit(String path, String key, String value, Cause cause, FileDraft.Edit edit) {
        return switch (drafts.open(path, FileAttributes.NEW_FILE)) {
            case Drafts.Opened.Missing missing -> new Outcome.Already(path + " is not there");
            case Drafts.Opened.Unreadable(String why) -> new Outcome.ByHand(why);
            case Drafts.Opened.Draft(FileDraft draft) -> {
                if (host.program("update-grub").isPresent()) {
                    draft.regenerate(Argv.of("update-grub"));
                } else if (host.program("grub2-mkconfig").isPresent()) {
                    draft.regenerate(Argv.of("grub2-mkconfig", "-o", "/boot/grub2/grub.cfg"));
                }
                if (host.state().file(MAIN) instanceof Fact.Observed<CurrentState.FileOnHost>(var file, var source)) {
                    draft.decidedBy(MAIN, file.state());
                }
                yield draft.edit(key, value, cause, edit);
            }
        };
    }
}
