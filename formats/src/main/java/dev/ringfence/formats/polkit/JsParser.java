package dev.ringfence.formats.polkit;

import dev.ringfence.formats.polkit.JsLexer.Kind;
import dev.ringfence.formats.polkit.JsLexer.Token;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads a rules file. What it cannot read it skips, bracket by bracket, and says so. */
final class JsParser {
    private static final int MAX_DEPTH = 64;
    /** Operators of one kind in a row, and tokens of one rule: real rules are far below. */
    private static final int MAX_CHAIN = 256;

    private static final int MAX_RULE_TOKENS = 10_000;
    private static final Token END = new Token(Kind.OTHER, "", 0, 0);
    private static final Map<String, String> CLOSING = Map.of("(", ")", "[", "]", "{", "}");
    private static final Set<String> HARMLESS_CALLS = Set.of("addAdminRule", "log");
    /** Words that begin a statement other than an expression. */
    private static final Set<String> STATEMENTS = Set.of(
            "if",
            "else",
            "return",
            "var",
            "let",
            "const",
            "for",
            "while",
            "do",
            "switch",
            "case",
            "default",
            "try",
            "catch",
            "finally",
            "throw",
            "function",
            "class",
            "break",
            "continue",
            "with");

    private static final Set<String> COMPARISONS = Set.of("===", "!==", "==", "!=", "<", ">", "<=", ">=");
    private static final Set<String> ASSIGNMENTS = Set.of("=", "+=", "-=", "*=", "/=", "|=", "&=", "++", "--");

    private final List<Token> tokens;
    private int at;
    private int depth;

    JsParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** A rule's function. */
    record RuleFunction(String action, String subject, Js.Statement body, int line) {}

    /** The rules, and whether there was nothing beside them. */
    record Program(List<RuleFunction> rules, boolean understood) {}

    Program program() {
        List<RuleFunction> rules = new ArrayList<>();
        boolean understood = true;
        while (at < tokens.size()) {
            int line = peek().line();
            if (take(";")) {
                continue;
            }
            if (lookingAt("polkit", ".", "addRule", "(")) {
                at += 4;
                rules.add(ruleFunction(line));
            } else if (lookingAt("polkit", ".") && HARMLESS_CALLS.contains(peek(2).text()) && peek(3).is("(")) {
                at += 3;
                skipBrackets();
            } else if (peek().is("function") && peek(1).kind() == Kind.NAME && peek(2).is("(")) {
                at += 2;
                skipBrackets();
                understood &= !skipBrackets().contains("addRule");
            } else if (peek().kind() == Kind.TEXT) {
                at++;
            } else if (peek().is("var") || peek().is("let") || peek().is("const")) {
                understood &= !skipDeclaration().contains("polkit");
            } else {
                understood = false;
                at++;
            }
        }
        return new Program(rules, understood);
    }

    /** A variable beside the rules; the names in it. */
    private Set<String> skipDeclaration() {
        Set<String> names = new HashSet<>();
        int line = peek().line();
        while (at < tokens.size() && !peek().is(";")) {
            boolean newLine = peek().line() > line;
            if (newLine && (peek().is("polkit") || STATEMENTS.contains(peek().text()))) {
                break;
            }
            line = peek().line();
            if (peek().kind() == Kind.PUNCTUATION && CLOSING.containsKey(peek().text())) {
                names.addAll(skipBrackets());
            } else {
                names.add(next().text());
            }
        }
        return names;
    }

    /** The argument of {@code addRule}, up to its closing bracket. */
    private RuleFunction ruleFunction(int line) {
        int from = at;
        boolean keyword = take("function");
        if (keyword && peek().kind() == Kind.NAME) {
            at++;
        }
        List<String> names = new ArrayList<>();
        boolean parameters = take("(");
        while (parameters && peek().kind() == Kind.NAME) {
            names.add(next().text());
            take(",");
        }
        boolean closed = parameters && take(")") && (keyword || take("=>"));
        Js.Statement body = new Js.Unread(true);
        if (closed && names.size() <= 2 && peek().is("{")) {
            body = statement();
        } else if (closed && !keyword && names.size() <= 2) {
            body = new Js.Return(expression());
        }
        if (!take(")") || at - from > MAX_RULE_TOKENS) {
            // Something was read wrongly: nothing is known of this rule, and reading goes on behind it.
            body = new Js.Unread(true);
            at = from - 1;
            skipBrackets();
        }
        return new RuleFunction(
                names.isEmpty() ? "" : names.getFirst(), names.size() < 2 ? "" : names.get(1), body, line);
    }

    private Js.Statement statement() {
        if (++depth > MAX_DEPTH) {
            at = tokens.size();
        }
        Js.Statement statement = readStatement();
        depth--;
        return statement;
    }

    private Js.Statement readStatement() {
        if (take(";")) {
            return new Js.Block(List.of());
        }
        if (take("{")) {
            List<Js.Statement> statements = new ArrayList<>();
            while (at < tokens.size() && !peek().is("}")) {
                statements.add(statement());
            }
            boolean closed = take("}");
            return closed ? new Js.Block(statements) : new Js.Unread(true);
        }
        if (peek().is("if") && peek(1).is("(")) {
            return readIf();
        }
        if (take("return")) {
            boolean bare = peek().is(";") || peek().is("}");
            Js.Expression value = bare ? new Js.Constant(Js.Nothing.NOTHING) : expression();
            return endOfStatement() ? new Js.Return(value) : skipStatement();
        }
        if (peek().is("var") || peek().is("let") || peek().is("const")) {
            return readDeclaration();
        }
        if (peek().kind() == Kind.NAME
                && Set.of("for", "while", "do", "switch", "try", "throw", "function")
                        .contains(peek().text())) {
            return skipStatement();
        }
        return readEffect();
    }

    private Js.Statement readIf() {
        at += 2;
        Js.Expression condition = expression();
        if (!take(")")) {
            return skipStatement();
        }
        Js.Statement yes = statement();
        Js.Statement no = take("else") ? statement() : new Js.Block(List.of());
        return new Js.If(condition, yes, no);
    }

    private Js.Statement readDeclaration() {
        at++;
        if (peek().kind() == Kind.NAME && peek(1).is("=")) {
            String name = next().text();
            at++;
            Js.Expression value = expression();
            if (endOfStatement()) {
                return new Js.Declaration(name, value);
            }
        }
        return skipStatement();
    }

    /** An expression statement; what it may assign is all that matters. */
    private Js.Statement readEffect() {
        List<String> assigned = new ArrayList<>();
        int from = at;
        while (at < tokens.size() && !peek().is(";") && !peek().is("}")) {
            Token token = peek();
            if (token.kind() == Kind.NAME && STATEMENTS.contains(token.text())) {
                // A line break ended the statement; within a line this is nothing that is known here.
                return at > from && token.line() > peek(-1).line() ? new Js.Effect(assigned) : skipStatement();
            }
            if (token.kind() == Kind.PUNCTUATION && ASSIGNMENTS.contains(token.text())) {
                if (peek(-2).is(".") || peek(-1).is("]")) {
                    return skipStatement();
                }
                assigned.add(peek(-1).text());
                assigned.add(peek(1).text());
            }
            if (token.kind() == Kind.PUNCTUATION && CLOSING.containsKey(token.text())) {
                if (skipBrackets().contains("return")) {
                    return skipStatement();
                }
            } else {
                at++;
            }
        }
        take(";");
        return new Js.Effect(assigned);
    }

    /** The rest of a statement that is not read: to its semicolon or past its blocks. Counts as leaving the rule. */
    private Js.Statement skipStatement() {
        while (at < tokens.size() && !peek().is("}")) {
            if (take(";")) {
                break;
            }
            boolean block = peek().is("{");
            if (CLOSING.containsKey(peek().text()) && peek().kind() == Kind.PUNCTUATION) {
                skipBrackets();
            } else {
                at++;
            }
            if (block && !Set.of("else", "catch", "finally", "while").contains(peek().text())) {
                break;
            }
        }
        return new Js.Unread(true);
    }

    private boolean endOfStatement() {
        // A line break may end a statement too; the next token then begins one.
        return take(";") || peek().is("}") || at >= tokens.size() || peek().line() > peek(-1).line();
    }

    private Js.Expression expression() {
        if (++depth > MAX_DEPTH) {
            depth--;
            at = tokens.size();
            return Js.Opaque.OPAQUE;
        }
        Js.Expression condition = or();
        if (take("?")) {
            Js.Expression yes = expression();
            Js.Expression no = take(":") ? expression() : Js.Opaque.OPAQUE;
            condition = new Js.Choice(condition, yes, no);
        }
        depth--;
        return condition;
    }

    private Js.Expression or() {
        Js.Expression left = and();
        int links = 0;
        while (take("||")) {
            endAtLimit(++links);
            left = new Js.Or(left, and());
        }
        return left;
    }

    private Js.Expression and() {
        Js.Expression left = comparison();
        int links = 0;
        while (take("&&")) {
            endAtLimit(++links);
            left = new Js.And(left, comparison());
        }
        return left;
    }

    private Js.Expression comparison() {
        Js.Expression left = unary();
        int links = 0;
        while (peek().kind() == Kind.PUNCTUATION && (COMPARISONS.contains(peek().text()) || peek().is("+"))) {
            endAtLimit(++links);
            String operator = next().text();
            left = new Js.Binary(operator, left, unary());
        }
        return left;
    }

    private Js.Expression unary() {
        int nots = 0;
        while (take("!")) {
            nots++;
        }
        boolean negative = take("-");
        Js.Expression value = postfix(primary());
        if (negative) {
            value = value instanceof Js.Constant(Double number) ? new Js.Constant(-number) : Js.Opaque.OPAQUE;
        }
        if (nots == 0) {
            return value;
        }
        // Two of them make a truth value.
        return nots % 2 == 1 ? new Js.Not(value) : new Js.Not(new Js.Not(value));
    }

    private Js.Expression postfix(Js.Expression first) {
        Js.Expression value = first;
        int links = 0;
        while (true) {
            endAtLimit(++links);
            if (peek().is(".") && peek(1).kind() == Kind.NAME) {
                at++;
                value = new Js.Member(value, next().text());
            } else if (take("(")) {
                value = new Js.Call(value, list(")"));
            } else if (peek().is("[")) {
                skipBrackets();
                value = Js.Opaque.OPAQUE;
            } else {
                return value;
            }
        }
    }

    /** Past the limit reading goes to the end, where the rule's closing bracket is missed. */
    private void endAtLimit(int links) {
        if (links > MAX_CHAIN) {
            at = tokens.size();
        }
    }

    private List<Js.Expression> list(String close) {
        List<Js.Expression> items = new ArrayList<>();
        while (at < tokens.size() && !take(close)) {
            int before = at;
            items.add(expression());
            if (!peek().is(close) && !take(",")) {
                items.add(Js.Opaque.OPAQUE);
                at = Math.max(at, before) + 1;
            }
        }
        return items;
    }

    private Js.Expression primary() {
        Token token = peek();
        switch (token.kind()) {
            case TEXT -> {
                at++;
                return new Js.Constant(token.text());
            }
            case NUMBER -> {
                at++;
                return number(token.text());
            }
            case NAME -> {
                at++;
                return named(token.text());
            }
            case PUNCTUATION -> {
                if (take("(")) {
                    Js.Expression inner = expression();
                    return take(")") ? inner : Js.Opaque.OPAQUE;
                }
                if (take("[")) {
                    return new Js.Items(list("]"));
                }
                if (peek().is("{")) {
                    skipBrackets();
                }
                return Js.Opaque.OPAQUE;
            }
            case OTHER -> {
                at++;
                return Js.Opaque.OPAQUE;
            }
        }
        return Js.Opaque.OPAQUE;
    }

    private static Js.Expression number(String text) {
        return text.length() <= 9 && text.chars().allMatch(Character::isDigit)
                ? new Js.Constant((double) Integer.parseInt(text))
                : Js.Opaque.OPAQUE;
    }

    private static Js.Expression named(String name) {
        return switch (name) {
            case "true" -> new Js.Constant(true);
            case "false" -> new Js.Constant(false);
            case "null", "undefined" -> new Js.Constant(Js.Nothing.NOTHING);
            case "function", "new", "typeof", "void", "delete", "this", "in", "instanceof" -> Js.Opaque.OPAQUE;
            default -> new Js.Name(name);
        };
    }

    /** Skips one bracket with all that is in it; the names inside. */
    private Set<String> skipBrackets() {
        Set<String> names = new HashSet<>();
        int open = 0;
        while (at < tokens.size()) {
            Token token = next();
            if (token.kind() == Kind.PUNCTUATION && CLOSING.containsKey(token.text())) {
                open++;
            } else if (token.kind() == Kind.PUNCTUATION && CLOSING.containsValue(token.text())) {
                open--;
            } else if (token.kind() == Kind.NAME) {
                names.add(token.text());
            }
            if (open <= 0) {
                break;
            }
        }
        return names;
    }

    private boolean lookingAt(String... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (!peek(i).is(expected[i])) {
                return false;
            }
        }
        return true;
    }

    private Token peek() {
        return peek(0);
    }

    private Token peek(int ahead) {
        int index = at + ahead;
        return index >= 0 && index < tokens.size() ? tokens.get(index) : END;
    }

    private Token next() {
        Token token = peek();
        at++;
        return token;
    }

    private boolean take(String text) {
        boolean found = peek().is(text);
        at += found ? 1 : 0;
        return found;
    }
}
