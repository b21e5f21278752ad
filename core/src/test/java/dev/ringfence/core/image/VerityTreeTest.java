package dev.ringfence.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.testkit.Fuzz;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerityTreeTest {
    private static Sha256 streamed(byte[] data) {
        VerityTree tree = new VerityTree();
        for (int at = 0; at < data.length; at += VerityTree.GROUP_BYTES) {
            int length = Math.min(VerityTree.GROUP_BYTES, data.length - at);
            byte[] buffer = new byte[VerityTree.GROUP_BYTES];
            // What a buffer held before must not matter.
            Arrays.fill(buffer, (byte) 0x5a);
            System.arraycopy(data, at, buffer, 0, length);
            tree.add(VerityTree.Group.of(buffer, length, Sha256.digest()));
        }
        return tree.finish();
    }

    /** The same by the definition: level by level over the whole file. */
    private static Sha256 plain(byte[] data) throws Exception {
        byte[] level = data;
        while (level.length > VerityTree.BLOCK_BYTES) {
            level = hashes(level);
        }
        byte[] root = level.length == 0 ? new byte[32] : hashes(level);
        ByteArrayOutputStream descriptor = new ByteArrayOutputStream();
        descriptor.writeBytes(new byte[] {1, 1, 12, 0, 0, 0, 0, 0});
        for (int i = 0; i < 8; i++) {
            descriptor.write((int) ((long) data.length >>> 8 * i));
        }
        descriptor.writeBytes(root);
        return Sha256.of(Sha256.digest().digest(Arrays.copyOf(descriptor.toByteArray(), 256)));
    }

    private static byte[] hashes(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < data.length; at += 4096) {
            byte[] block = Arrays.copyOf(Arrays.copyOfRange(data, at, Math.min(data.length, at + 4096)), 4096);
            out.writeBytes(Sha256.digest().digest(block));
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0, 1, 4095, 4096, 4097, 8192, 524_287, 524_288, 524_289, 528_384, 1_048_576, 1_048_577, 3_000_000})
    void isTheTreeOfTheDefinition(int length) throws Exception {
        byte[] data = new byte[length];
        Fuzz.random(length).nextBytes(data);
        assertThat(streamed(data)).isEqualTo(plain(data));
    }

    /** From 64 MiB on there is a third level. */
    @ParameterizedTest
    @ValueSource(ints = {67_108_864, 67_108_865, 68_000_000})
    @Tag("slow")
    void isTheTreeOfTheDefinitionForLargeFiles(int length) throws Exception {
        isTheTreeOfTheDefinition(length);
    }

    /** Values that fsverity 1.5 prints for these files. */
    @Test
    void isWhatFsverityPrints() {
        assertThat(streamed(new byte[0]).hex())
                .isEqualTo("3d248ca542a24fc62d1c43b916eae5016878e2533c88238480b26128a1f1af95");
        assertThat(streamed("ringfence\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                        .hex())
                .isEqualTo("9f5e8b91e2b3dc3579d010dae7ce6aae4c08101d9999d6649c2c5ae670b4d846");
        assertThat(streamed(new byte[1 << 20]).hex())
                .isEqualTo("feb19a23e72cb1b8f935d668a09ecaad0bf7c5b9cdfa6dbba7c88a9998ed2b87");
    }

    @Test
    void differsForEveryChangedByteAndLength() {
        byte[] data = new byte[10_000];
        Sha256 before = streamed(data);
        for (int at = 0; at < data.length; at += 997) {
            byte[] changed = data.clone();
            changed[at] = 1;
            assertThat(streamed(changed).matches(before)).isFalse();
        }
        // Zeros at the end fill the last block just as padding does; the length tells them apart.
        assertThat(streamed(new byte[10_001])).isNotEqualTo(before);
        assertThat(streamed(new byte[10_000]).matches(before)).isTrue();
    }

    @Test
    void takesNothingAfterTheLastGroup() {
        VerityTree tree = new VerityTree();
        VerityTree.Group last = VerityTree.Group.of(new byte[4096], 1, Sha256.digest());
        tree.add(last);
        assertThatThrownBy(() -> tree.add(last)).isInstanceOf(IllegalStateException.class);
    }
}
