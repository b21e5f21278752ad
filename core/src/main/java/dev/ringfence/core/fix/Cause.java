package dev.ringfence.core.fix;

import dev.ringfence.core.audit.ControlResult;
import dev.ringfence.core.audit.Fix;
import dev.ringfence.core.audit.Verdict;
import java.util.List;

/**
 * A finding that wants a change.
 *
 * @param reach how far this change goes, at most as far as the whole fix
 */
record Cause(ControlResult finding, Fix.Reach reach) {
    static Cause of(ControlResult finding, Fix.Kind kind) {
        Fix.Reach whole = finding.control().fix().reach();
        return new Cause(
                finding,
                switch (kind) {
                    case SYSCTL, SYSFS, FILE_MODE, FILE_OWNER, SELINUX_BOOLEAN -> Fix.Reach.LIVE;
                    case LIBVIRT_CONF,
                            OSLO_CONF,
                            KERNEL_ARGUMENT,
                            MODPROBE_OPTION,
                            MODPROBE_BLACKLIST,
                            UNIT,
                            DOMAIN_XML,
                            SSHD,
                            PACKAGE,
                            COMMAND -> whole;
                });
    }

    String id() {
        return finding.control().id();
    }

    /** Names of the elements that fail, none where the host is judged as a whole. */
    List<String> subjects() {
        return finding.subjects().stream()
                .filter(s -> s.verdict() == Verdict.FAIL)
                .map(dev.ringfence.core.audit.ControlResult.SubjectResult::subject)
                .toList();
    }
}
