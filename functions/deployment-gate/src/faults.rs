//! What can be wrong with the configuration or with the tasks that are tested.

use codedeploy_core::faults;
use codedeploy_core::text::list;

faults! {
    /// The faults of the function.
    pub(crate) const FORMS;

    /// There is no configuration.
    pub(crate) fn no_checks() => "GAT01" Configuration
        "the environment variable CHECKS is not set", "set CHECKS to the checks in YAML or JSON";

    /// The configuration cannot be read.
    pub(crate) fn unreadable(source: &str, problem: &str) => "GAT01" Configuration
        "{source} is not valid: {problem}", "correct the checks at this position";

    /// A key that does not exist.
    pub(crate) fn unknown_key(source: &str, key, near: &str) => "GAT02" Configuration
        "{source}: there is no key \"{key}\"{near}", "use one of the keys in the README of deployment-gate";

    /// An environment variable that does not exist.
    pub(crate) fn unknown_variable(name, near: &str) => "GAT02" Configuration
        "{name} in the function's environment is not a known setting{near}",
        "use CHECKS, CHECKS_URL, CHECKS_HOST_HEADER, CHECKS_ALARMS or CHECKS_CA_FILE";

    /// A value of the wrong type or range.
    pub(crate) fn wrong_value(key: &str, expected: &str, got: &str) => "GAT03" Configuration
        "{key} must be {expected}, not {got}", "change the value of {key}";

    /// A required key is missing.
    pub(crate) fn missing(key: &str, expected: &str) => "GAT03" Configuration
        "{key} is missing", "set {key} to {expected}";

    /// No checks and no alarms.
    pub(crate) fn nothing_to_check() => "GAT03" Configuration
        "there is nothing to check", "add checks, alarms, or both";

    /// The root certificates cannot be read.
    pub(crate) fn no_certificates(problem: &str) => "GAT04" Configuration
        "no certificates of authorities were found: {problem}", "set CHECKS_CA_FILE to a PEM file with the certificate of the authority";

    /// An event that is not from a deployment.
    pub(crate) fn not_a_hook() => "GAT05" Configuration
        "not an event of a deployment: it has neither DeploymentId and LifecycleEventHookExecutionId nor lifecycleStage",
        "name the function in the hooks of an AppSpec, or as a lifecycle hook of an Amazon ECS service";

    /// Requests that did not succeed.
    pub(crate) fn failed(check: &str, problem: &str) => "GAT10" Input
        "{check}: {problem}", "look in the log of the green tasks, and test the URL of the test listener";

    /// Requests that took too long.
    pub(crate) fn slow(check: &str, problem: &str) => "GAT11" Input
        "{check}: {problem}", "look at the load and the log of the green tasks, or raise the limit in latency_ms";

    /// An alarm has fired.
    pub(crate) fn alarm(name, reason: &str) => "GAT12" Input
        "alarm {name} is in ALARM{reason}", "look at the metric of the alarm";

    /// Alarms that do not exist.
    pub(crate) fn no_alarm(names: &[String], region: &str) [names = list(names)] => "GAT13" Configuration
        "no such alarm in {region}: {names}", "correct the names in alarms";

    /// The checks did not end in time.
    pub(crate) fn late(seconds: f64, stage: &str) => "GAT14" Unavailable
        "not finished after {seconds:.1} s, during {stage}; stopped in time to report",
        "raise the timeout of the function, or make fewer requests with a shorter timeout_seconds";

    /// A defect of the function.
    pub(crate) fn panicked(stage: &str) => "GAT15" Bug
        "the function failed during {stage}", "look in its log for \"panicked at\", and report it as a bug";
}
