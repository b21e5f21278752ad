package dev.ringfence.core.fix;

import dev.ringfence.formats.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Files that hold Ringfence's settings alone, beside what the distribution and the administrator wrote. */
final class DropIns {
    /** The first lines of each; without a date, so that the same settings give the same file. */
    static final String HEADER =
            "# Written by ringfence; 'ringfence fix list' shows which plan, 'fix rollback' takes it back.\n";

    /** Sorts behind the distribution's files and 99-sysctl.conf: the last value counts. */
    static final String SYSCTL = "/etc/sysctl.d/zz-ringfence.conf";

    static final String MODPROBE = "/etc/modprobe.d/zz-ringfence.conf";
    static final String TMPFILES = "/etc/tmpfiles.d/zz-ringfence.conf";
    static final String UDEV = "/etc/udev/rules.d/zz-ringfence.rules";
    static final String GRUB = "/etc/default/grub.d/zz-ringfence.cfg";

    /** Sorts first: of a keyword's values sshd takes the first. */
    static final String SSHD = "/etc/ssh/sshd_config.d/00-ringfence.conf";

    private DropIns() {}

    /** The content to start from: the header where the file is new. */
    static byte[] begun(byte[] content) {
        return content.length == 0 ? HEADER.getBytes(StandardCharsets.UTF_8) : content;
    }

    /**
     * A file of whole lines with one line replaced, or added at its end.
     *
     * @param start what the line begins with, followed by a blank; compared without case
     */
    static Decoded<byte[]> line(byte[] content, String start, String line) {
        String text = new String(begun(content), StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder();
        boolean found = false;
        for (String each : text.split("\n")) {
            boolean same = each.strip().toLowerCase(Locale.ROOT).startsWith(start.toLowerCase(Locale.ROOT) + " ");
            if (!same || !found) {
                out.append(same ? line : each).append('\n');
            }
            found |= same;
        }
        if (!found) {
            out.append(line).append('\n');
        }
        return new Decoded.Value<>(out.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** All places that only Ringfence writes. */
    static List<String> all() {
        return List.of(SYSCTL, MODPROBE, TMPFILES, UDEV, GRUB, SSHD);
    }
}
