package codedeploy

import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

/**
 * The command line of codedeploy-artifact: its verbs and flags, how options become a shell script, and what its exit
 * codes and its JSON mean.
 *
 * It is pure: no method calls a step, so none has to be saved with the build. Every value becomes one quoted word of
 * the script, so that the shell never reads what a user gave.
 */
class CommandLine implements Serializable {
    private static final long serialVersionUID = 1L

    /** The keys of each verb: the flags of the program, with underscores. A test compares the two. */
    static final Map VERBS = [
        generate: 'artifact input_artifact task_definition task_definition_file service container_name container_port ' +
            'appspec_task_definition images platform_version network capacity_provider_strategy hooks ' +
            'appspec_template taskdef_template variables appspec_path taskdef_path output_artifact role_arn ' +
            'external_id region config',
        upload: 'path to kms_key appspec_path task_definition region role_arn external_id deploy_role_arn ' +
            'deploy_external_id',
        deploy: 'artifact appspec taskdef appspec_path taskdef_path revision upload kms_key application ' +
            'deployment_group service register task_definition description build_number on_conflict resume dry_run no_wait ' +
            'until timeout on_timeout on_abort report deployment_config auto_rollback alarm no_alarms region role_arn ' +
            'external_id deploy_role_arn deploy_external_id stop_role_arn stop_external_id',
        wait: 'id until timeout on_timeout on_abort report region role_arn external_id stop_role_arn stop_external_id',
        status: 'id exit_code region role_arn external_id',
        stop: 'id rollback wait timeout report region role_arn external_id stop_role_arn stop_external_id',
        rollback: 'application deployment_group to yes register deployment_config keep_alarms no_wait until timeout ' +
            'on_timeout on_abort report region role_arn external_id deploy_role_arn deploy_external_id ' +
            'stop_role_arn stop_external_id',
        continue: 'id wait_type region role_arn external_id deploy_role_arn deploy_external_id',
        rotate: 'service timeout region role_arn external_id deploy_role_arn deploy_external_id',
    ]

    /** The keys that are the step's own. */
    static final List OWN = ['verb', 'with_credentials', 'return_status', 'publish', 'result']

    /** The key of the word that a verb takes without a flag. */
    static final Map WORDS =
        [upload: 'path', wait: 'id', status: 'id', stop: 'id', continue: 'id', rotate: 'service']

    /** What an exit code means to a build: words, and its result where that is not FAILURE. */
    private static final Map OUTCOMES = [
        10: [says: 'the deployment failed and was rolled back: the previous version serves'],
        11: [says: 'the deployment failed and was not rolled back: look at the service now'],
        12: [result: 'ABORTED', says: 'the deployment was stopped'],
        13: [says: 'the wait timed out and the deployment is still in progress: follow it with the verb wait'],
        14: [result: 'NOT_BUILT', says: 'another deployment is active, or a newer build was there first'],
        15: [says: 'the credentials expired and the deployment is still in progress: give with_credentials, or use the verb wait'],
        16: [says: 'the credentials expired before a deployment was made: give with_credentials, or build again'],
        126: [says: 'the program cannot be run: use the image of codedeploy-artifact'],
        127: [says: 'the program is not there: use the image of codedeploy-artifact'],
        130: [result: 'ABORTED', says: 'it was interrupted'],
        143: [result: 'ABORTED', says: 'it was terminated'],
    ]

    /** Flags that take JSON. Other maps and lists are a flag for each entry. */
    private static final List RECORDS = ['network', 'capacity_provider_strategy']

    /** The keys of a verb. */
    @NonCPS
    static List keys(String verb) {
        return VERBS[verb].tokenize(' ')
    }

    /** What is wrong with the options, or null. */
    @NonCPS
    static String problem(Map given) {
        String verb = given.verb
        if (!VERBS.containsKey(verb)) {
            return "there is no verb \"${verb}\"; there are ${VERBS.keySet().join(', ')}"
        }
        List known = keys(verb) + OWN
        String unknown = given.keySet().collect { it.toString() }.find { !known.contains(it) }
        if (unknown != null) {
            String near = Words.nearest(unknown, known)
            String hint = near ? "did you mean \"${near}\"?" : "there are ${known.join(', ')}"
            return "${verb} has no key \"${unknown}\"; ${hint}"
        }
        String word = WORDS[verb]
        return word && !given[word] ? "${verb} needs \"${word}\"" : null
    }

    /** The files that a verb reports to: Markdown and JUnit XML where it follows a deployment and nothing else is said. */
    @NonCPS
    static List reports(Map given) {
        boolean follows = keys(given.verb.toString()).contains('report') && !given.no_wait && !given.dry_run
        if (given.verb == 'stop') {
            follows = given.wait as boolean
        }
        String name = "deployment${subject(given)}"
        Object report = given.containsKey('report') ? given.report : follows ? ["${name}.md", "${name}.xml"] : []
        return (report instanceof Collection ? report : report ? [report] : []).collect { it.toString() }
    }

    /** The file for the JSON result. */
    @NonCPS
    static String resultFile(Map given) {
        return given.result ?: "codedeploy-artifact-${given.verb}${subject(given)}.json"
    }

    /** What the names of files end with: two calls beside each other in one workspace must not share them. */
    @NonCPS
    private static String subject(Map given) {
        String group = [given.application, given.deployment_group].findAll().join('-')
        Object subject = group ?: ['service', 'task_definition', 'id', 'path', 'artifact'].collect { given[it] }.find()
        return subject ? '-' + subject.toString().replaceAll(/[^\w.-]+/, '-') : ''
    }

    /** Whether the session of AWS ended too early, so that a new one can go on. */
    @NonCPS
    static boolean expired(Map result) {
        return result.exit_code in [15, 16]
    }

    /**
     * The options with which a new session goes on where `given` had to leave: with the same ones where nothing was made
     * yet, else with a wait for the deployment, in which an abort still means what it meant.
     */
    @NonCPS
    static Map following(Map given, Map result) {
        if (result.exit_code == 16) {
            return given
        }
        if (!result.deployment_id) {
            // Nobody knows whether it was made: the answer was lost.
            return given + [resume: true]
        }
        List kept = keys('wait') + OWN
        String onAbort = given.on_abort ?: (given.verb == 'deploy' ? 'stop-and-rollback' : 'leave')
        Map following = new LinkedHashMap(given.findAll { kept.contains(it.key.toString()) })
        following.putAll([verb: 'wait', id: result.deployment_id, on_abort: onAbort])
        return following
    }

    /** The script: what the last run left is removed, then `exec`, so that an abort reaches the program itself. */
    @NonCPS
    static String script(Map given, String file) {
        String remove = removal([file] + (given.report ?: []))
        List parts = (words(given) + word(given)).collect { Words.quoted(it) }
        return "set +x\n${remove}\nexec codedeploy-artifact ${parts.join(' ')} > ${Words.quoted(file)}\n"
    }

    /** Removes files that a run before has left. */
    @NonCPS
    static String removal(List files) {
        return 'rm -f -- ' + files.collect { Words.quoted(it.toString()) }.join(' ')
    }

    /** The variables that the program reads: values that neither the script, which Jenkins keeps, nor the process list may show. */
    @NonCPS
    static List variables(Map given) {
        return secretKeys(given).collect { variable(it) + '=' + given[it] }
    }

    /** The command for the log, without secrets: the values of a template's variables may be some. */
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
        List words = [given.verb, '--output', 'json']
        for (String key : keys(given.verb.toString())) {
            if (key != WORDS[given.verb.toString()] && !key.endsWith('external_id')) {
                words.addAll(flags(key, given[key]))
            }
        }
        return words.collect { it.toString() }
    }

    /** The word without a flag, if there is one. */
    @NonCPS
    private static List word(Map given) {
        String key = WORDS[given.verb.toString()]
        return key ? ['--', given[key].toString()] : []
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

    /** A flag for each value: nothing for null and false, the flag alone for true. */
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

    /** What an exit code means to a build: `result` where that is not FAILURE, and what it `says`. */
    @NonCPS
    static Map outcome(int code) {
        return OUTCOMES[code] ?: [:]
    }

    /**
     * The last document that the program printed, with its exit code and the id of the deployment that was made, or
     * that the verb was given.
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
            // A program that was killed leaves half a document; its exit code tells that it failed.
        }
        // Other events may name the deployment of somebody else, or a rollback.
        Object made = documents.find { it.event == 'created' }?.deployment
        Object last = documents ? documents.last().deployment : null
        Object deployment = (last instanceof Map ? last.id : null) ?: made ?: id
        return (documents ? documents.last() : [:]) + [exit_code: code, deployment_id: deployment]
    }
}
