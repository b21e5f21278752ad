package dev.ringfence.formats.kconfig;

import static dev.ringfence.formats.text.Outcomes.code;
import static dev.ringfence.formats.text.Outcomes.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ringfence.testkit.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelConfigTest {
    private static final String SAMPLE = """
            #
            # Automatically generated file; DO NOT EDIT.
            #
            CONFIG_CC_VERSION_TEXT="gcc-12 (\\"Debian\\" 12.2.0)"
            CONFIG_KSM=y
            CONFIG_KVM=m
            # CONFIG_KVM_XEN is not set
            CONFIG_HZ=250
            CONFIG_PHYSICAL_START=0x1000000
            CONFIG_LSM=""
            """;

    private static KernelConfig parsed(String text) {
        return value(KernelConfig.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsEveryKindOfValue() {
        KernelConfig config = parsed(SAMPLE);
        assertThat(config.option("CONFIG_KSM")).contains("y");
        assertThat(config.option("CONFIG_KVM")).contains("m");
        assertThat(config.option("CONFIG_KVM_XEN")).contains("n");
        assertThat(config.option("CONFIG_HZ")).contains("250");
        assertThat(config.option("CONFIG_PHYSICAL_START")).contains("0x1000000");
        assertThat(config.option("CONFIG_LSM")).contains("");
        assertThat(config.option("CONFIG_CC_VERSION_TEXT")).contains("gcc-12 (\"Debian\" 12.2.0)");
        assertThat(config.option("CONFIG_ABSENT")).isEmpty();
        assertThat(config.options()).hasSize(7);
    }

    @Test
    void modulesAndBuiltInsAreEnabled() {
        KernelConfig config = parsed(SAMPLE);
        assertThat(config.enabled("CONFIG_KSM")).isTrue();
        assertThat(config.enabled("CONFIG_KVM")).isTrue();
        assertThat(config.enabled("CONFIG_KVM_XEN")).isFalse();
        assertThat(config.enabled("CONFIG_HZ")).isFalse();
        assertThat(config.enabled("CONFIG_ABSENT")).isFalse();
    }

    @Test
    void theLastOfTwoEqualNamesCounts() {
        assertThat(parsed("CONFIG_A=y\n# CONFIG_A is not set\n").option("CONFIG_A"))
                .contains("n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KSM=y", "CONFIG_A", "CONFIG_A-B=y", "CONFIG_A=y\n<html>"})
    void refusesOtherText(String text) {
        assertThat(code(KernelConfig.parse(text.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("RF-KCF-002");
    }

    @Test
    void refusesAFileWithoutOptions() {
        assertThat(code(KernelConfig.parse("# nothing\n".getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("RF-KCF-003");
        assertThat(code(KernelConfig.parse(new byte[0]))).isEqualTo("RF-KCF-003");
        assertThat(code(KernelConfig.parse(new byte[(4 << 20) + 1]))).isEqualTo("RF-KCF-001");
    }

    @Test
    void truncationAndMutationNeverThrow() {
        byte[] sample = SAMPLE.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < sample.length; length++) {
            assertThat(KernelConfig.parse(Arrays.copyOf(sample, length))).isNotNull();
        }
        Fuzz.bytes(
                List.of(sample),
                3_000,
                bytes -> assertThat(KernelConfig.parse(bytes)).isNotNull());
    }
}
