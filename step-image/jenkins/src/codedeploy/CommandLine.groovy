package codedeploy

import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

/**
 * The command line of codedeploy-artifact: its verbs and flags, the shell script for a call, and the meaning of exit codes
 * and JSON.
 *
 * No method calls a step, so all of them are NonCPS. Every value becomes one quoted word of the script, so that the shell
 * never interprets a value.
 */
class CommandLine implements Serializable {
    private static final long serialVersionUID = 1L

    /**
     * The keys of each verb: the flags of the program, with underscores. Generated:
     * UPDATE_EXPECT=1 cargo test --locked --test e2e jenkins::library
     */
    static final Map VERBS = [
        generate: 'artifact input_artifact task_definition task_definition_file service container_name ' +
            'container_port appspec_task_definition images platform_version network capacity_provider_strategy ' +
            'hooks appspec_template taskdef_template variables appspec_path taskdef_path output_artifact verify ' +
            'strict ignore application deployment_group role_arn external_id region config cluster',
        check: 'path appspec taskdef appspec_path taskdef_path image_placeholders strict ignore config online ' +
            'application deployment_group service cluster region role_arn external_id',
        diff: 'path appspec taskdef appspec_path taskdef_path service cluster task_definition against three_way ' +
            'theirs show_values region role_arn external_id',
        upload: 'path to kms_key appspec_path task_definition region role_arn external_id deploy_role_arn ' +
            'deploy_external_id',
        deploy: 'dry_run verify strict on_conflict description artifact appspec taskdef appspec_path taskdef_path ' +
            'revision upload kms_key register task_definition application deployment_group service cluster ' +
            'deployment_config auto_rollback alarm no_alarms build_number resume no_wait suspend_scaling until ' +
            'timeout on_timeout logs notify report on_abort region role_arn external_id deploy_role_arn ' +
            'deploy_external_id stop_role_arn stop_external_id',
        wait: 'id application deployment_group service cluster until timeout on_timeout logs notify report ' +
            'on_abort region role_arn external_id stop_role_arn stop_external_id',
        status: 'exit_code logs id application deployment_group service cluster region role_arn external_id',
        list: 'limit status application deployment_group service cluster region role_arn external_id',
        stop: 'rollback id application deployment_group service cluster wait timeout report region role_arn ' +
            'external_id stop_role_arn stop_external_id',
        rollback: 'to yes register deployment_config keep_alarms application deployment_group service cluster ' +
            'no_wait until timeout on_timeout logs notify report on_abort region role_arn external_id ' +
            'deploy_role_arn deploy_external_id stop_role_arn stop_external_id',
        continue: 'wait_type id application deployment_group service cluster region role_arn external_id ' +
            'deploy_role_arn deploy_external_id',
        rotate: 'service cluster timeout region role_arn external_id deploy_role_arn deploy_external_id',
    ]

    /** Keys of the step itself. */
    static final List OWN = ['verb', 'with_credentials', 'return_status', 'publish', 'result', 'debug']

    /** The key of a verb's positional argument. */
    static final Map WORDS =
        [check: 'path', diff: 'path', upload: 'path', wait: 'id', status: 'id', stop: 'id', continue: 'id']

    /** Verbs whose positional argument may be left out. */
    static final List WITHOUT_WORD = ['check', 'diff']

    /** Exit codes of a verb that are results, not failures: `diff` found changes. */
    private static final Map RESULTS = [diff: [20]]

    /** Keys that name a deployment group: in place of an ID they mean its newest deployment. */
    private static final List GROUP = ['application', 'deployment_group', 'service', 'cluster']

    /** Message for each exit code, and the build result if it is not FAILURE. */
    private static final Map OUTCOMES = [
        10: [says: 'the deployment failed and was rolled back; the previous version is serving'],
        11: [says: 'the deployment failed and was not rolled back; check the service now'],
        12: [result: 'ABORTED', says: 'the deployment was stopped'],
        13: [says: 'the wait timed out; the deployment is still in progress; use the verb wait'],
        14: [result: 'NOT_BUILT', says: 'another deployment is active, or a newer build was first'],
        15: [says: 'the credentials expired; the deployment is still in progress; set with_credentials, or use the verb wait'],
        16: [says: 'the credentials expired before a deployment was created; set with_credentials, or build again'],
        21: [says: 'check found errors; see the findings in the log'],
        126: [says: 'codedeploy-artifact cannot be executed; run the step in its image'],
        127: [says: 'codedeploy-artifact was not found; run the step in its image'],
        130: [result: 'ABORTED', says: 'the command was interrupted'],
        143: [result: 'ABORTED', says: 'the command was terminated'],
    ]

    /** In characters: the list of builds is narrow. */
    private static final int LONGEST_DESCRIPTION = 160

    /** Flags that take JSON. Other maps and lists become one flag for each entry. */
    private static final List RECORDS = ['network', 'capacity_provider_strategy']

    /** The keys of a verb. */
    @NonCPS
    static List keys(String verb) {
        return VERBS[verb].tokenize(' ')
    }

    /** Returns what is wrong with the options, or null. */
    @NonCPS
    static String problem(Map given) {
        String verb = given.verb
        if (!VERBS.containsKey(verb)) {
            return "unknown verb \"${verb}\"; expected one of ${VERBS.keySet().join(', ')}"
        }
        List known = keys(verb) + OWN
        String unknown = given.keySet().collect { it.toString() }.find { !known.contains(it) }
        if (unknown != null) {
            String near = Words.nearest(unknown, known)
            String hint = near ? "did you mean \"${near}\"?" : "expected one of ${known.join(', ')}"
            return "unknown key \"${unknown}\" for ${verb}; ${hint}"
        }
        String word = WORDS[verb]
        if (!word || given[word] || WITHOUT_WORD.contains(verb) || word == 'id' && GROUP.any { given[it] }) {
            return null
        }
        String others = word == 'id' ? ', or "service", or "application" and "deployment_group"' : ''
        return "${verb} requires the key \"${word}\"${others}"
    }

    /** The report files of a call. By default Markdown, JUnit XML and a page, if the verb waits for a deployment. */
    @NonCPS
    static List reports(Map given) {
        boolean follows = keys(given.verb.toString()).contains('report') && !given.no_wait && !given.dry_run
        if (given.verb == 'stop') {
            follows = given.wait as boolean
        }
        String name = "deployment${subject(given)}"
        Object report = given.containsKey('report') ? given.report : follows ? ["${name}.md", "${name}.xml", "${name}.html"] : []
        return (report instanceof Collection ? report : report ? [report] : []).collect { it.toString() }
    }

    /** Name, folder and file name of a page. */
    @NonCPS
    static Map page(String report) {
        int slash = report.lastIndexOf('/')
        String file = report.substring(slash + 1)
        return [name: file - ~/\.html$/, folder: slash < 0 ? '.' : report.substring(0, slash) ?: '/', file: file]
    }

    /**
     * What came of a deployment, for the description of the build: `shop-web:7 → failed-and-rolled-back: health check fails`.
     * Null if the program did not come that far. Causes can be texts of others, and Jenkins may show descriptions as HTML.
     */
    @NonCPS
    static String description(Map given, Map result) {
        if (!result.verdict) {
            return null
        }
        Object arn = result.task_definition instanceof Map ? result.task_definition.arn : null
        Object version = arn ?: given.task_definition ?: given.revision ?: result.deployment_id
        List causes = result.why instanceof Map ? result.why.causes : null
        String cause = causes ? ": ${causes[0].summary}" : ''
        String said = "${version.toString().tokenize('/').last()} \u2192 ${result.verdict}${cause}"
        said = said.replaceAll(/[\p{Cntrl}]+/, ' ').replace('&', '+').replace('<', '(').replace('>', ')')
        return said.length() > LONGEST_DESCRIPTION ? said.substring(0, LONGEST_DESCRIPTION) + '\u2026' : said
    }

    /** The file for the JSON result. */
    @NonCPS
    static String resultFile(Map given) {
        return given.result ?: "codedeploy-artifact-${given.verb}${subject(given)}.json"
    }

    /** The suffix of file names, so that parallel calls in one workspace do not share files. */
    @NonCPS
    private static String subject(Map given) {
        String group = [given.application, given.deployment_group].findAll().join('-')
        String service = given.service ? [given.cluster, given.service].findAll().join('-') : ''
        Object subject = group ?: service ?: ['task_definition', 'id', 'path', 'artifact'].collect { given[it] }.find()
        return subject ? '-' + subject.toString().replaceAll(/[^\w.-]+/, '-') : ''
    }

    /** Whether the credentials expired, so that a new session can continue. */
    @NonCPS
    static boolean expired(Map result) {
        return result.exit_code in [15, 16]
    }

    /**
     * The options for the next session: the same ones if no deployment was created yet, otherwise a wait for the
     * deployment with the same `on_abort`. Null if there is nothing that can be repeated.
     */
    @NonCPS
    static Map following(Map given, Map result) {
        if (result.exit_code == 16) {
            return given
        }
        if (!result.deployment_id) {
            // The response was lost: the deployment may or may not exist. A second stop could be that of another one.
            return given.verb == 'stop' ? null : given + [resume: true]
        }
        List kept = keys('wait') + OWN - GROUP
        String onAbort = given.on_abort ?: (given.verb == 'deploy' ? 'stop-and-rollback' : 'leave')
        Map following = new LinkedHashMap(given.findAll { kept.contains(it.key.toString()) })
        following.putAll([verb: 'wait', id: result.deployment_id, on_abort: onAbort])
        return following
    }

    /** The script. It removes files of an earlier run and ends with `exec`, so that an abort reaches the program. */
    @NonCPS
    static String script(Map given, String file) {
        String remove = removal([file] + (given.report ?: []))
        List parts = (words(given) + word(given)).collect { Words.quoted(it) }
        return "set +x\n${remove}\nexec codedeploy-artifact ${parts.join(' ')} > ${Words.quoted(file)}\n"
    }

    /** The command that removes files of an earlier run. */
    @NonCPS
    static String removal(List files) {
        return 'rm -f -- ' + files.collect { Words.quoted(it.toString()) }.join(' ')
    }

    /** Environment variables for secrets, which must not appear in the script (Jenkins stores it) or in the process list. */
    @NonCPS
    static List variables(Map given) {
        return secretKeys(given).collect { variable(it) + '=' + given[it] }
    }

    /** The command for the log, without secrets. Values of template variables may be secrets. */
    @NonCPS
    static String shown(Map given) {
        String secret = secretKeys(given).collect { "${variable(it)}=*** " }.join('')
        List said = words(given).collect { it.startsWith('--variables=') ? it.replaceFirst(/(?s)^(--variables=[^=]*=).*/, '$1***') : it }
        List shown = (said + word(given)).collect { it ==~ /[\w.,:\/@%+=*-]+/ ? it : Words.quoted(it) }
        return secret + 'codedeploy-artifact ' + shown.join(' ')
    }

    /** The verb and its flags, without secrets. */
    @NonCPS
    private static List words(Map given) {
        List words = [given.verb, '--output', 'json'] + (given.debug ? ['--debug'] : [])
        for (String key : keys(given.verb.toString())) {
            if (key != WORDS[given.verb.toString()] && !key.endsWith('external_id')) {
                words.addAll(flags(key, given[key]))
            }
        }
        return words.collect { it.toString() }
    }

    /** The positional argument, if the verb has one. */
    @NonCPS
    private static List word(Map given) {
        String key = WORDS[given.verb.toString()]
        return key && given[key] ? ['--', given[key].toString()] : []
    }

    @NonCPS
    private static List secretKeys(Map given) {
        return given.findAll { it.key.toString().endsWith('external_id') && it.value }.collect { it.key.toString() }
    }

    @NonCPS
    private static String variable(String key) {
        return 'CODEDEPLOY_ARTIFACT_' + key.toUpperCase()
    }

    @NonCPS
    private static String flag(String key) {
        return '--' + key.replace('_', '-')
    }

    /** One flag for each value; nothing for null and false, the flag alone for true. */
    @NonCPS
    private static List flags(String key, Object value) {
        String name = flag(key)
        boolean many = value instanceof Map || value instanceof Collection
        if (value == null || value == false) {
            return []
        } else if (value == true) {
            return [name]
        } else if (many && RECORDS.contains(key)) {
            return ["${name}=${JsonOutput.toJson(value)}"]
        } else if (value instanceof Map) {
            return value.collect { "${name}=${it.key}=${it.value}" }
        } else if (many && key == 'auto_rollback') {
            return ["${name}=${value.join(',')}"]
        } else if (many) {
            return value.collect { "${name}=${it}" }
        }
        return ["${name}=${value}"]
    }

    /** Whether the exit code of a verb is a failure of the build. */
    @NonCPS
    static boolean failed(String verb, int code) {
        return code != 0 && !(RESULTS[verb] ?: []).contains(code)
    }

    /** `result` and `says` for an exit code; no `result` means FAILURE. */
    @NonCPS
    static Map outcome(int code) {
        return OUTCOMES[code] ?: [:]
    }

    /**
     * The last JSON document that the program printed, with its exit code and the ID of the deployment that was created
     * or passed in.
     */
    @NonCPS
    static Map result(int code, String text, Object id) {
        List lines = text.trim().readLines()
        // A document of several lines ends with a bare brace; JSON lines are one document each.
        List texts = lines && lines.last().startsWith('{') ? lines : lines ? [text] : []
        List documents = []
        try {
            texts.each { documents << Words.plain(new JsonSlurper().parseText(it)) }
        } catch (RuntimeException ignored) {
            // A program that was killed leaves half a document. Its exit code shows that it failed.
        }
        // Other events may name another build's deployment, or a rollback.
        Object made = documents.find { it.event in ['created', 'chosen'] }?.deployment
        Map last = documents ? documents.last() : [:]
        // The result of `stop` and `continue` has the ID itself, as events have.
        Object found = last.deployment instanceof Map ? last.deployment.id : last.event ? null : last.deployment
        Object deployment = found ?: made ?: id
        return last + [exit_code: code, deployment_id: deployment]
    }
}
