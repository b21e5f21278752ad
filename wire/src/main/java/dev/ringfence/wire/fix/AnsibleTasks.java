package dev.ringfence.wire.fix;

import dev.ringfence.core.fix.Action;
import dev.ringfence.core.fix.FileAttributes;
import dev.ringfence.core.fix.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One step as Ansible's tasks. */
final class AnsibleTasks {
    private final YamlText yaml;
    private final Step step;
    private final String title;

    AnsibleTasks(YamlText yaml, Step step) {
        this.yaml = yaml;
        this.step = step;
        this.title = "Step " + step.number() + " for " + String.join(" ", step.controls());
    }

    /** Name of the handler that runs this command. */
    static String handler(List<String> words) {
        return "Run " + String.join(" ", words);
    }

    /** Name of the handler that restarts this unit. */
    static String handler(Step.UnitRestart restart) {
        return (restart.reload() ? "Reload " : "Restart ") + restart.unit();
    }

    void write() {
        switch (step.action()) {
            case Action.EditFile edit -> file(edit);
            case Action.SetKernelValue value -> value(value);
            case Action.SetFileAttributes attributes -> attributes.changes().forEach(this::attributes);
            case Action.SetSelinuxBoolean selinux -> {
                task(selinux.name(), "ansible.posix.seboolean");
                yaml.line("        name: " + YamlText.quoted(selinux.name()));
                yaml.line("        state: " + selinux.after());
                yaml.line("        persistent: true");
                notified(List.of());
            }
            case Action.ChangeUnit unit -> unit(unit);
            case Action.RunCommand run -> {
                task(run.argv().program(), "ansible.builtin.command");
                yaml.argv("        ", run.argv().words());
                yaml.line("      changed_when: true");
                notified(List.of());
            }
            case Action.EditDomain domain -> domain(domain);
            case Action.ChangePackage change -> packages(change);
        }
    }

    private void task(String what, String module) {
        yaml.line("    - name: " + YamlText.quoted(title + ", " + what));
        yaml.line("      " + module + ":");
    }

    private void notified(List<String> more) {
        List<String> names = new ArrayList<>(more);
        step.restarts().forEach(r -> names.add(handler(r)));
        if (!names.isEmpty()) {
            yaml.line("      notify:");
            names.forEach(n -> yaml.line("        - " + YamlText.quoted(n)));
        }
    }

    private void file(Action.EditFile edit) {
        edit.diff().lines().forEach(l -> yaml.comment("    ", l));
        if (!YamlText.isText(edit.after().bytes())) {
            task(edit.path(), "ansible.builtin.fail");
            yaml.line("        msg: " + YamlText.quoted(edit.path() + " is not UTF-8: apply this step with ringfence"));
            return;
        }
        int slash = edit.path().lastIndexOf('/');
        if (slash > 0 && edit.before() instanceof dev.ringfence.core.fix.FileState.Absent) {
            // One that is there keeps its own mode.
            yaml.line("    - name: " + YamlText.quoted(title + ", its directory") + " # noqa: risky-file-permissions");
            yaml.line("      ansible.builtin.file:");
            yaml.line("        path: " + YamlText.quoted(edit.path().substring(0, slash)));
            yaml.line("        state: directory");
        }
        task(edit.path(), "ansible.builtin.copy");
        yaml.line("        dest: " + YamlText.quoted(edit.path()));
        own(edit.attributes());
        yaml.line("        backup: true");
        edit.checks().stream()
                .filter(c -> c.when() == Action.Check.When.BEFORE)
                .findFirst()
                .ifPresent(c -> yaml.line("        validate: "
                        + YamlText.quoted(
                                c.argv().toString().replace("'{}'", "%s").replace("{}", "%s"))));
        yaml.block("        ", "content", new String(edit.after().bytes(), StandardCharsets.UTF_8));
        notified(edit.regenerate().stream().map(r -> handler(r.words())).toList());
        for (Action.Check check : edit.checks()) {
            if (check.when() == Action.Check.When.AFTER) {
                task("check with " + check.argv().program(), "ansible.builtin.command");
                yaml.argv("        ", check.argv().words());
                yaml.line("      changed_when: false");
            }
        }
    }

    private void own(FileAttributes attributes) {
        yaml.line("        owner: " + YamlText.quoted(attributes.owner()));
        yaml.line("        group: " + YamlText.quoted(attributes.group()));
        yaml.line("        mode: \"" + attributes.mode() + "\"");
    }

    private void attributes(Action.AttributeChange change) {
        task(change.path(), "ansible.builtin.file");
        yaml.line("        path: " + YamlText.quoted(change.path()));
        own(change.after());
    }

    /** Read first, so that a value that is right is not written again. */
    private void value(Action.SetKernelValue value) {
        task("read " + value.path(), "ansible.builtin.slurp");
        yaml.line("        src: " + YamlText.quoted(value.path()));
        yaml.line("      register: ringfence_value");
        task("set " + value.path(), "ansible.builtin.command");
        yaml.argv("        ", List.of("tee", value.path()));
        yaml.line("        stdin: " + YamlText.quoted(value.after()));
        yaml.line("      vars:");
        yaml.line("        ringfence_wanted: " + YamlText.quoted(value.after()));
        yaml.line("        ringfence_now: \"{{ ringfence_value.content | b64decode | trim }}\"");
        yaml.line(
                "      when: ringfence_now != ringfence_wanted and ('[' ~ ringfence_wanted ~ ']') not in ringfence_now");
        yaml.line("      changed_when: true");
    }

    private void unit(Action.ChangeUnit unit) {
        task(unit.verb().name().toLowerCase(Locale.ROOT) + " " + unit.unit(), "ansible.builtin.systemd");
        yaml.line("        name: " + YamlText.quoted(unit.unit()));
        switch (unit.verb()) {
            case ENABLE -> {
                yaml.line("        enabled: true");
                yaml.line("        state: started");
            }
            case DISABLE -> {
                yaml.line("        enabled: false");
                yaml.line("        state: stopped");
            }
            case MASK -> {
                yaml.line("        masked: true");
                yaml.line("        state: stopped");
            }
        }
        notified(List.of());
    }

    private void domain(Action.EditDomain domain) {
        task("look at guest " + domain.name(), "ansible.builtin.stat");
        yaml.line("        path: " + YamlText.quoted(domain.path()));
        yaml.line("        checksum_algorithm: sha256");
        yaml.line("      register: ringfence_definition");
        task("define guest " + domain.name(), "ansible.builtin.command");
        yaml.argv("        ", List.of("virsh", "define", "/dev/stdin"));
        yaml.block("        ", "stdin", domain.after());
        yaml.line("      when: ringfence_definition.stat.checksum | default('') == '" + domain.sha256Before() + "'");
        yaml.line("      changed_when: true");
    }

    private void packages(Action.ChangePackage change) {
        boolean dpkg = change.family() == Action.ChangePackage.Family.DPKG;
        task(change.name(), dpkg ? "ansible.builtin.apt" : "ansible.builtin.dnf");
        yaml.line("        name: " + YamlText.quoted(change.name()));
        switch (change.verb()) {
            case INSTALL -> yaml.line("        state: present");
            case REMOVE -> yaml.line("        state: absent");
            case UPGRADE -> {
                yaml.line("        state: latest # noqa: package-latest");
                yaml.line(dpkg ? "        only_upgrade: true" : "        update_only: true");
            }
        }
        notified(List.of());
    }
}
