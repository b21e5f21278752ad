package dev.ringfence.linux;

/** Names of the file types in a mode. */
final class FileKind {
    private FileKind() {}

    static String of(int mode) {
        return switch (mode & 0170000) {
            case 0100000 -> "file";
            case 0040000 -> "directory";
            case 0120000 -> "symlink";
            case 0140000 -> "socket";
            case 0020000 -> "character-device";
            case 0060000 -> "block-device";
            case 0010000 -> "fifo";
            default -> "unknown";
        };
    }
}
