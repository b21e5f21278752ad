package dev.ringfence.cli.image;

import dev.ringfence.cli.Terminal;
import dev.ringfence.cli.Terminal.Style;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.image.ImageChain;
import dev.ringfence.formats.image.ImageFormat;
import dev.ringfence.formats.image.ImageReport;
import dev.ringfence.formats.image.Reference;
import java.util.List;
import java.util.Locale;

/** An inspected image for a person: a fact a line, the reasons last. */
final class ImageTable {
    private final Terminal terminal;

    ImageTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void write(ImageChain chain) {
        for (ImageChain.Link link : chain.links()) {
            file(link);
        }
        for (Refusal finding : chain.findings()) {
            terminal.out().println(terminal.style(Style.BAD, finding.code()) + "  " + printable(finding.reason()));
        }
        terminal.out()
                .println(chain.safe() ? terminal.style(Style.GOOD, "safe") : terminal.style(Style.BAD, "refused"));
    }

    private void file(ImageChain.Link link) {
        ImageReport report = link.report();
        terminal.out().println(terminal.style(Style.STRONG, printable(link.path())));
        String format = report.format().title() + (report.variant().isEmpty() ? "" : " " + report.variant());
        if (report.claimed().size() > 1) {
            format += ", and at once "
                    + String.join(
                            ", ",
                            report.claimed().stream().map(ImageFormat::title).toList());
        }
        line("format", format);
        line("virtual size", report.virtualSizeBytes() < 0 ? "?" : size(report.virtualSizeBytes()));
        line("file size", size(report.fileSizeBytes()) + ", " + size(link.allocatedBytes()) + " on disk");
        reference("backing", report.backing());
        reference("data file", report.dataFile());
        for (Reference extent : report.extents()) {
            reference("extent", extent);
        }
        if (report.encryption() != null) {
            line("encryption", report.encryption());
        }
        if (report.snapshotCount() > 0) {
            line("snapshots", Integer.toString(report.snapshotCount()));
        }
        List<String> features = report.features();
        if (!features.isEmpty()) {
            line("features", String.join(", ", features));
        }
    }

    private void reference(String label, @org.jspecify.annotations.Nullable Reference reference) {
        if (reference != null) {
            line(label, reference.name() + (reference.format() == null ? "" : " (" + reference.format() + ")"));
        }
    }

    private void line(String label, String text) {
        terminal.out().println(String.format(Locale.ROOT, "  %-13s %s", label, printable(text)));
    }

    private static String size(long bytes) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.4g %s", value, units[unit]);
    }

    /** What an image says may hold anything. */
    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }
}
