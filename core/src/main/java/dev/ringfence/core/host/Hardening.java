package dev.ringfence.core.host;

import dev.ringfence.formats.elf.ElfHardening;
import dev.ringfence.formats.elf.Property;
import java.util.Objects;

/**
 * How a binary was hardened when it was built, as rules read it. Texts of a property are {@code yes}, {@code no}, {@code
 * not-applicable} or {@code unseen}.
 *
 * @param relro {@code none}, {@code partial}, {@code full} or {@code not-applicable}
 * @param fortified functions called through their checking twin
 * @param fortifiable functions that have one
 * @param rpath library search path in the file, empty when none
 */
public record Hardening(
        String relro,
        String canary,
        String nx,
        String pie,
        String bindNow,
        String ibt,
        String shstk,
        String bti,
        String pac,
        String stackClash,
        String controlFlow,
        long fortified,
        long fortifiable,
        String rpath,
        String runpath) {
    /** The same in flat form. */
    public static Hardening of(ElfHardening elf) {
        return new Hardening(
                FactSchema.constantText(elf.relro().level()),
                text(elf.canary()),
                text(elf.nx()),
                text(elf.pie()),
                text(elf.bindNow()),
                text(elf.ibt()),
                text(elf.shstk()),
                text(elf.bti()),
                text(elf.pac()),
                text(elf.stackClash()),
                text(elf.controlFlow()),
                elf.fortify().fortifiedCount(),
                elf.fortify().fortifiableCount(),
                Objects.requireNonNullElse(elf.identity().rpath(), ""),
                Objects.requireNonNullElse(elf.identity().runpath(), ""));
    }

    private static String text(Property property) {
        return FactSchema.constantText(property.answer());
    }
}
