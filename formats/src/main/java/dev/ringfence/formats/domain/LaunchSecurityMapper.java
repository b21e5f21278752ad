package dev.ringfence.formats.domain;

/**
 * {@code <launchSecurity>} to {@link LaunchSecurity}.
 *
 * <p>Policy bits: AMD SEV API specification, "Guest Policy Structure"; SEV-SNP firmware ABI specification, "Guest
 * Policy"; Intel TDX module ABI, "TD ATTRIBUTES".
 */
final class LaunchSecurityMapper {
    private LaunchSecurityMapper() {}

    static LaunchSecurity launchSecurity(XmlElement l) {
        String type = l.attr("type");
        long policy = l.textNumberOf("policy");
        return new LaunchSecurity(
                type,
                l.attr("kernelHashes"),
                l.attr("authorKey"),
                l.attr("vcek"),
                l.textOf("policy"),
                policy,
                debug(type, policy, l.has("policy")),
                migration(type, policy, l.has("policy")),
                l.textNumberOf("cbitpos"),
                l.textNumberOf("reducedPhysBits"),
                l.has("dhCert"),
                l.has("session"),
                l.has("idBlock"),
                l.has("idAuth"),
                l.textOf("hostData"),
                l.textOf("guestVisibleWorkarounds"),
                l.textOf("mrConfigId"),
                l.textOf("mrOwner"),
                l.textOf("mrOwnerConfig"),
                l.attrOf("quoteGenerationService", "path"));
    }

    private static String debug(String type, long policy, boolean given) {
        return switch (given && policy >= 0 ? type : "") {
            case "sev" -> yesNo(!bit(policy, 0));
            case "sev-snp" -> yesNo(bit(policy, 19));
            case "tdx" -> yesNo(bit(policy, 0));
            default -> "";
        };
    }

    private static String migration(String type, long policy, boolean given) {
        return switch (given && policy >= 0 ? type : "") {
            case "sev" -> yesNo(!bit(policy, 3));
            case "sev-snp" -> yesNo(bit(policy, 18));
            case "tdx" -> yesNo(bit(policy, 29));
            default -> "";
        };
    }

    private static boolean bit(long policy, int bit) {
        return (policy >>> bit & 1) == 1;
    }

    private static String yesNo(boolean yes) {
        return yes ? "yes" : "no";
    }
}
