package dev.ringfence.core.audit;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/** Whether an IP address lies in one of some networks. Never resolves a name. */
final class Networks {
    private Networks() {}

    /** Networks are in CIDR form or single addresses; what is not a literal address is in none. */
    static boolean contain(List<?> networks, String address) {
        byte[] bytes = parse(address);
        return bytes.length > 0 && networks.stream().anyMatch(n -> contains(String.valueOf(n), bytes));
    }

    private static boolean contains(String network, byte[] address) {
        int slash = network.indexOf('/');
        byte[] base = parse(slash < 0 ? network : network.substring(0, slash));
        if (base.length != address.length) {
            return false;
        }
        int bits;
        try {
            bits = slash < 0 ? base.length * 8 : Integer.parseInt(network.substring(slash + 1));
        } catch (NumberFormatException e) {
            return false;
        }
        if (bits < 0 || bits > base.length * 8) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((base[i / 8] & mask) != (address[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    private static byte[] parse(String text) {
        String literal = text.strip().toLowerCase(Locale.ROOT);
        int scope = literal.indexOf('%');
        literal = scope < 0 ? literal : literal.substring(0, scope);
        if (literal.startsWith("[") && literal.endsWith("]")) {
            literal = literal.substring(1, literal.length() - 1);
        }
        if (!literal.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*")) {
            return new byte[0];
        }
        try {
            return InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
