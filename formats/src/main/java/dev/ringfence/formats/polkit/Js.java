package dev.ringfence.formats.polkit;

import java.util.List;

/** The part of JavaScript that rules are written in. */
final class Js {
    private Js() {}

    /** An expression. */
    sealed interface Expression {}

    /** A text, a number ({@link Double}), a boolean, or {@link Nothing}. */
    record Constant(Object value) implements Expression {}

    /** {@code null} or {@code undefined}. */
    enum Nothing {
        NOTHING
    }

    record Name(String name) implements Expression {}

    record Member(Expression object, String name) implements Expression {}

    record Call(Expression function, List<Expression> args) implements Expression {}

    record Items(List<Expression> items) implements Expression {}

    record Not(Expression operand) implements Expression {}

    /** Comparison or arithmetic. */
    record Binary(String operator, Expression left, Expression right) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    record Choice(Expression condition, Expression yes, Expression no) implements Expression {}

    /** Anything else. */
    enum Opaque implements Expression {
        OPAQUE
    }

    /** A statement. */
    sealed interface Statement {}

    record If(Expression condition, Statement yes, Statement no) implements Statement {}

    record Return(Expression value) implements Statement {}

    record Block(List<Statement> statements) implements Statement {}

    /** A variable that gets its value where it is declared. */
    record Declaration(String name, Expression value) implements Statement {}

    /** An expression for its effect; the names are those that it may change. */
    record Effect(List<String> assigned) implements Statement {}

    /**
     * A statement that is not followed.
     *
     * @param leaves whether it holds a {@code return} or {@code throw}
     */
    record Unread(boolean leaves) implements Statement {}
}
