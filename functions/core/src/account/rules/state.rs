//! The state of the account that changes often: other deployments, alarms, auto scaling and quotas.

use crate::account::facts::{NotChecked, Suspended};
use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::fault::finding::findings;
use crate::fault::shown;
use crate::text::list;

findings! {
    /// What can prevent a deployment now.
    pub(super) const FORMS;

    fn other_active(group, id) =>
        "ACC18" Error Unavailable "deployment {id} of {group} is active, and a group can have only one active deployment",
        "wait for it with `codedeploy-artifact wait {id}`, or stop it with `codedeploy-artifact stop {id}`";
    fn in_alarm(group; alarms) =>
        "ACC19" Error Unavailable "in ALARM: {alarms}; CodeDeploy stops a deployment of {group} as soon as it starts",
        "deploy when the alarms are OK again, or deploy with --no-alarms";
    fn suspended(service; what, command) =>
        "ACC20" Warning Configuration "auto scaling of {service} is suspended ({what})",
        "resume it with `{command}`; ignore this if it is intended";
    fn over_quota(tasks, vcpus, quota, code) =>
        "ACC21" Error Configuration
        "two task sets of {tasks} tasks need {vcpus} vCPUs, and the quota of Fargate is {quota} ({code})",
        "request an increase with `aws service-quotas request-service-quota-increase --service-code fargate --quota-code {code} \
         --desired-value {vcpus}`, or deploy with fewer tasks";
}

pub(super) fn active(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(active) = outcome.needed(&seen.facts.active, "the deployment group") else { return };
    outcome.checked += 1;
    if let (Some(id), Some(group)) = (active.first(), seen.facts.group.known()) {
        outcome.found(other_active(format!("{}/{}", group.application, group.name), id));
    }
}

pub(super) fn alarms(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(group) = outcome.needed(&seen.facts.group, "the deployment group") else { return };
    if group.alarms.watched().is_empty() {
        return;
    }
    let Some(fired) = outcome.needed(&seen.facts.alarms, "the deployment group") else { return };
    outcome.checked += 1;
    let names: Vec<&str> = fired.iter().map(|alarm| alarm.name.as_str()).collect();
    if !names.is_empty() {
        outcome.found(in_alarm(format!("{}/{}", group.application, group.name), list(&names)));
    }
}

pub(super) fn scaling(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(service) = outcome.needed(&seen.facts.service, "the service") else { return };
    let Some(Some(scaling)) = outcome.needed(&seen.facts.scaling, "the service") else { return };
    outcome.checked += 1;
    let what = scaling.suspended.names();
    if !what.is_empty() {
        let service = service.full_name();
        let command = Suspended::default().command(&shown(&service));
        outcome.found(suspended(service, list(&what), command));
    }
}

/// Both task sets run at the same time until the termination wait is over. Other tasks in the account are not counted:
/// the finding means that the quota is too low for this service alone.
pub(super) fn quota(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_task_definition(seen) {
        return;
    }
    let Some(code) = &seen.needs.quota else { return };
    let Some(service) = outcome.needed(&seen.facts.service, "the service") else { return };
    let Some(units) = seen.subject.cpu_units() else {
        return outcome.unknown(&NotChecked::because("the CPU of the task is not known"));
    };
    let Some(quota) = outcome.needed_named(&seen.facts.quotas, code, &format!("quota {code}")) else { return };
    outcome.checked += 1;
    let vcpus = units.saturating_mul(service.desired_count).saturating_mul(2).div_ceil(1024);
    if vcpus > *quota {
        outcome.found(over_quota(service.desired_count, vcpus, quota, code));
    }
}
