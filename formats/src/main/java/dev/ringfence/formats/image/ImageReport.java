package dev.ringfence.formats.image;

import dev.ringfence.formats.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an image is, and whether it may be opened.
 *
 * @param format the detected format
 * @param declared the format that the caller expected; null if none was given
 * @param claimed every format that the file claims to be; empty for a raw disk
 * @param variant of the format, such as {@code 3} for qcow2 or {@code streamOptimized} for VMDK; empty if there is one only
 * @param virtualSizeBytes size of the disk that a guest would see; -1 if the image does not say so readably
 * @param fileSizeBytes length of the file
 * @param backing file below this one; null if there is none
 * @param dataFile file that holds the data; null if it is this one
 * @param extents other files that this one is put together of
 * @param encryption {@code aes}, {@code luks1} or {@code luks2}; null if not encrypted
 * @param snapshotCount internal snapshots
 * @param features properties in a word each, such as {@code lazy-refcounts} or {@code gpt}
 * @param findings why the image is refused; empty if it is safe
 * @param readCount reads that the inspection took
 * @param readBytes bytes that it read
 */
public record ImageReport(
        ImageFormat format,
        @Nullable ImageFormat declared,
        List<ImageFormat> claimed,
        String variant,
        long virtualSizeBytes,
        long fileSizeBytes,
        @Nullable Reference backing,
        @Nullable Reference dataFile,
        List<Reference> extents,
        @Nullable String encryption,
        int snapshotCount,
        List<String> features,
        List<Refusal> findings,
        int readCount,
        long readBytes) {
    public ImageReport {
        claimed = List.copyOf(claimed);
        extents = List.copyOf(extents);
        features = List.copyOf(features);
        findings = List.copyOf(findings);
        if (virtualSizeBytes < -1 || fileSizeBytes < 0 || snapshotCount < 0) {
            throw new IllegalArgumentException("a size or count below zero");
        }
    }

    /** Whether nothing speaks against opening the image. */
    public boolean safe() {
        return findings.isEmpty();
    }

    /** The codes of the findings, each once, in order of appearance. */
    public List<String> codes() {
        return findings.stream().map(Refusal::code).distinct().toList();
    }
}
