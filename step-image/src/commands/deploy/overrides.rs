//! Settings of a deployment that override those of its group.

use clap::Args;
use codedeploy_aws::codedeploy::{Alarms, NewDeployment, RevisionToDeploy, RollbackOverride};
use codedeploy_core::deployment::{AutoRollback, Group, RollbackEvent};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;

use crate::terminal::values::Refused;

/// The flags of the overrides.
#[derive(Debug, Args)]
#[command(next_help_heading = "Deployment group overrides")]
pub(super) struct Overrides {
    /// Deployment config, such as CodeDeployDefault.ECSCanary10Percent5Minutes
    #[arg(long = "deployment-config", value_name = "NAME")]
    pub(super) config_name: Option<String>,
    /// Roll back on these events: failure, alarm, stop (comma-separated), or none
    #[arg(long, value_name = "EVENT,…", value_parser = |text: &str| rollback(text).map_err(Refused::from))]
    pub(super) auto_rollback: Option<RollbackOverride>,
    /// CloudWatch alarm that stops the deployment (repeatable)
    #[arg(long = "alarm", value_name = "NAME", value_parser = |text: &str| alarm(text).map_err(Refused::from))]
    alarms: Vec<String>,
    /// Do not let alarms stop the deployment, even if the group has alarms
    #[arg(long, conflicts_with = "alarms")]
    no_alarms: bool,
}

faults! {
    /// The faults of overrides.
    pub(super) const FORMS;

    /// An invalid name of an alarm.
    fn not_an_alarm() => "DEP26" Configuration "--alarm: the name of an alarm must have 1-255 characters",
        "use the name of a CloudWatch alarm, or --no-alarms";
    /// An unknown event.
    fn not_an_event(got: &str) [got = shown(got)] =>
        "DEP26" Configuration "--auto-rollback: \"{got}\" must be failure, alarm, stop or none",
        "use --auto-rollback none, or one or more of failure,alarm,stop";
}

impl Overrides {
    /// A deployment of a group with these settings.
    pub(super) fn deployment(&self, group: &Group, revision: RevisionToDeploy, description: String) -> NewDeployment {
        NewDeployment {
            application: group.application.clone(),
            group: group.name.clone(),
            revision,
            config_name: self.config_name.clone(),
            description,
            auto_rollback: self.auto_rollback.clone(),
            alarms: self.alarms(),
        }
    }

    /// The alarms of the deployment, if they are not those of the group.
    fn alarms(&self) -> Option<Alarms> {
        match (self.no_alarms, self.alarms.as_slice()) {
            (true, _) => Some(Alarms::Off),
            (false, []) => None,
            (false, names) => Some(Alarms::Watched { names: names.to_vec(), ignore_poll_failure: false }),
        }
    }

    /// The alarms that will stop the deployment.
    pub(super) fn watched<'a>(&'a self, group: &'a Group) -> &'a [String] {
        match (self.no_alarms, self.alarms.as_slice()) {
            (true, _) => &[],
            (false, []) => group.alarms.watched(),
            (false, names) => names,
        }
    }

    /// The automatic rollback that the wait expects.
    pub(super) fn group_auto_rollback(&self) -> Option<AutoRollback> {
        self.auto_rollback.as_ref().map(|given| match given {
            RollbackOverride::Off => AutoRollback { enabled: false, events: Vec::new() },
            RollbackOverride::On(events) => AutoRollback { enabled: true, events: events.clone() },
        })
    }
}

fn alarm(text: &str) -> Result<String, Fault> {
    if (1..=255).contains(&text.chars().count()) { Ok(text.to_owned()) } else { Err(not_an_alarm()) }
}

fn rollback(text: &str) -> Result<RollbackOverride, Fault> {
    if text == "none" {
        return Ok(RollbackOverride::Off);
    }
    let event = |name: &str| match name {
        "failure" | "DEPLOYMENT_FAILURE" => Ok(RollbackEvent::Failure),
        "alarm" | "DEPLOYMENT_STOP_ON_ALARM" => Ok(RollbackEvent::StopOnAlarm),
        "stop" | "DEPLOYMENT_STOP_ON_REQUEST" => Ok(RollbackEvent::StopOnRequest),
        other => Err(not_an_event(other)),
    };
    text.split(',').map(|name| event(name.trim())).collect::<Result<_, _>>().map(RollbackOverride::On)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_short_names_and_those_of_the_api() {
        use RollbackEvent::{Failure, StopOnAlarm, StopOnRequest};
        for (text, expect) in [
            ("none", Some(RollbackOverride::Off)),
            ("failure", Some(RollbackOverride::On(vec![Failure]))),
            ("alarm, DEPLOYMENT_STOP_ON_REQUEST", Some(RollbackOverride::On(vec![StopOnAlarm, StopOnRequest]))),
            ("failure,none", None),
            ("", None),
        ] {
            assert_eq!(rollback(text).ok(), expect, "{text}");
        }
    }
}
