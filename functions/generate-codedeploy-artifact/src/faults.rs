//! What can be wrong with an event, with the settings of the function, and with the job that both make up.
//!
//! No value of the event is ever repeated, except types and names that are not secrets.

use codedeploy_core::faults;
use codedeploy_core::text::list;

faults! {
    /// The faults of events and settings.
    pub(crate) const FORMS;

    /// Some other event.
    pub(crate) fn not_a_job() => "EVT01" Configuration
        "not a CodePipeline job event: key \"CodePipeline.job\" is missing",
        "invoke this function from a CodePipeline action of provider Lambda";

    /// A job that cannot be reported.
    pub(crate) fn no_id() => "EVT02" Configuration
        "CodePipeline.job.id is missing; the job cannot be reported",
        "invoke the function through CodePipeline; without a job ID nothing can be reported";

    /// A job that must not be reported: whatever wrote that ID was not CodePipeline.
    pub(crate) fn bad_id() => "EVT03" Configuration
        "CodePipeline.job.id is not a UUID", "invoke the function through CodePipeline; without a job ID nothing can be reported";

    /// A member of the wrong type.
    pub(crate) fn wrong_type(path: &str, expected: &str) => "EVT04" Configuration
        "{path} must be {expected}", "invoke the function through CodePipeline; do not build the event by hand";

    /// A member that the job needs.
    pub(crate) fn missing(path: &str) => "EVT04" Configuration
        "{path} is missing", "invoke the function through CodePipeline; do not build the event by hand";

    /// No place for the artifact.
    pub(crate) fn no_output() => "EVT05" Configuration
        "this action has no output artifact; add one output artifact to the \"generate\" action",
        "set output_artifacts of the action to one name, such as codedeploy_core";

    /// Several places for the artifact.
    pub(crate) fn several_outputs(names: &[&str]) [count = names.len(), names = list(names)] => "EVT06" Configuration
        "the action has {count} output artifacts ({names}) and `output_artifact` names none",
        "set `output_artifact` in UserParameters to the artifact that CodeDeployToECS takes as its input";

    /// A name that no output artifact has.
    pub(crate) fn unknown_output(wanted, names: &[&str]) [names = list(names)] => "EVT06" Configuration
        "`output_artifact`: \"{wanted}\" is not an output artifact of this action (has: {names})",
        "set `output_artifact` in UserParameters to the artifact that CodeDeployToECS takes as its input";

    /// The event carries no credentials for Amazon S3.
    pub(crate) fn no_credentials() => "EVT07" Configuration
        "the event carries no artifactCredentials",
        "set S3_ACCESS=execution-role in the function's configuration to use its own role for S3";

    /// An event that was delivered too late.
    pub(crate) fn expired(minutes: u64) => "EVT08" Denied
        "artifact credentials expired {minutes} min ago (delivery attempt is late)", "re-run the action";

    /// A job of an account that the function does not serve.
    pub(crate) fn account_not_allowed(account, allowed: &[String]) [allowed = list(allowed)] => "EVT09" Denied
        "the job is from account {account}, this function accepts only {allowed}",
        "add the account to ALLOWED_ACCOUNTS in the function's configuration";

    /// A bucket that the function must not touch.
    pub(crate) fn bucket_not_allowed(bucket, allowed: &[String]) [allowed = list(allowed)] => "EVT10" Denied
        "bucket \"{bucket}\" is not allowed (allowed: {allowed})",
        "add the bucket to ALLOWED_BUCKETS in the function's configuration";

    /// An artifact that is not in Amazon S3.
    pub(crate) fn location_type(got) => "EVT11" Configuration
        "artifact location type \"{got}\" is not supported, only S3",
        "keep the artifacts of this action in an S3 artifact store";

    /// A key that is not one of AWS KMS.
    pub(crate) fn key_type(got) => "EVT12" Configuration
        "encryption key type \"{got}\" is not supported, only KMS", "give the artifact store a KMS key, or none";

    /// Not JSON within the limits. `problem` has line and column and no values.
    pub(crate) fn unreadable(problem: &str) => "EVT13" Configuration
        "event {problem}", "invoke the function through CodePipeline; do not build the event by hand";

    /// No disk space for a temporary file.
    pub(crate) fn no_disk(problem: &std::io::Error) => "EVT14" Unavailable
        "cannot create a temporary file: {problem}", "give the function more ephemeral storage";

    /// A task definition that the function must not show.
    pub(crate) fn family_not_allowed(family, allowed: &[String]) [allowed = list(allowed)] => "EVT15" Denied
        "task definition family \"{family}\" is not allowed (allowed: {allowed})",
        "add the family to ALLOWED_TASK_DEFINITIONS in the function's configuration, if this pipeline may read it";

    /// A name that no input artifact has.
    pub(crate) fn unknown_input(wanted, names: &[&str]) [names = list(names)] => "PAR18" Configuration
        "\"{wanted}\" is not an input artifact of this action (has: {names})",
        "list the artifact in input_artifacts of the action and name the file as ARTIFACT::PATH";

    /// A path on disk, in the request of a function.
    pub(crate) fn on_disk(path) => "PAR18" Configuration
        "\"{path}\" is a path on disk, and the function reads files of input artifacts only",
        "list the artifact in input_artifacts of the action and name the file as ARTIFACT::PATH";

    /// A configuration file that is not text.
    pub(crate) fn not_text(problem: &str) => "APP15" Input "{problem}", "save the file as UTF-8";

    /// A setting with a value of the wrong form.
    pub(crate) fn bad_setting(name: &str, got, wanted: &str) => "SET01" Configuration
        "{name} in the function's environment contains \"{got}\"", "{wanted}";

    /// A setting without a value.
    pub(crate) fn empty_setting(name: &str, unset: &str) => "SET02" Configuration
        "{name} in the function's environment is empty",
        "give it a value, or remove it from the function's environment: {unset}";

    /// A variable that is named like a setting and is none.
    pub(crate) fn unknown_setting(name, near: Option<&str>, known: &[&str]) [
        near = near.map(|name| format!("; did you mean {name}?")).unwrap_or_default(),
        known = known.join(", "),
    ] => "SET03" Configuration
        "{name} in the function's environment is not a setting{near}",
        "remove it from the function's environment, or rename it to one of {known}";
}
