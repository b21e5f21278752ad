package dev.ringfence.linux.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class QemuArgumentsTest {
    @Test
    void readsNameAndUuid() {
        QemuArguments arguments = of("-name", "guest=web,,1,debug-threads=on", "-uuid", "6bcc4235");
        assertThat(arguments.guest()).isEqualTo("web,1");
        assertThat(arguments.uuid()).isEqualTo("6bcc4235");
        assertThat(of("-name", "plain,process=x").guest()).isEqualTo("plain");
        assertThat(of("--name", "two").guest()).isEqualTo("two");
        assertThat(of("-nodefaults").guest()).isEmpty();
    }

    @Test
    void readsTheAcceleratorInEveryForm() {
        assertThat(of("-accel", "kvm,thread=multi").accelerator()).isEqualTo("kvm");
        assertThat(of("-accel", "accel=tcg").accelerator()).isEqualTo("tcg");
        assertThat(of("-machine", "q35,accel=kvm:tcg").accelerator()).isEqualTo("kvm");
        assertThat(of("-M", "q35").accelerator()).isEmpty();
        assertThat(of("-enable-kvm").accelerator()).isEqualTo("kvm");
    }

    @Test
    void namesMonitorsOnTheNetwork() {
        assertThat(of("-monitor", "tcp:0.0.0.0:4444,server").monitorsOnNetwork())
                .containsExactly("-monitor tcp:0.0.0.0:4444,server");
        assertThat(of("-qmp", "telnet::1").monitorsOnNetwork()).hasSize(1);
        assertThat(of("--qmp-pretty", "websocket:127.0.0.1:1").monitorsOnNetwork())
                .hasSize(1);
        assertThat(of("-s").monitorsOnNetwork()).containsExactly("-s");
        assertThat(of("-gdb", "tcp::1234").monitorsOnNetwork()).hasSize(1);
        assertThat(of("-incoming", "tcp:0:4444").monitorsOnNetwork()).hasSize(1);
        assertThat(of("-serial", "mon:tcp::1").monitorsOnNetwork()).hasSize(1);
    }

    @Test
    void leavesLocalMonitorsAlone() {
        assertThat(of(
                                "-monitor",
                                "stdio",
                                "-qmp",
                                "unix:/run/qmp,server",
                                "-gdb",
                                "unix:/run/gdb",
                                "-incoming",
                                "defer")
                        .monitorsOnNetwork())
                .isEmpty();
        assertThat(of("-serial", "tcp::1").monitorsOnNetwork()).isEmpty();
        assertThat(of("-chardev", "socket,id=m,fd=29,server=on", "-mon", "chardev=m,mode=control")
                        .monitorsOnNetwork())
                .isEmpty();
    }

    @Test
    void joinsMonitorsToTheirCharacterDevices() {
        assertThat(of("-mon", "m", "-chardev", "socket,id=m,host=127.0.0.1,port=4498")
                        .monitorsOnNetwork())
                .containsExactly("-mon m -chardev socket,id=m,host=127.0.0.1,port=4498");
        assertThat(of("-chardev", "udp,port=1,id=m", "-gdb", "chardev:m").monitorsOnNetwork())
                .hasSize(1);
        assertThat(of("-chardev", "socket,id=s,port=1,host=::", "-mon", "chardev=m")
                        .monitorsOnNetwork())
                .isEmpty();
        assertThat(of(
                                "-chardev",
                                "{\"id\":\"m\",\"backend\":{\"type\":\"socket\",\"data\":{\"addr\":{\"type\":\"inet\"}}}}",
                                "-mon",
                                "chardev=m")
                        .monitorsOnNetwork())
                .hasSize(1);
    }

    @Test
    void valueOfAnotherOptionIsNoOption() {
        assertThat(of("-name", "-s", "-append", "-s").monitorsOnNetwork()).containsExactly("-s");
        assertThat(of("-name", "-s").monitorsOnNetwork()).isEmpty();
    }

    @Test
    void hidesSecretsAndNothingElse() {
        List<String> shown = QemuArguments.redacted(List.of(
                "port=5900,password=hunter2",
                "password=on,x=y",
                "secret,id=s,data=abcd",
                "{\"qom-type\":\"secret\",\"data\":\"AAAA\",\"keyid\":\"k\"}",
                "file=rbd:pool/i:id=x:key=AQ==:auth_supported=cephx,x=y",
                "data-file=x,password-secret=s0"));
        assertThat(shown)
                .containsExactly(
                        "port=5900,password=[redacted 7]",
                        "password=on,x=y",
                        "secret,id=s,data=[redacted 4]",
                        "{\"qom-type\":\"secret\",\"data\":\"[redacted 4]\",\"keyid\":\"k\"}",
                        "file=rbd:pool/i:id=x:key=[redacted 25],x=y",
                        "data-file=x,password-secret=s0");
    }

    @Test
    void readsAnyCommandLine() {
        String sample =
                "qemu\0-name\0guest=a,,b,x\0-machine\0q35,accel=kvm\0-chardev\0socket,id=m,port=1\0-mon\0m\0-s\0";
        Fuzz.text(List.of(sample, "-chardev\0{\"id\":\"m\"}\0"), 2_000, text -> {
            List<String> arguments = Arrays.asList(text.split("\0", -1));
            assertThat(QemuArguments.of(QemuArguments.redacted(arguments))).isNotNull();
        });
    }

    private static QemuArguments of(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of("/usr/bin/qemu-system-x86_64"));
        all.addAll(List.of(arguments));
        return QemuArguments.of(all);
    }
}
