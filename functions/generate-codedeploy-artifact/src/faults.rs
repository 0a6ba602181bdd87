//! What can be wrong with an event or with the settings of the function.
//!
//! Messages never repeat values of the event, except types and names that are not secret.

use codedeploy_core::faults;
use codedeploy_core::text::list;

faults! {
    /// The faults of events and settings.
    pub(crate) const FORMS;

    /// An event that is not from CodePipeline.
    pub(crate) fn not_a_job() => "EVT01" Configuration
        "not a CodePipeline job event: key \"CodePipeline.job\" is missing",
        "invoke this function from a CodePipeline action of provider Lambda";

    /// A job that cannot be reported.
    pub(crate) fn no_id() => "EVT02" Configuration
        "CodePipeline.job.id is missing; the job cannot be reported",
        "invoke the function through CodePipeline; without a job ID nothing can be reported";

    /// An ID that CodePipeline did not create, so the job must not be reported.
    pub(crate) fn bad_id() => "EVT03" Configuration
        "CodePipeline.job.id is not a UUID", "invoke the function through CodePipeline; without a job ID nothing can be reported";

    /// A member of the wrong type.
    pub(crate) fn wrong_type(path: &str, expected: &str) => "EVT04" Configuration
        "{path} must be {expected}", "invoke the function through CodePipeline; do not build the event by hand";

    /// A required member is missing.
    pub(crate) fn missing(path: &str) => "EVT04" Configuration
        "{path} is missing", "invoke the function through CodePipeline; do not build the event by hand";

    /// An action without an output artifact.
    pub(crate) fn no_output() => "EVT05" Configuration
        "this action has no output artifact",
        "add one output artifact to the action, such as deployment";

    /// An action with several output artifacts.
    pub(crate) fn several_outputs(names: &[&str]) [count = names.len(), names = list(names)] => "EVT06" Configuration
        "this action has {count} output artifacts ({names}), but `output_artifact` is not set",
        "set `output_artifact` in UserParameters to the artifact that CodeDeployToECS takes as its input";

    /// The name of an output artifact that the action does not have.
    pub(crate) fn unknown_output(wanted, names: &[&str]) [names = list(names)] => "EVT06" Configuration
        "`output_artifact`: \"{wanted}\" is not an output artifact of this action (has: {names})",
        "set `output_artifact` in UserParameters to the artifact that CodeDeployToECS takes as its input";

    /// The event has no credentials for Amazon S3.
    pub(crate) fn no_credentials() => "EVT07" Configuration
        "the event has no artifactCredentials",
        "set S3_ACCESS=execution-role in the function's configuration to use its own role for S3";

    /// An event that was delivered too late.
    pub(crate) fn expired(minutes: u64) => "EVT08" Denied
        "the event was delivered late: its artifact credentials expired {minutes} min ago", "run the action again";

    /// A job from an account that is not in `ALLOWED_ACCOUNTS`.
    pub(crate) fn account_not_allowed(account, allowed: &[String]) [allowed = list(allowed)] => "EVT09" Denied
        "the job is from account {account}, but this function accepts only {allowed}",
        "add the account to ALLOWED_ACCOUNTS in the function's configuration";

    /// A bucket that is not in `ALLOWED_BUCKETS`.
    pub(crate) fn bucket_not_allowed(bucket, allowed: &[String]) [allowed = list(allowed)] => "EVT10" Denied
        "bucket \"{bucket}\" is not allowed (allowed: {allowed})",
        "add the bucket to ALLOWED_BUCKETS in the function's configuration";

    /// An artifact that is not in Amazon S3.
    pub(crate) fn location_type(got) => "EVT11" Configuration
        "artifact location type \"{got}\" is not supported; only S3 is",
        "use an artifact store in Amazon S3";

    /// A key that is not in AWS KMS.
    pub(crate) fn key_type(got) => "EVT12" Configuration
        "encryption key type \"{got}\" is not supported; only KMS is", "use an AWS KMS key for the artifact store, or the default key";

    /// Not JSON within the limits. `problem` has line and column and no values.
    pub(crate) fn unreadable(problem: &str) => "EVT13" Configuration
        "the event cannot be parsed: {problem}", "invoke the function through CodePipeline; do not build the event by hand";

    /// No disk space for a temporary file.
    pub(crate) fn no_disk(problem: &std::io::Error) => "EVT14" Unavailable
        "cannot create a temporary file: {problem}", "increase the ephemeral storage of the function";

    /// A family that is not in `ALLOWED_TASK_DEFINITIONS`.
    pub(crate) fn family_not_allowed(family, allowed: &[String]) [allowed = list(allowed)] => "EVT15" Denied
        "task definition family \"{family}\" is not allowed (allowed: {allowed})",
        "add the family to ALLOWED_TASK_DEFINITIONS in the function's configuration, if this pipeline may read it";

    /// The name of an input artifact that the action does not have.
    pub(crate) fn unknown_input(wanted, names: &[&str]) [names = list(names)] => "PAR18" Configuration
        "\"{wanted}\" is not an input artifact of this action (has: {names})",
        "list the artifact in input_artifacts of the action and name the file as ARTIFACT::PATH";

    /// A path on disk, in the request of a function.
    pub(crate) fn on_disk(path) => "PAR18" Configuration
        "\"{path}\" is a path on disk, but the function can read only files in input artifacts",
        "list the artifact in input_artifacts of the action and name the file as ARTIFACT::PATH";

    /// A configuration file that is not text.
    pub(crate) fn not_text(file, problem: &str) => "APP15" Input "{file}: {problem}", "save the file as UTF-8";

    /// A setting with an invalid value.
    pub(crate) fn bad_setting(name: &str, got, wanted: &str) => "SET01" Configuration
        "{name} in the function's environment contains \"{got}\"", "set it to {wanted}";

    /// A setting without a value.
    pub(crate) fn empty_setting(name: &str, unset: &str) => "SET02" Configuration
        "{name} in the function's environment is empty",
        "set a value, or remove it from the function's environment: {unset}";

    /// A variable whose name starts like that of a setting.
    pub(crate) fn unknown_setting(name, near: Option<&str>, known: &[&str]) [
        near = near.map(|name| format!("; did you mean {name}?")).unwrap_or_default(),
        known = known.join(", "),
    ] => "SET03" Configuration
        "{name} in the function's environment is not a known setting{near}",
        "remove it from the function's environment, or rename it to one of {known}";
}
