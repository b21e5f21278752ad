package dev.ringfence.core.audit;

import java.util.List;

/**
 * A control with its expressions checked. Empty bytes mean that the control has no such expression. Holds arrays that
 * are shared, not copied: they never leave this package and are never written to.
 */
public final class CompiledControl {
    private final Control control;
    private final byte[] appliesWhen;
    private final byte[] each;
    private final byte[] subject;
    private final byte[] rule;
    private final List<Piece> evidence;

    CompiledControl(
            Control control, byte[] appliesWhen, byte[] each, byte[] subject, byte[] rule, List<Piece> evidence) {
        this.control = control;
        this.appliesWhen = appliesWhen;
        this.each = each;
        this.subject = subject;
        this.rule = rule;
        this.evidence = List.copyOf(evidence);
    }

    /** The control that was compiled. */
    public Control control() {
        return control;
    }

    byte[] appliesWhen() {
        return appliesWhen;
    }

    byte[] each() {
        return each;
    }

    byte[] subject() {
        return subject;
    }

    byte[] rule() {
        return rule;
    }

    List<Piece> evidence() {
        return evidence;
    }

    /** Plain text, or an expression that gives text. */
    static final class Piece {
        private final String text;
        private final byte[] expression;

        Piece(String text, byte[] expression) {
            this.text = text;
            this.expression = expression;
        }

        String text() {
            return text;
        }

        byte[] expression() {
            return expression;
        }
    }
}
