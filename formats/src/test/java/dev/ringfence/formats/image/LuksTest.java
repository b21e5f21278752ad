package dev.ringfence.formats.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LuksTest {
    private static final String MAGIC = "LUKS\u00ba\u00be";
    private static final Expectation LUKS = Expectation.of(ImageFormat.LUKS);
    private static final int KEY = 32;
    private static final int MATERIAL = KEY * 4000;
    private static final int PAYLOAD = 2048 * 512;
    private static final int DISK = 8192;

    @TempDir
    Path directory;

    /** Version 1, the first of eight slots active. */
    private static Bytes first() {
        Bytes image = Bytes.bigEndian(PAYLOAD + DISK);
        image.text(0, MAGIC).u16(6, 1).text(8, "aes").text(40, "xts-plain64").text(72, "sha256");
        image.u32(104, PAYLOAD / 512).u32(108, KEY).u32(164, 1000).text(168, "d02105c4-0149-4e16-b53c-9f0f64170348");
        for (int i = 0; i < 8; i++) {
            int slot = 208 + 48 * i;
            image.u32(slot, i == 0 ? 0x00ac71f3 : 0x0000dead).u32(slot + 4, i == 0 ? 1000 : 0);
            image.u32(slot + 40, 8 + i * (MATERIAL / 512 + 1)).u32(slot + 44, 4000);
        }
        return image;
    }

    private static final int HEADER = 16 << 10;
    private static final int KEYS = 2 * HEADER;
    private static final int DATA = KEYS + (128 << 10);

    private static String json() {
        return """
                {"keyslots":{"0":{"type":"luks2","key_size":32,"af":{"type":"luks1","stripes":4000,"hash":"sha256"},
                "area":{"type":"raw","offset":"%d","size":"%d","encryption":"aes-xts-plain64","key_size":32},
                "kdf":{"type":"argon2id","time":4,"memory":1048576,"cpus":4,"salt":"AA=="}}},
                "tokens":{},"segments":{"0":{"type":"crypt","offset":"%d","size":"dynamic","iv_tweak":"0",
                "encryption":"aes-xts-plain64","sector_size":512}},
                "digests":{"0":{"type":"pbkdf2","keyslots":["0"],"segments":["0"]}},
                "config":{"json_size":"12288","keyslots_size":"131072"}}
                """.formatted(KEYS, 128 << 10, DATA);
    }

    private static Bytes second(String json) throws Exception {
        Bytes image = Bytes.bigEndian(DATA + DISK);
        for (int copy = 0; copy < 2; copy++) {
            int at = copy * HEADER;
            image.text(at, copy == 0 ? MAGIC : "SKUL\u00ba\u00be")
                    .u16(at + 6, 2)
                    .u64(at + 8, HEADER)
                    .u64(at + 16, 5);
            image.text(at + 72, "sha256")
                    .u64(at + 104, 99 + copy)
                    .text(at + 168, "d02105c4-0149")
                    .u64(at + 256, at);
            image.text(at + 4096, json, StandardCharsets.UTF_8);
            seal(image, at);
        }
        return image;
    }

    private static Bytes seal(Bytes image, int at) throws Exception {
        image.fill(at + 448, 64, 0);
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(image.array, at, HEADER);
        System.arraycopy(digest.digest(), 0, image.array, at + 448, 32);
        return image;
    }

    private static ImageReport inspect(Bytes image) {
        return Images.inspect(image.array, LUKS);
    }

    private static ImageReport changed(String from, String to) throws Exception {
        assertThat(json()).contains(from);
        return inspect(second(json().replace(from, to)));
    }

    @Test
    void acceptsWhatQemuWrites() throws Exception {
        create(5);
        Path image = directory.resolve("a.luks");
        ImageReport report = Images.inspect(image, LUKS);
        assertThat(report.findings()).isEmpty();
        assertThat(report.encryption()).isEqualTo("luks1");
        assertThat(report.virtualSizeBytes()).isEqualTo(Images.info(image).virtualSizeBytes());
        Bytes.assertCodes(Images.inspect(image), ImageCode.ENCRYPTED);
        Images.assertRefused(Images.inspect(image, Expectation.of(ImageFormat.RAW)), ImageCode.RAW_WITH_MAGIC);
    }

    /** QEMU times itself to choose the rounds, and gives up where the clock of its thread stands still. */
    private void create(int tries) throws Exception {
        try {
            Images.qemuImg(
                    directory,
                    "create",
                    "-q",
                    "-f",
                    "luks",
                    "--object",
                    "secret,id=s,data=abc",
                    "-o",
                    "key-secret=s,iter-time=10",
                    "a.luks",
                    "10M");
        } catch (AssertionError e) {
            if (!String.valueOf(e.getMessage()).contains("accurate CPU usage")) {
                throw e;
            }
            Assumptions.assumeTrue(tries > 1, "qemu-img cannot time itself here");
            create(tries - 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"luks1", "luks2"})
    void acceptsWhatCryptsetupWrites(String type) throws Exception {
        Path image = directory.resolve("a.luks");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(20 << 20);
        }
        OtherTools.run(
                directory,
                "pass",
                "cryptsetup",
                "-q",
                "luksFormat",
                "--type",
                type,
                "--pbkdf",
                "pbkdf2",
                "--pbkdf-force-iterations",
                "1000",
                "a.luks",
                "-");
        ImageReport report = Images.inspect(image, LUKS);
        assertThat(report.findings()).isEmpty();
        assertThat(report.encryption()).isEqualTo(type);
        // Version 1 puts the data at 2 MiB, version 2 at 16 MiB.
        assertThat(report.virtualSizeBytes()).isEqualTo((type.equals("luks1") ? 18L : 4L) << 20);
    }

    @Test
    void acceptsBothVersions() throws Exception {
        assertThat(inspect(first()).findings()).isEmpty();
        assertThat(inspect(first()).virtualSizeBytes()).isEqualTo(DISK);
        assertThat(inspect(second(json())).findings()).isEmpty();
        assertThat(inspect(second(json())).virtualSizeBytes()).isEqualTo(DISK);
        assertThat(inspect(second(json())).encryption()).isEqualTo("luks2");
    }

    @Test
    void refusesEncryptionThatIsNone() throws Exception {
        Bytes.assertCodes(inspect(first().text(8, "cipher_null")), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(
                changed("\"encryption\":\"aes-xts-plain64\",\"sector", "\"encryption\":\"cipher_null-ecb\",\"sector"),
                ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(changed("\"type\":\"crypt\"", "\"type\":\"linear\""), ImageCode.ENCRYPTION_HEADER);
    }

    @Test
    void refusesKeySlotsThatLie() {
        Bytes.assertCodes(inspect(first().u32(208, 1)), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(inspect(first().u32(208, 0xdead)), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(inspect(first().u32(208 + 40, 0)), ImageCode.OVERLAP);
        Images.assertRefused(inspect(first().u32(208 + 40, 2047)), ImageCode.OVERLAP);
        Images.assertRefused(inspect(first().u32(208 + 40, 0xffff_ffffL)), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(inspect(first().u32(208 + 44, 0xffff_ffffL)), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(inspect(first().u32(208 + 4, 0xffff_ffffL)), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(inspect(first().u32(108, 0)), ImageCode.ENCRYPTION_HEADER);
    }

    @Test
    void refusesHeadersWithoutTheirData() {
        Images.assertRefused(inspect(first().u32(104, 0)), ImageCode.DATA_FILE);
        Images.assertRefused(inspect(first().u32(104, 1 << 20)), ImageCode.TRUNCATED);
        Images.assertRefused(inspect(first().u16(6, 3)), ImageCode.VERSION);
    }

    @Test
    void refusesCopiesThatDisagree() throws Exception {
        Bytes.assertCodes(inspect(seal(second(json()).u64(HEADER + 16, 6), HEADER)), ImageCode.COPIES_DISAGREE);
        Bytes json = second(json()).u8(HEADER + 4096 + 14, 'x');
        Bytes.assertCodes(inspect(seal(json, HEADER)), ImageCode.COPIES_DISAGREE);
        Bytes.assertCodes(inspect(second(json()).fill(HEADER, 6, 0)), ImageCode.COPIES_DISAGREE);
        Bytes.assertCodes(
                inspect(second(json()).u8(HEADER + 5000, 'x')), ImageCode.CHECKSUM, ImageCode.COPIES_DISAGREE);
        // The salt differs in every pair.
        assertThat(inspect(seal(second(json()).u64(HEADER + 104, 7), HEADER)).safe())
                .isTrue();
    }

    @Test
    void refusesMetadataThatLies() throws Exception {
        Bytes.assertCodes(changed("\"offset\":\"" + KEYS, "\"offset\":\"" + 4096), ImageCode.OVERLAP);
        Images.assertRefused(changed("\"size\":\"131072", "\"size\":\"999999999999"), ImageCode.OUTSIDE_FILE);
        Bytes.assertCodes(changed("\"size\":\"131072", "\"size\":\"-1"), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(changed("\"memory\":1048576", "\"memory\":99999999"), ImageCode.TABLE_SIZE);
        Bytes.assertCodes(changed("\"time\":4", "\"time\":99999999999"), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(changed("\"tokens\":{}", "\"tokens\":{},\"tokens\":{}"), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(changed("\"tokens\":{}", "\"tokens\":" + "[".repeat(200)), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(changed("\"type\":\"luks2\"", "\"type\":\"new\""), ImageCode.FEATURE);
        Bytes.assertCodes(
                changed("\"config\":{", "\"config\":{\"requirements\":{\"mandatory\":[\"online-reencrypt-v2\"]},"),
                ImageCode.NEEDS_REPAIR);
        Bytes.assertCodes(
                changed("\"config\":{", "\"config\":{\"requirements\":{\"mandatory\":[\"opal\"]},"), ImageCode.FEATURE);
        StringBuilder tokens = new StringBuilder();
        for (int i = 0; i < 33; i++) {
            tokens.append(i == 0 ? "" : ",").append("\"").append(i).append("\":{\"type\":\"t\"}");
        }
        Bytes.assertCodes(changed("\"tokens\":{}", "\"tokens\":{" + tokens + "}"), ImageCode.ENCRYPTION_HEADER);
        assertThat(changed("\"tokens\":{}", "\"tokens\":{\"0\":{\"type\":\"clevis\"}}")
                        .features())
                .containsExactly("token-clevis");
    }

    @Test
    void boundsTheHeader() throws Exception {
        Bytes.assertCodes(inspect(second(json()).u64(8, 1L << 40)), ImageCode.ENCRYPTION_HEADER);
        Bytes.assertCodes(inspect(second(json()).u64(8, 12_345)), ImageCode.ENCRYPTION_HEADER);
        Images.assertRefused(inspect(second(json()).fill(4096, HEADER - 4096, ' ')), ImageCode.ENCRYPTION_HEADER);
    }

    @Test
    void refusesAnyChangedBitOfTheHeaders() throws Exception {
        byte[] image = second(json()).array;
        // A SHA-256 sum fills 32 of the 64 bytes that there are for it.
        for (int from : new int[] {8, 448, 512, 4096, HEADER, HEADER + 448, HEADER + 8192}) {
            Bytes.eachBit(
                    image,
                    from,
                    from + 32,
                    ImageFormat.LUKS,
                    r -> assertThat(r.safe()).isFalse());
        }
    }

    @Test
    void neverThrowsForCutOrChangedImages() throws Exception {
        byte[] one = first().array;
        byte[] two = second(json()).array;
        Bytes.eachBit(
                one, 0, 592, ImageFormat.LUKS, r -> assertThat(r.readCount()).isLessThan(100));
        Bytes.eachCut(one, 6, 593, r -> assertThat(r.safe()).isFalse());
        Images.fuzz(List.of(Arrays.copyOf(two, DATA), Arrays.copyOf(one, 4096)), 1000, 4001, ImageFormat.LUKS);
    }
}
