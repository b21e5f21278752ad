package dev.ringfence.wire.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.Argv;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.core.fix.FileContent;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.ManualStep;
import dev.ringfence.core.fix.Step;
import dev.ringfence.wire.json.Utf8Writer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A plan as a script for a POSIX shell with GNU coreutils. Run again, it changes nothing. Before its first write it checks
 * that every file is what the plan saw or what it would become. It restarts daemons only with {@code --restart-daemons},
 * keeps copies of what it replaces, and has no rollback. Thread-safe.
 */
public final class ShellExport {
    private static final String END_OF_FILE = "RINGFENCE_END_OF_FILE";
    private static final String INTRODUCTION = """
            set -eu
            PATH=/usr/sbin:/usr/bin:/sbin:/bin
            export PATH
            umask 077
            restart_daemons=no
            [ "${1:-}" != --restart-daemons ] || restart_daemons=yes
            pending=''
            if [ "$(id -u)" != 0 ]; then
              echo 'must be run as root' >&2
              exit 3
            fi
            work=$(mktemp -d)
            trap 'rm -rf "$work"' EXIT

            say() { printf '%s\\n' "$*"; }
            refuse() { printf 'refused: %s\\n' "$*" >&2; exit 1; }
            digest() { if [ -e "$1" ]; then sha256sum < "$1" | cut -d ' ' -f 1; else echo absent; fi; }

            # expect PATH BEFORE AFTER: what is there must be what the plan saw, or what it makes of it.
            expect() {
              now=$(digest "$1")
              [ ! -L "$1" ] || refuse "$1 is a link now"
              [ "$now" = "$2" ] || [ "$now" = "$3" ] || refuse "$1 was changed since the plan was made"
            }

            # later KIND UNIT: a daemon that reads the change only when it starts anew.
            later() {
              case " $pending " in
                *" $1:$2 "*) ;;
                *) pending="$pending $1:$2" ;;
              esac
            }
            """;
    private static final String PUT = """

            # put PATH AFTER OWNER GROUP MODE: moves $work/new to PATH, which keeps its other attributes. Status 1: had it.
            put() {
              if [ "$(digest "$1")" = "$2" ]; then
                chown "$3:$4" "$1"
                chmod "$5" "$1"
                return 1
              fi
              [ "$(digest "$work/new")" = "$2" ] || refuse "this script was damaged: the content of $1"
              mkdir -p "${1%/*}" "$backup${1%/*}"
              if [ -e "$1" ]; then
                cp -p "$1" "$backup$1"
                cp --attributes-only --preserve=all "$1" "$1.ringfence-new"
              fi
              cat "$work/new" > "$1.ringfence-new"
              chown "$3:$4" "$1.ringfence-new"
              chmod "$5" "$1.ringfence-new"
              mv "$1.ringfence-new" "$1"
              say "written: $1"
            }
            """;
    private static final String VALUE = """

            # value PATH TEXT: a value of the kernel.
            value() {
              [ -e "$1" ] || return 0
              now=$(head -n 1 "$1")
              case "$now" in
                "$2" | *"[$2]"*) ;;
                *) printf '%s\\n' "$2" > "$1"; say "set: $1" ;;
              esac
            }
            """;
    private static final String FINISH = """

            for each in $pending; do
              kind=${each%%:*}
              unit=${each#*:}
              if [ "$restart_daemons" = yes ]; then
                systemctl "$kind" "$unit"
                say "$kind: $unit"
              else
                say "still to do: systemctl $kind $unit"
              fi
            done
            """;

    private ShellExport() {}

    /**
     * Writes the script. The stream is flushed and stays open.
     *
     * @throws IOException from the stream
     */
    public static void write(FixPlan plan, OutputStream out) throws IOException {
        StringBuilder script = new StringBuilder("#!/bin/sh\n");
        comment(script, "Ringfence plan " + plan.id().value());
        comment(script, "for " + plan.target().host() + ", made " + plan.createdAt());
        comment(script, "Holds files in full, with their secrets. Restarts daemons only with --restart-daemons.");
        for (ManualStep step : plan.manual()) {
            comment(script, "By hand: " + step.control() + " " + step.title());
        }
        script.append(INTRODUCTION);
        if (plan.steps().stream().anyMatch(s -> s.action() instanceof Action.EditFile)) {
            script.append("backup=/var/backups/ringfence/")
                    .append(plan.id().abbreviated())
                    .append('\n')
                    .append(PUT);
        }
        if (plan.steps().stream().anyMatch(s -> s.action() instanceof Action.SetKernelValue)) {
            script.append(VALUE);
        }
        if (!plan.target().machineId().isEmpty()) {
            script.append("\n[ \"$(cat /etc/machine-id)\" = ")
                    .append(Argv.quoted(plan.target().machineId()))
                    .append(" ] || refuse 'the plan is for another host'\n");
        }
        plan.steps().forEach(step -> expect(script, step));
        plan.steps().forEach(step -> step(script, step));
        script.append(FINISH);
        Writer writer = Utf8Writer.over(out);
        writer.write(script.toString());
        writer.flush();
    }

    private static void comment(StringBuilder script, String text) {
        script.append("# ").append(text.replaceAll("[\\p{Cntrl}\\p{Cf}]", " ")).append('\n');
    }

    private static void expect(StringBuilder script, Step step) {
        if (step.action() instanceof Action.EditFile edit) {
            String before = switch (edit.before()) {
                case FileState.Absent absent -> "absent";
                case FileState.Present present -> present.sha256();
            };
            command(script, "expect", edit.path(), before, edit.after().sha256());
        }
    }

    private static void step(StringBuilder script, Step step) {
        script.append('\n');
        comment(script, "Step " + step.number() + ": " + step.title());
        comment(script, "for " + String.join(" ", step.controls()));
        switch (step.action()) {
            case Action.EditFile edit -> file(script, step, edit);
            case Action.SetKernelValue value -> command(script, "value", value.path(), value.after());
            case Action.SetFileAttributes attributes -> {
                for (Action.AttributeChange change : attributes.changes()) {
                    FileAttributes after = change.after();
                    command(script, "chown", after.owner() + ":" + after.group(), change.path());
                    command(script, "chmod", after.mode(), change.path());
                }
            }
            case Action.SetSelinuxBoolean selinux -> {
                String wanted = selinux.after() ? "on" : "off";
                script.append("[ \"$(getsebool ")
                        .append(Argv.quoted(selinux.name()))
                        .append(")\" = ");
                script.append(Argv.quoted(selinux.name() + " --> " + wanted)).append(" ] || ");
                command(script, "setsebool", "-P", selinux.name(), wanted);
            }
            case Action.ChangeUnit unit ->
                command(script, "systemctl", unit.verb().name().toLowerCase(Locale.ROOT), "--now", unit.unit());
            case Action.RunCommand run -> script.append(run.argv()).append('\n');
            case Action.EditDomain domain -> domain(script, domain);
            case Action.ChangePackage change -> packages(script, change);
        }
        if (!(step.action() instanceof Action.EditFile)) {
            step.restarts().forEach(r -> script.append(later(r)).append('\n'));
        }
    }

    private static void file(StringBuilder script, Step step, Action.EditFile edit) {
        content(script, edit.after());
        for (Action.Check check : edit.checks()) {
            if (check.when() == Action.Check.When.BEFORE) {
                script.append(check.argv().words().stream()
                                .map(w -> w.equals(Action.Check.FILE) ? "\"$work/new\"" : Argv.quoted(w))
                                .collect(Collectors.joining(" ")))
                        .append(" > /dev/null\n");
            }
        }
        FileAttributes after = edit.attributes();
        script.append("if put ")
                .append(new Argv(java.util.List.of(
                        edit.path(), edit.after().sha256(), after.owner(), after.group(), after.mode())))
                .append("; then\n");
        for (Action.Check check : edit.checks()) {
            if (check.when() == Action.Check.When.AFTER) {
                script.append("  ").append(check.argv()).append('\n');
            }
        }
        edit.regenerate().forEach(r -> script.append("  ").append(r).append('\n'));
        step.restarts().forEach(r -> script.append("  ").append(later(r)).append('\n'));
        script.append("  :\nfi\n");
    }

    private static String later(Step.UnitRestart restart) {
        return "later " + (restart.reload() ? "reload" : "restart") + " " + Argv.quoted(restart.unit());
    }

    /** Readable where a here-document can hold exactly these bytes. */
    private static void content(StringBuilder script, FileContent content) {
        byte[] bytes = content.bytes();
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean plain = text.endsWith("\n")
                && text.indexOf('\0') < 0
                && Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)
                && text.lines().noneMatch(END_OF_FILE::equals);
        if (plain) {
            script.append("cat > \"$work/new\" <<'").append(END_OF_FILE).append("'\n");
            script.append(text).append(END_OF_FILE).append('\n');
        } else {
            script.append("base64 -d > \"$work/new\" <<'").append(END_OF_FILE).append("'\n");
            script.append(Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(bytes));
            script.append('\n').append(END_OF_FILE).append('\n');
        }
    }

    private static void domain(StringBuilder script, Action.EditDomain domain) {
        content(script, FileContent.of(domain.after()));
        script.append("if [ \"$(digest ").append(Argv.quoted(domain.path())).append(")\" = ");
        script.append(domain.sha256Before()).append(" ]; then\n  virsh define \"$work/new\"\nelse\n  ");
        command(script, "say", "left alone, changed since the plan or defined already: " + domain.name());
        script.append("fi\n");
    }

    private static void packages(StringBuilder script, Action.ChangePackage change) {
        boolean dpkg = change.family() == Action.ChangePackage.Family.DPKG;
        String manager = dpkg ? "DEBIAN_FRONTEND=noninteractive apt-get -y " : "dnf -y ";
        String name = Argv.quoted(change.name());
        String there = dpkg
                ? "dpkg-query -W -f '${Status}' " + name + " 2> /dev/null | grep -q 'ok installed'"
                : "rpm -q " + name + " > /dev/null";
        script.append(
                switch (change.verb()) {
                    case INSTALL -> "if ! " + there + "; then\n  " + manager + "install " + name + "\nfi\n";
                    case REMOVE -> "if " + there + "; then\n  " + manager + "remove " + name + "\nfi\n";
                    case UPGRADE -> manager + (dpkg ? "--only-upgrade install " : "upgrade ") + name + "\n";
                });
    }

    private static void command(StringBuilder script, String... words) {
        script.append(Argv.of(words)).append('\n');
    }
}
