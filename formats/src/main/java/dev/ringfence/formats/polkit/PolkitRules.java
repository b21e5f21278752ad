package dev.ringfence.formats.polkit;

import dev.ringfence.formats.Decoded;
import dev.ringfence.formats.text.SourceText;
import java.util.ArrayList;
import java.util.List;

/**
 * What the rules of one {@code rules.d} file can answer for one action.
 *
 * <p>Refusal: RF-PLK-001 larger than 1 MiB.
 *
 * <p>polkit asks rules in the order of files and takes the first answer, so a rule judged here may never be asked; and a
 * rule that is judged {@link Verdict#NO} may still answer yes to a subject that passed a test, such as being in a group.
 * A rule that turns some subjects away and lets everybody else in is {@link Verdict#CANNOT_TELL}.
 *
 * @param action the action that was asked for
 * @param rules one for each {@code polkit.addRule}, in order
 * @param understood the file holds nothing but calls of {@code addRule}, {@code addAdminRule} and {@code log}, and
 *     functions; otherwise a rule may have been added in a way that was not seen
 */
public record PolkitRules(String action, List<Rule> rules, boolean understood) {
    /** The action that decides who gets full control of libvirt. */
    public static final String LIBVIRT_MANAGE = "org.libvirt.unix.manage";

    private static final int MAX_BYTES = 1 << 20;

    public PolkitRules {
        rules = List.copyOf(rules);
    }

    /** Whether a rule can answer yes without looking at who asks. */
    public enum Verdict {
        /** It can: everybody is let in. */
        YES,
        /** It cannot: it never answers yes to this action, or only to a subject that passed a test. */
        NO,
        /** The reader does not know. */
        CANNOT_TELL
    }

    /**
     * One {@code polkit.addRule}.
     *
     * @param verdict for the action
     * @param subjectTests what the rule looks at anywhere, such as {@code isInGroup(libvirt)}
     * @param line counted from 1
     */
    public record Rule(Verdict verdict, List<String> subjectTests, int line) {
        public Rule {
            subjectTests = List.copyOf(subjectTests);
        }
    }

    /** The verdict on the whole file: yes before cannot tell before no. */
    public Verdict verdict() {
        if (rules.stream().anyMatch(r -> r.verdict() == Verdict.YES)) {
            return Verdict.YES;
        }
        boolean unsure = !understood || rules.stream().anyMatch(r -> r.verdict() == Verdict.CANNOT_TELL);
        return unsure ? Verdict.CANNOT_TELL : Verdict.NO;
    }

    /**
     * Reads a file.
     *
     * @param action the action to judge for, usually {@link #LIBVIRT_MANAGE}
     */
    public static Decoded<PolkitRules> parse(byte[] bytes, String action) {
        if (bytes.length > MAX_BYTES) {
            return Decoded.refused("RF-PLK-001", "the file is larger than 1 MiB");
        }
        JsParser.Program program =
                new JsParser(JsLexer.tokens(SourceText.decode(bytes).text())).program();
        List<Rule> rules = new ArrayList<>();
        for (JsParser.RuleFunction rule : program.rules()) {
            rules.add(new RuleJudge(rule, action).judge());
        }
        return new Decoded.Value<>(new PolkitRules(action, rules, program.understood()));
    }
}
