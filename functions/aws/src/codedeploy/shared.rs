//! The client and the error mapping that all calls to AWS CodeDeploy share.

#[cfg(feature = "command-line")]
use aws_sdk_codedeploy::Client;
use codedeploy_core::fault::shown;
use codedeploy_core::faults;
use serde_json::Value;

use crate::answer::{Facts, refused};
use crate::call::Call;
#[cfg(feature = "command-line")]
use crate::config::Aws;
use crate::error::{Cause, Why};
use crate::faults::sentence;
use crate::lean::{Arguments, Protocol, Service};

faults! {
    /// The faults of AWS CodeDeploy.
    pub(crate) const FORMS;

    /// The deployment group has an active deployment; only one at a time is possible.
    fn deployment_active(name: &str, active: &str) => "DEP01" Unavailable
        "deployment group {name} already runs {active}",
        "wait for it or stop it: `--on-conflict wait` or `--on-conflict stop`";

    /// The deployment does not exist.
    fn deployment_missing(name: &str, region: &str) => "DEP02" NotFound
        "deployment {name} not found in {region}",
        "check the ID, Region and account; a deployment ID is `d-` and nine uppercase letters and digits";

    /// The application, group or config is for another compute platform.
    fn other_platform(name: &str, platform: &str) [platform = shown(platform)] => "DEP05" Configuration
        "{name} has compute platform {platform}, but ECS is required",
        "use an application, deployment group and deployment config with compute platform ECS";

    /// The application does not exist.
    fn application_missing(name: &str, region: &str) => "DEP06" NotFound
        "CodeDeploy application \"{name}\" not found in {region}",
        "check the name of the application, the Region and the account";

    /// The deployment group does not exist in the application.
    fn group_missing(name: &str, region: &str) => "DEP07" NotFound
        "deployment group \"{name}\" not found in {region}", "check the name of the group and of its application";

    /// The deployment config does not exist.
    fn config_missing(name: &str, region: &str) => "DEP08" NotFound
        "deployment config \"{name}\" not found in {region}",
        "use a deployment config of this account, or a predefined one such as CodeDeployDefault.ECSAllAtOnce";

    /// The deployment is not waiting to be continued.
    pub(super) fn not_waiting(name: &str, text: &str) [text = sentence(text)] => "DEP09" Configuration
        "deployment {name} is not waiting to be continued: {text}", "check it with `codedeploy-artifact status`";

    /// CodeDeploy rejected the revision, or does not have it.
    pub(super) fn revision_refused(name: &str, text: &str) [text = sentence(text)] => "DEP10" Input
        "CodeDeploy rejected the revision for {name}: {text}",
        "compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision";

    /// This version does not support how the deployment config shifts traffic.
    pub(super) fn unknown_routing(name: &str, routing: &str) [routing = shown(routing)] => "DEP11" Configuration
        "deployment config {name} shifts traffic by \"{routing}\", which this version does not support",
        "set the longest wait with `--timeout`";

    /// CodeDeploy cannot assume the service role of the group, or the role lacks permissions.
    fn service_role(name: &str, text: &str) [text = sentence(text)] => "DEP12" Configuration
        "the service role of {name} cannot be used: {text}",
        "let codedeploy.amazonaws.com assume the role, and attach AWSCodeDeployRoleForECS to it";
}

/// For the calls that read a group or a list.
pub(crate) const CODEDEPLOY: Service = Service {
    id: "CodeDeploy",
    signing: "codedeploy",
    host: "codedeploy",
    protocol: Protocol::Json("CodeDeploy_20141006"),
};

/// The arguments of a page of a list.
pub(super) fn with_token(mut arguments: Value, token: Option<&str>) -> Arguments {
    if let (Some(members), Some(token)) = (arguments.as_object_mut(), token) {
        members.insert("nextToken".to_owned(), token.into());
    }
    Arguments::Json(arguments)
}

#[cfg(feature = "command-line")]
pub(super) fn client(aws: &Aws) -> Client {
    Client::new(aws.sdk())
}

/// Maps an error of CodeDeploy to its cause. Names are checked by the server only, so an invalid name counts as not
/// found.
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

/// The last deployment ID in a message of AWS: `d-` and at least six letters and digits in upper case. Both known
/// messages name the deployment group first, which may look like an ID.
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
