package dev.ringfence.core.audit;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FactTree;
import dev.ringfence.core.host.Guest;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.Domain;
import dev.ringfence.formats.domain.DomainXml;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Facts from the sample of a control. A sample gives facts as a tree ({@code facts}), or guests as
 * libvirt has them: {@code domains} (a list of domain XML). {@code parameters} replaces parameters. What it does not give is not observed; inside what it
 * gives, missing texts are empty, numbers 0, flags false.
 */
final class SampleFacts {
    private SampleFacts() {}

    /** A sample that cannot be read. */
    static final class MalformedSample extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedSample(String message) {
            super(message);
        }
    }

    static HostFacts of(Map<?, ?> sample) throws MalformedSample {
        for (Object key : sample.keySet()) {
            if (!List.of("facts", "domains", "parameters").contains(String.valueOf(key))) {
                throw new MalformedSample("unknown key '" + key + "'");
            }
        }
        HostFacts facts;
        try {
            facts = FactTree.read(
                    HostFacts.class,
                    sample.get("facts") instanceof Map<?, ?> tree ? tree : Map.of(),
                    FactTree.Missing.EMPTY);
        } catch (FactTree.MalformedTree e) {
            throw new MalformedSample(String.valueOf(e.getMessage()));
        }
        if (sample.get("domains") instanceof List<?> documents) {
            facts = facts.withGuests(guests(documents));
        }
        return facts;
    }

    /** Parameters that the sample sets, lists of texts by name. */
    static Map<String, List<String>> parameters(Map<?, ?> sample) {
        Map<String, List<String>> out = new java.util.LinkedHashMap<>();
        if (sample.get("parameters") instanceof Map<?, ?> given) {
            given.forEach((name, values) -> out.put(
                    String.valueOf(name),
                    values instanceof List<?> list
                            ? list.stream().map(String::valueOf).toList()
                            : List.of()));
        }
        return out;
    }

    private static Fact<List<Guest>> guests(List<?> documents) throws MalformedSample {
        List<Guest> guests = new ArrayList<>();
        for (Object document : documents) {
            Domain domain = switch (DomainXml.decode(String.valueOf(document).getBytes(StandardCharsets.UTF_8))) {
                case Decoded.Value<Domain>(Domain value) -> value;
                case Decoded.Refused<Domain>(var refusal) -> throw new MalformedSample("domains: " + refusal);
            };
            Fact<Domain> fact = Fact.of(domain, "sample", "parsed");
            guests.add(new Guest(
                    domain.name(),
                    Fact.of(true, "sample", "given"),
                    fact,
                    fact,
                    Fact.notObserved("sample", "given", "not in the sample")));
        }
        return Fact.of(guests, "sample", "parsed");
    }
}
