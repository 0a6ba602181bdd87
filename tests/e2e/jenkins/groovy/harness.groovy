// Runs our pipelines and calls of our shared library as Jenkins would, many at once, each in a thread.
//
// It reads lines of JSON, each a number and a list of plans, and answers each with a line of JSON: the number, and a list
// of the results. The plan that is done first is answered first.

import groovy.json.JsonOutput
import groovy.json.JsonSlurperClassic
import org.codehaus.groovy.control.CompilerConfiguration
import org.codehaus.groovy.control.customizers.ImportCustomizer

import java.util.concurrent.Callable
import java.util.concurrent.Executors

class Jenkins {
    /** A script as Jenkins compiles it: NonCPS is known without an import. */
    static Script compile(File file, String text, String name, ClassLoader loader) {
        ImportCustomizer imports = new ImportCustomizer()
        imports.addStarImports('com.cloudbees.groovy.cps')
        CompilerConfiguration configuration = new CompilerConfiguration()
        configuration.addCompilationCustomizers(imports)
        configuration.scriptBaseClass = PipelineScript.name
        GroovyShell shell = new GroovyShell(loader, new Binding(), configuration)
        return shell.parse(text ?: file.getText('UTF-8'), name)
    }

    static Map run(Map plan) {
        Build build = new Build(plan)
        GroovyClassLoader loader = new GroovyClassLoader(Jenkins.classLoader)
        loader.addClasspath("${plan.library}/src")
        // `@Library(…) _` is removed: the library is already loaded.
        String text = (plan.text ?: new File(plan.file as String).getText('UTF-8')).replaceAll(/(?m)^@Library\(.*\) _$/, '')
        String crash = null
        List answers = []
        try {
            Script script = compile(null, text, 'WorkflowScript', loader)
            Script library = compile(new File("${plan.library}/vars/codedeployArtifact.groovy"), null, 'codedeployArtifact', loader)
            Steps steps = new Steps(build, script)
            [script, library].each {
                it.binding = new Binding([steps: steps, params: plan.params, POD_LABEL: 'pod', answers: answers,
                    env: new Variables(build), docker: new Docker(steps), currentBuild: new CurrentBuild(build),
                    BUILD_NUMBER: build.environment().BUILD_NUMBER])
            }
            script.binding.setVariable('codedeployArtifact', library)
            script.run()
            // Jenkins saves a build with its variables.
            new ObjectOutputStream(new ByteArrayOutputStream()).writeObject(answers)
        } catch (Failure failure) {
            build.say("ERROR: ${failure.message}")
            build.worsen('FAILURE')
        } catch (Interruption ignored) {
            build.worsen('ABORTED')
        } catch (Throwable broken) {
            List ours = broken.stackTrace.findAll { it.fileName ==~ /.*\.groovy|WorkflowScript|codedeployArtifact/ }
            crash = ([broken.toString()] + ours.take(12)).join('\n  at ')
        }
        return [result: build.result, log: build.log.toString(), steps: build.records, description: build.description, answers: answers, crash: crash]
    }
}

class Variables {
    private final Build build

    Variables(Build build) { this.build = build }

    Object getProperty(String name) { return build.environment()[name] }
}

class Docker {
    private final Steps steps

    Docker(Steps steps) { this.steps = steps }

    Object image(String name) {
        return [inside: { String args, Closure body -> steps.inside(name, args, body) }] as Expando
    }
}

class CurrentBuild {
    private final Build build

    CurrentBuild(Build build) { this.build = build }

    void setResult(String result) { build.worsen(result) }

    String getDescription() { return build.description }

    void setDescription(String description) { build.description = description }

    String getResult() { return build.result == 'SUCCESS' ? null : build.result }
}

// Other output must not be mixed with the answers.
PrintStream answers = System.out
System.setOut(System.err)
def pool = Executors.newCachedThreadPool()
System.in.eachLine('UTF-8') { line ->
    def (number, plans) = new JsonSlurperClassic().parseText(line) as List
    List done = plans.collect { plan ->
        pool.submit({ plan.rules ? Rules.check(plan as Map) : Jenkins.run(plan as Map) } as Callable)
    }
    pool.submit {
        String answer = JsonOutput.toJson([number, done.collect { it.get() }])
        synchronized (answers) {
            answers.println(answer)
            answers.flush()
        }
    }
}
pool.shutdown()
