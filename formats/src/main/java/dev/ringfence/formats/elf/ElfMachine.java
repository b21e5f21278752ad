package dev.ringfence.formats.elf;

/**
 * The processor that a file is for (e_machine).
 *
 * @param number 0 to 65,535, as the gABI registry assigns it
 */
public record ElfMachine(int number) {
    static final int I386 = 3;
    static final int MIPS = 8;
    static final int PPC64 = 21;
    static final int S390 = 22;
    static final int X86_64 = 62;
    static final int AARCH64 = 183;
    static final int RISCV = 243;
    static final int LOONGARCH = 258;
    static final int ALPHA = 0x9026;

    public ElfMachine {
        if (number < 0 || number > 0xffff) {
            throw new IllegalArgumentException("not a machine number: " + number);
        }
    }

    /** A short name such as {@code x86-64}; {@code machine-N} for one that this reader has no name for. */
    public String name() {
        return switch (number) {
            case 2 -> "sparc";
            case I386 -> "i386";
            case MIPS -> "mips";
            case 15 -> "parisc";
            case 20 -> "ppc";
            case PPC64 -> "ppc64";
            case S390 -> "s390";
            case 40 -> "arm";
            case 42 -> "sh";
            case 43 -> "sparc64";
            case 50 -> "ia64";
            case X86_64 -> "x86-64";
            case AARCH64 -> "aarch64";
            case RISCV -> "riscv";
            case 247 -> "bpf";
            case LOONGARCH -> "loongarch";
            case ALPHA -> "alpha";
            default -> "machine-" + number;
        };
    }

    /** Whether Intel CET marks apply. */
    boolean x86() {
        return number == X86_64 || number == I386;
    }

    /**
     * Whether a stack is executable when no PT_GNU_STACK says otherwise: what glibc's loader presumes for thread stacks and
     * after loading a library without the header, which is the worse of loader and kernel.
     */
    boolean stackExecutableByDefault(boolean wide) {
        return switch (number) {
            case AARCH64, RISCV, LOONGARCH -> false;
            case PPC64 -> !wide;
            default -> true;
        };
    }
}
