package dev.ringfence.core.host;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Makes records of facts in which nothing was observed, for one reason. Thread-safe. */
public final class Observations {
    /** The reason given for what lies outside a single file that is judged without its host. */
    public static final String OUT_OF_SCOPE = "not part of the input";

    private Observations() {}

    /**
     * A record whose facts are all not observed; lists and maps of it are empty.
     *
     * @throws IllegalArgumentException if the record has plain text, numbers or flags, which cannot be unobserved
     */
    public static <T extends Record> T none(Class<T> type, String where, String reason) {
        Map<String, Object> tree = new HashMap<>();
        for (FactSchema.Field field : FactSchema.of(type).fields().values()) {
            if (field.observable()) {
                tree.put(field.name(), Map.of("notObserved", reason, "from", where, "how", "none"));
            } else if (field.kind() instanceof FactSchema.StructOf(Class<?> inner)) {
                tree.put(field.name(), FactTree.of(none(inner.asSubclass(Record.class), where, reason)));
            } else if (field.kind() instanceof FactSchema.MapOf(FactSchema.Kind element, boolean observable)) {
                tree.put(field.name(), Map.of());
            } else {
                throw new IllegalArgumentException(type.getSimpleName() + "." + field.name() + " cannot be unobserved");
            }
        }
        try {
            return FactTree.read(type, tree, FactTree.Missing.REFUSE);
        } catch (FactTree.MalformedTree e) {
            throw new IllegalStateException("a tree of our own", e);
        }
    }

    /** Facts of a host of which only the name is known; parts are then replaced. */
    public static HostFacts nothing(String method, String root, Instant at, String reason) {
        return new HostFacts(
                at,
                new HostFacts.Observer(method, root, -1),
                none(HostFacts.Host.class, root, reason),
                none(Kernel.class, root, reason),
                none(Cpu.class, root, reason),
                none(Memory.class, root, reason),
                none(Firmware.class, root, reason),
                none(Devices.class, root, reason),
                none(MandatoryAccess.class, root, reason),
                none(Libvirt.class, root, reason),
                Fact.notObserved(root, "none", reason),
                Fact.notObserved(root, "none", reason),
                Fact.notObserved(root, "none", reason),
                none(OpenStack.class, root, reason),
                none(Accounts.class, root, reason),
                none(Network.class, root, reason),
                none(Services.class, root, reason),
                Fact.notObserved(root, "none", reason),
                Fact.notObserved(root, "none", reason),
                Fact.notObserved(root, "none", reason));
    }
}
