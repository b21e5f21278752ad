package dev.ringfence.formats.domain;

/**
 * {@code <launchSecurity>}: confidential computing. Certificates and blobs are not kept, only whether they were given.
 *
 * @param type {@code sev}, {@code sev-snp}, {@code tdx}, {@code s390-pv}; {@code ""} without the element
 * @param policy the guest policy as written
 * @param policyBits the guest policy as a number, -1 when absent or not a 64-bit number
 * @param debugAllowed {@code yes} when the policy lets the host debug the guest (SEV bit 0 clear, SEV-SNP bit 19 set,
 *     TDX attribute bit 0 set), {@code no} when it does not, {@code ""} when there is no policy to read
 * @param migrationAllowed {@code yes} or {@code no} likewise (SEV bit 3 clear, SEV-SNP bit 18 set, TDX attribute bit 29
 *     set)
 * @param quoteGenerationService socket of the TDX quote service
 */
public record LaunchSecurity(
        String type,
        String kernelHashes,
        String authorKey,
        String vcek,
        String policy,
        long policyBits,
        String debugAllowed,
        String migrationAllowed,
        long cbitpos,
        long reducedPhysBits,
        boolean dhCert,
        boolean session,
        boolean idBlock,
        boolean idAuth,
        String hostData,
        String guestVisibleWorkarounds,
        String mrConfigId,
        String mrOwner,
        String mrOwnerConfig,
        String quoteGenerationService) {}
