package dev.ringfence.linux.probe;

import java.util.HexFormat;
import java.util.Optional;

/**
 * A local address and port as /proc/net/{tcp,udp}[6] write them: 32-bit words in the byte order of the processor.
 *
 * @param address dotted decimal, or IPv6 text as RFC 5952 has it; an IPv4-mapped address is written as IPv4
 * @param port 0 to 65,535
 */
record SocketAddress(String address, int port) {
    /** Decodes {@code 0100007F:0277}, or nothing when it is not of that form. */
    static Optional<SocketAddress> decode(String text, boolean littleEndian) {
        int colon = text.indexOf(':');
        if ((colon != 8 && colon != 32) || text.length() != colon + 5) {
            return Optional.empty();
        }
        byte[] bytes;
        int port;
        try {
            bytes = HexFormat.of().parseHex(text, 0, colon);
            port = HexFormat.fromHexDigits(text, colon + 1, text.length());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (littleEndian) {
            for (int word = 0; word < bytes.length; word += 4) {
                swap(bytes, word, word + 3);
                swap(bytes, word + 1, word + 2);
            }
        }
        return Optional.of(new SocketAddress(bytes.length == 4 ? v4(bytes, 0) : v6(bytes), port));
    }

    /** {@code loopback}, {@code any}, or {@code address} for everything else. */
    String exposure() {
        if (address.startsWith("127.") || address.equals("::1")) {
            return "loopback";
        }
        return address.equals("0.0.0.0") || address.equals("::") ? "any" : "address";
    }

    private static void swap(byte[] bytes, int i, int j) {
        byte kept = bytes[i];
        bytes[i] = bytes[j];
        bytes[j] = kept;
    }

    private static String v4(byte[] b, int at) {
        return (b[at] & 0xff) + "." + (b[at + 1] & 0xff) + "." + (b[at + 2] & 0xff) + "." + (b[at + 3] & 0xff);
    }

    private static String v6(byte[] bytes) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        if (groups[0] == 0
                && groups[1] == 0
                && groups[2] == 0
                && groups[3] == 0
                && groups[4] == 0
                && groups[5] == 0xffff) {
            return v4(bytes, 12);
        }
        // The longest run of at least two zero groups is left out, the first of equally long ones.
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && groups[i + length] == 0) {
                length++;
            }
            if (length > bestLength) {
                bestStart = i;
                bestLength = length;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                out.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
        }
        return out.toString();
    }
}
