package dev.ringfence.wire.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FileState;
import dev.ringfence.core.fix.FixPlan;
import dev.ringfence.core.fix.ManualStep;
import dev.ringfence.core.fix.Step;
import dev.ringfence.wire.json.Utf8Writer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A plan as an Ansible playbook with modules of {@code ansible.builtin}, and {@code ansible.posix.seboolean} where there is
 * SELinux. Run again, it changes nothing. It stops before its first write where a file is neither what the plan saw nor
 * what it would become. Daemons restart only with {@code -e ringfence_restart_daemons=true}. Thread-safe.
 */
public final class AnsibleExport {
    private AnsibleExport() {}

    /**
     * Writes the playbook. The stream is flushed and stays open.
     *
     * @throws IOException from the stream
     */
    public static void write(FixPlan plan, OutputStream out) throws IOException {
        YamlText yaml = new YamlText();
        yaml.line("---");
        // The files of a host follow no linter's rules.
        yaml.line("# yamllint disable rule:empty-lines rule:line-length rule:trailing-spaces");
        yaml.comment("Ringfence plan " + plan.id().value());
        yaml.comment("for " + plan.target().host() + ", made " + plan.createdAt());
        yaml.comment("Holds files in full, with their secrets.");
        for (ManualStep step : plan.manual()) {
            yaml.comment("By hand: " + step.control() + " " + step.title());
        }
        yaml.line("- name: " + YamlText.quoted("Ringfence plan " + plan.id().abbreviated()));
        yaml.line("  hosts: " + YamlText.quoted(plan.target().host()));
        yaml.line("  become: true");
        yaml.line("  gather_facts: false");
        yaml.line("  tasks:");
        if (plan.steps().isEmpty()) {
            yaml.line("    []");
        }
        expectations(plan, yaml);
        for (Step step : plan.steps()) {
            yaml.line("");
            new AnsibleTasks(yaml, step).write();
        }
        handlers(plan, yaml);
        Writer writer = Utf8Writer.over(out);
        writer.write(yaml.toString());
        writer.flush();
    }

    /** Every file is looked at before any is written. */
    private static void expectations(FixPlan plan, YamlText yaml) {
        List<Action.EditFile> edits = new ArrayList<>();
        plan.steps().stream()
                .map(Step::action)
                .filter(Action.EditFile.class::isInstance)
                .map(Action.EditFile.class::cast)
                .forEach(edits::add);
        if (edits.isEmpty()) {
            return;
        }
        yaml.line("    - name: \"Look at every file that the plan writes\"");
        yaml.line("      ansible.builtin.stat:");
        yaml.line("        path: \"{{ item.path }}\"");
        yaml.line("        checksum_algorithm: sha256");
        yaml.line("      register: ringfence_files");
        yaml.line("      loop: &ringfence_expected");
        for (Action.EditFile edit : edits) {
            String before = switch (edit.before()) {
                case FileState.Absent absent -> "absent";
                case FileState.Present present -> present.sha256();
            };
            yaml.line("        - path: " + YamlText.quoted(edit.path()));
            yaml.line("          before: \"" + before + "\"");
            yaml.line("          after: \"" + edit.after().sha256() + "\"");
        }
        yaml.line("");
        yaml.line("    - name: \"Stop where a file was changed since the plan was made\"");
        yaml.line("      ansible.builtin.assert:");
        yaml.line("        that:");
        yaml.line("          - (item.stat.checksum | default('absent')) in [item.item.before, item.item.after]");
        yaml.line("        fail_msg: \"{{ item.item.path }} was changed since the plan was made\"");
        yaml.line("        quiet: true");
        yaml.line("      loop: \"{{ ringfence_files.results }}\"");
        yaml.line("      loop_control:");
        yaml.line("        label: \"{{ item.item.path }}\"");
    }

    private static void handlers(FixPlan plan, YamlText yaml) {
        Set<List<String>> commands = new LinkedHashSet<>();
        Set<Step.UnitRestart> restarts = new LinkedHashSet<>();
        for (Step step : plan.steps()) {
            if (step.action() instanceof Action.EditFile edit) {
                edit.regenerate().forEach(r -> commands.add(r.words()));
            }
            restarts.addAll(step.restarts());
        }
        if (commands.isEmpty() && restarts.isEmpty()) {
            return;
        }
        yaml.line("");
        yaml.line("  handlers:");
        for (List<String> words : commands) {
            yaml.line("    - name: " + YamlText.quoted(AnsibleTasks.handler(words)));
            yaml.line("      ansible.builtin.command:");
            yaml.argv("        ", words);
            yaml.line("      changed_when: true");
        }
        for (Step.UnitRestart restart : restarts) {
            yaml.line("    - name: " + YamlText.quoted(AnsibleTasks.handler(restart)));
            yaml.line("      ansible.builtin.systemd:");
            yaml.line("        name: " + YamlText.quoted(restart.unit()));
            yaml.line("        state: " + (restart.reload() ? "reloaded" : "restarted"));
            yaml.line("      when: ringfence_restart_daemons | default(false) | bool");
        }
    }
}
