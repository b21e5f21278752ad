package dev.ringfence.formats.elf;

/**
 * How a file was hardened when it was built, from what the file itself shows.
 *
 * @param identity what the file is, what it loads and from where
 * @param relro read-only relocations
 * @param canary stack protector
 * @param nx non-executable stack
 * @param pie position-independent executable, which address space randomization needs; does not apply to libraries
 * @param fortify calls that glibc checks at run time, as <i>n of m</i>
 * @param bindNow symbols resolved at start, not at first use
 * @param ibt Intel CET, indirect branch tracking
 * @param shstk Intel CET, shadow stack
 * @param bti Arm branch target identification
 * @param pac Arm return address signing
 * @param stackClash stack-clash protection; seen only by {@link ElfReader#readWithCode}, on x86-64
 * @param controlFlow Clang's control-flow integrity
 * @param stripped without the full symbol table
 */
public record ElfHardening(
        ElfIdentity identity,
        Relro relro,
        Property canary,
        Property nx,
        Property pie,
        Fortify fortify,
        Property bindNow,
        Property ibt,
        Property shstk,
        Property bti,
        Property pac,
        Property stackClash,
        Property controlFlow,
        Property stripped) {
    /** Judges a file. Pure: the same file gives the same verdict. */
    public static ElfHardening of(ElfFile file) {
        return new Judge(file).verdict();
    }
}
