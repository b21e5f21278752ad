package dev.ringfence.formats.editing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.domain.DomainText;
import dev.ringfence.formats.grub.GrubDefaults;
import dev.ringfence.formats.libvirtconf.LibvirtConf;
import dev.ringfence.formats.libvirtconf.LibvirtValue;
import dev.ringfence.formats.modprobe.Directive;
import dev.ringfence.formats.modprobe.ModprobeConf;
import dev.ringfence.formats.oslo.OsloFile;
import dev.ringfence.formats.oslo.OsloValue;
import dev.ringfence.formats.polkit.RulesFile;
import dev.ringfence.formats.sshd.SshdFile;
import dev.ringfence.formats.sudoers.SudoersFile;
import dev.ringfence.formats.sysctl.SysctlConf;
import dev.ringfence.formats.systemd.UnitFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every file of this machine that an editor is for: what is read prints as the very same bytes, and an edit that is taken
 * back leaves them. Other trees are read with {@code -Dringfence.trees=DIR:DIR}, which prints how many files there were.
 */
class RealFilesTest {
    private static final String TREES = System.getProperty("ringfence.trees", "");
    private static final List<String> PLACES = List.of(
            "etc",
            "usr/lib/modprobe.d",
            "usr/lib/sysctl.d",
            "usr/lib/systemd",
            "usr/share/glance-common",
            "usr/share/grub",
            "usr/share/keystone",
            "usr/share/libvirt",
            "usr/share/neutron-common",
            "usr/share/nova-common",
            "usr/share/openssh",
            "usr/share/polkit-1",
            "lib/modprobe.d",
            "lib/systemd");
    private static final int MAX_VALUES = 60;

    private record Kind(String name, String path, Function<byte[], Optional<String>> reading) {}

    /** The path is below a root; the reading gives a reason where the file was refused, and fails where bytes differ. */
    private static final List<Kind> KINDS = List.of(
            new Kind("sysctl", ".*/sysctl(\\.d/[^/]+)?\\.conf", RealFilesTest::sysctl),
            new Kind("modprobe", ".*/modprobe\\.d/[^/]+\\.conf", RealFilesTest::modprobe),
            new Kind(
                    "grub and other shell defaults",
                    "(etc|usr/share/grub)/default/([^/]+|grub\\.d/[^/]+)",
                    RealFilesTest::grub),
            new Kind(
                    "systemd",
                    ".*/systemd/(.*\\.(service|socket|timer|target|path|mount|slice|network|link)|[^/]+\\.conf|.*\\.conf)",
                    RealFilesTest::systemd),
            new Kind("sshd", ".*/(openssh/)?sshd_config(\\.d/[^/]+\\.conf)?", RealFilesTest::sshd),
            new Kind("sudoers", ".*/(sudoers|sudoers\\.d/[^/]+)", RealFilesTest::sudoers),
            new Kind("polkit", ".*/polkit-1/rules\\.d/[^/]+\\.rules", RealFilesTest::polkit),
            new Kind("libvirt", "etc/libvirt/[^/]+\\.conf", RealFilesTest::libvirt),
            new Kind(
                    "oslo",
                    ".*/(nova|neutron|glance|keystone)(-common)?/([^/]+/)*(?!dnsmasq)[^/]+\\.(conf|ini|filters)",
                    RealFilesTest::oslo),
            new Kind("XML", "(etc|usr/share)/libvirt/.*\\.xml", RealFilesTest::xml));

    @Test
    void everyFileOfThisMachinePrintsAsItWasRead() throws IOException {
        Map<String, List<String>> refused = new TreeMap<>();
        Map<String, Integer> accepted = new TreeMap<>();
        for (Path root : TREES.isEmpty() ? List.of(Path.of("/")) : roots()) {
            for (Path file : files(root)) {
                String path = root.relativize(file).toString();
                for (Kind kind : KINDS) {
                    if (path.matches(kind.path()) && Files.size(file) < 1 << 20) {
                        Optional<String> refusal = reading(kind, file);
                        refusal.ifPresent(why -> refused.computeIfAbsent(kind.name(), k -> new ArrayList<>())
                                .add(path + ": " + why));
                        accepted.merge(kind.name(), refusal.isEmpty() ? 1 : 0, Integer::sum);
                    }
                }
            }
        }
        if (!TREES.isEmpty()) {
            System.out.println("accepted " + accepted + ", refused " + refused);
        }
        assertThat(accepted).isNotEmpty();
        // Debian's own files are never refused, but for shell programs that stand beside GRUB's defaults.
        refused.remove("grub and other shell defaults");
        assertThat(refused).isEmpty();
    }

    private static Optional<String> reading(Kind kind, Path file) throws IOException {
        try {
            return kind.reading().apply(Files.readAllBytes(file));
        } catch (AssertionError wrong) {
            throw new AssertionError(file + ": " + wrong.getMessage(), wrong);
        }
    }

    private static List<Path> roots() {
        return Stream.of(TREES.split(":")).map(Path::of).toList();
    }

    private static List<Path> files(Path root) {
        TreeSet<Path> found = new TreeSet<>(Comparator.comparing(Path::toString));
        for (String place : PLACES) {
            Path start = root.resolve(place);
            if (!Files.isDirectory(start) || Files.isSymbolicLink(start)) {
                continue;
            }
            try (Stream<Path> below = Files.find(start, 9, (p, a) -> a.isRegularFile() && Files.isReadable(p))) {
                below.forEach(found::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return List.copyOf(found);
    }

    private static <T> Optional<String> check(
            Decoded<T> decoded, byte[] bytes, Function<T, byte[]> printed, Function<T, Stream<Decoded<T>>> undone) {
        return switch (decoded) {
            case Decoded.Refused<T>(var refusal) -> Optional.of(refusal.toString());
            case Decoded.Value<T>(T file) -> {
                assertThat(printed.apply(file)).isEqualTo(bytes);
                boolean endsLine = bytes.length == 0 || bytes[bytes.length - 1] == '\n';
                if (endsLine) {
                    undone.apply(file).forEach(back -> {
                        if (back instanceof Decoded.Value<T>(T same)) {
                            assertThat(printed.apply(same)).isEqualTo(bytes);
                        }
                    });
                }
                yield Optional.empty();
            }
        };
    }

    private static <T> Decoded<T> then(Decoded<T> first, Function<T, Decoded<T>> next) {
        return first instanceof Decoded.Value<T>(T value) ? next.apply(value) : first;
    }

    private static Optional<String> sysctl(byte[] bytes) {
        return check(
                SysctlConf.parse(bytes),
                bytes,
                SysctlConf::bytes,
                f -> Stream.concat(
                        Stream.of(must(then(f.set("kernel.ringfence", "1"), c -> c.remove("kernel.ringfence")))),
                        f.settings().stream()
                                .limit(MAX_VALUES)
                                .map(s -> f.setting(s.name()).orElseThrow())
                                .map(s -> then(f.set(s.name(), "7"), c -> c.set(s.name(), s.value())))));
    }

    private static Optional<String> modprobe(byte[] bytes) {
        return check(
                ModprobeConf.parse(bytes),
                bytes,
                ModprobeConf::bytes,
                f -> Stream.concat(
                        Stream.of(
                                must(then(f.blacklist("rf-test"), c -> c.removeBlacklist("rf_test"))),
                                must(then(f.setOption("rf", "a", "1"), c -> c.removeOption("rf", "a"))),
                                must(then(f.setInstall("rf", "/bin/false"), c -> c.removeInstall("rf")))),
                        f.directives().stream()
                                .filter(d -> d.command().equals("install"))
                                .limit(MAX_VALUES)
                                .map(Directive::module)
                                .map(m -> then(
                                        f.setInstall(m, "/bin/false"),
                                        c -> c.setInstall(m, f.install(m).orElseThrow())))));
    }

    private static Optional<String> grub(byte[] bytes) {
        return check(
                GrubDefaults.parse(bytes),
                bytes,
                GrubDefaults::bytes,
                f -> Stream.of(then(
                                f.addArgument("GRUB_CMDLINE_LINUX", "rf-test=1"),
                                c -> c.removeArgument("GRUB_CMDLINE_LINUX", "rf_test")))
                        .filter(back -> f.assigns("GRUB_CMDLINE_LINUX")));
    }

    private static Optional<String> systemd(byte[] bytes) {
        return check(
                UnitFile.parse(bytes),
                bytes,
                UnitFile::bytes,
                f -> f.entries().stream()
                        .filter(e -> !e.section().isEmpty() && !e.value().isEmpty())
                        .filter(e -> f.values(e.section(), e.key()).equals(List.of(e.value())))
                        .limit(MAX_VALUES)
                        .flatMap(e -> Stream.of(
                                then(f.add(e.section(), "RfTest", "1"), c -> c.remove(e.section(), "RfTest")),
                                // A value of several lines comes back as one.
                                f.text().contains("\\\n") || f.text().contains("\\ \n")
                                        ? f.remove("Absent", "RfTest")
                                        : then(
                                                f.set(e.section(), e.key(), "rf"),
                                                c -> c.set(e.section(), e.key(), e.value())))));
    }

    private static Optional<String> sshd(byte[] bytes) {
        return check(
                SshdFile.parse(bytes),
                bytes,
                SshdFile::bytes,
                f -> Stream.of(must(then(f.set("RfTest", "1"), c -> c.remove("RfTest")))));
    }

    private static Optional<String> sudoers(byte[] bytes) {
        String rule = "rftest ALL = (root) /bin/true";
        return check(
                SudoersFile.parse(bytes),
                bytes,
                SudoersFile::bytes,
                f -> Stream.of(must(then(f.add(rule), c -> c.remove(rule)))));
    }

    private static Optional<String> polkit(byte[] bytes) {
        return check(RulesFile.parse(bytes), bytes, RulesFile::bytes, f -> Stream.of());
    }

    private static Optional<String> libvirt(byte[] bytes) {
        return check(
                LibvirtConf.parse(bytes),
                bytes,
                LibvirtConf::bytes,
                f -> Stream.concat(
                        Stream.of(must(then(f.set("rf_test", new LibvirtValue.Number(1)), c -> c.remove("rf_test")))),
                        Stream.of("user", "vnc_tls", "namespaces", "security_driver", "auth_tcp", "max_clients")
                                .filter(key -> f.entry(key).isEmpty())
                                .map(key -> must(then(f.set(key, new LibvirtValue.Number(1)), c -> c.remove(key))))));
    }

    private static Optional<String> oslo(byte[] bytes) {
        return check(
                OsloFile.parse("test", bytes),
                bytes,
                OsloFile::bytes,
                f -> Stream.concat(
                        f.groups().stream()
                                .limit(MAX_VALUES)
                                .map(g -> must(then(f.set(g, "rf_test", "1"), c -> c.remove(g, "rf_test")))),
                        f.values().stream()
                                .limit(MAX_VALUES)
                                .filter(v -> f.values(v.group(), v.key()).size() == 1 && isPlain(v))
                                .map(v -> then(
                                        f.set(v.group(), v.key(), "rf"), c -> c.set(v.group(), v.key(), v.text())))));
    }

    /** One line without quotes, of which the notation is known. */
    private static boolean isPlain(OsloValue value) {
        return value.text().matches("[^\"'\n]+");
    }

    private static Optional<String> xml(byte[] bytes) {
        return check(
                DomainText.parse(bytes),
                bytes,
                DomainText::bytes,
                f -> Stream.of(then(f.set("/filter/@rftest", "1"), c -> c.remove("/filter/@rftest"))));
    }

    private static <T> Decoded<T> must(Decoded<T> decoded) {
        assertThat(decoded).isInstanceOf(Decoded.Value.class);
        return decoded;
    }
}
