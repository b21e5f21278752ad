package dev.ringfence.wire.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.core.host.HostFacts;
import dev.ringfence.testkit.Fuzz;
import dev.ringfence.wire.json.MalformedDocumentException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactsJsonTest {
    private static HostFacts read(String json) throws MalformedDocumentException {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static HostFacts read(byte[] json) throws MalformedDocumentException {
        try {
            return FactsJson.read(new ByteArrayInputStream(json), "facts.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void readsBackEqualWhatItWrote() throws Exception {
        for (long seed = 1; seed <= 200; seed++) {
            HostFacts facts = FactsGenerator.mixed(seed);
            assertThat(read(FactsSchemaTest.json(facts))).as("seed %d", seed).isEqualTo(facts);
        }
    }

    @Test
    void carriesEveryRecordAndEveryOutcome() throws Exception {
        Set<Class<?>> all = new HashSet<>();
        FactSchema.reachable(HostFacts.class).forEach(s -> all.add(s.type()));
        Set<Class<?>> seen = new HashSet<>();
        collect(read(FactsSchemaTest.json(FactsGenerator.complete(1))), seen);
        assertThat(seen).containsAll(all);
        collect(read(FactsSchemaTest.json(FactsGenerator.mixed(1))), seen);
        assertThat(seen).contains(Fact.Observed.class, Fact.Absent.class, Fact.NotObserved.class);
    }

    private static void collect(Object value, Set<Class<?>> seen)
            throws IllegalAccessException, InvocationTargetException {
        switch (value) {
            case Fact<?> fact -> {
                seen.add(fact.getClass());
                if (fact instanceof Fact.Observed<?>(Object inner, var ignored)) {
                    collect(inner, seen);
                }
            }
            case Record record -> {
                seen.add(record.getClass());
                for (FactSchema.Field field :
                        FactSchema.of(record.getClass()).fields().values()) {
                    collect(field.accessor().invoke(record), seen);
                }
            }
            case List<?> list -> {
                for (Object inner : list) {
                    collect(inner, seen);
                }
            }
            case Map<?, ?> map -> {
                for (Object inner : map.values()) {
                    collect(inner, seen);
                }
            }
            default -> {}
        }
    }

    @Test
    void givesTheSameBytesForEqualFacts() throws Exception {
        assertThat(FactsSchemaTest.json(read(FactsSchemaTest.json(FactsGenerator.mixed(5)))))
                .isEqualTo(FactsSchemaTest.json(FactsGenerator.mixed(5)))
                .startsWith("{\"schema\":\"ringfence-facts-1\",\"version\":\"0.1.0\",\"observedAt\":\"")
                .endsWith("}\n");
    }

    @Test
    void takesAFactThatIsLeftOutForUnobserved() throws Exception {
        String json = FactsSchemaTest.json(FactsGenerator.mixed(5));
        int from = json.indexOf(",\"packages\":{");
        HostFacts facts = read(json.substring(0, from) + "}");
        assertThat(facts.packages()).isInstanceOf(Fact.NotObserved.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ringfence-facts-1|ringfence-facts-2|RF-FCT-001 refused facts.json: its schema is 'ringfence-facts-2'. This version reads ringfence-facts-1.",
                "\"schema\":\"ringfence-facts-1\",|''|RF-FCT-001 refused facts.json: it names no schema.",
                "\"version\":\"0.1.0\"|\"version\":1|RF-FCT-002 refused facts.json: version: missing, or not a text.",
                "\"kernel\":{|\"kernel\":{\"relaese\":1,|RF-FCT-002 refused facts.json: kernel: unknown key 'relaese'; did you mean 'release'?",
                "\"openstack\":{|\"openStack\":{|RF-FCT-002 refused facts.json: top level: unknown key 'openStack'; did you mean 'openstack'?",
                "\"kernel\":{\"release\":{|\"kernel\":{\"release\":{\"frm\":1,|RF-FCT-002 refused facts.json: kernel.release: unknown key 'frm'; did you mean 'from'?",
                "\"kernel\":{\"release\":{|\"kernel\":{\"release\":{\"absent\":true,\"notObserved\":\"x\",|RF-FCT-002 refused facts.json: kernel.release: a fact has exactly one of value, absent and notObserved.",
                "\"kernel\":{\"release\":{|\"kernel\":{\"release\":\"6.1\",\"x\":{|RF-FCT-002 refused facts.json: kernel.release: expected a fact",
                "\"method\":\"|\"method\":1,\"root\":\"|RF-DOC-003 refused facts.json: line 1: the key 'root' is given twice.",
                "\"observedAt\":\"|\"observedAt\":\"yesterday |RF-FCT-002 refused facts.json: observedAt: not an instant: yesterday ",
                "\"absent\":true|\"absent\":1|RF-FCT-002 refused facts.json: ",
                "\"notObserved\":\"why |\"notObserved\":\" \",\"x\":\"|RF-FCT-002 refused facts.json: "
            })
    void refusesWhatIsNotTheFormat(String part, String damage, String message) throws IOException {
        String json = FactsSchemaTest.json(FactsGenerator.complete(1));
        if (!json.contains(part)) {
            json = FactsSchemaTest.json(FactsGenerator.mixed(11));
        }
        assertThat(json).contains(part);
        String damaged = json.replace(part, damage);
        assertThatExceptionOfType(MalformedDocumentException.class)
                .isThrownBy(() -> read(damaged))
                .withMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"uid\":|2.5,\"x\":|unknown key 'x'",
                "\"uid\":|2.5|observer.uid: expected number, found 2.5",
                "\"uid\":|9223372036854775808|observer.uid: expected number, found 9223372036854775808",
                "\"uid\":|\"0\"|observer.uid: expected number, found 0",
                "\"uid\":|null|observer.uid: missing"
            })
    void refusesValuesOfAnotherType(String key, String value, String cause) throws IOException {
        String damaged = FactsSchemaTest.json(FactsGenerator.mixed(5))
                .replaceFirst("\"uid\":-?\\d+", key + value + (value.endsWith(":") ? "1" : ""));
        assertThatExceptionOfType(MalformedDocumentException.class)
                .isThrownBy(() -> read(damaged))
                .withMessageContaining(cause)
                .withMessageEndingWith("Correct it, or capture the facts again with this version.");
    }

    @Test
    void writesHalvesOfCharactersAsReplacementCharacters() throws Exception {
        HostFacts facts = FactsGenerator.mixed(5);
        HostFacts odd = new HostFacts(
                facts.observedAt(),
                new HostFacts.Observer("live", "/\ud800x", 0),
                facts.host(),
                facts.kernel(),
                facts.cpu(),
                facts.memory(),
                facts.firmware(),
                facts.devices(),
                facts.mandatoryAccess(),
                facts.libvirt(),
                facts.guests(),
                facts.qemuProcesses(),
                facts.emulators(),
                facts.openstack(),
                facts.accounts(),
                facts.network(),
                facts.services(),
                facts.files(),
                facts.mounts(),
                facts.packages());
        assertThat(read(FactsSchemaTest.json(odd)).observer().root()).isEqualTo("/\ufffdx");
    }

    @Test
    void refusesOrReadsWhateverTheBytesAre() throws IOException {
        List<byte[]> samples = List.of(
                FactsSchemaTest.json(FactsGenerator.mixed(2)).getBytes(StandardCharsets.UTF_8),
                FactsSchemaTest.json(FactsGenerator.complete(3)).getBytes(StandardCharsets.UTF_8));
        Fuzz.bytes(samples, 1000, bytes -> {
            try {
                read(bytes);
            } catch (MalformedDocumentException e) {
                assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(1000);
            }
        });
    }

    @Test
    void refusesTruncations() throws IOException {
        byte[] whole = FactsSchemaTest.json(FactsGenerator.mixed(9)).getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length - 2; length += Math.max(1, whole.length / 500)) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThatExceptionOfType(MalformedDocumentException.class).isThrownBy(() -> read(cut));
        }
    }
}
