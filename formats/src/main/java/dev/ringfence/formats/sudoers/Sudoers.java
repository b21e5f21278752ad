package dev.ringfence.formats.sudoers;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.Refusal;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;

/**
 * A sudoers file, or several merged.
 *
 * <p>Refusal: RF-SUD-001 larger than 1 MiB. Problems, which do not refuse the file:
 *
 * <ul>
 *   <li>RF-SUD-002 a quote or bracket is not closed
 *   <li>RF-SUD-003 not a rule, {@code Defaults}, alias or include
 *   <li>RF-SUD-004 a rule without hosts, {@code =} or command
 *   <li>RF-SUD-005 an alias without a name, {@code =} or members
 *   <li>RF-SUD-006 an include without a path
 *   <li>RF-SUD-008 a statement longer than 64 KiB
 *   <li>RF-SUD-007 more than 20,000 rules after aliases are replaced; the rest is left out
 * </ul>
 *
 * @param rules in order; sudo uses the last one that matches
 * @param problems lines that could not be read
 */
public record Sudoers(
        List<Defaults> defaults,
        List<Alias> aliases,
        List<Rule> rules,
        List<Include> includes,
        List<Refusal> problems) {
    static final int MAX_BYTES = 1 << 20;

    public Sudoers {
        defaults = List.copyOf(defaults);
        aliases = List.copyOf(aliases);
        rules = List.copyOf(rules);
        includes = List.copyOf(includes);
        problems = List.copyOf(problems);
    }

    /**
     * {@code Defaults}.
     *
     * @param scope {@code ""} for all, {@code user}, {@code host}, {@code runas}, {@code command}
     * @param members to whom it applies, empty for all
     */
    public record Defaults(String scope, List<String> members, List<Setting> settings, int line) {
        public Defaults {
            members = List.copyOf(members);
            settings = List.copyOf(settings);
        }
    }

    /**
     * One setting of a {@code Defaults} line.
     *
     * @param operator {@code ""} for a switch, {@code =}, {@code +=}, {@code -=}
     * @param negated switched off with {@code !}
     */
    public record Setting(String name, String operator, String value, boolean negated) {}

    /**
     * An alias.
     *
     * @param type {@code User_Alias}, {@code Runas_Alias}, {@code Host_Alias}, {@code Cmnd_Alias}
     * @param members as written
     */
    public record Alias(String type, String name, List<String> members, int line) {
        public Alias {
            members = List.copyOf(members);
        }
    }

    /**
     * A file or directory to read at this place.
     *
     * @param directory every file in it whose name has neither a dot nor a {@code ~} at its end
     */
    public record Include(boolean directory, String path, int line) {}

    /** Parses a file. */
    public static Decoded<Sudoers> parse(byte[] bytes) {
        return bytes.length > MAX_BYTES
                ? Decoded.refused("RF-SUD-001", "the file is larger than 1 MiB")
                : new Decoded.Value<>(
                        new SudoersReader().read(SourceText.decode(bytes).text()));
    }

    /** One policy from several files, in the order in which sudo reads them. */
    public static Sudoers merge(List<Sudoers> files) {
        return new Sudoers(
                files.stream().flatMap(f -> f.defaults().stream()).toList(),
                files.stream().flatMap(f -> f.aliases().stream()).toList(),
                files.stream().flatMap(f -> f.rules().stream()).toList(),
                files.stream().flatMap(f -> f.includes().stream()).toList(),
                files.stream().flatMap(f -> f.problems().stream()).toList());
    }

    /** The same policy with aliases replaced by their members, so that one rule names one command. */
    public Sudoers expanded() {
        AliasTable table = new AliasTable(aliases);
        List<Rule> expanded = new ArrayList<>();
        List<Refusal> found = new ArrayList<>(problems);
        for (Rule rule : rules) {
            if (!table.expand(rule, expanded)) {
                found.add(new Refusal("RF-SUD-007", "too many rules after aliases are replaced"));
                break;
            }
        }
        return new Sudoers(defaults, aliases, expanded, includes, found);
    }
}
