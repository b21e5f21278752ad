package dev.ringfence.formats.elf;

/** What the file is, which {@code e_type} alone does not say. */
public enum ElfKind {
    /** A program at a fixed address. */
    EXECUTABLE("an executable at a fixed address"),
    /** A program that is loaded at a random address. */
    PIE_EXECUTABLE("a position-independent executable"),
    /** A library or plugin. */
    SHARED_LIBRARY("a shared library"),
    /** Input to a linker. */
    RELOCATABLE("a relocatable object"),
    /** A relocatable object that the kernel loads. */
    KERNEL_MODULE("a kernel module"),
    /** The memory of a process that died. */
    CORE("a core file"),
    /** Debug information alone; the code is in another file. */
    DEBUG_ONLY("a debug-only file"),
    /** Nothing that is loaded: no program headers, or a type of an operating system or processor. */
    OTHER("a file that nothing loads");

    private final String words;

    ElfKind(String words) {
        this.words = words;
    }

    /** Whether a kernel or a dynamic loader maps it: verdicts on the memory image apply to these only. */
    public boolean loadable() {
        return switch (this) {
            case EXECUTABLE, PIE_EXECUTABLE, SHARED_LIBRARY -> true;
            case RELOCATABLE, KERNEL_MODULE, CORE, DEBUG_ONLY, OTHER -> false;
        };
    }

    /** Whether it is a program, as opposed to a part of one. */
    public boolean program() {
        return this == EXECUTABLE || this == PIE_EXECUTABLE;
    }

    /** A noun phrase for a person. */
    public String words() {
        return words;
    }
}
