package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Services;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what runs beside the guests, and what keeps time and records. */
public final class ServicesProbe {
    private static final String AUDIT_RULES = "/etc/audit/audit.rules";
    private static final String AUDIT_DIRECTORY = "/etc/audit/rules.d";
    private static final String AUDITD = "/etc/audit/auditd.conf";

    private ServicesProbe() {}

    /** Processes, units, time, logging and auditing. */
    public static Services observe(HostFiles files) {
        Fact<List<Services.Process>> processes = ProcessTable.observe(files);
        Fact<SystemdUnits> units = SystemdUnits.observe(files);
        return new Services(
                processes,
                units.map(SystemdUnits::enabled),
                units.map(SystemdUnits::masked),
                TimeSources.observe(files, processes),
                LogTargets.observe(files),
                auditRules(files),
                Readings.parsed(files.text(AUDITD), ServicesProbe::auditd),
                SystemdSettings.observe(files, "journald.conf", "Journal").map(SystemdSettings::last));
    }

    /** augenrules makes audit.rules of the directory at every start, so the directory counts where it holds rules. */
    private static Fact<List<String>> auditRules(HostFiles files) {
        Fact<List<String>> paths = ConfigDirectories.effective(files, ".rules", List.of(AUDIT_DIRECTORY));
        if (!(paths instanceof Fact.Observed<List<String>>(List<String> found, var listed))) {
            return paths;
        }
        List<String> rules = new ArrayList<>();
        for (String path : found) {
            switch (files.text(path)) {
                case Fact.Observed<String>(String text, var source) -> rules.addAll(auditRules(text));
                case Fact.Absent<String> absent -> {}
                case Fact.NotObserved<String>(var source, String reason) -> {
                    return Fact.notObserved(path, "read", reason);
                }
            }
        }
        return rules.isEmpty()
                ? Readings.parsed(files.text(AUDIT_RULES), ServicesProbe::auditRules)
                : Fact.of(List.copyOf(rules), AUDIT_DIRECTORY, "parsed");
    }

    private static List<String> auditRules(String text) {
        return text.lines()
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /** auditd.conf(5): names and values around an equals sign, names without regard to case. */
    private static Map<String, String> auditd(String text) {
        Map<String, String> values = new HashMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.strip().startsWith("#")) {
                values.put(
                        line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                        line.substring(equals + 1).strip());
            }
        });
        return Map.copyOf(values);
    }
}
