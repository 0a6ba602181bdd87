//! CodeDeploy's messages about failed deployments: recorded or documented texts if they exist.

pub(super) const NEVER_HEALTHY: &str = "The deployment timed out while waiting for the replacement task set to become healthy. This time out period is \
     60 minutes.";
pub(super) const HOOK_FAILED: &str =
    "The deployment failed because one or more of the lifecycle event validation functions failed.";
pub(super) const HOOK_NEVER_REPORTED: &str = "The deployment timed out while waiting for a status callback. CodeDeploy expects a status callback within one hour \
     after a deployment hook is invoked.";
pub(super) const NOT_BEHIND_LISTENER: &str =
    "The ELB could not be updated due to the following error: Primary taskset target group must be behind listener";

/// As recorded: each name in angle brackets.
pub(super) fn alarms_fired<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("<{name}>")).collect();
    format!(
        "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the \
         affected deployments have been stopped. Activated alarms: {}",
        names.join(" ")
    )
}

pub(super) fn not_continued(minutes: u64) -> String {
    format!(
        "The deployment timed out while waiting for a notification to continue. This time out period is {minutes} \
         minutes."
    )
}

pub(super) fn cannot_update(why: &str) -> String {
    format!(
        "The ECS service cannot be updated due to an unexpected error: {why} (Service: AmazonECS; Status Code: 400; \
         Error Code: InvalidParameterException; Request ID: 6b0ee0f1-7c3a-4c52-a1f7-5d1f3f0f5a10; Proxy: null). \
         Check your ECS service status."
    )
}
