package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Firmware;
import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.json.Json;
import dev.ringfence.formats.json.JsonText;
import dev.ringfence.linux.HostFiles;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what the firmware left behind: UEFI variables, DMI, TPM; and the firmware that guests can be given. */
public final class FirmwareProbe {
    private static final String EFI = "/sys/firmware/efi";
    private static final String VARIABLES = EFI + "/efivars";
    private static final String GLOBAL_VARIABLE = "-8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private static final String SHIM_VARIABLE = "-605dab50-e046-4300-abb6-3dd810dd8b23";
    private static final String DMI = "/sys/class/dmi/id/";
    private static final String TPM = "/sys/class/tpm";
    private static final String FIPS = "/proc/sys/crypto/fips_enabled";
    private static final String CRYPTO_POLICY = "/etc/crypto-policies/state/current";

    /** Operator's own descriptors first: one of the same name hides the packaged one. */
    private static final List<String> DESCRIPTORS = List.of("/etc/qemu/firmware", "/usr/share/qemu/firmware");

    private static final int DESCRIPTOR_LIMIT_BYTES = 1 << 20;
    private static final Pattern BIOS_DATE = Pattern.compile("(\\d{2})/(\\d{2})/(\\d{4}|\\d{2})");

    private FirmwareProbe() {}

    /**
     * What the firmware left behind.
     *
     * @param at the time of the observation, for the age of the firmware
     */
    public static Firmware observe(HostFiles files, Instant at) {
        Fact<Boolean> efi = efi(files);
        Fact<String> biosDate = Readings.nonEmptyLine(files, DMI + "bios_date");
        Fact<String> tpm = tpm(files);
        return new Firmware(
                efi,
                secureBoot(files, efi),
                shimValidation(files, efi),
                Readings.nonEmptyLine(files, DMI + "bios_vendor"),
                Readings.nonEmptyLine(files, DMI + "bios_version"),
                biosDate,
                Readings.then(biosDate, date -> ageDays(date, at)),
                Readings.then(tpm, name -> tpmVersion(files, name)),
                Readings.then(tpm, name -> eventLog(files, name)),
                // A kernel built without FIPS support has no such file, and so is not in that mode.
                Readings.orElse(Readings.flag(files, FIPS), () -> Fact.of(false, FIPS, "derived")),
                Readings.orElse(
                        Readings.nonEmptyLine(files, CRYPTO_POLICY),
                        () -> Readings.nonEmptyLine(files, "/etc/crypto-policies/config")),
                guestFirmware(files));
    }

    private static Fact<Boolean> efi(HostFiles files) {
        // A container may hide the whole directory; then its being empty says nothing.
        return switch (files.list("/sys/firmware")) {
            case Fact.Observed<List<String>>(List<String> names, var source) ->
                names.isEmpty()
                        ? Fact.notObserved(EFI, "list", "/sys/firmware is empty, as it is in a container")
                        : Fact.of(names.contains("efi"), EFI, "list");
            case Fact.Absent<List<String>> absent -> Fact.notObserved(EFI, "list", "/sys/firmware is not there");
            case Fact.NotObserved<List<String>> unseen -> unseen.map(names -> false);
        };
    }

    private static Fact<Boolean> secureBoot(HostFiles files, Fact<Boolean> efi) {
        return Readings.then(efi, booted -> {
            if (!booted) {
                return Fact.absent(EFI, "list");
            }
            // No such variable: the firmware knows no Secure Boot.
            return variable(files, "SecureBoot" + GLOBAL_VARIABLE, 0).map(value -> value == 1);
        });
    }

    /** Shim copies MokSBState, which only boot code can read, to MokSBStateRT; 1 there means validation is off. */
    private static Fact<Boolean> shimValidation(HostFiles files, Fact<Boolean> efi) {
        return Readings.then(efi, booted -> {
            if (!booted) {
                return Fact.absent(EFI, "list");
            }
            Fact<Integer> mirrored = variable(files, "MokSBStateRT" + SHIM_VARIABLE, -1);
            Fact<Integer> state =
                    mirrored.orElse(0) == -1 ? variable(files, "MokSBState" + SHIM_VARIABLE, 0) : mirrored;
            return state.map(value -> value != 1);
        });
    }

    /** The one byte of an EFI variable, which follows its four bytes of attributes. */
    private static Fact<Integer> variable(HostFiles files, String name, int missing) {
        String path = VARIABLES + "/" + name;
        return switch (files.prefix(path, 16)) {
            case Fact.Observed<byte[]>(byte[] bytes, var source) ->
                bytes.length == 5
                        ? Fact.of(bytes[4] & 0xff, path, "read")
                        : Fact.notObserved(path, "read", "has " + bytes.length + " bytes in place of 5");
            case Fact.NotObserved<byte[]> unseen -> unseen.map(b -> missing);
            case Fact.Absent<byte[]> absent ->
                switch (files.list(VARIABLES)) {
                    case Fact.Observed<List<String>>(List<String> names, var source) ->
                        names.isEmpty()
                                ? Fact.notObserved(path, "read", "efivarfs is not mounted")
                                : Fact.of(missing, path, "derived");
                    case Fact<List<String>> unseen ->
                        Fact.notObserved(path, "read", "the directory of EFI variables could not be listed");
                };
        };
    }

    private static Fact<Long> ageDays(String date, Instant at) {
        String where = DMI + "bios_date";
        Matcher parts = BIOS_DATE.matcher(date);
        if (!parts.matches()) {
            return Fact.notObserved(where, "derived", "not a date: " + Readings.excerpt(date));
        }
        int year = Integer.parseInt(parts.group(3));
        try {
            // SMBIOS 3.7, type 0: two digits mean a year of the twentieth century.
            LocalDate released = LocalDate.of(
                    year < 100 ? 1900 + year : year,
                    Integer.parseInt(parts.group(1)),
                    Integer.parseInt(parts.group(2)));
            return Fact.of(
                    ChronoUnit.DAYS.between(released, LocalDate.ofInstant(at, ZoneOffset.UTC)), where, "derived");
        } catch (DateTimeException e) {
            return Fact.notObserved(where, "derived", "not a date: " + Readings.excerpt(date));
        }
    }

    /** Where securityfs is not mounted, the absence of the log says nothing. */
    private static Fact<Boolean> eventLog(HostFiles files, String tpm) {
        String path = "/sys/kernel/security/" + tpm + "/binary_bios_measurements";
        Fact<Boolean> there = files.exists(path);
        boolean mounted = !files.list("/sys/kernel/security").orElse(List.of()).isEmpty();
        return there.orElse(true) || mounted ? there : Fact.notObserved(path, "stat", "securityfs is not mounted");
    }

    /** The first TPM's name, {@code tpm0}. */
    private static Fact<String> tpm(HostFiles files) {
        return Readings.then(
                files.list(TPM),
                names -> names.stream()
                        .filter(n -> n.matches("tpm\\d{1,4}"))
                        .findFirst()
                        .map(n -> Fact.of(n, TPM, "list"))
                        .orElse(Fact.absent(TPM, "list")));
    }

    private static Fact<String> tpmVersion(HostFiles files, String name) {
        String path = TPM + "/" + name + "/tpm_version_major";
        return Readings.orElse(
                Readings.nonEmptyLine(files, path),
                // Kernels before 5.6 do not say; only a TPM 1.2 has a file of its capabilities.
                () -> files.exists(TPM + "/" + name + "/device/caps").orElse(false)
                                || files.exists(TPM + "/" + name + "/caps").orElse(false)
                        ? Fact.of("1", path, "derived")
                        : Fact.notObserved(path, "read", "the kernel does not say which version it is"));
    }

    private static Fact<List<Firmware.GuestFirmware>> guestFirmware(HostFiles files) {
        return Readings.then(ConfigDirectories.effective(files, ".json", DESCRIPTORS), paths -> {
            List<Firmware.GuestFirmware> found = new ArrayList<>();
            for (String path : paths) {
                Fact<String> text = files.text(path, DESCRIPTOR_LIMIT_BYTES);
                if (text instanceof Fact.NotObserved<String> unseen) {
                    return Fact.notObserved(path, "read", unseen.reason());
                }
                // An empty file hides a packaged descriptor of its name.
                if (text.orElse("").isBlank()) {
                    continue;
                }
                switch (JsonText.read(text.orElse(""))) {
                    case Decoded.Value<Json>(Json descriptor) -> found.add(descriptor(path, descriptor));
                    case Decoded.Refused<Json>(var refusal) -> {
                        return Fact.notObserved(path, "parsed", refusal.toString());
                    }
                }
            }
            return Fact.of(List.copyOf(found), String.join(" ", DESCRIPTORS), "parsed");
        });
    }

    /** QEMU docs/interop/firmware.json: a flash device names its executable in a member, the others directly. */
    private static Firmware.GuestFirmware descriptor(String path, Json descriptor) {
        Json mapping = descriptor.member("mapping").orElse(new Json.Nothing());
        String executable = mapping.member("executable").orElse(mapping).textOf("filename");
        List<String> features = descriptor.member("features").map(Json::elements).orElse(List.of()).stream()
                .flatMap(f -> f.text().stream())
                .toList();
        return new Firmware.GuestFirmware(
                path, executable, features.contains("secure-boot"), features.contains("enrolled-keys"));
    }
}
