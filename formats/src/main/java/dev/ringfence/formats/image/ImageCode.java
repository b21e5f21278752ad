package dev.ringfence.formats.image;

import dev.ringfence.formats.Refusal;

/** Why an image is refused. The codes are stable. */
public enum ImageCode {
    /** The file ends before a structure that its format needs. */
    TRUNCATED("RF-IMG-001"),
    /** A header holds a value that the format does not allow. */
    HEADER("RF-IMG-002"),
    /** The format is not the declared one. */
    NOT_AS_DECLARED("RF-IMG-003"),
    /** A disk declared raw begins, or ends, as another format does (CVE-2026-24708). */
    RAW_WITH_MAGIC("RF-IMG-004"),
    /** The file is more than one format at once. */
    POLYGLOT("RF-IMG-005"),
    /** A version of the format that is not known. */
    VERSION("RF-IMG-006"),
    /** An incompatible or required feature that is not known. */
    FEATURE("RF-IMG-007"),
    /** The image needs more reads or memory than an inspection may take. */
    LIMIT("RF-IMG-008"),

    /** The image names a backing or parent file. */
    BACKING_FILE("RF-IMG-010"),
    /** The image keeps its data in another file (CVE-2024-32498). */
    DATA_FILE("RF-IMG-011"),
    /** A descriptor names other files as extents (CVE-2022-47951). */
    EXTENT_FILE("RF-IMG-012"),
    /** A reference is a {@code json:} description, which can name anything that QEMU can open. */
    REFERENCE_JSON("RF-IMG-013"),
    /** A reference is a URL or another protocol of QEMU: {@code nbd:}, {@code http:}, {@code rbd:}. */
    REFERENCE_PROTOCOL("RF-IMG-014"),
    /** A reference is a device, or below /dev, /proc or /sys. */
    REFERENCE_DEVICE("RF-IMG-015"),
    /** A reference is an absolute path. */
    REFERENCE_ABSOLUTE("RF-IMG-016"),
    /** A reference leaves the allowed directory: {@code ..}, a symbolic link, or another directory. */
    REFERENCE_OUTSIDE("RF-IMG-017"),
    /** A backing file is named without its format, so that QEMU would guess it from what a guest wrote. */
    BACKING_FORMAT("RF-IMG-018"),
    /** A chain of backing files comes back to a file that is already in it. */
    CHAIN_LOOP("RF-IMG-019"),
    /** A chain of backing files is longer than the limit. */
    CHAIN_DEPTH("RF-IMG-020"),
    /** A file of the chain is missing, no regular file, or cannot be read. */
    CHAIN_MISSING("RF-IMG-021"),
    /** A reference is empty, too long, or holds a NUL or control character. */
    REFERENCE_TEXT("RF-IMG-023"),

    /** Two structures of the image lie on the same bytes. */
    OVERLAP("RF-IMG-030"),
    /** A table or a table's entry points outside the file. */
    OUTSIDE_FILE("RF-IMG-031"),
    /** A table claims more memory than its reader should allocate. */
    TABLE_SIZE("RF-IMG-032"),
    /** The virtual size is absurd, zero where it must not be, or disagrees with the tables. */
    VIRTUAL_SIZE("RF-IMG-033"),
    /** More clusters are allocated than the file holds: the same bytes stand for many places. */
    ALLOCATION_BOMB("RF-IMG-034"),
    /** Compressed data expands beyond the limit. */
    COMPRESSION_BOMB("RF-IMG-035"),
    /** A table's entry is not aligned, or has reserved bits. */
    TABLE_ENTRY("RF-IMG-036"),
    /** Two copies of a header, or header and footer, disagree. */
    COPIES_DISAGREE("RF-IMG-037"),
    /** A checksum is wrong. */
    CHECKSUM("RF-IMG-038"),
    /** The image is marked as corrupt, or needs a repair or a log replay before it can be read. */
    NEEDS_REPAIR("RF-IMG-039"),
    /** The image is encrypted, and that was not declared. */
    ENCRYPTED("RF-IMG-040"),
    /** An encryption header is malformed. */
    ENCRYPTION_HEADER("RF-IMG-041"),
    /** A table of snapshots is malformed. */
    SNAPSHOTS("RF-IMG-042"),
    /** A header extension, or the directory of bitmaps, is malformed. */
    EXTENSION("RF-IMG-043"),
    /** A partition lies outside the disk, on another, or the chain of extended partitions does not end. */
    PARTITIONS("RF-IMG-044"),
    /** A variant of the format that is not accepted. */
    VARIANT("RF-IMG-045"),
    /** A text descriptor is malformed, too long, or says one thing twice. */
    DESCRIPTOR("RF-IMG-046");

    private final String code;

    ImageCode(String code) {
        this.code = code;
    }

    /** The code, as in {@code RF-IMG-005}. */
    public String code() {
        return code;
    }

    /** A refusal with this code. */
    public Refusal refusal(String reason) {
        return new Refusal(code, reason);
    }
}
