package dev.ringfence.formats.elf;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.io.ByteSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads ELF files of 32 and 64 bits and both byte orders: headers, dynamic section, symbol names, notes. It reads the pages
 * that hold those, so that a file of many megabytes costs a few dozen kilobytes.
 *
 * <p>Total: whatever the bytes say, the outcome is a record or a refusal. Limits: 4,096 program headers (core files are not
 * walked), 2^20 section headers, 65,536 dynamic entries, 4,096 needed libraries, 2^22 symbols, 2^24 relocations, 65,536
 * notes, names of 4,096 and search paths of 65,536 bytes. Memory: about 1 MiB of pages and the strings kept.
 *
 * <p>Refusals: {@code RF-ELF-001} not an ELF file; {@code 002} the file ends inside the ELF header; {@code 003} unknown
 * class, data encoding or version; {@code 004} wrong entry size of a table; {@code 005} program headers outside the file;
 * {@code 006} section headers outside the file, or a wrong section index; {@code 007} a segment or section outside the file;
 * {@code 008} a dynamic table at an address that the file does not hold; {@code 009} a string without end or outside its
 * table; {@code 010} a note past its segment; {@code 011} a limit exceeded; {@code 012} a single segment given twice.
 *
 * <p>Thread-safe: no state is kept between calls.
 */
public final class ElfReader {
    private ElfReader() {}

    /**
     * Reads a file without looking at its code. Only a C library's code is sampled, up to 4 MiB, because the stack protector
     * that it exports leaves no other trace of its own use.
     *
     * @throws IOException only if the source does
     */
    public static Decoded<ElfFile> read(ByteSource source) throws IOException {
        return read(source, false);
    }

    /** As {@link #read(ByteSource)}, for a file in memory. */
    public static Decoded<ElfFile> read(byte[] bytes) {
        try {
            return read(ByteSource.of(bytes), false);
        } catch (IOException e) {
            throw new UncheckedIOException("an array cannot fail to be read", e);
        }
    }

    /**
     * Reads a file and scans up to 64 MiB of its x86-64 code, which is the only trace that stack-clash protection leaves.
     * Costs the reading of that code.
     *
     * @throws IOException only if the source does
     */
    public static Decoded<ElfFile> readWithCode(ByteSource source) throws IOException {
        return read(source, true);
    }

    private static Decoded<ElfFile> read(ByteSource source, boolean withCode) throws IOException {
        try {
            return new Decoded.Value<>(decode(new Image(source), withCode));
        } catch (Malformed e) {
            return new Decoded.Refused<>(e.refusal());
        }
    }

    private static ElfFile decode(Image image, boolean withCode) throws IOException, Malformed {
        FileHeader header = FileHeader.read(image);
        ElfType type = ElfType.of(header.type());
        return switch (type) {
            // A core file's program headers describe a dead process's memory, and it is often cut short.
            case CORE ->
                notLoaded(image, header, new Segments(List.of()), new Sections(), ElfKind.CORE, SymbolFacts.NOTHING);
            case RELOCATABLE -> {
                Sections sections = Sections.scan(image, header);
                ElfKind kind = sections.kernelModule ? ElfKind.KERNEL_MODULE : ElfKind.RELOCATABLE;
                SymbolFacts symbols = SymbolScan.full(image, header, sections);
                yield notLoaded(image, header, Segments.read(image, header), sections, kind, symbols);
            }
            case EXECUTABLE, SHARED_OBJECT -> {
                Sections sections = Sections.scan(image, header);
                Segments segments = Segments.read(image, header);
                if (sections.debugOnly()) {
                    yield notLoaded(image, header, segments, sections, ElfKind.DEBUG_ONLY, SymbolFacts.NOTHING);
                }
                if (segments.all().isEmpty()) {
                    yield notLoaded(image, header, segments, sections, ElfKind.OTHER, SymbolFacts.NOTHING);
                }
                yield loaded(image, header, segments, sections, withCode);
            }
            case NONE, OTHER ->
                notLoaded(image, header, new Segments(List.of()), new Sections(), ElfKind.OTHER, SymbolFacts.NOTHING);
        };
    }

    private static ElfFile notLoaded(
            Image image, FileHeader header, Segments segments, Sections sections, ElfKind kind, SymbolFacts symbols)
            throws IOException, Malformed {
        Notes notes = Notes.ofSections(image, sections);
        Language language = Language.OTHER;
        if (sections.goNames) {
            language = Language.GO;
        } else if (RustTraces.named(image, sections)) {
            language = Language.RUST;
        }
        ElfIdentity identity = identity(image, header, kind, false, language, null, new DynamicTable(), notes.buildId);
        return file(identity, segments, sections, new DynamicTable(), notes, symbols, CodeFacts.NOT_SCANNED);
    }

    private static ElfFile loaded(
            Image image, FileHeader header, Segments segments, Sections sections, boolean withCode)
            throws IOException, Malformed {
        segments.requireLoadable(image);
        ElfMachine machine = new ElfMachine(header.machine());
        String interpreter = interpreter(image, segments);
        DynamicTable dynamic = DynamicTable.read(image, segments, machine);
        ElfKind kind = kind(header, dynamic);
        boolean staticallyLinked = kind.program() && interpreter == null && dynamic.needed.isEmpty();
        Notes notes = Notes.ofSegments(image, segments);
        SymbolFacts symbols = staticallyLinked
                ? SymbolScan.full(image, header, sections)
                : SymbolScan.dynamic(image, segments, dynamic, sections, machine);

        Language language = Language.OTHER;
        if (notes.go || sections.goNames) {
            language = Language.GO;
        } else if (RustTraces.named(image, sections)
                // Reading constants is worth it only where the language decides a verdict.
                || (!symbols.importsGuard() && segments.hasCode() && RustTraces.inPanicMessages(image, sections))) {
            language = Language.RUST;
        }
        ElfIdentity identity =
                identity(image, header, kind, staticallyLinked, language, interpreter, dynamic, notes.buildId);
        CodeFacts code = CodeFacts.NOT_SCANNED;
        if (machine.x86()) {
            boolean guardIsHere = kind == ElfKind.SHARED_LIBRARY && symbols.definesGuard() && !symbols.importsGuard();
            if (withCode) {
                code = CodeScan.scan(image, segments, CodeScan.LIMIT_BYTES);
            } else if (guardIsHere) {
                code = CodeScan.scan(image, segments, CodeScan.GUARD_LIMIT_BYTES);
            }
        }
        return file(identity, segments, sections, dynamic, notes, symbols, code);
    }

    private static @Nullable String interpreter(Image image, Segments segments) throws IOException, Malformed {
        ElfSegment segment = segments.first(ElfSegment.PT_INTERP).orElse(null);
        if (segment == null) {
            return null;
        }
        image.require(segment.offset(), segment.fileSizeBytes(), Malformed.CONTENTS, "the interpreter's name");
        return image.text(
                segment.offset(),
                segment.offset() + segment.fileSizeBytes(),
                DynamicTable.NAME_LIMIT_BYTES,
                "the interpreter's name");
    }

    /**
     * Linkers mark a position-independent program with DF_1_PIE, and leave room for debuggers with DT_DEBUG (on MIPS with
     * DT_MIPS_RLD_MAP), which libraries do not have. An interpreter proves nothing: the C library has one, and so have plugins
     * that can be run. A file that no dynamic loader can read is no library.
     */
    private static ElfKind kind(FileHeader header, DynamicTable dynamic) {
        if (ElfType.of(header.type()) == ElfType.EXECUTABLE) {
            return ElfKind.EXECUTABLE;
        }
        boolean program = dynamic.pieFlag || dynamic.debugEntry || !dynamic.present;
        return program ? ElfKind.PIE_EXECUTABLE : ElfKind.SHARED_LIBRARY;
    }

    private static ElfIdentity identity(
            Image image,
            FileHeader header,
            ElfKind kind,
            boolean staticallyLinked,
            Language language,
            @Nullable String interpreter,
            DynamicTable dynamic,
            @Nullable String buildId) {
        return new ElfIdentity(
                image.wide() ? 64 : 32,
                image.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
                new ElfMachine(header.machine()),
                ElfType.of(header.type()),
                kind,
                staticallyLinked,
                language,
                interpreter,
                dynamic.soname,
                dynamic.needed,
                dynamic.rpath,
                dynamic.runpath,
                dynamic.noDefaultLibraries,
                buildId);
    }

    private static ElfFile file(
            ElfIdentity identity,
            Segments segments,
            Sections sections,
            DynamicTable dynamic,
            Notes notes,
            SymbolFacts symbols,
            CodeFacts code) {
        return new ElfFile(
                identity,
                segments.all(),
                sections.present,
                sections.symbols != null,
                dynamic.present,
                dynamic.bindNow,
                gotOutsideRelro(segments, sections),
                notes.ibt,
                notes.shstk,
                notes.bti,
                notes.pac,
                symbols,
                code);
    }

    private static boolean gotOutsideRelro(Segments segments, Sections sections) {
        Sections.@Nullable Section got = sections.gotPlt;
        return got != null
                && segments.first(ElfSegment.PT_GNU_RELRO)
                        .filter(relro -> relro.holdsInMemory(got.address(), got.sizeBytes()))
                        .isEmpty();
    }
}
