package dev.ringfence.formats.image;

import dev.ringfence.formats.io.ByteSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inspects one image. Total: whatever the bytes say, the outcome is a report, which is safe or lists why not. Bounded by
 * {@link ImageLimits}. Thread-safe: no state is kept between calls.
 */
public final class ImageInspector {
    private static final RawReader RAW = new RawReader();
    private static final List<FormatReader> READERS = List.of(
            // One of each; the first that claims a file reads it, unless another was declared.
            new Qcow2Reader(),
            new Qcow1Reader(),
            new QedReader(),
            new VmdkReader(),
            new VhdReader(),
            new VhdxReader(),
            new VdiReader(),
            new LuksReader(),
            new ParallelsReader(),
            new CloopReader(),
            new DmgReader(),
            new BochsReader(),
            new IsoReader());

    private ImageInspector() {}

    /** As {@link #inspect(ByteSource, Expectation, ImageLimits)} within the standard limits. */
    public static ImageReport inspect(ByteSource source, Expectation expected) throws IOException {
        return inspect(source, expected, ImageLimits.STANDARD);
    }

    /**
     * Inspects an image. Nothing but the source is read.
     *
     * @throws IOException only if the source does
     */
    public static ImageReport inspect(ByteSource source, Expectation expected, ImageLimits limits) throws IOException {
        ImageInput in = new ImageInput(source, limits);
        Draft draft = new Draft();
        List<ImageFormat> claimed = new ArrayList<>();
        FormatReader reader = RAW;
        try {
            reader = choose(in, expected.format(), claimed);
            declared(expected.format(), reader.format(), claimed, draft);
            if (!claimed.isEmpty() && !reader.beginsAsDisk(in) && PartitionTables.atHead(in)) {
                partitioned(expected.format(), reader.format(), draft);
            }
            reader.read(in, draft);
        } catch (Malformed e) {
            draft.refuse(e.refusal());
        }
        if (draft.virtualSizeBytes > limits.virtualSizeBytes()) {
            draft.refuse(
                    ImageCode.VIRTUAL_SIZE, "the virtual disk is larger than " + limits.virtualSizeBytes() + " bytes");
        }
        if (draft.encryption != null && !expected.encrypted()) {
            draft.refuse(ImageCode.ENCRYPTED, "the image is encrypted, and that was not declared");
        }
        return new ImageReport(
                reader.format(),
                expected.format(),
                claimed,
                draft.variant,
                Math.max(-1, draft.virtualSizeBytes),
                in.sizeBytes(),
                draft.backing,
                draft.dataFile,
                draft.extents,
                draft.encryption,
                draft.snapshotCount,
                List.copyOf(draft.features),
                draft.findings,
                in.readCount(),
                in.readBytes());
    }

    /** Asks every reader, and takes the one that was declared, or the first that claims the file. */
    private static FormatReader choose(ImageInput in, @Nullable ImageFormat declared, List<ImageFormat> claimed)
            throws IOException, Malformed {
        FormatReader chosen = RAW;
        for (FormatReader reader : READERS) {
            if (reader.claims(in)) {
                claimed.add(reader.format());
                if (chosen == RAW || reader.format() == declared) {
                    chosen = reader;
                }
            }
        }
        return chosen;
    }

    private static void declared(
            @Nullable ImageFormat declared, ImageFormat detected, List<ImageFormat> claimed, Draft draft) {
        if (claimed.size() > 1) {
            draft.refuse(ImageCode.POLYGLOT, "the file is several formats at once: " + titles(claimed));
        }
        if (declared == null || declared == detected) {
            return;
        }
        if (declared == ImageFormat.RAW) {
            // QEMU reads an ISO file system as a raw disk and has no driver that could mistake it.
            if (!detected.plain()) {
                draft.refuse(
                        ImageCode.RAW_WITH_MAGIC, "declared raw, but tools that guess would read " + detected.title());
            }
        } else {
            draft.refuse(ImageCode.NOT_AS_DECLARED, "declared " + declared.title() + ", but it is " + detected.title());
        }
    }

    /** The file is a format of its own, and a disk with partitions too. */
    private static void partitioned(@Nullable ImageFormat declared, ImageFormat detected, Draft draft) {
        if (detected != ImageFormat.ISO) {
            draft.refuse(
                    ImageCode.POLYGLOT, "the file is " + detected.title() + ", and a raw disk with partitions at once");
            return;
        }
        // Installation media are often both, on purpose. Nothing opens another file for either, but which it is must be
        // said.
        draft.feature("hybrid-disk");
        if (declared == null) {
            draft.refuse(
                    ImageCode.POLYGLOT, "the file is an ISO 9660 file system and a disk with partitions: declare one");
        }
    }

    private static String titles(List<ImageFormat> formats) {
        return String.join(", ", formats.stream().map(ImageFormat::title).toList());
    }
}
