/** The steps that our pipelines use, as far as they matter here. `sh` runs for real; what is not here does not exist. */
class Steps {
    final Build build
    final Script script

    Steps(Build build, Script script) {
        this.build = build
        this.script = script
    }

    // Steps that run something.

    Object sh(Object given) {
        Map options = given instanceof Map ? given : [script: given]
        String label = options.label ?: 'sh'
        Map record = build.record('sh', [label: label, script: options.script as String, place: build.places.peekFirst()?.kind])
        int code = build.run(options.script as String, label, options.returnStdout as boolean)
        record.exit = code
        if (build.aborted && code != 0) {
            build.say("script returned exit code ${code}")
            throw new Interruption()
        }
        if (options.returnStatus) {
            return code
        }
        if (code != 0) {
            throw new Failure("script returned exit code ${code}")
        }
        return null
    }

    void echo(Object message) { build.say(message.toString()) }

    void error(Object message) {
        build.record('error', [message: message.toString()])
        throw new Failure(message.toString())
    }

    boolean fileExists(String name) { return new File(build.workspace, name).exists() }

    String readFile(Object given) { return new File(build.workspace, given instanceof Map ? given.file : given).getText('UTF-8') }

    void junit(Map options) {
        Map record = build.record('junit', [files: found(options.testResults as String), tests: 0, failures: 0])
        if (!record.files && !options.allowEmptyResults) {
            throw new Failure('No test report files were found.')
        }
        record.files.each { name ->
            Object report = new XmlSlurper().parse(new File(build.workspace, name))
            record.tests += report.'**'.count { it.name() == 'testcase' }
            record.failures += report.'**'.count { it.name() == 'failure' || it.name() == 'error' }
        }
        if (record.failures > 0) {
            build.worsen('UNSTABLE')
        }
    }

    void archiveArtifacts(Map options) {
        Map record = build.record('archiveArtifacts', [files: found(options.artifacts as String)])
        if (!record.files && !options.allowEmptyArchive) {
            throw new Failure('No artifacts found that match the file pattern.')
        }
    }

    /** Of the plugin HTML Publisher, which the plan may have. */
    void publishHTML(Map options) {
        Map target = options.target as Map
        assert target.keySet().containsAll(['reportName', 'reportDir', 'reportFiles', 'includes', 'keepAll', 'allowMissing', 'alwaysLinkToLastBuild'])
        build.record('publishHTML', [name: target.reportName, files: found("${target.reportDir}/${target.reportFiles}"),
            includes: target.includes])
    }

    boolean has(String name) {
        return metaClass.respondsTo(this, name) && (name != 'publishHTML' || build.plan.publisher)
    }

    private List found(String names) {
        return names.split(',').collect { it.trim() }.findAll { fileExists(it) }
    }

    // Steps for the node and the folder.

    Object node(Object label = null, Closure body) { return body.call() }

    Object podTemplate(Map options, Closure body) {
        build.record('podTemplate', [yaml: options.yaml])
        return body.call()
    }

    Object container(String name, Closure body) {
        build.record('container', [name: name])
        return build.at([kind: 'pod'], body)
    }

    /** `docker.image(…).inside(…)`. */
    Object inside(String image, String args, Closure body) {
        build.record('inside', [image: image, args: args])
        List words = args.tokenize(' ')
        List passed = (0..<words.size()).findAll { words[it] == '-e' }.collect { words[it + 1] }
        return build.at([kind: 'docker', passed: passed], body)
    }

    Object stage(String name, Closure body) {
        build.stages.addFirst(name)
        try {
            return body.call()
        } finally {
            build.stages.removeFirst()
        }
    }

    // Steps with a block.

    Object lock(Map options, Closure body) { return block('lock', options, body) }

    Object timeout(Map options, Closure body) { return block('timeout', options, body) }

    private Object block(String name, Map options, Closure body) {
        build.record(name, options)
        return body.call()
    }

    Object withEnv(List pairs, Closure body) {
        return build.having(pairs.collectEntries { it.toString().split('=', 2) as List }, body)
    }

    /** Each block assumes the role again: the sessions of the plan, one after the other. */
    Object withAWS(Map options, Closure body) {
        List sessions = build.plan.sessions as List
        build.record('withAWS', options)
        Map session = sessions[Math.min(build.sessions++, sessions.size() - 1)] as Map
        return build.having(session, body)
    }

    Object withCredentials(List bindings, Closure body) {
        Map bound = [:]
        bindings.each { binding ->
            Map secret = (build.plan.secrets as Map)[binding.credentialsId] as Map
            assert secret: "no credentials ${binding.credentialsId}"
            binding.variables.each { part, variable -> bound[variable] = secret[part] }
        }
        return build.having(bound, body)
    }

    Map aws(Map given) {
        return [credentialsId: given.credentialsId,
            variables: [key: given.accessKeyVariable, secret: given.secretKeyVariable]]
    }

    /** A parameter of the job, or a text of the credentials store. */
    Map string(Map given) {
        return given.credentialsId ? [credentialsId: given.credentialsId, variables: [text: given.variable]] : parameter(given)
    }

    private Map parameter(Map given) {
        Map params = build.plan.params as Map
        if (!params.containsKey(given.name)) {
            params[given.name] = given.defaultValue
        }
        return given
    }

    void properties(List given) { build.record('properties', [count: given.size()]) }

    String disableConcurrentBuilds() { return 'disableConcurrentBuilds' }

    List parameters(List given) { return given }

    Object script(Closure body) { return body.call() }

    Object pipeline(Closure body) { return new Declarative(build, this, script).run(body) }
}
