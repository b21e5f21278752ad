package dev.ringfence.linux.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.core.host.MandatoryAccess;
import dev.ringfence.testkit.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppArmorRulesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/** rw",
                "/{,**} r",
                "/**/** r",
                "audit owner /etc/** r",
                "/etc/shadow r",
                "r /dev/mem",
                "file rw /dev/mem",
                "/dev/sd* rw",
                "/dev/** w",
                "/{dev,run}/** rw",
                "/var/lib/libvirt/images/** rwk",
                "\"/var/lib/libvirt/images/*\" r",
                "/var/lib/nova/instances/*/disk rw",
                "/var/lib/libvirt/qemu/nvram/** rw",
                "@{HOME}/** r",
                "@{PROC}/** r",
                "@{PROC}/*/mem rw",
                "/usr/** w",
                "/usr/bin/passwd ux",
                "/usr/bin/passwd PUx",
                "/usr/bin/* Ux -> x",
                "capability sys_admin",
                "capability setuid sys_rawio",
                "capability",
                "mount",
                "ptrace",
                "file",
                "all",
                "network raw",
                "network packet",
                "network",
                "change_profile",
                "change_profile -> unconfined",
                "profile guest flags=(attach_disconnected,complain) {",
                "/usr/bin/kvm flags=(unconfined) {",
                "/{a,b}{c,d}{e,f}{g,h}{i,j}{k,l}{m,n}{o,p}{q,r} r",
            })
    void findsRulesThatReachWhatNoGuestMay(String rule) {
        assertThat(new AppArmorRules().isLoose(rule)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deny /** w",
                "audit deny /** rw",
                "/dev/kvm rw",
                "/dev/sdb rwk",
                "/dev/vfio/vfio rw",
                "/dev/snd/* rw",
                "/usr/share/qemu/** r",
                "/usr/lib/@{multiarch}/qemu/*.so mr",
                "/usr/bin/qemu-system-x86_64 rmix",
                "/{usr/,}bin/dash rmix",
                "/{usr/,}bin/swtpm rmpix",
                "owner /{,var/}tmp/**/ r",
                "/{dev,run}/shmpulse-shm* rwk",
                "owner /var/lib/libvirt/qemu/nvram/*_VARS.fd rwk",
                "@{PROC}/*/status r",
                "@{PROC}/@{pid}/cmdline r",
                "owner @{PROC}/@{pid}/task/@{tid}/comm rw",
                "@{PROC}/sys/kernel/cap_last_cap r",
                "/etc/ceph/*.conf r",
                "/etc/pki/qemu/** r",
                "/sys/devices/** r",
                "/ r",
                "/var/lib/libvirt/images/web.qcow2 rwk",
                "capability dac_override",
                "network inet stream",
                "ptrace (readby, tracedby) peer=libvirtd",
                "signal (receive) peer=libvirtd",
                "unix (send, receive) type=stream addr=none peer=(label=swtpm)",
                "profile guest flags=(attach_disconnected) {",
                "",
                "nonsense",
            })
    void leavesRulesThatGuestsNeed(String rule) {
        assertThat(new AppArmorRules().isLoose(rule)).isFalse();
    }

    @Test
    void findsRulesWhereverTheyStand() {
        String text = """
                #include <tunables/global>
                include <abstractions/base>
                @{VAR}=/** /etc
                profile guest { /** rw, /dev/kvm rw,
                  # /etc/** r,
                  /etc/** # until when
                    r,
                  "/var/lib/libvirt/images/a, b.img" rw, /dev/mem r,
                }
                /home/** r""";
        assertThat(new AppArmorRules().judge("f", text).found())
                .containsExactly(
                        new MandatoryAccess.LooseRule("f", 4, "/** rw"),
                        new MandatoryAccess.LooseRule("f", 6, "/etc/** r"),
                        new MandatoryAccess.LooseRule("f", 8, "/dev/mem r"),
                        new MandatoryAccess.LooseRule("f", 10, "/home/** r"));
    }

    @Test
    void ruleTooLongToBeJudgedIsLoose() {
        assertThat(new AppArmorRules()
                        .judge("f", "\n/" + "a".repeat(20_000) + " r,\n")
                        .found())
                .extracting(MandatoryAccess.LooseRule::line)
                .containsExactly(2L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/a/* | /a/b | true",
                "/a/* | /a/b/c | false",
                "/a/** | /a/b/c | true",
                "/a/** | /a | false",
                "/a** | /a | true",
                "/a?c | /abc | true",
                "/a?c | /a/c | false",
                "/[ab]x | /bx | true",
                "/[^ab]x | /bx | false",
                "/[a-c]x | /bx | true",
                "/[a-c]x | /dx | false",
                "/[ax | /[ax | true",
                "/{a,b{c,d}}e | /bde | true",
                "/{a,b{c,d}}e | /be | false",
                "/a//b | /a/b | true",
                "/a\\*b | /a*b | true",
                "/a\\*b | /axb | false",
                "@{PROC}/@{pid}/x | /proc/12/x | true",
            })
    void matchesPathsAsAppArmorDoes(String pattern, String path, boolean matches) {
        assertThat(PathGlob.of(pattern).orElseThrow().matches(path)).isEqualTo(matches);
    }

    @Test
    void patternWithTooManyAlternativesIsNotJudged() {
        assertThat(PathGlob.of("{a,b}".repeat(9))).isEmpty();
        assertThat(PathGlob.of("{a,b}".repeat(7))).isPresent();
        assertThat(PathGlob.of("a".repeat(5000))).isEmpty();
    }

    @Test
    void patternMadeToBacktrackEndsSoon() {
        PathGlob glob = PathGlob.of("/" + "**a".repeat(500) + "b").orElseThrow();
        assertThat(glob.matches("/" + "a".repeat(2000))).isFalse();
    }

    @Test
    void patternsMadeToBeSlowAreGivenUp() {
        String slow = "/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}" + "**/".repeat(60) + "x r,\n";
        AppArmorRules rules =
                new AppArmorRules().judge("f", slow.replace("/{a,b}", "/{**,b}").repeat(20_000));
        assertThat(rules.isIncomplete()).isTrue();
        assertThat(new AppArmorRules()
                        .judge("f", "/dev/kvm rw,\n".repeat(20_000))
                        .isIncomplete())
                .isFalse();
    }

    @Test
    void linesOfBlanksCostNoMoreThanTheirLength() {
        assertThat(new AppArmorRules()
                        .judge("f", " ".repeat(4 << 20) + "mount,")
                        .found())
                .hasSize(1);
    }

    @Test
    void neverThrowsForMutatedText() {
        Fuzz.text(
                List.of(
                        "profile x flags=(complain) {\n /{a,b}/** rw,\n deny \"/etc/x y\" r,\n @{PROC}/[0-9]* r,\n}\n",
                        "#include <a>\n@{V}+=/x\n/usr/bin/foo Ux -> bar,\ncapability sys_admin,\n"),
                20_000,
                text -> new AppArmorRules().judge("f", text));
    }
}
