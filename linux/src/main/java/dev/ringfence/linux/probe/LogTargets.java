package dev.ringfence.linux.probe;

import dev.ringfence.core.host.Fact;
import dev.ringfence.core.host.Services;
import dev.ringfence.formats.oslo.Redaction;
import dev.ringfence.linux.HostFiles;
import java.util.ArrayList;
import java.util.List;

/** Where logs go beyond this host: through rsyslog and through systemd-journal-upload. */
final class LogTargets {
    /** Programs that also send logs, whose configuration is not read here: nothing can be said where they are. */
    private static final List<String> NOT_READ = List.of(
            "/etc/syslog-ng/syslog-ng.conf",
            "/etc/fluent-bit/fluent-bit.conf",
            "/etc/td-agent/td-agent.conf",
            "/etc/vector/vector.yaml",
            "/etc/vector/vector.toml",
            "/etc/filebeat/filebeat.yml");

    private LogTargets() {}

    /** Every target; none is an empty list, unless a program is configured that was not looked into. */
    static Fact<List<Services.LogTarget>> observe(HostFiles files) {
        List<Services.LogTarget> found = new ArrayList<>();
        switch (RsyslogConfiguration.observe(files)) {
            case Fact.Observed<List<Services.LogTarget>>(List<Services.LogTarget> targets, var source) ->
                found.addAll(targets);
            case Fact.Absent<List<Services.LogTarget>> absent -> {}
            case Fact.NotObserved<List<Services.LogTarget>> unseen -> {
                return unseen;
            }
        }
        switch (SystemdSettings.observe(files, "journal-upload.conf", "Upload")) {
            case Fact.Observed<SystemdSettings>(SystemdSettings settings, var source) -> {
                String url = settings.last().getOrDefault("URL", "");
                if (!url.isEmpty()) {
                    // Without a scheme, systemd-journal-upload(8) takes https.
                    found.add(new Services.LogTarget(settings.file(), url, !url.startsWith("http:")));
                }
            }
            case Fact.Absent<SystemdSettings> absent -> {}
            case Fact.NotObserved<SystemdSettings>(var source, String reason) -> {
                return Fact.notObserved(source.where(), source.how(), reason);
            }
        }
        if (found.isEmpty()) {
            for (String path : NOT_READ) {
                if (files.exists(path).orElse(false)) {
                    return Fact.notObserved(
                            path, "stat", "it may send logs elsewhere, but its configuration is not read");
                }
            }
        }
        found.replaceAll(t -> new Services.LogTarget(t.file(), Redaction.withoutLogins(t.target()), t.encrypted()));
        return Fact.of(List.copyOf(found), "/etc/rsyslog.conf /etc/systemd/journal-upload.conf", "parsed");
    }
}
