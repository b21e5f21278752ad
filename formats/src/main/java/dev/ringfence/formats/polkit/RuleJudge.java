package dev.ringfence.formats.polkit;

import dev.ringfence.formats.polkit.JsParser.RuleFunction;
import dev.ringfence.formats.polkit.PolkitRules.Rule;
import dev.ringfence.formats.polkit.PolkitRules.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Follows a rule along its branches, with the action known and everything else not. Each place in the rule is reached in
 * one of four ways ({@link Way}); a chain of conditions is as hard as its hardest, a choice of branches as easy as its
 * easiest.
 */
final class RuleJudge {
    /** How something can come about, from hard to easy. */
    private enum Way {
        NEVER,
        AFTER_LOOKING_AT_SUBJECT,
        UNKNOWN,
        ALWAYS;

        Way and(Way other) {
            return compareTo(other) < 0 ? this : other;
        }

        Way or(Way other) {
            return compareTo(other) < 0 ? other : this;
        }
    }

    /** What is known of a value. */
    private sealed interface Value {}

    private record Known(Object value) implements Value {}

    private record Condition(Way whenTrue, Way whenFalse) implements Value {}

    private enum Kind implements Value {
        ACTION,
        SUBJECT,
        FROM_SUBJECT,
        UNKNOWN
    }

    private static final Map<String, Object> RESULTS = Map.of(
            "YES",
            "yes",
            "NO",
            "no",
            "AUTH_SELF",
            "auth_self",
            "AUTH_SELF_KEEP",
            "auth_self_keep",
            "AUTH_ADMIN",
            "auth_admin",
            "AUTH_ADMIN_KEEP",
            "auth_admin_keep",
            "NOT_HANDLED",
            Js.Nothing.NOTHING);

    /** A test of the subject: few pass it, and who fails it may be anybody. */
    private static final Condition PASSED = new Condition(Way.AFTER_LOOKING_AT_SUBJECT, Way.UNKNOWN);

    private static final Condition FAILED = new Condition(Way.UNKNOWN, Way.AFTER_LOOKING_AT_SUBJECT);

    private final RuleFunction rule;
    private final String actionId;
    private final Map<String, Value> variables = new HashMap<>();
    private final Set<String> subjectTests = new LinkedHashSet<>();
    private Way yes = Way.NEVER;

    RuleJudge(RuleFunction rule, String actionId) {
        this.rule = rule;
        this.actionId = actionId;
    }

    Rule judge() {
        if (!rule.action().isEmpty()) {
            variables.put(rule.action(), Kind.ACTION);
        }
        if (!rule.subject().isEmpty()) {
            variables.put(rule.subject(), Kind.SUBJECT);
        }
        run(rule.body(), Way.ALWAYS);
        Verdict verdict = switch (yes) {
            case ALWAYS -> Verdict.YES;
            case UNKNOWN -> Verdict.CANNOT_TELL;
            case AFTER_LOOKING_AT_SUBJECT, NEVER -> Verdict.NO;
        };
        return new Rule(verdict, List.copyOf(subjectTests), rule.line());
    }

    /** What comes after a statement: how it is reached, and whether some path left the rule before. */
    private record After(Way way, boolean left) {}

    private After run(Js.Statement statement, Way way) {
        return switch (statement) {
            case Js.Block block -> block(block, way);
            case Js.If choice -> branches(choice, way);
            case Js.Return end -> {
                yes = yes.or(way.and(answersYes(end.value())));
                yield new After(Way.NEVER, way != Way.NEVER);
            }
            case Js.Declaration declaration -> {
                variables.put(declaration.name(), evaluate(declaration.value()));
                yield new After(way, false);
            }
            case Js.Effect effect -> {
                effect.assigned().forEach(name -> variables.put(name, Kind.UNKNOWN));
                yield new After(way, false);
            }
            case Js.Unread unread -> {
                variables.replaceAll((name, value) -> Kind.UNKNOWN);
                yes = yes.or(way.and(Way.UNKNOWN));
                yield new After(way.and(Way.UNKNOWN), unread.leaves());
            }
        };
    }

    private After block(Js.Block block, Way way) {
        Way now = way;
        boolean left = false;
        for (Js.Statement statement : block.statements()) {
            After after = run(statement, now);
            now = after.way();
            left |= after.left();
        }
        return new After(now, left);
    }

    private After branches(Js.If choice, Way way) {
        Condition condition = condition(evaluate(choice.condition()));
        Map<String, Value> before = new HashMap<>(variables);
        After yesBranch = run(choice.yes(), way.and(condition.whenTrue()));
        Map<String, Value> afterYes = new HashMap<>(variables);
        variables.clear();
        variables.putAll(before);
        After noBranch = run(choice.no(), way.and(condition.whenFalse()));
        // A variable that the branches leave different is not known any more.
        variables.replaceAll((name, value) -> Objects.equals(value, afterYes.get(name)) ? value : Kind.UNKNOWN);
        boolean left = yesBranch.left() || noBranch.left();
        return new After(left ? yesBranch.way().or(noBranch.way()) : way, left);
    }

    /** How the value of this expression comes to be {@code "yes"}. */
    private Way answersYes(Js.Expression expression) {
        return switch (expression) {
            case Js.Choice choice -> {
                Condition condition = condition(evaluate(choice.condition()));
                yield condition
                        .whenTrue()
                        .and(answersYes(choice.yes()))
                        .or(condition.whenFalse().and(answersYes(choice.no())));
            }
            case Js.And and -> condition(evaluate(and.left())).whenTrue().and(answersYes(and.right()));
            case Js.Or or ->
                answersYes(or.left())
                        .or(condition(evaluate(or.left())).whenFalse().and(answersYes(or.right())));
            default ->
                switch (evaluate(expression)) {
                    case Known known -> known.value().equals("yes") ? Way.ALWAYS : Way.NEVER;
                    case Condition truth -> Way.NEVER;
                    case Kind kind -> Way.UNKNOWN;
                };
        };
    }

    private static Condition condition(Value value) {
        return switch (value) {
            case Condition condition -> condition;
            case Known known ->
                truthy(known.value()) ? new Condition(Way.ALWAYS, Way.NEVER) : new Condition(Way.NEVER, Way.ALWAYS);
            case Kind kind ->
                switch (kind) {
                    case ACTION, SUBJECT -> new Condition(Way.ALWAYS, Way.NEVER);
                    case FROM_SUBJECT -> PASSED;
                    case UNKNOWN -> new Condition(Way.UNKNOWN, Way.UNKNOWN);
                };
        };
    }

    private static boolean truthy(Object value) {
        return !value.equals("") && !value.equals(0.0) && !value.equals(false) && value != Js.Nothing.NOTHING;
    }

    private Value evaluate(Js.Expression expression) {
        return switch (expression) {
            case Js.Constant constant -> new Known(constant.value());
            case Js.Name name -> variables.getOrDefault(name.name(), Kind.UNKNOWN);
            case Js.Member member -> member(member);
            case Js.Call call -> call(call);
            case Js.Items items -> items(items);
            case Js.Not not -> {
                Condition condition = condition(evaluate(not.operand()));
                yield new Condition(/* whenTrue= */ condition.whenFalse(), /* whenFalse= */ condition.whenTrue());
            }
            case Js.Binary binary -> binary(binary);
            case Js.And and -> {
                Condition left = condition(evaluate(and.left()));
                Condition right = condition(evaluate(and.right()));
                yield new Condition(
                        left.whenTrue().and(right.whenTrue()), left.whenFalse().or(right.whenFalse()));
            }
            case Js.Or or -> {
                Condition left = condition(evaluate(or.left()));
                Condition right = condition(evaluate(or.right()));
                yield new Condition(
                        left.whenTrue().or(right.whenTrue()), left.whenFalse().and(right.whenFalse()));
            }
            case Js.Choice choice -> Kind.UNKNOWN;
            case Js.Opaque opaque -> Kind.UNKNOWN;
        };
    }

    private Value items(Js.Items items) {
        List<Object> values = new ArrayList<>();
        for (Js.Expression item : items.items()) {
            if (!(evaluate(item) instanceof Known known)) {
                return Kind.UNKNOWN;
            }
            values.add(known.value());
        }
        return new Known(List.copyOf(values));
    }

    private Value member(Js.Member member) {
        if (member.object() instanceof Js.Member(Js.Name(String polkit), String result)
                && polkit.equals("polkit")
                && result.equals("Result")) {
            Object value = RESULTS.get(member.name());
            return value == null ? Kind.UNKNOWN : new Known(value);
        }
        Value object = evaluate(member.object());
        if (object == Kind.ACTION && member.name().equals("id")) {
            return new Known(actionId);
        }
        if (object == Kind.SUBJECT) {
            subjectTests.add(member.name());
            return Kind.FROM_SUBJECT;
        }
        if (object instanceof Known(String text) && member.name().equals("length")) {
            return new Known((double) text.length());
        }
        return object == Kind.FROM_SUBJECT ? Kind.FROM_SUBJECT : Kind.UNKNOWN;
    }

    private Value call(Js.Call call) {
        List<Value> args = call.args().stream().map(this::evaluate).toList();
        if (!(call.function() instanceof Js.Member(Js.Expression on, String name))) {
            return Kind.UNKNOWN;
        }
        Value object = evaluate(on);
        boolean argsKnown = args.stream().allMatch(a -> a instanceof Known);
        if (object == Kind.SUBJECT) {
            String shown = argsKnown
                    ? String.join(", ", args.stream().map(RuleJudge::shown).toList())
                    : "…";
            subjectTests.add(name + "(" + shown + ")");
        }
        if (object == Kind.SUBJECT || object == Kind.FROM_SUBJECT) {
            return argsKnown ? Kind.FROM_SUBJECT : Kind.UNKNOWN;
        }
        if (object instanceof Known known && args.size() == 1) {
            return switch (args.getFirst()) {
                case Known argument -> method(known.value(), name, argument.value());
                case Condition condition -> Kind.UNKNOWN;
                case Kind kind -> kind == Kind.FROM_SUBJECT ? Kind.FROM_SUBJECT : Kind.UNKNOWN;
            };
        }
        return Kind.UNKNOWN;
    }

    private static String shown(Value value) {
        return value instanceof Known(Object known) ? known.toString() : "…";
    }

    /** Text and list methods that rules use on the action's name. */
    private static Value method(Object on, String name, Object argument) {
        if (on instanceof String text && argument instanceof String part) {
            return switch (name) {
                case "indexOf" -> new Known((double) text.indexOf(part));
                case "startsWith" -> new Known(text.startsWith(part));
                case "endsWith" -> new Known(text.endsWith(part));
                case "includes" -> new Known(text.contains(part));
                default -> Kind.UNKNOWN;
            };
        }
        if (on instanceof List<?> list) {
            return switch (name) {
                case "indexOf" -> new Known((double) list.indexOf(argument));
                case "includes" -> new Known(list.contains(argument));
                default -> Kind.UNKNOWN;
            };
        }
        return Kind.UNKNOWN;
    }

    private Value binary(Js.Binary binary) {
        Value left = evaluate(binary.left());
        Value right = evaluate(binary.right());
        if (left instanceof Known(Object a) && right instanceof Known(Object b)) {
            return known(binary.operator(), a, b);
        }
        if (left == Kind.FROM_SUBJECT && right instanceof Known(Object known)) {
            return subjectTest(binary.operator(), known);
        }
        boolean equality = binary.operator().equals("==") || binary.operator().equals("===");
        return right == Kind.FROM_SUBJECT && left instanceof Known && equality ? PASSED : Kind.UNKNOWN;
    }

    /** A comparison of something of the subject's. {@code indexOf(…) != -1} is the same as finding it. */
    private static Value subjectTest(String operator, Object known) {
        boolean absent = known.equals(-1.0);
        return switch (operator) {
            case "==", "===" -> absent ? FAILED : PASSED;
            case "!=", "!==" -> absent ? PASSED : FAILED;
            case ">", ">=" -> PASSED;
            case "<", "<=" -> FAILED;
            default -> Kind.UNKNOWN;
        };
    }

    private static Value known(String operator, Object a, Object b) {
        if (a.getClass() != b.getClass() && !operator.equals("===") && !operator.equals("!==")) {
            return Kind.UNKNOWN;
        }
        return switch (operator) {
            case "==", "===" -> new Known(a.equals(b));
            case "!=", "!==" -> new Known(!a.equals(b));
            case "<" -> compared(a, b, c -> c < 0);
            case ">" -> compared(a, b, c -> c > 0);
            case "<=" -> compared(a, b, c -> c <= 0);
            case ">=" -> compared(a, b, c -> c >= 0);
            case "+" -> a instanceof String x && b instanceof String y ? new Known(x + y) : Kind.UNKNOWN;
            default -> Kind.UNKNOWN;
        };
    }

    private static Value compared(Object a, Object b, IntPredicate holds) {
        return a instanceof Double x && b instanceof Double y ? new Known(holds.test(x.compareTo(y))) : Kind.UNKNOWN;
    }
}
