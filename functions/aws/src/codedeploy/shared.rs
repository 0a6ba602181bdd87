//! What every call to AWS CodeDeploy shares: its client, and what its errors mean.

use aws_sdk_codedeploy::Client;
use codedeploy_core::fault::shown;
use codedeploy_core::faults;

use crate::answer::{Facts, refused};
use crate::call::Call;
use crate::config::Aws;
use crate::error::{Cause, Why};
use crate::faults::sentence;

faults! {
    /// The faults of AWS CodeDeploy.
    pub(crate) const FORMS;

    /// The deployment group has an active deployment, and takes one at a time.
    fn deployment_active(name: &str, active: &str) => "DEP01" Unavailable
        "deployment group {name} already runs {active}",
        "wait for it or stop it: `--on-conflict wait` or `--on-conflict stop`";

    /// The deployment does not exist.
    fn deployment_missing(name: &str, region: &str) => "DEP02" NotFound
        "deployment {name} not found in {region}",
        "check id, region and account; an id is `d-` and nine characters in upper case";

    /// The application, group or config is for another compute platform.
    fn other_platform(name: &str, platform: &str) [platform = shown(platform)] => "DEP05" Configuration
        "{name} uses compute platform {platform}, ECS required",
        "name an application, group and config of compute platform ECS";

    /// The application does not exist.
    fn application_missing(name: &str, region: &str) => "DEP06" NotFound
        "no such CodeDeploy application in {region}: {name}",
        "check the application name, the account and the region {region}";

    /// The deployment group does not exist in the application.
    fn group_missing(name: &str, region: &str) => "DEP07" NotFound
        "deployment group \"{name}\" not found in {region}", "check the name of the group and of its application";

    /// The deployment config does not exist.
    fn config_missing(name: &str, region: &str) => "DEP08" NotFound
        "no such deployment config in {region}: {name}",
        "name a config of the account, or one of AWS such as CodeDeployDefault.ECSAllAtOnce";

    /// The deployment does not wait for what it should continue with.
    pub(super) fn not_waiting(name: &str, text: &str) [text = sentence(text)] => "DEP09" Configuration
        "deployment {name} is not waiting to be continued: {text}", "look at it with `codedeploy-artifact status`";

    /// CodeDeploy does not accept the revision, or does not know it.
    pub(super) fn revision_refused(name: &str, text: &str) [text = sentence(text)] => "DEP10" Input
        "CodeDeploy does not accept the revision for {name}: {text}",
        "compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision";

    /// The deployment config shifts traffic in a way that this version does not know.
    pub(super) fn unknown_routing(name: &str, routing: &str) [routing = shown(routing)] => "DEP11" Configuration
        "deployment config {name} shifts traffic by \"{routing}\", which this version does not support",
        "set the time to wait with `--timeout`";

    /// CodeDeploy cannot assume the service role of the group, or the role lacks permissions.
    fn service_role(name: &str, text: &str) [text = sentence(text)] => "DEP12" Configuration
        "the service role of {name} is not usable: {text}",
        "let codedeploy.amazonaws.com assume the role, and attach AWSCodeDeployRoleForECS to it";
}

pub(super) fn client(aws: &Aws) -> Client {
    Client::new(aws.sdk())
}

/// What an error of CodeDeploy means. Only the server checks names, so a name of the wrong shape is one not found.
pub(super) fn cause(call: &Call, facts: &Facts) -> Cause {
    let (name, region, text) = (call.name(), &call.region, &facts.message);
    match facts.code.as_str() {
        "DeploymentDoesNotExistException" | "InvalidDeploymentIdException" => {
            Why::DeploymentMissing.because(deployment_missing(&name, region))
        }
        "ApplicationDoesNotExistException" | "InvalidApplicationNameException" => {
            Why::ApplicationMissing.because(application_missing(&name, region))
        }
        "DeploymentGroupDoesNotExistException" | "InvalidDeploymentGroupNameException" => {
            Why::GroupMissing.because(group_missing(&name, region))
        }
        "DeploymentConfigDoesNotExistException" | "InvalidDeploymentConfigNameException" => {
            config_missing(&name, region).into()
        }
        "InvalidRevisionException" | "RevisionDoesNotExistException" | "RevisionRequiredException" => {
            revision_refused(&name, text).into()
        }
        "InvalidRoleException" => service_role(&name, text).into(),
        "DeploymentLimitExceededException" => {
            let active = deployment_id_in(text);
            let fault = deployment_active(&name, &active.as_deref().map_or("another deployment".to_owned(), shown));
            Why::DeploymentActive { active }.because(fault)
        }
        _ => refused(call, facts),
    }
}

/// The subject of the call is for another compute platform than ECS.
pub(super) fn not_for_ecs(call: &Call, platform: &str) -> Cause {
    Why::NotForEcs.because(other_platform(&call.name(), platform))
}

/// The last deployment id in a sentence of AWS: `d-` and at least six letters and digits in upper case. Both sentences
/// that AWS was seen to write name the deployment group first, which may look like an id.
fn deployment_id_in(text: &str) -> Option<String> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_id = |word: &&str| {
        word.strip_prefix("d-").is_some_and(|id| {
            id.len() >= 6 && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        })
    };
    text.rsplit(|c| !part(c)).find(is_id).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_in_a_sentence() {
        let cases = [
            ("The Deployment Group 'dg' already has an active Deployment 'd-ABC123XYZ'", Some("d-ABC123XYZ")),
            ("Deployment group 'dg' is already deploying 'd-ABC123XYZ'", Some("d-ABC123XYZ")),
            ("Deployment group 'dg' is already deploying deployment 'd-ABC123XYZ'", Some("d-ABC123XYZ")),
            ("The Deployment Group 'd-GROUPS1' already has an active Deployment 'd-ABC123XYZ'", Some("d-ABC123XYZ")),
            ("The Deployment Group already has an active Deployment", None),
            ("(d-0A1B2C3D4).", Some("d-0A1B2C3D4")),
            ("group d-dev already has an active deployment d-ABCDEFGHI", Some("d-ABCDEFGHI")),
            ("no id-ABCDEFGHI here, d-ABC neither", None),
            ("", None),
        ];
        for (text, expect) in cases {
            assert_eq!(deployment_id_in(text).as_deref(), expect, "{text}");
        }
    }
}
