package dev.ringfence.formats.elf;

import dev.ringfence.formats.Refusal;

/**
 * Carries a refusal from the depth of the parser to {@link ElfReader}, which turns it into a value. Without a stack trace,
 * because hostile files are not exceptional.
 */
final class Malformed extends Exception {
    /** Not an ELF file. */
    static final String NOT_ELF = "RF-ELF-001";
    /** The file ends inside the ELF header. */
    static final String SHORT_HEADER = "RF-ELF-002";
    /** Unknown class, data encoding or version. */
    static final String IDENTIFICATION = "RF-ELF-003";
    /** A table's entry size is not the one that its class fixes. */
    static final String ENTRY_SIZE = "RF-ELF-004";
    /** The program header table lies outside the file. */
    static final String PROGRAM_HEADERS = "RF-ELF-005";
    /** The section header table lies outside the file, or names a section that is not there. */
    static final String SECTION_HEADERS = "RF-ELF-006";
    /** A segment or section lies outside the file. */
    static final String CONTENTS = "RF-ELF-007";
    /** A dynamic table is at an address that no loaded part of the file holds. */
    static final String ADDRESS = "RF-ELF-008";
    /** A string has no end, or lies outside its table. */
    static final String STRING = "RF-ELF-009";
    /** A note runs past the end of its segment. */
    static final String NOTE = "RF-ELF-010";
    /** A count is above the reader's limit. */
    static final String LIMIT = "RF-ELF-011";
    /** A segment that must be single is there more than once. */
    static final String DUPLICATE = "RF-ELF-012";

    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    Malformed(String code, String reason) {
        super(reason, null, false, false);
        refusal = new Refusal(code, reason);
    }

    Refusal refusal() {
        return refusal;
    }
}
