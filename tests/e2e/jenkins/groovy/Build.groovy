import java.util.concurrent.TimeUnit

/** One build: what it has recorded, its variables, where its steps run, and its result. */
class Build {
    static final List RESULTS = ['SUCCESS', 'UNSTABLE', 'FAILURE', 'NOT_BUILT', 'ABORTED']

    final Map plan
    final File workspace
    final List records = []
    final StringBuffer log = new StringBuffer()
    /** Variables of the build, and those of the blocks around the step that runs. */
    final LinkedList<Map> variables = new LinkedList<Map>()
    /** Where a step runs: `[kind: 'docker', passed: […]]`, `[kind: 'pod']`, or null for the agent itself. */
    final LinkedList<Map> places = new LinkedList<Map>()
    final LinkedList<String> stages = new LinkedList<String>()
    String result = 'SUCCESS'
    String description = null
    boolean aborted = false
    int sessions = 0

    Build(Map plan) {
        this.plan = plan
        workspace = new File(plan.workspace as String)
        variables.addFirst(plan.variables as Map)
        // In the first build of a job, the defaults of parameters are in `params` and not in the environment.
        variables.addFirst(new HashMap(plan.params as Map))
    }

    /** As Run.setResult: a result only ever gets worse. */
    void worsen(String to) {
        assert RESULTS.contains(to)
        if (RESULTS.indexOf(to) > RESULTS.indexOf(result)) {
            result = to
        }
    }

    Map record(String step, Map details = [:]) {
        Map record = [step: step, stage: stages.peekFirst()] + details
        records << record
        return record
    }

    void say(String line) {
        log.append(line).append('\n')
    }

    /** The variables that the build sets. */
    Map environment() {
        Map all = [:]
        variables.reverse().each { it.each { name, value -> all[name] = value as String } }
        return all
    }

    /** The variables that a process gets, where it runs now. */
    Map environmentOfProcess() {
        Map set = environment()
        Map place = places.peekFirst()
        Map agent = plan.agent as Map
        if (place?.kind == 'docker') {
            // Variables with the same value in the agent's own environment are not passed on, and neither is PATH.
            Map passed = set.findAll { name, value -> name != 'PATH' && agent[name] != value }
            Map named = agent.findAll { name, value -> place.passed.contains(name) }
            return (plan.image as Map) + named + passed
        }
        return place?.kind == 'pod' ? (plan.image as Map) + (plan.pod as Map) + set : agent + set
    }

    /** Runs the body with more variables. */
    Object having(Map more, Closure body) {
        variables.addFirst(more)
        try {
            return body.call()
        } finally {
            variables.removeFirst()
        }
    }

    Object at(Map place, Closure body) {
        places.addFirst(place)
        try {
            return body.call()
        } finally {
            places.removeFirst()
        }
    }

    /**
     * Runs a script as the durable-task plugin does: the wrapper in the background, `sh -xe`, everything in one log,
     * the exit code in a file of its own. Aborts it where the plan says so.
     */
    int run(String script, String label, boolean keepsOutput) {
        File control = new File("${workspace}@tmp", "durable-${UUID.randomUUID().toString().take(8)}")
        assert control.mkdirs()
        File file = new File(control, 'script.sh')
        file.setText(script, 'UTF-8')
        String cookie = "durable-${UUID.randomUUID()}"
        String output = keepsOutput ? "> '${control}/output.txt' 2> '${control}/jenkins-log.txt'" : "> '${control}/jenkins-log.txt' 2>&1"
        String wrapper = "(cp '${file}' '${file}.copy'; " +
            "{ while [ -d '${control}' -a \\! -f '${control}/jenkins-result.txt' ]; do " +
            "touch '${control}/jenkins-log.txt'; sleep 3; done } & jsc=${cookie}; " +
            "JENKINS_SERVER_COOKIE=\$jsc 'sh' -xe  '${file}.copy' ${output}; echo \$? > '${control}/jenkins-result.txt.tmp'; " +
            "mv '${control}/jenkins-result.txt.tmp' '${control}/jenkins-result.txt'; wait) >&- 2>&- &"
        ProcessBuilder builder = new ProcessBuilder(['nohup', 'sh', '-c', wrapper])
        builder.directory(workspace)
        builder.environment().clear()
        builder.environment().putAll(environmentOfProcess() + clock())
        Process process = builder.start()
        process.outputStream.close()
        int code = end(control, cookie, label)
        log.append(new File(control, 'jenkins-log.txt').getText('UTF-8'))
        return code
    }

    /** The program's own clock starts with it, at the time of the fake AWS, and runs as fast. */
    private Map clock() {
        Map clock = plan.clock as Map
        if (!clock) {
            return [:]
        }
        long now = clock.simulated + (System.currentTimeMillis() - clock.real) * clock.speed
        return [CODEDEPLOY_ARTIFACT_TIME_SCALE: "${clock.speed}@${now}".toString()]
    }

    private int end(File control, String cookie, String label) {
        File result = new File(control, 'jenkins-result.txt')
        File said = new File(control, 'jenkins-log.txt')
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(120)
        boolean asked = false
        while (!result.exists()) {
            if (System.nanoTime() > limit) {
                throw new IllegalStateException(asked ? 'the process did not stop after 20 s' : "no end of ${label}: ${said.text}")
            }
            Map abort = plan.abort as Map
            if (!asked && abort?.label == label && said.exists() && said.text.contains(abort.says as String)) {
                asked = true
                limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20)
                kill(cookie)
            }
            Thread.sleep(20)
        }
        aborted = asked
        return result.text.trim() as int
    }

    /** As the launcher of the Kubernetes plugin, which needs no `ps`. It reaches every process with the cookie at once. */
    private static void kill(String cookie) {
        String script = "kill \$(grep -l 'JENKINS_SERVER_COOKIE=${cookie}' /proc/*/environ 2>/dev/null | cut -d / -f 3)"
        ['sh', '-c', script].execute().waitFor()
    }
}
