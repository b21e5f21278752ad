package dev.ringfence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AuditCommandTest {
    private static final String GOOD_GUEST = """
            <domain type='kvm'><name>web</name><uuid>6f2a9b58-2f4e-4c1b-9d1c-0d5f3f7a1b11</uuid>
              <memory unit='MiB'>512</memory><vcpu>1</vcpu>
              <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
              <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
                <disk type='file' device='disk'><driver name='qemu' type='qcow2'/>
                  <source file='/var/lib/libvirt/images/web.qcow2'/><target dev='vda' bus='virtio'/></disk>
              </devices></domain>
            """;
    private static final String BAD_GUEST = GOOD_GUEST
            .replace("bus='virtio'/></disk>", """
            bus='virtio'/></disk>
            <disk type='file' device='floppy'><source file='/f.img'/><target dev='fda' bus='fdc'/></disk>""")
            .replace(
                    "<domain type='kvm'>",
                    "<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>")
            .replace("</domain>", "<qemu:commandline><qemu:arg value='-s'/></qemu:commandline></domain>");

    @TempDir
    private Path directory = Path.of("");

    private Path file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        return file;
    }

    @Test
    void judgesATreeAndFindsWhatIsWrong() throws IOException {
        Ran ran = Ran.ringfence(
                "audit", "--root", HostTree.in(directory.resolve("h"), true).root());
        assertThat(ran.out()).contains("Ringfence audit of hv1", "MEM-001", "KRN-002", "BHI: Vulnerable");
        assertThat(ran.status()).isEqualTo(ExitStatus.FINDINGS);
    }

    @Test
    void doesNotReportWhatIsRight() throws IOException {
        Ran ran = Ran.ringfence(
                "audit", "--root", HostTree.in(directory.resolve("h"), false).root());
        assertThat(ran.out()).doesNotContain("MEM-001");
    }

    @Test
    void explainsOneControl() throws IOException {
        Path root = HostTree.in(directory.resolve("h"), true).root();
        Ran ran = Ran.ringfence("audit", "mem-001", "--root", root);
        assertThat(ran.out())
                .contains("Here: fail", "KSM run is 1", "/sys/kernel/mm/ksm", "Why it matters", "Fix (live");
        assertThat(ran.status()).isEqualTo(ExitStatus.FINDINGS);
    }

    @Test
    void failOnSetsTheBar() throws IOException {
        Path guest = file("web.xml", BAD_GUEST);
        assertThat(Ran.ringfence("audit", "DOM-002", "--domain", guest).status())
                .isEqualTo(ExitStatus.FINDINGS);
        assertThat(Ran.ringfence("audit", "DOM-002", "--domain", guest, "--fail-on", "critical")
                        .status())
                .isEqualTo(ExitStatus.CLEAN);
    }

    @Test
    void judgesDomainFilesWithoutAHost() throws IOException {
        Ran good = Ran.ringfence("audit", "--domain", file("good.xml", GOOD_GUEST));
        Ran bad = Ran.ringfence("audit", "--domain", file("bad.xml", BAD_GUEST));
        assertThat(good.out()).doesNotContain("DOM-002", "DOM-014", "LVD-001", "KRN-001");
        assertThat(bad.out()).contains("DOM-002", "DOM-014");
    }

    @Test
    void judgesSeveralDomainFilesTogether() throws IOException {
        Ran ran = Ran.ringfence(
                "audit",
                "--domain",
                file("a.xml", GOOD_GUEST),
                "--domain",
                file("b.xml", BAD_GUEST.replace("web", "old")));
        assertThat(ran.out()).contains("1 of 2: old");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE d [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;&a;'>]><domain><name>&b;</name></domain>",
                "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><domain><name>&x;</name></domain>",
                "<domain><name>web</name>",
                "not xml at all",
                "",
            })
    void refusesHostileDomainFilesWithACode(String text) throws IOException {
        Ran ran = Ran.ringfence("audit", "--domain", file("evil.xml", text));
        assertThat(ran.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(ran.err()).contains("evil.xml", "RF-XML-").doesNotContain("Exception", "root:");
    }

    @Test
    void refusesAHugeDomainFile() throws IOException {
        Path huge = directory.resolve("huge.xml");
        try (var channel = java.nio.channels.FileChannel.open(
                huge, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
            // A sparse gigabyte: it must be refused without being read whole.
            channel.write(java.nio.ByteBuffer.wrap("<domain>".getBytes(StandardCharsets.UTF_8)), 1L << 30);
        }
        Ran ran = Ran.ringfence("audit", "--domain", huge);
        assertThat(ran.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(ran.err()).contains("RF-XML-");
    }

    @Test
    void nothingPassesOnAnEmptyTree() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThat(Ran.ringfence("audit", "MEM-001", "--root", empty).out()).contains("Here: not covered");
        Ran ran = Ran.ringfence("audit", "--root", empty, "--profile", "high-assurance", "--fail-on", "low");
        assertThat(ran.out()).contains("\n0 pass · ");
        assertThat(ran.status()).isNotEqualTo(ExitStatus.CLEAN);
    }

    @Test
    void anAuditInWhichNothingCouldBeJudgedIsAnError() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        Path profile = file(
                "one.yaml",
                "name: one\nextends: baseline\nremove: {"
                        + String.join(
                                ", ",
                                Ran.ringfence("controls", "list")
                                        .out()
                                        .lines()
                                        .map(line -> line.split(" ")[0])
                                        .filter(id -> id.matches("[A-Z]+-\\d+") && !id.equals("MEM-004"))
                                        .map(id -> id + ": not here")
                                        .toList())
                        + "}\nadd: [MEM-004]\n");
        Ran ran = Ran.ringfence("audit", "--root", empty, "--profile", profile);
        assertThat(ran.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(ran.err()).contains("nothing could be judged");
    }

    @Test
    void namesWhatIsMissing() {
        assertThat(Ran.ringfence("audit", "--root", directory.resolve("nowhere"))
                        .status())
                .isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(Ran.ringfence("audit", "--facts", directory.resolve("nowhere.json"))
                        .err())
                .contains("no such file", "ringfence facts");
        assertThat(Ran.ringfence("audit", "--domain", directory.resolve("nowhere.xml"))
                        .err())
                .contains("no such file");
        assertThat(Ran.ringfence("audit", "--nova", directory.resolve("nowhere"))
                        .err())
                .contains("/etc/nova");
    }

    @Test
    void refusesWrongUsageWithStatusTwo() throws IOException {
        assertThat(Ran.ringfence("audit", "--colour").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Ran.ringfence("audit", "MEM-999").err()).contains("no control is called 'MEM-999'");
        assertThat(Ran.ringfence("audit", "--profile", "basline").err()).contains("did you mean 'baseline'?");
        assertThat(Ran.ringfence("audit", "--format", "json,html").err()).contains("one screen");
        assertThat(Ran.ringfence("audit", "--out", "report.doc").err()).contains("does not tell the format");
        assertThat(Ran.ringfence("audit", "--domain", file("g.xml", GOOD_GUEST), "--root", directory)
                        .status())
                .isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void writesSeveralReportsAtOnce() throws IOException {
        Path root = HostTree.in(directory.resolve("h"), true).root();
        Ran ran = Ran.ringfence(
                "audit",
                "--root",
                root,
                "--out",
                directory.resolve("r.json"),
                "--out",
                directory.resolve("r.sarif"),
                "--out",
                directory.resolve("r.oscal.json"),
                "--out",
                directory.resolve("r.junit.xml"),
                "--out",
                directory.resolve("r.html"),
                "--out",
                directory.resolve("r.txt"));
        assertThat(ran.out()).contains("MEM-001");
        assertThat(directory.resolve("r.json")).content().contains("\"verdict\" : \"fail\"".replace(" :", ":"));
        assertThat(directory.resolve("r.sarif")).content().contains("2.1.0");
        assertThat(directory.resolve("r.oscal.json")).content().contains("assessment-results");
        assertThat(directory.resolve("r.junit.xml")).content().contains("<testsuite");
        assertThat(directory.resolve("r.html"))
                .content()
                .contains("<!doctype html>".toLowerCase(java.util.Locale.ROOT));
        assertThat(directory.resolve("r.txt")).content().contains("MEM-001");
        assertThat(directory.toFile().list()).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void sarifForConsumersThatTakeEveryResultForAProblemHoldsOnlyProblems() throws IOException {
        Path root = HostTree.in(directory.resolve("h"), true).root();
        String all = Ran.ringfence("audit", "--root", root, "--format", "sarif").out();
        assertThat(all).contains("\"kind\": \"pass\"").contains("\"kind\": \"fail\"");
        String problems = Ran.ringfence("audit", "--root", root, "--format", "sarif", "--sarif-problems")
                .out();
        assertThat(problems).contains("\"kind\": \"fail\"").doesNotContain("\"kind\": \"pass\"");
    }

    @Test
    void aSingleFileIsNamedInItsReport() throws IOException {
        Path guest = file("web.xml", GOOD_GUEST);
        assertThat(Ran.ringfence("audit", "--domain", guest).out()).contains("Ringfence audit of " + guest);
    }

    @Test
    void aReportThatCannotBeWrittenIsAnError() throws IOException {
        Path root = HostTree.in(directory.resolve("h"), true).root();
        Ran ran = Ran.ringfence("audit", "--root", root, "--out", directory.resolve("no/such/r.json"));
        assertThat(ran.status()).isEqualTo(ExitStatus.COULD_NOT_RUN);
        assertThat(ran.err()).contains("cannot be written");
    }

    @Test
    void aWaivedFindingIsShownAndDoesNotFail() throws IOException {
        Path root = HostTree.in(directory.resolve("h"), true).root();
        Path waivers =
                file("w.yaml", "waivers:\n- {control: MEM-001, owner: ann, reason: test bed, expires: 2999-01-01}\n");
        Ran ran = Ran.ringfence("audit", "MEM-001", "--root", root, "--waivers", waivers);
        assertThat(ran.out()).contains("Here: waived", "KSM run is 1", "ann");
        assertThat(ran.status()).isEqualTo(ExitStatus.CLEAN);
    }

    @Test
    void anExpiredWaiverIsAFindingOfItsOwn() throws IOException {
        Path root = HostTree.in(directory.resolve("h"), true).root();
        Path waivers =
                file("w.yaml", "waivers:\n- {control: MEM-001, owner: ann, reason: test bed, expires: 2020-01-01}\n");
        assertThat(Ran.ringfence("audit", "--root", root, "--waivers", waivers).out())
                .contains("WVR-001", "waiver of ann expired 2020-01-01");
    }

    @Test
    void refusesWaiversOfUnknownControls() throws IOException {
        Path waivers = file("w.yaml", "waivers:\n- {control: MEM-01, owner: ann, reason: r, expires: 2999-01-01}\n");
        Ran ran = Ran.ringfence("audit", "--waivers", waivers);
        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.err()).contains("no control is called 'MEM-01'", "did you mean");
    }

    @Test
    void factsCanBeStoredAndJudgedLater() throws IOException {
        Path root = HostTree.in(directory.resolve("h"), true).root();
        Path facts = file("facts.json", Ran.ringfence("facts", "--root", root).out());
        String direct = Ran.ringfence("audit", "--root", root).out();
        String stored = Ran.ringfence("audit", "--facts", facts).out();
        assertThat(stored.lines().skip(1))
                .containsExactlyElementsOf(direct.lines().skip(1).toList());
    }

    @Test
    void refusesDamagedFacts() throws IOException {
        Path root = HostTree.in(directory.resolve("h"), true).root();
        String facts = Ran.ringfence("facts", "--root", root).out();
        for (String damaged : new String[] {
            "", "[]", facts.substring(0, facts.length() / 2), facts.replace("\"memory\"", "\"memori\"")
        }) {
            Ran ran = Ran.ringfence("audit", "--facts", file("facts.json", damaged));
            assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
            assertThat(ran.err()).contains("facts.json").doesNotContain("Exception");
        }
    }

    @Test
    void diffShowsWhatGotWorseAndWhatWasFixed() throws IOException {
        Path good = directory.resolve("good.json");
        Path bad = directory.resolve("bad.json");
        Ran.ringfence(
                "audit", "--root", HostTree.in(directory.resolve("g"), false).root(), "--out", good);
        Ran.ringfence(
                "audit", "--root", HostTree.in(directory.resolve("b"), true).root(), "--out", bad);
        Ran worse = Ran.ringfence("diff", good, bad);
        Ran better = Ran.ringfence("diff", bad, good);
        assertThat(worse.out()).contains("APPEARED", "MEM-001", "Attack surface");
        assertThat(worse.status()).isEqualTo(ExitStatus.FINDINGS);
        assertThat(better.out()).contains("FIXED", "MEM-001");
        assertThat(better.status()).isEqualTo(ExitStatus.CLEAN);
        assertThat(Ran.ringfence("diff", good, good).out()).contains("0 changed");
        assertThat(Ran.ringfence("diff", good, bad, "--format", "json").out()).contains("\"appeared\"");
    }

    @Test
    void linesFitEightyColumns() throws IOException {
        Ran ran = Ran.ringfence(
                "audit", "--root", HostTree.in(directory.resolve("h"), true).root());
        assertThat(ran.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void judgesANovaDirectoryWithoutAHost() throws IOException {
        Path nova = Files.createDirectory(directory.resolve("nova"));
        Files.writeString(
                nova.resolve("nova.conf"), "[libvirt]\nvirt_type = lxc\n[workarounds]\ndisable_rootwrap = true\n");
        Ran ran = Ran.ringfence("audit", "--nova", nova);
        assertThat(ran.out()).contains("NOV-012").doesNotContain("KRN-001");
        assertThat(ran.status()).isEqualTo(ExitStatus.FINDINGS);
    }

    @Test
    void hostileFilesInATreeCostOnlyTheirOwnFacts() throws IOException, InterruptedException {
        HostTree tree = HostTree.in(directory.resolve("h"), true);
        Path qemu = tree.root().resolve("etc/libvirt/qemu.conf");
        Files.createDirectories(qemu.getParent());
        assertThat(new ProcessBuilder("mkfifo", qemu.toString()).start().waitFor())
                .isZero();
        Files.createSymbolicLink(tree.root().resolve("etc/passwd"), Path.of("passwd"));
        Files.createDirectories(tree.root().resolve("etc/ssh/sshd_config"));
        tree.file("/etc/libvirt/qemu/evil.xml", "<!DOCTYPE d [<!ENTITY a 'x'>]><domain><name>&a;</name></domain>");
        tree.file("/etc/libvirt/libvirtd.conf", "listen_tcp = \n\0\u00ff");
        Ran ran = Ran.ringfence("audit", "--root", tree.root());
        assertThat(ran.out()).contains("MEM-001", "NOT COVERED").doesNotContain("internal error");
    }
}
