//! Calls to AWS CodeDeploy: to create, describe, continue and stop deployments.
//!
//! Requests, answers and errors: <https://docs.aws.amazon.com/codedeploy/latest/APIReference/Welcome.html>

#[cfg(feature = "command-line")]
mod create;
#[cfg(feature = "command-line")]
mod deployments;
mod group;
pub(crate) mod hook;
mod list;
#[cfg(feature = "command-line")]
mod revision;
mod search;
pub(crate) mod shared;
#[cfg(feature = "command-line")]
mod steer;
#[cfg(feature = "command-line")]
mod target;

#[cfg(feature = "command-line")]
pub use create::{Alarms, CreateError, DESCRIPTION_CHARACTERS, NewDeployment, RollbackOverride, create_deployment};
#[cfg(feature = "command-line")]
pub use deployments::{batch_get_deployments, get_deployment};
pub use group::{check_application, get_deployment_config, get_deployment_group};
pub use hook::{HookExecution, put_hook_status};
pub use list::{DeploymentFilter, list_deployments};
#[cfg(feature = "command-line")]
pub use revision::{BundleType, RevisionToDeploy, appspec_of, deployable};
pub use search::{batch_get_deployment_groups, list_applications, list_deployment_groups};
#[cfg(feature = "command-line")]
pub use steer::{Continued, Stopped, Wait, continue_deployment, stop_deployment};
#[cfg(feature = "command-line")]
pub use target::deployment_target;

#[cfg(all(test, feature = "command-line"))]
mod tests {
    use aws_sdk_codedeploy::types;
    use codedeploy_core::deployment;

    #[test]
    fn a_deployment_is_active_until_its_end() {
        let names = deployment::DeploymentStatus::KNOWN.iter();
        let active =
            names.map(|name| deployment::DeploymentStatus::from_name(name)).filter(|status| !status.is_final());
        let missing: Vec<_> = active.filter(|status| !deployment::DeploymentStatus::ACTIVE.contains(status)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(deployment::DeploymentStatus::ACTIVE.iter().all(|status| !status.is_final()));
    }

    /// Checks that the verdict covers every deployment status. It fails when the SDK adds one.
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
