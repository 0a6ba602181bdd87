/** A declarative pipeline: sections and directives in their places, stages in their order, `post` whatever came. */
class Declarative {
    private static final Map KNOWN = [
        pipeline: ['agent', 'options', 'parameters', 'environment', 'stages', 'post'],
        stage: ['when', 'environment', 'steps', 'options', 'post'],
        post: ['always', 'success', 'failure', 'unstable', 'aborted', 'cleanup'],
    ]

    private final Build build
    private final Steps steps
    private final Script script

    Declarative(Build build, Steps steps, Script script) {
        this.build = build
        this.steps = steps
        this.script = script
    }

    void run(Closure body) {
        Map found = sections('pipeline', body)
        assert found.agent && found.stages: 'a declarative pipeline has an agent and stages'
        if (found.parameters) {
            evaluate(found.parameters, steps)
        }
        if (found.options) {
            evaluate(found.options, new Options(build))
        }
        Map docker = values(values(found.agent).docker as Closure)
        steps.inside(docker.image.toString(), (docker.args ?: '').toString()) {
            build.having(environment(found.environment)) {
                Throwable failure = null
                try {
                    stages(found.stages as Closure)
                } catch (Failure | Interruption caught) {
                    build.worsen(caught instanceof Interruption ? 'ABORTED' : 'FAILURE')
                    failure = caught
                } finally {
                    post(found.post as Closure)
                }
                if (failure) {
                    throw failure
                }
            }
        }
    }

    private void stages(Closure body) {
        List found = []
        evaluate(body, new Expando(stage: { String name, Closure stage -> found << [name, stage] }))
        found.each { name, stage ->
            Map parts = sections('stage', stage as Closure)
            Object wanted = parts.when ? evaluate(values(parts.when as Closure).expression as Closure, script) : true
            if (wanted) {
                steps.stage(name as String) { evaluate(parts.steps as Closure, script) }
            } else {
                build.record('skipped', [name: name])
            }
        }
    }

    private void post(Closure body) {
        Map found = body ? sections('post', body) : [:]
        String now = build.result.toLowerCase()
        ['always', now, 'cleanup'].each { condition ->
            if (found[condition]) {
                evaluate(found[condition] as Closure, script)
            }
        }
    }

    /** The closures of the sections, none twice and none that is not known there. */
    private static Map sections(String where, Closure body) {
        Map found = [:]
        Expando names = new Expando()
        KNOWN[where].each { String name ->
            names[name] = { Closure section ->
                assert !found.containsKey(name): "${name} twice in ${where}"
                found[name] = section
            }
        }
        evaluate(body, names, Closure.DELEGATE_ONLY)
        return found
    }

    /** `name value` or `name { … }` lines as a map. */
    private static Map values(Closure body) {
        Values values = new Values()
        evaluate(body, values)
        return values.found
    }

    private Map environment(Closure body) {
        Map set = [:]
        if (body) {
            evaluate(body, new Assignments(set, build.environment() + [params: build.plan.params]))
        }
        return set
    }

    private static Object evaluate(Closure body, Object delegate, int strategy = Closure.DELEGATE_FIRST) {
        Closure copy = body.clone() as Closure
        copy.delegate = delegate
        copy.resolveStrategy = strategy
        return copy.call()
    }

    static class Values {
        final Map found = [:]

        Object invokeMethod(String name, Object args) {
            found[name] = (args as List)[0]
            return null
        }
    }

    static class Options {
        private final Build build

        Options(Build build) { this.build = build }

        Object invokeMethod(String name, Object args) {
            assert name in ['disableConcurrentBuilds', 'timeout', 'buildDiscarder', 'timestamps', 'lock']
            Map given = (args as List) ? (args as List)[0] as Map : [:]
            build.record(name, given)
            return null
        }
    }

    static class Assignments {
        private final Map set
        private final Map before

        Assignments(Map set, Map before) {
            this.set = set
            this.before = before
        }

        void setProperty(String name, Object value) { set[name] = value.toString() }

        Object getProperty(String name) {
            Object value = set[name] ?: before[name]
            assert value != null: "no ${name} in environment"
            return value
        }
    }
}
