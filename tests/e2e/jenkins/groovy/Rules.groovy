import org.codehaus.groovy.ast.ASTNode
import org.codehaus.groovy.ast.ClassNode
import org.codehaus.groovy.ast.CodeVisitorSupport
import org.codehaus.groovy.ast.MethodNode
import org.codehaus.groovy.ast.expr.ClosureExpression
import org.codehaus.groovy.ast.expr.ConstantExpression
import org.codehaus.groovy.ast.expr.Expression
import org.codehaus.groovy.ast.expr.MapExpression
import org.codehaus.groovy.ast.expr.MethodCallExpression
import org.codehaus.groovy.ast.expr.VariableExpression
import org.codehaus.groovy.ast.stmt.BlockStatement
import org.codehaus.groovy.ast.stmt.ExpressionStatement
import org.codehaus.groovy.ast.stmt.Statement
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.Phases

/** Rules of Jenkins and of ours that running a file does not show. */
class Rules {
    /** What the files break: one line each. `plan.rules` are the files. */
    static Map check(Map plan) {
        List broken = []
        (plan.rules as List).each { path ->
            File file = new File(path as String)
            classes(file.getText('UTF-8'), file.name).each { ClassNode found ->
                shellScriptsAreConstant(found, file.name, broken)
                stepsAreSteps(found, file.name, broken)
                pureMethodsArePure(found, file.name, broken)
            }
        }
        return [broken: broken]
    }

    private static List<ClassNode> classes(String text, String name) {
        CompilationUnit unit = new CompilationUnit()
        unit.addSource(name, text)
        unit.compile(Phases.CONVERSION)
        return unit.AST.classes
    }

    /** A value that is put into a script by Groovy is read by the shell; a variable of the environment is not. */
    private static void shellScriptsAreConstant(ClassNode found, String name, List broken) {
        calls(found) { MethodCallExpression call ->
            if (call.methodAsString == 'sh') {
                Expression script = argument(call, 'script')
                boolean ours = name == 'codedeployArtifact.groovy' && script instanceof VariableExpression
                if (!(script instanceof ConstantExpression || ours)) {
                    broken << "${name}:${call.lineNumber}: the script of sh is not a constant"
                }
            }
        }
    }

    private static Expression argument(MethodCallExpression call, String name) {
        List<Expression> all = call.arguments.expressions
        MapExpression named = all.find { it instanceof MapExpression } as MapExpression
        return named ? named.mapEntryExpressions.find { it.keyExpression.text == name }?.valueExpression : all[0]
    }

    /** Declarative pipelines take steps only, and no Groovy, outside of `script`. */
    private static void stepsAreSteps(ClassNode found, String name, List broken) {
        calls(found) { MethodCallExpression call ->
            if (call.methodAsString in ['steps', 'always', 'success', 'failure', 'unstable', 'aborted', 'cleanup'] && blockOf(call)) {
                onlySteps(blockOf(call), name, broken)
            }
        }
    }

    private static void onlySteps(ClosureExpression body, String name, List broken) {
        (body.code as BlockStatement).statements.each { Statement statement ->
            Object call = statement instanceof ExpressionStatement ? statement.expression : null
            if (!(call instanceof MethodCallExpression) || !call.implicitThis) {
                broken << "${name}:${statement.lineNumber}: not a step, outside of script"
            } else if (call.methodAsString != 'script' && blockOf(call)) {
                onlySteps(blockOf(call), name, broken)
            }
        }
    }

    private static ClosureExpression blockOf(MethodCallExpression call) {
        return call.arguments.expressions.find { it instanceof ClosureExpression } as ClosureExpression
    }

    /** A method that is not saved with the build can call no step, nor a method that may. */
    private static void pureMethodsArePure(ClassNode found, String name, List broken) {
        List<MethodNode> pure = found.methods.findAll { it.annotations.any { it.classNode.nameWithoutPackage == 'NonCPS' } }
        pure.each { MethodNode method ->
            visit(method.code) { MethodCallExpression call ->
                if (call.implicitThis && !(call.methodAsString in pure*.name)) {
                    broken << "${name}:${call.lineNumber}: ${method.name} is NonCPS and calls ${call.methodAsString}"
                }
            }
        }
    }

    private static void calls(ClassNode found, Closure each) {
        found.methods.each { visit(it.code, each) }
    }

    private static void visit(ASTNode code, Closure each) {
        code.visit(new CodeVisitorSupport() {
            @Override
            void visitMethodCallExpression(MethodCallExpression call) {
                each(call)
                super.visitMethodCallExpression(call)
            }
        })
    }
}
