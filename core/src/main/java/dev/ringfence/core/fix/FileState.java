package dev.ringfence.core.fix;

import java.util.regex.Pattern;

/** What a path was when the plan was made. */
public sealed interface FileState {
    /** Nothing is there, not even a broken link; a directory above may be missing too. */
    record Absent() implements FileState {
        @Override
        public String toString() {
            return "absent";
        }
    }

    /**
     * A regular file, not a link.
     *
     * @param sha256 of its content, 64 lower-case hexadecimal digits
     */
    record Present(String sha256, long sizeBytes, FileAttributes attributes) implements FileState {
        private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

        public Present {
            if (!DIGEST.matcher(sha256).matches() || sizeBytes < 0) {
                throw new IllegalArgumentException("not a digest and a size: " + sha256 + " " + sizeBytes);
            }
        }

        @Override
        public String toString() {
            return "SHA-256 " + sha256.substring(0, 16) + "… " + attributes;
        }
    }

    /** The state of a file with this content. */
    static FileState of(FileContent content, FileAttributes attributes) {
        return new Present(content.sha256(), content.sizeBytes(), attributes);
    }
}
