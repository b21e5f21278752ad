package dev.ringfence.core.audit;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.expr.CheckedExpr;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelVariableResolver;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs checked expressions, bounded in steps and time. A program is planned at its first use and kept. For one thread.
 */
// A cache of compiled patterns does not change what matches gives.
@SuppressWarnings("Immutable")
final class Programs {
    /** Steps of {@code all}, {@code exists}, {@code map} and {@code filter} in one evaluation, nested ones multiplied. */
    private static final int ITERATION_LIMIT = 200_000;

    private static final Pattern MISSING_KEY = Pattern.compile(
            "evaluation error[^:]{0,40}(?::\\d+)?: (?:key '([^']{1,200})' is not present.*|(.{1,200}))");

    private final RegularExpressions patterns = new RegularExpressions();

    // Not the planner runtime: it copies whole maps at every selection, and so reads facts that no rule asked for.
    private final CelRuntime runtime = CelRuntimeFactory.legacyCelRuntimeBuilder()
            .setOptions(CelOptions.current()
                    .comprehensionMaxIterations(ITERATION_LIMIT)
                    .build())
            .setStandardEnvironmentEnabled(false)
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .excludeFunctions(CelStandardFunctions.StandardFunction.MATCHES)
                    .build())
            .addFunctionBindings(Functions.bindings())
            .addFunctionBindings(
                    CelFunctionBinding.from("matches", String.class, String.class, patterns::matches),
                    CelFunctionBinding.from("matches_string", String.class, String.class, patterns::matches))
            .build();
    private final IdentityHashMap<byte[], CelRuntime.Program> planned = new IdentityHashMap<>();

    /** What came of an evaluation. */
    sealed interface Outcome {}

    /** It gave a value. */
    record Value(Object value) implements Outcome {}

    /** It needed something that was not observed, or that is certainly not there. */
    record Unknown(String reason, boolean absent) implements Outcome {}

    /** The expression itself failed or took too long. */
    record Broken(String reason) implements Outcome {}

    Outcome run(byte[] expression, CelVariableResolver variables) {
        try {
            CelRuntime.Program program = planned.get(expression);
            if (program == null) {
                program = runtime.createProgram(
                        CelProtoAbstractSyntaxTree.fromCheckedExpr(CheckedExpr.parseFrom(expression))
                                .getAst());
                planned.put(expression, program);
            }
            return new Value(program.eval(variables));
        } catch (CelEvaluationException e) {
            return failure(e);
        } catch (NotObservedException e) {
            return unknown(e);
        } catch (EvaluationTimeoutException e) {
            return new Broken("the rule took too long");
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a compiled control is damaged; build again", e);
        }
    }

    private static Outcome failure(CelEvaluationException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotObservedException notObserved) {
                return unknown(notObserved);
            }
            if (cause instanceof EvaluationTimeoutException) {
                return new Broken("the rule took too long");
            }
        }
        String message = Optional.ofNullable(failure.getMessage()).orElse("the rule could not be evaluated");
        if (failure.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
            Matcher key = MISSING_KEY.matcher(message);
            String name = !key.matches() ? "the key" : key.group(1) == null ? key.group(2) : key.group(1);
            return new Unknown(name + " is not there", true);
        }
        return new Broken(message);
    }

    private static Outcome unknown(NotObservedException e) {
        String where = e.source().where();
        return new Unknown(
                where.isEmpty() ? String.valueOf(e.getMessage()) : where + ": " + e.getMessage(), e.absent());
    }
}
