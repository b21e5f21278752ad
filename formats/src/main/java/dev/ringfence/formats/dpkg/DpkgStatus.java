package dev.ringfence.formats.dpkg;

import dev.ringfence.formats.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /var/lib/dpkg/status}: the packages that dpkg knows of.
 *
 * <p>Refusals: RF-DPK-001 larger than 64 MiB, RF-DPK-002 no package at all, so that nothing can be concluded from an
 * absent one.
 *
 * <p>Source: {@code deb822(5)}, {@code dpkg-query(1)}.
 *
 * @param packages in order of the file; one name may occur for several architectures
 */
public record DpkgStatus(List<Package> packages) {
    private static final int MAX_BYTES = 64 << 20;

    public DpkgStatus {
        packages = List.copyOf(packages);
    }

    /**
     * One package.
     *
     * @param status as written: {@code install ok installed}, {@code deinstall ok config-files}, …
     * @param source name of the source package, the package's own when the file gives none
     * @param sourceVersion version of the source package, the package's own when the file gives none
     */
    public record Package(
            String name, String version, String architecture, String status, String source, String sourceVersion) {
        /** Whether the files are there and configured. */
        public boolean installed() {
            return status.endsWith(" ok installed");
        }
    }

    /** Parses the file. */
    public static Decoded<DpkgStatus> parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-DPK-001", "the file is larger than 64 MiB");
        }
        List<Package> packages = new Reader(bytes).read();
        return packages.isEmpty()
                ? Decoded.refused("RF-DPK-002", "the file names no package")
                : new Decoded.Value<>(new DpkgStatus(packages));
    }

    /** The installed packages of that name, one for each architecture. */
    public List<Package> installed(String name) {
        return packages.stream()
                .filter(p -> p.name().equals(name) && p.installed())
                .toList();
    }

    /** The installed package of that name, empty when there is none; of several the first. */
    public Optional<Package> find(String name) {
        return installed(name).stream().findFirst();
    }

    /** One pass over the bytes: a line is looked at only when its first letters may be those of a field of interest. */
    private static final class Reader {
        private static final byte[] PACKAGE = "Package:".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] STATUS = "Status:".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] ARCHITECTURE = "Architecture:".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] SOURCE = "Source:".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] VERSION = "Version:".getBytes(StandardCharsets.US_ASCII);

        private final byte[] bytes;
        private final List<Package> packages = new ArrayList<>();
        private final Map<String, String> shared = new HashMap<>();
        private String name = "";
        private String version = "";
        private String architecture = "";
        private String status = "";
        private String source = "";

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        List<Package> read() {
            int at = 0;
            while (at < bytes.length) {
                int end = at;
                while (end < bytes.length && bytes[end] != '\n') {
                    end++;
                }
                line(at, end);
                at = end + 1;
            }
            close();
            return packages;
        }

        private void line(int from, int to) {
            if (from == to || to == from + 1 && bytes[from] == '\r') {
                close();
                return;
            }
            switch (bytes[from] | 0x20) {
                case 'p' -> name = field(PACKAGE, from, to, name);
                case 'v' -> version = field(VERSION, from, to, version);
                case 'a' -> architecture = share(field(ARCHITECTURE, from, to, architecture));
                case 's' -> {
                    status = share(field(STATUS, from, to, status));
                    source = field(SOURCE, from, to, source);
                }
                default -> {}
            }
        }

        /** The value when the line is this field, else what was known before. Names of fields have no case. */
        private String field(byte[] field, int from, int to, String before) {
            if (to - from < field.length) {
                return before;
            }
            for (int i = 0; i < field.length; i++) {
                int c = bytes[from + i];
                if (c != field[i] && (field[i] == ':' || (c | 0x20) != (field[i] | 0x20))) {
                    return before;
                }
            }
            return new String(bytes, from + field.length, to - from - field.length, StandardCharsets.UTF_8).strip();
        }

        private String share(String text) {
            return shared.size() > 1_000 ? text : shared.computeIfAbsent(text, t -> t);
        }

        private void close() {
            if (!name.isEmpty()) {
                int open = source.indexOf('(');
                int shut = source.indexOf(')', Math.max(0, open));
                String sourceName = (open < 0 ? source : source.substring(0, open)).strip();
                packages.add(new Package(
                        name,
                        version,
                        architecture,
                        status,
                        sourceName.isEmpty() ? name : sourceName,
                        open >= 0 && shut > open
                                ? source.substring(open + 1, shut).strip()
                                : version));
            }
            name = "";
            version = "";
            architecture = "";
            status = "";
            source = "";
        }
    }
}
