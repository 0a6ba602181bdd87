//! Calls to AWS CodeDeploy: a deployment is made, looked at, continued and stopped.
//!
//! Requests, answers and errors: <https://docs.aws.amazon.com/codedeploy/latest/APIReference/Welcome.html>

mod create;
mod deployments;
mod group;
mod revision;
mod search;
mod steer;
mod target;

use aws_sdk_codedeploy::Client;

use crate::config::Aws;
use crate::error::{Facts, Why};

pub use create::{Alarms, CreateError, DESCRIPTION_CHARACTERS, NewDeployment, RollbackOverride, create_deployment};
pub use deployments::{DeploymentFilter, batch_get_deployments, get_deployment, list_deployments};
pub use group::{check_application, get_deployment_config, get_deployment_group};
pub use revision::{BundleType, RevisionToDeploy, appspec_of, deployable};
pub use search::{batch_get_deployment_groups, list_applications, list_deployment_groups};
pub use steer::{Continued, Stopped, Wait, continue_deployment, stop_deployment};
pub use target::deployment_target;

fn client(aws: &Aws) -> Client {
    Client::new(aws.sdk())
}

/// What CodeDeploy means. Its names are checked by the server alone, so a name of the wrong shape is one not found.
fn why(facts: &Facts) -> Why {
    let text = || facts.message.clone().unwrap_or_default();
    match facts.code() {
        "DeploymentDoesNotExistException" | "InvalidDeploymentIdException" => Why::DeploymentMissing,
        "ApplicationDoesNotExistException" | "InvalidApplicationNameException" => Why::ApplicationMissing,
        "DeploymentGroupDoesNotExistException" | "InvalidDeploymentGroupNameException" => Why::GroupMissing,
        "DeploymentConfigDoesNotExistException" | "InvalidDeploymentConfigNameException" => {
            Why::DeploymentConfigMissing
        }
        "InvalidRevisionException" | "RevisionDoesNotExistException" | "RevisionRequiredException" => {
            Why::RevisionRefused { text: text() }
        }
        "InvalidRoleException" => Why::ServiceRole { text: text() },
        "DeploymentLimitExceededException" => Why::DeploymentActive { active: deployment_id_in(&text()) },
        _ => facts.why(),
    }
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
    use aws_sdk_codedeploy::types;
    use codedeploy_core::deployment;

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

    #[test]
    fn a_deployment_is_active_until_its_end() {
        let names = deployment::DeploymentStatus::KNOWN.iter();
        let active =
            names.map(|name| deployment::DeploymentStatus::from_name(name)).filter(|status| !status.is_final());
        let missing: Vec<_> = active.filter(|status| !deployment::DeploymentStatus::ACTIVE.contains(status)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(deployment::DeploymentStatus::ACTIVE.iter().all(|status| !status.is_final()));
    }

    /// The verdict knows every status that CodeDeploy has. When this fails, the SDK has learnt a new one.
    #[test]
    fn the_pure_types_know_every_name_of_the_model() {
        fn check(known: &[&str], model: &[&str]) {
            let sorted = |names: &[&str]| {
                let mut names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
                names.sort();
                names
            };
            assert_eq!(sorted(known), sorted(model));
        }
        check(deployment::DeploymentStatus::KNOWN, types::DeploymentStatus::values());
        check(deployment::TargetStatus::KNOWN, types::TargetStatus::values());
        check(deployment::LifecycleStatus::KNOWN, types::LifecycleEventStatus::values());
        check(deployment::Label::KNOWN, types::TargetLabel::values());
        check(deployment::RollbackEvent::KNOWN, types::AutoRollbackEvent::values());
        check(&["AllAtOnce", "TimeBasedCanary", "TimeBasedLinear"], types::TrafficRoutingType::values());
        check(&["CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT"], types::DeploymentReadyAction::values());
        check(&["KEEP_ALIVE", "TERMINATE"], types::InstanceAction::values());
        check(&["READY_WAIT", "TERMINATION_WAIT"], types::DeploymentWaitType::values());
        check(&["Pending", "Succeeded"], types::StopStatus::values());
        check(&["ECS", "Lambda", "Server"], types::ComputePlatform::values());
        check(&["AppSpecContent", "GitHub", "S3", "String"], types::RevisionLocationType::values());
    }
}
