package dev.ringfence.cli.audit;

import dev.ringfence.cli.CommandFailure;
import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Guest;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.core.host.Observations;
import dev.ringfence.core.host.OpenStack;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.Domain;
import dev.ringfence.formats.domain.DomainXml;
import dev.ringfence.linux.FileStatus;
import dev.ringfence.linux.HostFiles;
import dev.ringfence.linux.probe.OpenStackProbe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Facts from single files; everything else is out of scope. */
final class SingleFiles {
    private static final int DOMAIN_LIMIT_BYTES = 4 << 20;

    private SingleFiles() {}

    static HostFacts read(List<Path> domains, @Nullable Path nova, Instant now) throws CommandFailure, IOException {
        List<Path> named = new ArrayList<>(domains);
        if (nova != null) {
            named.add(nova);
        }
        String name = named.stream().map(Path::toString).collect(Collectors.joining(", "));
        HostFacts facts = Observations.nothing("files", "", now, Observations.OUT_OF_SCOPE)
                .withName(Fact.of(name, name, "given"));
        if (!domains.isEmpty()) {
            List<Guest> guests = new ArrayList<>();
            for (Path file : domains) {
                guests.add(guest(file));
            }
            facts = facts.withGuests(Fact.of(guests, String.valueOf(domains.getFirst()), "parsed"));
        }
        if (nova != null) {
            facts = facts.withOpenstack(openstack(nova));
        }
        return facts;
    }

    private static Guest guest(Path file) throws CommandFailure, IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.couldNotRun(
                    file + ": " + (Files.exists(file) ? "not a regular file" : "no such file"));
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(DOMAIN_LIMIT_BYTES + 1);
        }
        return switch (DomainXml.decode(bytes)) {
            case Decoded.Value<Domain>(Domain domain) -> {
                Fact<Domain> fact = Fact.of(domain, file.toString(), "parsed");
                yield new Guest(
                        domain.name(),
                        Fact.of(false, file.toString(), "given"),
                        fact,
                        fact,
                        Fact.notObserved(file.toString(), "none", Observations.OUT_OF_SCOPE));
            }
            case Decoded.Refused<Domain>(var refusal) -> throw CommandFailure.couldNotRun(file + ": " + refusal);
        };
    }

    private static OpenStack openstack(Path nova) throws CommandFailure, IOException {
        if (!Files.isDirectory(nova)) {
            throw CommandFailure.couldNotRun(nova + ": not a directory like /etc/nova");
        }
        HostFiles files = HostFiles.directory(nova, "/etc/nova");
        return OpenStackProbe.observe(files, new FileStatus(files));
    }
}
