package dev.ringfence.core.fix;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import java.util.Optional;

/** Finds for each change of a fix who can make it. */
final class Changes {
    private final Prerequisites prerequisites;
    private final ConfigurationFixes configuration;
    private final BootArguments boot;
    private final KernelFixes kernel;
    private final PermissionFixes permissions;
    private final ServiceFixes services;
    private final CommandFixes commands;
    private final DomainFixes domains;

    Changes(HostView host, Drafts drafts) {
        this.prerequisites = new Prerequisites(host);
        this.configuration = new ConfigurationFixes(host, drafts);
        this.boot = new BootArguments(host, drafts);
        this.kernel = new KernelFixes(host, drafts, boot);
        this.permissions = new PermissionFixes(host, drafts);
        this.services = new ServiceFixes(host, drafts);
        this.commands = new CommandFixes(host, drafts, permissions);
        this.domains = new DomainFixes(host);
    }

    DomainFixes domains() {
        return domains;
    }

    /** Why the fix must not be made yet. All of it then waits: half of it could do harm. */
    Optional<String> missing(Fix fix) {
        return fix.changes().stream()
                .map(prerequisites::missing)
                .flatMap(Optional::stream)
                .findFirst();
    }

    Outcome make(Fix.Change change, ControlResult finding) {
        Cause cause = Cause.of(finding, change.kind());
        return switch (change.kind()) {
            case LIBVIRT_CONF -> configuration.libvirt(change, cause);
            case OSLO_CONF -> configuration.oslo(change, cause);
            case SYSCTL -> kernel.sysctl(change, cause);
            case SYSFS -> kernel.sysfs(change, cause);
            case KERNEL_ARGUMENT -> boot.change(change, cause);
            case MODPROBE_OPTION -> kernel.option(change, cause);
            case MODPROBE_BLACKLIST -> kernel.blacklist(change, cause);
            case FILE_MODE -> permissions.mode(change, cause);
            case FILE_OWNER -> permissions.owner(change, cause);
            case SELINUX_BOOLEAN -> services.selinux(change, cause);
            case UNIT -> services.unit(change, cause);
            case DOMAIN_XML -> domains.change(change, cause);
            case SSHD -> services.sshd(change, cause);
            case PACKAGE -> services.packages(change, cause);
            case COMMAND -> commands.command(change, cause);
        };
    }
}
