package dev.ringfence.formats.oslo;

import java.util.List;
import java.util.Locale;

/** Which values must not be shown. The lists below are the one place that says so. */
public final class Redaction {
    /** Shown in place of a secret. */
    public static final String MARK = "[redacted]";

    /** A name that holds one of these is a secret … */
    private static final List<String> SECRET_WORDS = List.of(
            "password",
            "passwd",
            "passphrase",
            "secret",
            "_token",
            "fixed_key",
            "encryption_key",
            "access_key",
            "api_key",
            "auth_key",
            "private_key",
            "signing_key",
            "credential",
            "community_string");

    /** … also when it is exactly one of these … */
    private static final List<String> SECRET_NAMES = List.of("token", "pass", "pwd", "kek");

    /** … unless it ends so, and then only says where a secret is, how long it lives or how it is made. */
    private static final List<String> HARMLESS_ENDINGS = List.of(
            "_file",
            "_path",
            "_dir",
            "_ttl",
            "_timeout",
            "_expiration",
            "_expiry",
            "_lifetime",
            "_length",
            "_size",
            "_uuid",
            "_type",
            "_driver",
            "_backend",
            "_algorithm",
            "_hash_algorithm",
            "_provider",
            "_url",
            "_uri",
            "_security",
            "_cache_time",
            "_strategy",
            "_name",
            "_enabled",
            "_rounds",
            "_roles",
            "_method",
            "_methods");

    private static final List<String> HARMLESS_VALUES =
            List.of("", "true", "false", "yes", "no", "on", "off", "0", "1", "none", "<none>");

    private Redaction() {}

    /** Whether an option of this name holds a secret. */
    public static boolean isSecret(String key) {
        String name = key.toLowerCase(Locale.ROOT).replace('-', '_');
        if (HARMLESS_ENDINGS.stream().anyMatch(name::endsWith)) {
            return false;
        }
        return SECRET_NAMES.contains(name) || SECRET_WORDS.stream().anyMatch(name::contains);
    }

    /** The value as a report may show it; an empty value and a switch are no secret under any name. */
    public static String display(String key, String text) {
        if (isSecret(key) && !HARMLESS_VALUES.contains(text.toLowerCase(Locale.ROOT))) {
            return MARK;
        }
        return withoutLogins(text);
    }

    /**
     * Any {@code scheme://user:password@} without its password. What lies between the first colon behind the scheme and
     * the last {@code @} goes, so that several hosts or odd characters in a password cannot leave a rest behind.
     */
    public static String withoutLogins(String text) {
        int scheme = text.indexOf("://");
        int at = text.lastIndexOf('@');
        if (scheme < 0 || at < scheme) {
            return text;
        }
        int colon = text.indexOf(':', scheme + 3);
        return colon < 0 || colon > at ? text : text.substring(0, colon + 1) + MARK + text.substring(at);
    }
}
