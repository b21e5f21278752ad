package dev.ringfence.formats.rootwrap;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.PythonText;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code rootwrap.conf}.
 *
 * <p>Refusals: RF-RWF-001 larger than 4 MiB, RF-RWF-002 an option before any section, RF-RWF-003 a line without {@code
 * =} or {@code :}.
 *
 * @param filtersPath directories with filters; everyone who may write there is root
 * @param execDirs directories where commands are looked for, empty when the file leaves it to {@code PATH}
 * @param useSyslog as written, {@code ""} when absent (then False)
 * @param daemonTimeoutSeconds as written, {@code ""} when absent (then 600)
 */
public record RootwrapConf(
        List<String> filtersPath,
        List<String> execDirs,
        String useSyslog,
        String syslogLogFacility,
        String syslogLogLevel,
        String daemonTimeoutSeconds,
        String rlimitNofile) {
    public RootwrapConf {
        filtersPath = List.copyOf(filtersPath);
        execDirs = List.copyOf(execDirs);
    }

    /** Parses the file. */
    public static Decoded<RootwrapConf> parse(byte[] bytes) {
        return switch (PythonIni.parse(bytes)) {
            case Decoded.Refused<PythonIni> refused -> new Decoded.Refused<>(refused.refusal());
            case Decoded.Value<PythonIni> ini -> new Decoded.Value<>(of(ini.value()));
        };
    }

    private static RootwrapConf of(PythonIni ini) {
        Map<String, String> values = new HashMap<>();
        ini.options("DEFAULT").forEach(o -> values.put(o.name(), o.value()));
        return new RootwrapConf(
                list(values.getOrDefault("filters_path", "")),
                list(values.getOrDefault("exec_dirs", "")),
                values.getOrDefault("use_syslog", ""),
                values.getOrDefault("syslog_log_facility", ""),
                values.getOrDefault("syslog_log_level", ""),
                values.getOrDefault("daemon_timeout", ""),
                values.getOrDefault("rlimit_nofile", ""));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(PythonText::strip)
                .filter(s -> !s.isEmpty())
                .toList();
    }
}
