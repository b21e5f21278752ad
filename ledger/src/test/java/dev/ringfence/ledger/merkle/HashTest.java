package dev.ringfence.ledger.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringfence.testkit.Fuzz;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HashTest {
    @Test
    void everyFormGivesTheSameHash() {
        Hash hash = new TreeHasher().leaf(new byte[0]);
        assertThat(Hash.of(hash.bytes())).isEqualTo(hash);
        assertThat(Hash.fromHex(hash.hex())).contains(hash);
        assertThat(Hash.fromBase64(hash.base64())).contains(hash);
        byte[] wide = new byte[40];
        hash.copyTo(wide, 5);
        assertThat(Hash.at(wide, 5)).isEqualTo(hash);
    }

    @Test
    void everyFlippedBitIsAnotherHash() {
        Hash hash = new TreeHasher().leaf(new byte[0]);
        for (int bit = 0; bit < 256; bit++) {
            byte[] bytes = hash.bytes();
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Hash.of(bytes)).isNotEqualTo(hash);
        }
    }

    @Test
    void changesOfAnArrayDoNotReachTheHash() {
        byte[] bytes = new byte[32];
        Hash hash = Hash.of(bytes);
        bytes[0] = 1;
        hash.bytes()[0] = 1;
        assertThat(hash.hex()).isEqualTo("0".repeat(64));
    }

    @Test
    void refusesASecondTextOfTheSameHash() {
        String text = Hash.of(new byte[32]).base64();
        assertThat(Hash.fromBase64(text.substring(0, 42) + "B=")).isEmpty();
        assertThat(Hash.fromBase64(text.substring(0, 43))).isEmpty();
        assertThat(Hash.fromBase64(text + "=")).isEmpty();
        assertThat(Hash.fromBase64(text.replace('A', '-'))).isEmpty();
        assertThat(Hash.fromHex("0".repeat(63) + "g")).isEmpty();
        assertThat(Hash.fromHex("0".repeat(62))).isEmpty();
    }

    @Test
    void refusesAnArrayOfAnotherLength() {
        assertThatThrownBy(() -> Hash.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readingTextNeverThrows() {
        String base64 = new TreeHasher().leaf(new byte[0]).base64();
        Fuzz.text(List.of(base64, "00".repeat(32)), 20_000, text -> {
            Hash.fromBase64(text).ifPresent(hash -> assertThat(hash.base64()).isEqualTo(text));
            Hash.fromHex(text).ifPresent(hash -> assertThat(hash.hex()).isEqualToIgnoringCase(text));
        });
    }

    @Test
    void hashesAreThoseOfTheCertificateTransparencyProject() {
        // The origin is in the README beside the test resources.
        String[] leaves = {
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
        };
        String[] roots = {
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        };
        TreeHasher hasher = new TreeHasher();
        Frontier frontier = new Frontier();
        assertThat(frontier.root().hex()).isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        for (int i = 0; i < leaves.length; i++) {
            frontier.append(hasher.leaf(HexFormat.of().parseHex(leaves[i])));
            assertThat(frontier.root().hex()).as("size %d", i + 1).isEqualTo(roots[i]);
        }
    }
}
