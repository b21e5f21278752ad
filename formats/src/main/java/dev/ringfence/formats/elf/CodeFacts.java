package dev.ringfence.formats.elf;

/**
 * What the machine code of an x86 file shows, where no symbol or note can.
 *
 * @param scannedBytes bytes of code that were looked at; 0 when none were
 * @param complete whether that was all of the code
 * @param guardLoads reads of the stack guard
 * @param guardChecks comparisons with the stack guard, which only a stack protector makes
 * @param stackProbes pages of stack that were touched as they were taken, as stack-clash protection does; x86-64 only
 * @param unprobedFrames times that more than a page of stack was taken at once, as stack-clash protection never does; x86-64
 *     only
 */
public record CodeFacts(
        long scannedBytes, boolean complete, int guardLoads, int guardChecks, int stackProbes, int unprobedFrames) {
    static final CodeFacts NOT_SCANNED = new CodeFacts(0, false, 0, 0, 0, 0);
}
