package dev.ringfence.cli.inspect;

import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Terminal.Style;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.elf.ElfHardening;
import dev.ringfence.formats.elf.Property;
import dev.ringfence.formats.elf.Relro;
import dev.ringfence.wire.inspect.ElfJson.Entry;
import java.util.Collection;
import java.util.Locale;

/** Hardening verdicts for a person: a line for each file, paths last because they vary in length. */
final class ElfTable {
    private final Terminal terminal;

    ElfTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void write(Collection<Entry> entries) {
        terminal.out().println(terminal.style(Style.STRONG, "RELRO    CANARY NX   PIE  FORTIFY  CET  FILE"));
        long bad = 0;
        for (Entry entry : entries) {
            bad += hardened(entry) ? 0 : 1;
            line(entry);
        }
        terminal.out()
                .println(entries.size()
                        + (entries.size() == 1 ? " file, " : " files, ")
                        + (bad == 0 ? "all hardened" : bad + " not fully hardened"));
    }

    private void line(Entry entry) {
        switch (entry) {
            case Entry.Refused(String path, String neededBy, Refusal refusal) ->
                terminal.out().println(terminal.style(Style.UNSURE, "refused  ") + printable(path) + "  " + refusal);
            case Entry.Judged(String path, String neededBy, ElfHardening elf) -> {
                String fortify = elf.fortify().fortifiableCount() == 0
                        ? "-"
                        : elf.fortify().fortifiedCount() + "/" + elf.fortify().fortifiableCount();
                terminal.out()
                        .println(cell(relro(elf), elf.relro().level() != Relro.Level.FULL, 9)
                                + cell(elf.canary(), 7)
                                + cell(elf.nx(), 5)
                                + cell(elf.pie(), 5)
                                + String.format(Locale.ROOT, "%-9s", fortify)
                                + String.format(Locale.ROOT, "%-5s", word(elf.ibt()))
                                + (neededBy.isEmpty() ? "" : "  ")
                                + printable(path)
                                + searchPath(elf));
            }
        }
    }

    private static String relro(ElfHardening elf) {
        return elf.relro().level() == Relro.Level.NOT_APPLICABLE
                ? "-"
                : elf.relro().level().name().toLowerCase(Locale.ROOT);
    }

    private String searchPath(ElfHardening elf) {
        String path = elf.identity().rpath() == null
                ? elf.identity().runpath()
                : elf.identity().rpath();
        return path == null ? "" : terminal.style(Style.UNSURE, "  searches " + printable(path));
    }

    private String cell(Property property, int width) {
        return cell(word(property), property.answer() == Property.Answer.NO, width);
    }

    private String cell(String word, boolean bad, int width) {
        String padded = String.format(Locale.ROOT, "%-" + width + "s", word);
        return bad && !word.equals("-") ? terminal.style(Style.BAD, padded) : padded;
    }

    private static String word(Property property) {
        return switch (property.answer()) {
            case YES -> "yes";
            case NO -> "no";
            case NOT_APPLICABLE -> "-";
            case UNSEEN -> "?";
        };
    }

    /** A path may hold anything but NUL. */
    private static String printable(String path) {
        return path.replaceAll("\\p{Cntrl}", "?");
    }

    /** Whether the basic protections are there, where they apply. */
    static boolean hardened(Entry entry) {
        return switch (entry) {
            case Entry.Refused r -> false;
            case Entry.Judged(String path, String neededBy, ElfHardening elf) ->
                elf.relro().level() != Relro.Level.NONE
                        && elf.relro().level() != Relro.Level.PARTIAL
                        && elf.canary().answer() != Property.Answer.NO
                        && elf.nx().answer() != Property.Answer.NO
                        && elf.pie().answer() != Property.Answer.NO;
        };
    }
}
