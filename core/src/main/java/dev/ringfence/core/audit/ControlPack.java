package dev.ringfence.core.audit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiled controls in the order of their ids. The binary form is for one version of Ringfence: it is made when the
 * product is built and read when it starts, so that a run neither parses YAML nor checks expressions. Immutable.
 */
public final class ControlPack {
    private static final int MAGIC = 0x52464350;
    private static final int VERSION = 1;

    private final List<CompiledControl> controls;
    private final Map<String, CompiledControl> byId = new LinkedHashMap<>();

    /** The shipped parameters by name. */
    private final Map<String, List<String>> parameters;

    /**
     * A pack of controls.
     *
     * @throws IllegalArgumentException if two have the same id
     */
    public ControlPack(List<CompiledControl> controls, Map<String, List<String>> parameters) {
        this.controls = controls.stream()
                .sorted(Comparator.comparing(c -> c.control().id()))
                .toList();
        this.parameters = Map.copyOf(parameters);
        for (CompiledControl control : this.controls) {
            if (byId.put(control.control().id(), control) != null) {
                throw new IllegalArgumentException(
                        "two controls are called " + control.control().id());
            }
        }
    }

    /** Every control, by id. */
    public List<CompiledControl> controls() {
        return controls;
    }

    /** Default values of the parameters that controls read. */
    public Map<String, List<String>> parameters() {
        return parameters;
    }

    /** The control of that id. */
    public Optional<CompiledControl> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Both packs together; the other's parameters win. */
    public ControlPack with(ControlPack other) {
        List<CompiledControl> all = new ArrayList<>(controls);
        all.addAll(other.controls);
        Map<String, List<String>> merged = new LinkedHashMap<>(parameters);
        merged.putAll(other.parameters);
        return new ControlPack(all, merged);
    }

    /** The binary form. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 18);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            writeList(out, controls, c -> writeControl(out, c));
            writeList(out, List.copyOf(parameters.entrySet()), e -> {
                out.writeUTF(e.getKey());
                writeStrings(out, e.getValue());
            });
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads the binary form.
     *
     * @throws IllegalStateException if the bytes are not a pack of this version
     */
    public static ControlPack fromBytes(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != MAGIC || in.readInt() != VERSION) {
                throw new IllegalStateException("not a control pack of this version; build again");
            }
            List<CompiledControl> controls = readList(in, () -> readControl(in));
            Map<String, List<String>> parameters = new LinkedHashMap<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                parameters.put(in.readUTF(), readStrings(in));
            }
            return new ControlPack(controls, parameters);
        } catch (IOException e) {
            throw new IllegalStateException("a damaged control pack; build again", e);
        }
    }

    private static void writeControl(DataOutputStream out, CompiledControl compiled) throws IOException {
        Control c = compiled.control();
        for (String s : List.of(
                c.id(),
                c.title(),
                c.rationale(),
                c.appliesWhen(),
                c.each(),
                c.as(),
                c.subject(),
                c.rule(),
                c.evidence())) {
            out.writeUTF(s);
        }
        out.writeUTF(c.severity().name());
        out.writeUTF(c.profile().name());
        writeList(out, c.threats(), t -> out.writeUTF(t.name()));
        writeList(out, c.stride(), s -> out.writeUTF(s.name()));
        writeStrings(out, c.references());
        Fix fix = c.fix();
        out.writeUTF(fix.reach().name());
        out.writeUTF(fix.summary());
        out.writeUTF(fix.cost());
        writeList(out, fix.changes(), change -> {
            out.writeUTF(change.kind().name());
            out.writeUTF(change.target());
            out.writeUTF(change.value());
        });
        writeBytes(out, compiled.appliesWhen());
        writeBytes(out, compiled.each());
        writeBytes(out, compiled.subject());
        writeBytes(out, compiled.rule());
        writeList(out, compiled.evidence(), piece -> {
            out.writeUTF(piece.text());
            writeBytes(out, piece.expression());
        });
    }

    private static CompiledControl readControl(DataInputStream in) throws IOException {
        String id = in.readUTF();
        String title = in.readUTF();
        String rationale = in.readUTF();
        String appliesWhen = in.readUTF();
        String each = in.readUTF();
        String as = in.readUTF();
        String subject = in.readUTF();
        String rule = in.readUTF();
        String evidence = in.readUTF();
        Severity severity = constant(Severity.class, in);
        Profile.Level profile = constant(Profile.Level.class, in);
        List<Threat> threats = readList(in, () -> constant(Threat.class, in));
        List<Stride> stride = readList(in, () -> constant(Stride.class, in));
        List<String> references = readStrings(in);
        Fix.Reach reach = constant(Fix.Reach.class, in);
        String summary = in.readUTF();
        String cost = in.readUTF();
        List<Fix.Change> changes =
                readList(in, () -> new Fix.Change(constant(Fix.Kind.class, in), in.readUTF(), in.readUTF()));
        Control control = new Control(
                id,
                title,
                severity,
                profile,
                threats,
                stride,
                rationale,
                appliesWhen,
                each,
                as,
                subject,
                rule,
                evidence,
                new Fix(reach, summary, changes, cost),
                references);
        return new CompiledControl(
                control,
                readBytes(in),
                readBytes(in),
                readBytes(in),
                readBytes(in),
                readList(in, () -> new CompiledControl.Piece(in.readUTF(), readBytes(in))));
    }

    private static <E extends Enum<E>> E constant(Class<E> type, DataInputStream in) throws IOException {
        return Enum.valueOf(type, in.readUTF());
    }

    private interface Writer<T> {
        void write(T value) throws IOException;
    }

    private interface Reader<T> {
        T read() throws IOException;
    }

    private static <T> void writeList(DataOutputStream out, List<T> list, Writer<T> writer) throws IOException {
        out.writeInt(list.size());
        for (T value : list) {
            writer.write(value);
        }
    }

    private static <T> List<T> readList(DataInputStream in, Reader<T> reader) throws IOException {
        int count = in.readInt();
        List<T> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(reader.read());
        }
        return out;
    }

    private static void writeStrings(DataOutputStream out, List<String> strings) throws IOException {
        writeList(out, strings, out::writeUTF);
    }

    private static List<String> readStrings(DataInputStream in) throws IOException {
        return readList(in, in::readUTF);
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }
}
