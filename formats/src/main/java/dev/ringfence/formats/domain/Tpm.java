package dev.ringfence.formats.domain;

import java.util.List;

/**
 * {@code <tpm>}.
 *
 * @param model {@code tpm-tis}, {@code tpm-crb}, {@code tpm-spapr}
 * @param backendType {@code emulator}, {@code passthrough}, {@code external}
 * @param version {@code 2.0} or {@code 1.2}
 * @param encryptionSecret UUID of the secret that the state is encrypted with, {@code ""} for plain state
 * @param devicePath host TPM, for {@code passthrough}
 * @param sourceType {@code unix} for {@code external}; {@code file} or {@code dir} of the state for {@code emulator}
 * @param profileName name of the swtpm profile
 */
public record Tpm(
        String model,
        String backendType,
        String version,
        String persistentState,
        String debug,
        String encryptionSecret,
        List<String> activePcrBanks,
        String devicePath,
        String sourceType,
        String sourceMode,
        String sourcePath,
        String profileName,
        String alias,
        Address address) {
    public Tpm {
        activePcrBanks = List.copyOf(activePcrBanks);
    }
}
