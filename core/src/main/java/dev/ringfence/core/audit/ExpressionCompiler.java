package dev.ringfence.core.audit;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelProtoAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.ringfence.core.host.FactSchema;
import dev.ringfence.core.host.HostFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks a control's expressions against the shape of facts and turns them into the form that {@link ControlPack} holds.
 * Loaded only where controls are compiled, never by a plain audit. Thread-safe after construction.
 */
public final class ExpressionCompiler {
    private static final int EXPRESSION_LIMIT = 4096;

    private final FactTypes types = new FactTypes();
    private final CelCompiler base = builder().build();
    private final Map<String, CelCompiler> withElement = new HashMap<>();

    private CelCompilerBuilder builder() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(CelOptions.current()
                        .maxExpressionCodePointSize(EXPRESSION_LIMIT)
                        .maxParseRecursionDepth(48)
                        .build())
                .setTypeProvider(types)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addFunctionDeclarations(Functions.declarations())
                .addVar("parameters", MapType.create(SimpleType.STRING, ListType.create(SimpleType.STRING)));
        for (FactSchema.Field field : FactSchema.of(HostFacts.class).fields().values()) {
            builder.addVar(field.name(), FactTypes.type(field.kind()));
        }
        return builder;
    }

    /**
     * Compiles a control.
     *
     * @param problems receives one line for each expression that does not check, with its place
     * @return the compiled control, complete only if no problem was added
     */
    public CompiledControl compile(Control control, List<String> problems) {
        int before = problems.size();
        CelCompiler compiler = base;
        byte[] each = new byte[0];
        if (control.judgesEach()) {
            CelAbstractSyntaxTree list = check(base, control, "each", control.each(), problems);
            if (list != null) {
                each = bytes(list);
                if (list.getResultType() instanceof ListType type) {
                    compiler = elementCompiler(control.as(), type.elemType());
                } else {
                    problems.add(control.id() + ": each: must give a list, gives "
                            + list.getResultType().name());
                }
            }
        }
        byte[] applies = optional(base, control, "applies-when", control.appliesWhen(), problems);
        byte[] subject = new byte[0];
        byte[] rule = new byte[0];
        List<CompiledControl.Piece> evidence = List.of();
        if (problems.size() == before) {
            subject = typed(compiler, control, "subject", control.subject(), SimpleType.STRING, problems);
            rule = typed(compiler, control, "rule", control.rule(), SimpleType.BOOL, problems);
            evidence = template(compiler, control, problems);
        }
        return new CompiledControl(control, applies, each, subject, rule, evidence);
    }

    private CelCompiler elementCompiler(String name, CelType element) {
        return withElement.computeIfAbsent(
                name + ":" + element, k -> builder().addVar(name, element).build());
    }

    private byte[] optional(CelCompiler compiler, Control control, String part, String text, List<String> problems) {
        return text.isEmpty() ? new byte[0] : typed(compiler, control, part, text, SimpleType.BOOL, problems);
    }

    private byte[] typed(
            CelCompiler compiler, Control control, String part, String text, CelType wanted, List<String> problems) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        CelAbstractSyntaxTree ast = check(compiler, control, part, text, problems);
        if (ast == null) {
            return new byte[0];
        }
        if (!ast.getResultType().equals(wanted)) {
            problems.add(control.id() + ": " + part + ": must give " + wanted.name() + ", gives "
                    + ast.getResultType().name());
        }
        return bytes(ast);
    }

    private List<CompiledControl.Piece> template(CelCompiler compiler, Control control, List<String> problems) {
        List<CompiledControl.Piece> pieces = new ArrayList<>();
        String text = control.evidence();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf("${", at);
            if (open < 0) {
                pieces.add(new CompiledControl.Piece(text.substring(at), new byte[0]));
                break;
            }
            if (open > at) {
                pieces.add(new CompiledControl.Piece(text.substring(at, open), new byte[0]));
            }
            int close = closing(text, open + 2);
            if (close < 0) {
                problems.add(control.id() + ": evidence: '${' without '}'");
                break;
            }
            String expression = text.substring(open + 2, close);
            CelAbstractSyntaxTree ast = check(compiler, control, "evidence", "text(dyn(" + expression + "))", problems);
            if (ast != null) {
                pieces.add(new CompiledControl.Piece("", bytes(ast)));
            }
            at = close + 1;
        }
        return pieces;
    }

    private static int closing(String text, int from) {
        int depth = 0;
        char quote = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && depth-- == 0) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable CelAbstractSyntaxTree check(
            CelCompiler compiler, Control control, String part, String text, List<String> problems) {
        try {
            return compiler.compile(text).getAst();
        } catch (CelValidationException e) {
            for (CelIssue issue : e.getErrors()) {
                problems.add(control.id() + ": " + part + ":"
                        + issue.getSourceLocation().getLine() + ":"
                        + (issue.getSourceLocation().getColumn() + 1) + ": " + issue.getMessage());
            }
            return null;
        }
    }

    private static byte[] bytes(CelAbstractSyntaxTree ast) {
        return CelProtoAbstractSyntaxTree.fromCelAst(ast).toCheckedExpr().toBuilder()
                .clearSourceInfo()
                .build()
                .toByteArray();
    }
}
