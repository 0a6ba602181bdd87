// The step `codedeployArtifact` runs every verb of the command line. Its help is codedeployArtifact.txt.

import codedeploy.CommandLine
import groovy.transform.Field

// An AWS session lasts at least 15 minutes, and the longest waits of CodeDeploy are several days.
@Field final int SESSIONS = 400

/**
 * Runs a verb, by default `generate`. Returns its JSON result as a map, with `exit_code` and `deployment_id`.
 * If the exit code is not 0, fails the build with the matching result, unless `return_status` is true. The exit code 20 of
 * `diff`, which means changes, does not fail the build.
 */
Map call(Map options = [:]) {
    Map given = [verb: 'generate'] + options
    String wrong = CommandLine.problem(given)
    if (wrong) {
        error "codedeployArtifact: ${wrong}"
    }
    given.report = CommandLine.reports(given)
    try {
        if (given.report) {
            // Before anything can fail: the workspace may contain reports of an earlier build.
            String script = CommandLine.removal(given.report)
            sh label: 'codedeploy-artifact: clean', script: script
        }
        Map result = inSessions(given)
        if (given.report && given.publish != false) {
            describe(CommandLine.description(given, result))
        }
        if (CommandLine.failed(given.verb.toString(), result.exit_code) && !given.return_status) {
            fail(given.verb.toString(), result)
        }
        return result
    } finally {
        // Also if the build is aborted.
        if (given.report && given.publish != false) {
            publish(given.report)
        }
    }
}

Map generate(Map options) { return call(options + [verb: 'generate']) }

Map check(Map options) { return call(options + [verb: 'check']) }

Map diff(Map options) { return call(options + [verb: 'diff']) }

Map upload(Map options) { return call(options + [verb: 'upload']) }

Map deploy(Map options) { return call(options + [verb: 'deploy']) }

Map wait(Map options) { return call(options + [verb: 'wait']) }

Map status(Map options) { return call(options + [verb: 'status']) }

Map list(Map options) { return call(options + [verb: 'list']) }

Map stop(Map options) { return call(options + [verb: 'stop']) }

Map rollback(Map options) { return call(options + [verb: 'rollback']) }

Map rotate(Map options) { return call(options + [verb: 'rotate']) }

/** An AWS session may expire before the deployment finishes, or before it is created. */
Map inSessions(Map given) {
    Map result = inSession(given)
    int sessions = 1
    while (CommandLine.expired(result) && given.with_credentials && sessions < SESSIONS) {
        Map next = CommandLine.following(given, result)
        if (next == null) {
            break
        }
        echo "codedeployArtifact: continuing in a new session, deployment ${result.deployment_id ?: 'not created yet'}"
        result = inSession(next)
        sessions++
    }
    return result
}

Map inSession(Map given) {
    if (!given.with_credentials) {
        return execute(given)
    }
    Map result = [:]
    given.with_credentials.call({ result = execute(given) })
    if (result.isEmpty()) {
        error 'codedeployArtifact: with_credentials must call its argument: { work -> withAWS(…) { work() } }'
    }
    return result
}

Map execute(Map given) {
    String file = CommandLine.resultFile(given)
    echo CommandLine.shown(given)
    String script = CommandLine.script(given, file)
    int code = -1
    withEnv(CommandLine.variables(given)) {
        code = sh(label: "codedeploy-artifact ${given.verb}", returnStatus: true, script: script)
    }
    String text = fileExists(file) ? readFile(file: file, encoding: 'UTF-8') : ''
    return CommandLine.result(code, text, given.id)
}

/** Fails the build with the result that matches the exit code. */
void fail(String verb, Map result) {
    Map outcome = CommandLine.outcome(result.exit_code)
    String deployment = result.deployment_id ? " (deployment ${result.deployment_id})" : ''
    String failure = result.error ? "${result.error.code}: ${result.error.message}" : ''
    String says = outcome.says ?: failure ?: 'see the log'
    if (outcome.result) {
        currentBuild.result = outcome.result
    }
    error "codedeploy-artifact ${verb} failed with exit code ${result.exit_code}${deployment}: ${says}"
}

/** Adds a line to the description of the build, which the list of builds shows. */
void describe(String line) {
    if (line) {
        String before = currentBuild.description
        currentBuild.description = before ? "${before}; ${line}".toString() : line
    }
}

/** Publishes the reports: tests for `junit`, a page for `publishHTML`, text in the log, and the files as build artifacts. */
void publish(List reports) {
    for (int i = 0; i < reports.size(); i++) {
        String report = reports[i]
        if (report.endsWith('.xml')) {
            junit testResults: report, allowEmptyResults: true
        } else if (report.endsWith('.html')) {
            page(report)
        } else if (fileExists(report)) {
            echo readFile(file: report, encoding: 'UTF-8')
        }
    }
    archiveArtifacts artifacts: reports.join(','), allowEmptyArchive: true
}

/** A link on the page of the build, if the plugin HTML Publisher is installed. The page is archived in any case. */
void page(String report) {
    if (!fileExists(report)) {
        return
    }
    Map parts = CommandLine.page(report)
    try {
        publishHTML target: [reportName: parts.name, reportDir: parts.folder, reportFiles: parts.file, includes: parts.file,
            keepAll: true, alwaysLinkToLastBuild: false, allowMissing: true]
    } catch (NoSuchMethodError ignored) {
        echo "codedeployArtifact: ${report} is archived; with the plugin HTML Publisher, the build also links to it"
    }
}
