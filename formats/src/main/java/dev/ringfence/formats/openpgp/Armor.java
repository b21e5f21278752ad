package dev.ringfence.formats.openpgp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** ASCII armor (RFC 9580, section 6). */
final class Armor {
    private static final String BEGIN = "-----BEGIN PGP ";
    private static final String DASHES = "-----";
    private static final int LINE_LIMIT = 4096;

    private Armor() {}

    /** Whether the octets are text rather than packets: every packet starts with its highest bit set. */
    static boolean looksArmored(byte[] file) {
        return file.length > 0 && file[0] >= 0;
    }

    /**
     * The octets of all blocks of one kind, joined.
     *
     * @param kind such as {@code SIGNATURE}
     */
    static byte[] decode(byte[] file, String kind) throws Malformed {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> lines =
                new String(file, StandardCharsets.ISO_8859_1).lines().toList();
        int blocks = 0;
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at).stripTrailing();
            if (!line.startsWith(BEGIN)) {
                at++;
                continue;
            }
            if (line.equals(BEGIN + "PRIVATE KEY BLOCK" + DASHES)) {
                throw new Malformed(Malformed.PRIVATE_KEY, "it holds a private key; export the public key alone");
            }
            if (!line.equals(BEGIN + kind + DASHES)) {
                throw new Malformed(Malformed.ARMOR, "its armor is not that of a PGP " + kind);
            }
            at = block(lines, at + 1, kind, out);
            blocks++;
        }
        if (blocks == 0) {
            throw new Malformed(Malformed.ARMOR, "neither OpenPGP packets nor a PGP " + kind + " in ASCII armor");
        }
        return out.toByteArray();
    }

    /** Reads from the line behind BEGIN; returns the index behind END. */
    private static int block(List<String> lines, int from, String kind, ByteArrayOutputStream out) throws Malformed {
        int at = from;
        while (at < lines.size() && !lines.get(at).isBlank()) {
            // Headers say nothing that counts.
            if (!lines.get(at).contains(":")) {
                throw new Malformed(Malformed.ARMOR, "its armor has no empty line before the data");
            }
            at++;
        }
        StringBuilder data = new StringBuilder();
        String checksum = "";
        for (at++; at < lines.size(); at++) {
            String line = lines.get(at).strip();
            if (line.equals("-----END PGP " + kind + DASHES)) {
                byte[] octets = base64(data.toString());
                // The checksum is optional, and wrong only by damage.
                if (!checksum.isEmpty() && !checksum.equals(crc(octets))) {
                    throw new Malformed(Malformed.ARMOR, "the checksum of its armor is wrong; the file is damaged");
                }
                out.writeBytes(octets);
                return at + 1;
            }
            if (line.length() > LINE_LIMIT || !checksum.isEmpty()) {
                throw new Malformed(Malformed.ARMOR, "a malformed line in its armor");
            }
            if (line.startsWith("=") && line.length() == 5) {
                checksum = line.substring(1);
            } else {
                data.append(line);
            }
        }
        throw new Malformed(Malformed.ARMOR, "its armor has no end; the file is cut off");
    }

    private static byte[] base64(String text) throws Malformed {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Malformed(Malformed.ARMOR, "its armor is not base64");
        }
    }

    /** CRC-24 (section 6.1.1) in base64. */
    private static String crc(byte[] octets) {
        int crc = 0xb704ce;
        for (byte octet : octets) {
            crc ^= (octet & 0xff) << 16;
            for (int i = 0; i < 8; i++) {
                crc <<= 1;
                if ((crc & 0x1000000) != 0) {
                    crc ^= 0x1864cfb;
                }
            }
        }
        return Base64.getEncoder().encodeToString(new byte[] {(byte) (crc >> 16), (byte) (crc >> 8), (byte) crc});
    }
}
