//! What `rollback` refuses.

use codedeploy_core::deployment::DeploymentStatus;
use codedeploy_core::fault::shown;
use codedeploy_core::faults;

faults! {
    /// The faults of rollbacks.
    pub(in crate::commands) const FORMS;

    /// The group is busy.
    pub(super) fn active(id: &str) [id = shown(id)] => "DEP01" Unavailable "deployment {id} is in progress in this group",
        "stop it and roll back in one step with `codedeploy-artifact stop {id} --rollback`";
    /// The group already runs a rollback.
    pub(super) fn rolls_back(id: &str) [id = shown(id)] =>
        "DEP01" Unavailable "deployment {id} is in progress in this group",
        "it is already a rollback; wait for it with `codedeploy-artifact wait {id}`";
    /// No deployment of the group has ever succeeded.
    pub(super) fn nothing_served(application: &str, group: &str) [
        application = shown(application), group = shown(group),
    ] => "RBK01" NotFound "no deployment of {application}/{group} has succeeded yet",
        "deploy a revision with `codedeploy-artifact deploy`";
    /// No successful deployment differs from what is serving.
    pub(super) fn no_earlier(application: &str, group: &str, looked_at: usize) [
        application = shown(application), group = shown(group),
    ] => "RBK01" NotFound "none of the {looked_at} newest successful deployments of {application}/{group} differs \
            from what is serving now",
        "choose a deployment with --to, or deploy an artifact of the old version";
    /// A deployment of another group.
    pub(super) fn elsewhere(id: &str, application: &str, group: &str) [
        id = shown(id), application = shown(application), group = shown(group),
    ] => "RBK02" Configuration "deployment {id} belongs to {application}/{group}",
        "use the --application and --deployment-group of that deployment";
    /// A deployment that has not succeeded.
    pub(super) fn never_served(id: &str, status: &DeploymentStatus) [id = shown(id)] =>
        "RBK03" Input "deployment {id} is {status}; it has not succeeded",
        "choose a deployment that succeeded, or use `codedeploy-artifact deploy`";
    /// A deployment whose revision is not an AppSpec, or no longer exists.
    pub(super) fn no_revision(id: &str) [id = shown(id)] =>
        "RBK04" Input "deployment {id} has no revision that can be deployed again",
        "choose another deployment, or deploy an artifact of that version";
    /// No terminal to ask on.
    pub(super) fn not_confirmed() =>
        "RBK05" Configuration "a rollback without a terminal requires --yes; nothing was deployed",
        "check the plan above, then add --yes";
    /// The answer was not yes.
    pub(super) fn declined() => "RBK06" Configuration "not confirmed; nothing was deployed",
        "answer y, or choose another deployment with --to";
    /// ECS starts no tasks from the task definition.
    pub(super) fn inactive(arn: &str) [arn = shown(arn)] => "RBK07" Configuration
        "task definition {arn} is not ACTIVE, so ECS cannot start tasks from it; nothing was deployed",
        "add --register to register the same content as a new revision and deploy that";
    /// The task definition was deleted.
    pub(super) fn deleted(arn: &str, id: &str) [arn = shown(arn), id = shown(id)] =>
        "RBK08" NotFound "task definition {arn} of deployment {id} no longer exists",
        "choose another deployment with --to, or deploy an artifact of that version with `codedeploy-artifact deploy \
            --register`";
    /// The alarms cannot be turned off. `denial` is the error of AWS, and `allow` the permission to add.
    pub(super) fn alarms_denied(denial: &str, allow: &str) => "RBK09" Denied
        "the alarms of the deployment group cannot be turned off for the rollback: {denial}",
        "add --keep-alarms, or {allow}";
}
