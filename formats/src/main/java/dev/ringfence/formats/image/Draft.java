package dev.ringfence.formats.image;

import dev.ringfence.formats.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reader has learned of an image so far. It is kept when the reading ends early, so that a damaged image still shows
 * what it points to. Bounded: 64 findings, features and extents each. Not thread-safe.
 */
final class Draft {
    private static final int LIST_LIMIT = 64;
    private static final int SAME_CODE_LIMIT = 4;

    final List<Refusal> findings = new ArrayList<>();
    final Set<String> features = new LinkedHashSet<>();
    final List<Reference> extents = new ArrayList<>();
    String variant = "";
    long virtualSizeBytes = -1;

    @Nullable
    Reference backing;

    @Nullable
    Reference dataFile;

    @Nullable
    String encryption;

    int snapshotCount;

    /** Adds a finding; reading goes on. Of one code a few are kept. */
    void refuse(ImageCode code, String reason) {
        refuse(code.refusal(reason));
    }

    void refuse(Refusal refusal) {
        long same =
                findings.stream().filter(f -> f.code().equals(refusal.code())).count();
        if (findings.size() < LIST_LIMIT && same < SAME_CODE_LIMIT && !findings.contains(refusal)) {
            findings.add(refusal);
        }
    }

    /** The codes of the findings so far. */
    Set<String> codes() {
        Set<String> codes = new LinkedHashSet<>();
        findings.forEach(f -> codes.add(f.code()));
        return codes;
    }

    /** Notes a feature or property in one word: {@code lazy-refcounts}, {@code gpt}. */
    void feature(String word) {
        if (features.size() < LIST_LIMIT) {
            features.add(word.length() > 64 ? word.substring(0, 64) : word);
        }
    }

    /** The image names a backing or parent file: a finding, and another if the name is worse than a plain file's. */
    void backing(Reference reference) {
        backing = reference;
        refuse(ImageCode.BACKING_FILE, "the image has a backing file");
        place(reference, "the backing file");
    }

    /** The image keeps its data elsewhere. */
    void dataFile(Reference reference) {
        dataFile = reference;
        refuse(ImageCode.DATA_FILE, "the image keeps its data in another file");
        place(reference, "the data file");
    }

    /** The image is put together of other files. */
    void extent(Reference reference) {
        if (extents.size() < LIST_LIMIT) {
            extents.add(reference);
        }
        refuse(ImageCode.EXTENT_FILE, "the image is put together of other files");
        place(reference, "an extent");
    }

    private void place(Reference reference, String what) {
        switch (reference.kind()) {
            case RELATIVE -> {}
            case CLIMBING -> refuse(ImageCode.REFERENCE_OUTSIDE, what + " is named with ..");
            case ABSOLUTE -> refuse(ImageCode.REFERENCE_ABSOLUTE, what + " is named by an absolute path");
            case DEVICE -> refuse(ImageCode.REFERENCE_DEVICE, what + " is a device or a file of the kernel");
            case JSON -> refuse(ImageCode.REFERENCE_JSON, what + " is a json: description");
            case PROTOCOL -> refuse(ImageCode.REFERENCE_PROTOCOL, what + " is a URL or a protocol");
            case BROKEN -> refuse(ImageCode.REFERENCE_TEXT, what + " has no usable name");
        }
    }
}
