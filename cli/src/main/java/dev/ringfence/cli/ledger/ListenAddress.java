package dev.ringfence.cli.ledger;

import dev.ringfence.cli.CommandFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code 127.0.0.1:8080}, {@code [::1]:8080} or {@code :8080}, which is every address. Resolves no name. */
final class ListenAddress {
    private static final Pattern SYNTAX = Pattern.compile("(?:([0-9.]+)|\\[([0-9a-fA-F:.]+)]|localhost)?:([0-9]{1,5})");

    private ListenAddress() {}

    static InetSocketAddress parse(String text) throws CommandFailure {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65_535) {
            throw bad(text);
        }
        int port = Integer.parseInt(matcher.group(3));
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        try {
            if (text.startsWith("localhost:")) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            }
            return host == null
                    ? new InetSocketAddress(port)
                    : new InetSocketAddress(InetAddress.ofLiteral(host), port);
        } catch (IllegalArgumentException e) {
            throw bad(text);
        }
    }

    /** The URL at which a server answers. */
    static String url(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static CommandFailure bad(String text) {
        return CommandFailure.usage(
                "--listen: an address such as 127.0.0.1:8080, [::1]:8080 or :8080, not '" + text + "'");
    }
}
