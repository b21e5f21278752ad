package dev.ringfence.formats.elf;

import java.util.Optional;
import java.util.Set;

/** The rules from facts to verdicts, one method for each property. */
final class Judge {
    private static final Set<String> RUST_STANDARD_LIBRARY = Set.of(
            "confstr",
            "getcwd",
            "gethostname",
            "getgroups",
            "memcpy",
            "memmove",
            "memset",
            "poll",
            "pread",
            "pread64",
            "read",
            "readlink",
            "realpath",
            "recv",
            "recvfrom");

    private final ElfFile file;
    private final ElfIdentity identity;
    private final ElfKind kind;
    private final SymbolFacts symbols;

    Judge(ElfFile file) {
        this.file = file;
        this.identity = file.identity();
        this.kind = identity.kind();
        this.symbols = file.symbols();
    }

    ElfHardening verdict() {
        return new ElfHardening(
                identity,
                relro(),
                canary(),
                nx(),
                pie(),
                fortify(),
                bindNow(),
                ibt(),
                shadowStack(),
                bti(),
                pac(),
                stackClash(),
                controlFlow(),
                stripped());
    }

    private Property notFor() {
        return Property.notApplicable("does not apply to " + kind.words());
    }

    /** Objects are judged by their code; the rest by their memory image. */
    private boolean object() {
        return kind == ElfKind.RELOCATABLE || kind == ElfKind.KERNEL_MODULE;
    }

    private Optional<ElfSegment> segment(long type) {
        return file.segments().stream().filter(s -> s.type() == type).findFirst();
    }

    private boolean hasCode() {
        return new Segments(file.segments()).hasCode();
    }

    /**
     * Whether Rust is all there is. A C program with Rust parts carries rustc's traces too, but then it also calls string or
     * format functions, which the Rust standard library never does.
     */
    private boolean pureRust() {
        return identity.language() == Language.RUST
                && !identity.staticallyLinked()
                && symbols.table() != SymbolFacts.Table.NONE
                && symbols.fortified().isEmpty()
                && RUST_STANDARD_LIBRARY.containsAll(symbols.unfortified());
    }

    private Relro relro() {
        if (!kind.loadable()) {
            return new Relro(Relro.Level.NOT_APPLICABLE, notFor().why());
        }
        boolean segment = segment(ElfSegment.PT_GNU_RELRO)
                .filter(s -> s.memorySizeBytes() != 0)
                .isPresent();
        if (!segment) {
            return identity.language() == Language.GO && !file.dynamicSection()
                    ? new Relro(Relro.Level.NOT_APPLICABLE, "Go linked it statically: nothing is relocated")
                    : new Relro(Relro.Level.NONE, "no PT_GNU_RELRO");
        }
        if (file.bindNow()) {
            return new Relro(Relro.Level.FULL, "PT_GNU_RELRO, and symbols are resolved at start");
        }
        if (!file.dynamicSection() && file.sectionHeaders() && !file.gotOutsideRelro()) {
            return new Relro(Relro.Level.FULL, "statically linked, and PT_GNU_RELRO covers all jump addresses");
        }
        return new Relro(
                Relro.Level.PARTIAL,
                file.dynamicSection()
                        ? "PT_GNU_RELRO, but symbols are resolved at first use"
                        : "PT_GNU_RELRO, but jump addresses stay writable");
    }

    private Property canary() {
        if (!kind.loadable() && !object()) {
            return notFor();
        }
        if (symbols.importsGuard()) {
            return Property.yes("calls the stack protector's failure handler");
        }
        if (identity.language() == Language.GO) {
            return Property.notApplicable("Go checks and grows its stacks itself");
        }
        if (pureRust()) {
            return Property.notApplicable("Rust checks bounds and has no stack protector by default");
        }
        if (object()) {
            return symbols.table() == SymbolFacts.Table.NONE
                    ? Property.unseen("its symbol table is stripped")
                    : Property.no("no function calls the stack protector's failure handler");
        }
        if (!hasCode()) {
            return Property.notApplicable("it has no code");
        }
        if (symbols.table() == SymbolFacts.Table.NONE) {
            return Property.unseen(
                    identity.staticallyLinked()
                            ? "statically linked and stripped: no symbol shows it"
                            : "it has no dynamic symbol table");
        }
        if (identity.staticallyLinked() && identity.language() == Language.RUST) {
            return Property.unseen(
                    "Rust has no stack protector by default; whether C code is linked in cannot be seen");
        }
        if (symbols.definesGuard()) {
            return identity.staticallyLinked()
                    ? Property.unseen(
                            "statically linked: the C library's own canaries hide whether the program has any")
                    : ownGuard();
        }
        return Property.no("no function calls the stack protector's failure handler");
    }

    /** A C library exports the handler whether or not its own functions call it, so that its code must show it. */
    private Property ownGuard() {
        CodeFacts code = file.code();
        // A compiler that compares without naming the guard reads it twice in each function; a thread library reads it
        // once.
        if (code.guardChecks() > 0 || code.guardLoads() >= 16) {
            return Property.yes("exports the stack protector's failure handler, and its own code checks the guard");
        }
        return code.complete()
                ? Property.no("exports the stack protector's failure handler, but its own code never checks the guard")
                : Property.unseen("exports the stack protector's failure handler for others");
    }

    private Property nx() {
        if (!kind.loadable()) {
            return notFor();
        }
        Optional<ElfSegment> stack = segment(ElfSegment.PT_GNU_STACK);
        if (stack.isPresent()) {
            return Property.when(
                    !stack.get().executable(),
                    "PT_GNU_STACK asks for a stack without execution",
                    "PT_GNU_STACK asks for an executable stack");
        }
        String machine = identity.machine().name();
        return Property.when(
                !identity.machine().stackExecutableByDefault(identity.bits() == 64),
                "no PT_GNU_STACK; on " + machine + " the default stack is not executable",
                "no PT_GNU_STACK; on " + machine + " the default stack is executable");
    }

    private Property pie() {
        return switch (kind) {
            case PIE_EXECUTABLE -> Property.yes("position-independent executable");
            case EXECUTABLE -> Property.no("linked to a fixed address");
            case SHARED_LIBRARY -> Property.notApplicable("a shared library is position-independent by nature");
            case RELOCATABLE, KERNEL_MODULE, CORE, DEBUG_ONLY, OTHER -> notFor();
        };
    }

    private Fortify fortify() {
        return new Fortify(symbols.fortified(), symbols.unfortified(), fortified());
    }

    private Property fortified() {
        if (!kind.loadable() && kind != ElfKind.RELOCATABLE) {
            return notFor();
        }
        if (!symbols.fortified().isEmpty()) {
            return Property.yes("calls functions that check their buffers");
        }
        if (identity.language() == Language.GO || pureRust()) {
            return Property.notApplicable("a feature of C headers, which Go and Rust do not use");
        }
        if (identity.staticallyLinked()) {
            return Property.unseen("statically linked: the C library's own calls hide the program's");
        }
        if (symbols.table() == SymbolFacts.Table.NONE) {
            return hasCode() || object()
                    ? Property.unseen("it has no symbol table")
                    : Property.notApplicable("it has no code");
        }
        if (identity.musl()) {
            return Property.unseen("musl's headers check inline and leave no symbol");
        }
        return symbols.unfortified().isEmpty()
                ? Property.notApplicable("it calls no function that the C library could check")
                : Property.no("calls fortifiable functions, none of them with checks");
    }

    private Property bindNow() {
        if (!kind.loadable()) {
            return notFor();
        }
        if (!file.dynamicSection()) {
            return Property.notApplicable("statically linked: there is nothing to resolve");
        }
        return Property.when(
                file.bindNow(),
                "DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW is set",
                "none of DT_BIND_NOW, DF_BIND_NOW and DF_1_NOW is set");
    }

    private Property mark(boolean machineHasIt, boolean marked, String name) {
        if (!kind.loadable() && kind != ElfKind.RELOCATABLE) {
            return notFor();
        }
        if (!machineHasIt) {
            return Property.notApplicable(identity.machine().name() + " has no " + name);
        }
        return Property.when(marked, "its GNU property note is marked " + name, "no GNU property note marks " + name);
    }

    private Property ibt() {
        return mark(identity.machine().x86(), file.ibt(), "IBT");
    }

    private Property shadowStack() {
        return mark(identity.machine().x86(), file.shstk(), "SHSTK");
    }

    private Property bti() {
        return mark(identity.machine().number() == ElfMachine.AARCH64, file.bti(), "BTI");
    }

    private Property pac() {
        return mark(identity.machine().number() == ElfMachine.AARCH64, file.pac(), "PAC");
    }

    private Property stackClash() {
        if (!kind.loadable()) {
            return object() ? Property.unseen("leaves no symbol and no note; objects' code is not scanned") : notFor();
        }
        if (identity.language() == Language.GO) {
            return Property.notApplicable("Go checks and grows its stacks itself");
        }
        if (!hasCode()) {
            return Property.notApplicable("it has no code");
        }
        if (identity.machine().number() != ElfMachine.X86_64) {
            return Property.unseen("leaves no symbol and no note; only x86-64 code is scanned");
        }
        CodeFacts code = file.code();
        if (code.unprobedFrames() > 0) {
            String taken = code.unprobedFrames() + " times more than a page of stack is taken at once, and "
                    + code.stackProbes() + " times page by page";
            return identity.staticallyLinked()
                    ? Property.unseen(taken + "; statically linked, so that it may be the C library's code")
                    : Property.no(taken);
        }
        if (code.stackProbes() > 0) {
            String taken = code.stackProbes() + " times stack is taken page by page, and never more at once";
            return code.complete() && !identity.staticallyLinked()
                    ? Property.yes(taken)
                    : Property.unseen(taken + " in the code that was scanned");
        }
        return Property.unseen(
                code.complete()
                        ? "no function takes more than a page of stack at once"
                        : "leaves no symbol and no note; its code was not scanned");
    }

    private Property controlFlow() {
        if (!kind.loadable() && !object()) {
            return notFor();
        }
        if (identity.language() == Language.GO) {
            return Property.notApplicable("a feature of Clang, which Go does not use");
        }
        if (!hasCode() && !object()) {
            return Property.notApplicable("it has no code");
        }
        return symbols.controlFlow()
                ? Property.yes("names one of Clang's control-flow integrity checks")
                : Property.unseen("checks that trap leave no symbol and no note");
    }

    private Property stripped() {
        if (!kind.loadable() && !object()) {
            return notFor();
        }
        return Property.when(!file.symbolTable(), "no full symbol table", "it has its full symbol table");
    }
}
