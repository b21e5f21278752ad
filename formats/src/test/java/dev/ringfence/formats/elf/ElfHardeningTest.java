package dev.ringfence.formats.elf;

import static dev.ringfence.formats.elf.Property.Answer.NO;
import static dev.ringfence.formats.elf.Property.Answer.NOT_APPLICABLE;
import static dev.ringfence.formats.elf.Property.Answer.UNSEEN;
import static dev.ringfence.formats.elf.Property.Answer.YES;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.elf.Property.Answer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElfHardeningTest {
    @ParameterizedTest
    @CsvSource({
        // tag, value, level
        "24, 0, FULL",
        "30, 8, FULL",
        "0x6ffffffb, 1, FULL",
        "30, 4, PARTIAL",
        "0x6ffffffb, 0x08000000, PARTIAL"
    })
    void fullRelroNeedsAnyFormOfBindNow(String tag, String value, Relro.Level level) {
        ElfWriter writer = ElfWriter.program();
        writer.entries = List.of(new long[] {Long.decode(tag), Long.decode(value)}, new long[] {21, 0});

        ElfHardening verdict = Elfs.judge(writer);

        assertThat(verdict.relro().level()).isEqualTo(level);
        assertThat(verdict.bindNow().answer()).isEqualTo(level == Relro.Level.FULL ? YES : NO);
    }

    @Test
    void noRelroSegmentIsNoRelroEvenWhenBoundAtStart() {
        ElfWriter writer = ElfWriter.program();
        writer.relro = false;

        assertThat(Elfs.judge(writer).relro().level()).isEqualTo(Relro.Level.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"__stack_chk_fail", "__stack_chk_guard", "__stack_chk_fail_local"})
    void canaryIsSeenInImports(String name) {
        ElfWriter writer = ElfWriter.program();
        writer.imports = List.of("puts", name);

        assertThat(Elfs.judge(writer).canary().answer()).isEqualTo(YES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stack_chk_fail", "__stack_chk_fail_", "x__stack_chk_fail"})
    void canaryIsNotSeenInSimilarNames(String name) {
        ElfWriter writer = ElfWriter.program();
        writer.imports = List.of("puts", name);

        assertThat(Elfs.judge(writer).canary().answer()).isEqualTo(NO);
    }

    @Test
    void aLibraryThatExportsTheHandlerMustUseItInItsOwnCode() {
        byte[] check = {0x64, 0x48, 0x2b, 0x14, 0x25, 0x28, 0, 0, 0};
        byte[] load = {0x64, 0x48, (byte) 0x8b, 0x04, 0x25, 0x28, 0, 0, 0};
        assertThat(exporter(check).answer()).isEqualTo(YES);
        // A thread library loads the guard once, to copy it.
        assertThat(exporter(load).answer()).isEqualTo(NO);
        assertThat(exporter(new byte[9]).answer()).isEqualTo(NO);
    }

    private static Property exporter(byte[] instruction) {
        ElfWriter library = new ElfWriter(64, ByteOrder.LITTLE_ENDIAN);
        library.soname = "libc.so.6";
        library.exports = List.of("__stack_chk_fail");
        System.arraycopy(instruction, 0, library.text, 20, instruction.length);
        return Elfs.judge(library).canary();
    }

    @Test
    void aLibraryOfAMachineWhoseCodeIsNotScannedIsUnseen() {
        ElfWriter library = new ElfWriter(64, ByteOrder.BIG_ENDIAN);
        library.machine = ElfMachine.S390;
        library.soname = "libc.so.6";
        library.exports = List.of("__stack_chk_fail");

        assertThat(Elfs.judge(library).canary().answer()).isEqualTo(UNSEEN);
    }

    @Test
    void staticProgramsShowOnlyThatThereIsNoCanary() {
        assertThat(Elfs.judge(statically(List.of("main"), true)).canary().answer())
                .isEqualTo(NO);
        assertThat(Elfs.judge(statically(List.of("__stack_chk_fail"), true))
                        .canary()
                        .answer())
                .isEqualTo(UNSEEN);
        assertThat(Elfs.judge(statically(List.of(), false)).canary().answer()).isEqualTo(UNSEEN);
    }

    private static ElfWriter statically(List<String> symbols, boolean symbolTable) {
        ElfWriter writer = ElfWriter.program();
        writer.type = 2;
        writer.dynamic = false;
        writer.interpreter = null;
        writer.symbols = symbols;
        writer.symbolTable = symbolTable;
        return writer;
    }

    @Test
    void staticRelroIsFullWhenItCoversAllJumpAddresses() {
        assertThat(Elfs.judge(statically(List.of(), true)).relro().level()).isEqualTo(Relro.Level.FULL);

        ElfWriter open = statically(List.of(), true).section(".got.plt", 1, 3, new byte[24]);
        assertThat(Elfs.judge(open).relro().level()).isEqualTo(Relro.Level.PARTIAL);

        ElfWriter blind = statically(List.of(), true);
        blind.sections = false;
        assertThat(Elfs.judge(blind).relro().level()).isEqualTo(Relro.Level.PARTIAL);
        assertThat(Elfs.judge(statically(List.of(), true)).bindNow().answer()).isEqualTo(NOT_APPLICABLE);
    }

    @Test
    void goHasNoCanaryByDesign() {
        ElfWriter go = ElfWriter.program();
        go.notes = List.of(go.note("Go\0", 4, new byte[8]));
        ElfHardening verdict = Elfs.judge(go);
        assertThat(verdict.canary().answer()).isEqualTo(NOT_APPLICABLE);
        assertThat(verdict.fortify().used().answer()).isEqualTo(NOT_APPLICABLE);
        assertThat(verdict.stackClash().answer()).isEqualTo(NOT_APPLICABLE);

        ElfWriter withC = ElfWriter.program();
        withC.notes = go.notes;
        withC.imports = List.of("__stack_chk_fail");
        assertThat(Elfs.judge(withC).canary().answer()).isEqualTo(YES);

        ElfWriter alone = statically(List.of(), true);
        alone.notes = go.notes;
        alone.relro = false;
        assertThat(Elfs.judge(alone).relro().level()).isEqualTo(Relro.Level.NOT_APPLICABLE);
        ElfWriter unprotected = statically(List.of(), true);
        unprotected.relro = false;
        assertThat(Elfs.judge(unprotected).relro().level()).isEqualTo(Relro.Level.NONE);
    }

    @Test
    void rustIsExcusedOnlyWithoutCCode() {
        assertThat(rust(List.of("memcpy", "realpath", "read")).canary().answer())
                .isEqualTo(NOT_APPLICABLE);
        // QEMU has Rust parts: its C parts need canaries.
        assertThat(rust(List.of("memcpy", "snprintf")).canary().answer()).isEqualTo(NO);
        assertThat(rust(List.of("memcpy", "__snprintf_chk")).canary().answer()).isEqualTo(NO);
        assertThat(rust(List.of("memcpy", "snprintf")).fortify().used().answer())
                .isEqualTo(NO);
        assertThat(rust(List.of("snprintf", "__stack_chk_fail")).canary().answer())
                .isEqualTo(YES);
    }

    private static ElfHardening rust(List<String> imports) {
        ElfWriter writer = ElfWriter.program().section(".comment", 1, 0, "rustc version 1\0".getBytes(US_ASCII));
        writer.imports = imports;
        return Elfs.judge(writer);
    }

    @ParameterizedTest
    @CsvSource({"6, YES", "4, YES", "7, NO"})
    void nxFollowsTheStackHeader(int flags, Answer answer) {
        ElfWriter writer = ElfWriter.program();
        writer.stackFlags = flags;

        assertThat(Elfs.judge(writer).nx().answer()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"64, 62, NO", "32, 3, NO", "64, 22, NO", "32, 20, NO", "64, 183, YES", "64, 243, YES", "64, 21, YES"})
    void withoutStackHeaderNxFollowsTheMachine(int bits, int machine, Answer answer) {
        ElfWriter writer = new ElfWriter(bits, ByteOrder.LITTLE_ENDIAN);
        writer.machine = machine;
        writer.stackFlags = -1;

        assertThat(Elfs.judge(writer).nx().answer()).isEqualTo(answer);
    }

    @Test
    void pieDoesNotApplyToLibraries() {
        ElfWriter library = new ElfWriter(64, ByteOrder.LITTLE_ENDIAN);
        ElfWriter fixed = ElfWriter.program();
        fixed.type = 2;

        assertThat(Elfs.judge(library).pie().answer()).isEqualTo(NOT_APPLICABLE);
        assertThat(Elfs.judge(fixed).pie().answer()).isEqualTo(NO);
        assertThat(Elfs.judge(ElfWriter.program()).pie().answer()).isEqualTo(YES);
    }

    @Test
    void fortifyCountsCheckedAndUncheckedCalls() {
        ElfWriter writer = ElfWriter.program();
        writer.imports = List.of("__memcpy_chk", "memcpy", "strcpy", "__printf_chk", "puts", "_longjmp", "longjmp");

        Fortify fortify = Elfs.judge(writer).fortify();

        assertThat(fortify.fortified()).containsExactly("memcpy", "printf");
        assertThat(fortify.unfortified()).containsExactly("longjmp", "memcpy", "strcpy");
        assertThat(fortify.fortifiedCount()).isEqualTo(2);
        assertThat(fortify.fortifiableCount()).isEqualTo(5);
        assertThat(fortify.used().answer()).isEqualTo(YES);
    }

    @Test
    void fortifyKnowsNoneFromNothing() {
        assertThat(fortify(List.of("strcpy")).answer()).isEqualTo(NO);
        assertThat(fortify(List.of("puts")).answer()).isEqualTo(NOT_APPLICABLE);
        // An older glibc has no twin of it, so that the plain call proves nothing.
        assertThat(fortify(List.of("strlcpy")).answer()).isEqualTo(NOT_APPLICABLE);
        assertThat(fortify(List.of("__strlcpy_chk")).answer()).isEqualTo(YES);
        assertThat(fortify(List.of("__printf_chkieee128")).answer()).isEqualTo(YES);

        ElfWriter musl = ElfWriter.program();
        musl.interpreter = "/lib/ld-musl-x86_64.so.1";
        musl.imports = List.of("strcpy");
        assertThat(Elfs.judge(musl).fortify().used().answer()).isEqualTo(UNSEEN);
    }

    private static Property fortify(List<String> imports) {
        ElfWriter writer = ElfWriter.program();
        writer.imports = imports;
        return Elfs.judge(writer).fortify().used();
    }

    @ParameterizedTest
    @CsvSource({"0, NO, NO", "1, YES, NO", "2, NO, YES", "3, YES, YES"})
    void cetMarksComeFromTheGnuProperty(int bits, Answer ibt, Answer shstk) {
        ElfWriter writer = ElfWriter.program();
        writer.notes = List.of(writer.property(0xc0000002, bits));

        ElfHardening verdict = Elfs.judge(writer);

        assertThat(verdict.ibt().answer()).isEqualTo(ibt);
        assertThat(verdict.shstk().answer()).isEqualTo(shstk);
        assertThat(verdict.bti().answer()).isEqualTo(NOT_APPLICABLE);
        assertThat(verdict.pac().answer()).isEqualTo(NOT_APPLICABLE);
    }

    @Test
    void aMarkCountsOnlyIfEachNoteHasIt() {
        ElfWriter writer = ElfWriter.program();
        writer.notes = List.of(writer.property(0xc0000002, 3), writer.property(0xc0000002, 1));

        ElfHardening verdict = Elfs.judge(writer);

        assertThat(verdict.ibt().answer()).isEqualTo(YES);
        assertThat(verdict.shstk().answer()).isEqualTo(NO);
    }

    @ParameterizedTest
    @CsvSource({"0, NO, NO", "1, YES, NO", "2, NO, YES", "3, YES, YES"})
    void armMarksComeFromTheGnuProperty(int bits, Answer bti, Answer pac) {
        ElfWriter writer = ElfWriter.program();
        writer.machine = ElfMachine.AARCH64;
        writer.notes = List.of(writer.property(0xc0000000, bits));

        ElfHardening verdict = Elfs.judge(writer);

        assertThat(verdict.bti().answer()).isEqualTo(bti);
        assertThat(verdict.pac().answer()).isEqualTo(pac);
        assertThat(verdict.ibt().answer()).isEqualTo(NOT_APPLICABLE);
    }

    @Test
    void objectsAreJudgedByTheirSymbols() {
        ElfWriter object = ElfWriter.program();
        object.type = 1;
        object.imports = List.of("__stack_chk_fail", "__memcpy_chk");
        ElfHardening verdict = Elfs.judge(object);
        assertThat(verdict.canary().answer()).isEqualTo(YES);
        assertThat(verdict.fortify().fortified()).containsExactly("memcpy");
        assertThat(verdict.nx().answer()).isEqualTo(NOT_APPLICABLE);
        assertThat(verdict.pie().answer()).isEqualTo(NOT_APPLICABLE);
        assertThat(verdict.relro().level()).isEqualTo(Relro.Level.NOT_APPLICABLE);

        ElfWriter module = ElfWriter.program().section(".modinfo", 1, 2, new byte[4]);
        module.type = 1;
        module.imports = List.of("memcpy");
        ElfHardening plain = Elfs.judge(module);
        assertThat(plain.canary().answer()).isEqualTo(NO);
        assertThat(plain.fortify().used().answer()).isEqualTo(NOT_APPLICABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 0, 0xfe00})
    void nothingAppliesToFilesThatAreNotLoaded(int type) {
        ElfWriter writer = ElfWriter.program();
        writer.type = type;

        ElfHardening verdict = Elfs.judge(writer);

        assertThat(List.of(
                        verdict.canary(),
                        verdict.nx(),
                        verdict.pie(),
                        verdict.fortify().used(),
                        verdict.bindNow(),
                        verdict.ibt(),
                        verdict.shstk(),
                        verdict.bti(),
                        verdict.pac(),
                        verdict.stackClash(),
                        verdict.controlFlow(),
                        verdict.stripped()))
                .extracting(Property::answer)
                .containsOnly(NOT_APPLICABLE);
        assertThat(verdict.relro().level()).isEqualTo(Relro.Level.NOT_APPLICABLE);
    }

    @Test
    void aLibraryWithoutCodeNeedsNoCanary() {
        ElfWriter data = new ElfWriter(64, ByteOrder.LITTLE_ENDIAN);
        data.code = false;
        assertThat(Elfs.judge(data).canary().answer()).isEqualTo(NOT_APPLICABLE);

        ElfWriter code = new ElfWriter(64, ByteOrder.LITTLE_ENDIAN);
        assertThat(Elfs.judge(code).canary().answer()).isEqualTo(NO);
    }

    @Test
    void strippedMeansWithoutTheFullSymbolTable() {
        ElfWriter stripped = ElfWriter.program();
        stripped.symbolTable = false;
        assertThat(Elfs.judge(stripped).stripped().answer()).isEqualTo(YES);

        ElfWriter bare = ElfWriter.program();
        bare.sections = false;
        bare.count = ElfWriter.Count.HASH;
        assertThat(Elfs.judge(bare).stripped().answer()).isEqualTo(YES);
        assertThat(Elfs.judge(ElfWriter.program()).stripped().answer()).isEqualTo(NO);
    }

    @Test
    void controlFlowIntegrityIsSeenButItsAbsenceIsNot() {
        ElfWriter checked = ElfWriter.program();
        checked.imports = List.of("__cfi_slowpath");
        assertThat(Elfs.judge(checked).controlFlow().answer()).isEqualTo(YES);
        assertThat(Elfs.judge(ElfWriter.program()).controlFlow().answer()).isEqualTo(UNSEEN);
    }

    @Test
    void everyUndecidedVerdictIsNeitherTrueNorFalse() {
        assertThat(new Property(YES, "x").decided()).contains(true);
        assertThat(new Property(NO, "x").decided()).contains(false);
        assertThat(new Property(NOT_APPLICABLE, "x").decided()).isEmpty();
        assertThat(new Property(UNSEEN, "x").decided()).isEmpty();
    }
}
