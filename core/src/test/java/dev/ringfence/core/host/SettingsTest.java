package dev.ringfence.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.libvirtconf.LibvirtConf;
import dev.ringfence.formats.oslo.OsloConfig;
import dev.ringfence.formats.oslo.OsloFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void libvirtSettingsAreTheActiveKeys() {
        Libvirt.Settings settings = libvirt("""
                #user = "qemu"
                migrate_tls_force = 1
                migrate_tls_force = 0
                vnc_listen = "0.0.0.0"
                namespaces = [ ]
                ports = [ 1, 2 ]
                """);
        assertThat(settings.file()).isEqualTo("qemu.conf");
        // Of a key that is given twice libvirt takes the first.
        assertThat(settings.values())
                .containsOnly(Map.entry("migrate_tls_force", "1"), Map.entry("vnc_listen", "0.0.0.0"));
        assertThat(settings.lists())
                .containsOnly(Map.entry("namespaces", List.of()), Map.entry("ports", List.of("1", "2")));
    }

    @Test
    void libvirtPasswordsAreLeftOut() {
        Libvirt.Settings settings = libvirt("spice_password = \"secret\"\nvnc_password = \"\"\n");
        assertThat(settings.values())
                .containsOnly(Map.entry("spice_password", "[redacted 6]"), Map.entry("vnc_password", ""));
    }

    @Test
    void openStackSettingsAreTheLastValues() {
        OpenStack.Settings settings = openStack(
                "[DEFAULT]\nmy_ip = 10.0.0.1\n[VNC]\nserver_listen = 0.0.0.0\n", "[vnc]\nserver_listen = $my_ip\n");
        assertThat(settings.files()).containsExactly("0", "1");
        assertThat(settings.values())
                .containsOnly(Map.entry("DEFAULT.my_ip", "10.0.0.1"), Map.entry("vnc.server_listen", "10.0.0.1"));
        assertThat(settings.lists()).containsOnly(Map.entry("vnc.server_listen", List.of("0.0.0.0", "10.0.0.1")));
    }

    @Test
    void openStackListsAreTakenApart() {
        OpenStack.Settings settings = openStack("[DEFAULT]\na = x, y,\nb = {\"k\": [1, 2]}\nc = plain\nd = \n");
        assertThat(settings.lists())
                .containsOnly(
                        Map.entry("DEFAULT.a", List.of("x", "y")), Map.entry("DEFAULT.b", List.of("{\"k\": [1, 2]}")));
        assertThat(settings.values()).containsEntry("DEFAULT.d", "");
    }

    @Test
    void switchesWithTheNameOfASecretAreShown() {
        OpenStack.Settings settings = openStack("[service_user]\nsend_service_user_token = True\nadmin_token = abcd\n");
        assertThat(settings.values())
                .containsOnly(
                        Map.entry("service_user.send_service_user_token", "True"),
                        Map.entry("service_user.admin_token", "[redacted 4]"));
    }

    @Test
    void openStackSecretsAreLeftOut() {
        OpenStack.Settings settings =
                openStack("[DEFAULT]\nadmin_password = hunter2\nurl = http://u:hunter2@h/\nx = $admin_password\n");
        assertThat(settings.toString()).doesNotContain("hunter2");
        assertThat(settings.values())
                .containsEntry("DEFAULT.admin_password", "[redacted 7]")
                .containsEntry("DEFAULT.x", "[redacted 7]")
                .containsEntry("DEFAULT.url", "http://u:[redacted]@h/");
        assertThat(settings.lists()).isEmpty();
    }

    private static Libvirt.Settings libvirt(String text) {
        return Libvirt.Settings.of("qemu.conf", value(LibvirtConf.parse(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static OpenStack.Settings openStack(String... texts) {
        List<OsloFile> files = new java.util.ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            files.add(value(OsloFile.parse(String.valueOf(i), texts[i].getBytes(StandardCharsets.UTF_8))));
        }
        return OpenStack.Settings.of(files.stream().map(OsloFile::name).toList(), OsloConfig.of(files));
    }

    private static <T> T value(Decoded<T> decoded) {
        if (decoded instanceof Decoded.Value<T>(T value)) {
            return value;
        }
        throw new AssertionError(decoded);
    }
}
