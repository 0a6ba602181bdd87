//! What a deployment may have otherwise than its group.

use clap::{Arg, ArgAction, ArgMatches};
use codedeploy_aws::codedeploy::{Alarms, RollbackOverride};
use codedeploy_core::deployment::{AutoRollback, Group, RollbackEvent};
use codedeploy_core::fault::shown;

use super::error::DeployError;
use super::{option, switch, text};

/// The overrides that were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Overrides {
    pub(super) config_name: Option<String>,
    pub(super) auto_rollback: Option<RollbackOverride>,
    pub(super) alarms: Option<Alarms>,
}

/// The flags.
pub(super) fn flags() -> [Arg; 4] {
    [
        option("deployment-config", "NAME", "Deployment config, such as CodeDeployDefault.ECSCanary10Percent5Minutes"),
        option("auto-rollback", "EVENT,…", "Roll back on failure, alarm and stop, some of them, or none"),
        option("alarm", "NAME", "CloudWatch alarm that stops the deployment; may be repeated")
            .action(ArgAction::Append),
        switch("no-alarms", "Let no alarm stop the deployment, even if the group has alarms").conflicts_with("alarm"),
    ]
    .map(|flag| flag.help_heading("Instead of what the group says"))
}

impl Overrides {
    /// Understands the flags.
    pub(super) fn of(flags: &ArgMatches) -> Result<Overrides, DeployError> {
        let names: Vec<String> = flags.get_many::<String>("alarm").into_iter().flatten().cloned().collect();
        let fits = |name: &String| (1..=255).contains(&name.chars().count());
        if !names.iter().all(fits) {
            let problem = "the name of an alarm has 1-255 characters".to_owned();
            let hint = "give the name of a CloudWatch alarm, or --no-alarms";
            return Err(DeployError::Flag { flag: "--alarm", problem, hint });
        }
        let off = flags.get_flag("no-alarms").then_some(Alarms::Off);
        Ok(Overrides {
            config_name: text(flags, "deployment-config").map(str::to_owned),
            auto_rollback: text(flags, "auto-rollback").map(rollback).transpose()?,
            alarms: off
                .or_else(|| (!names.is_empty()).then_some(Alarms::Watched { names, ignore_poll_failure: false })),
        })
    }

    /// The alarms that will stop the deployment.
    pub(super) fn watched<'a>(&'a self, group: &'a Group) -> &'a [String] {
        match &self.alarms {
            Some(Alarms::Off) => &[],
            Some(Alarms::Watched { names, .. }) => names,
            None => group.alarms.watched(),
        }
    }

    /// The automatic rollback as the wait knows it.
    pub(super) fn group_auto_rollback(&self) -> Option<AutoRollback> {
        self.auto_rollback.as_ref().map(|given| match given {
            RollbackOverride::Off => AutoRollback { enabled: false, events: Vec::new() },
            RollbackOverride::On(events) => AutoRollback { enabled: true, events: events.clone() },
        })
    }
}

fn rollback(text: &str) -> Result<RollbackOverride, DeployError> {
    if text == "none" {
        return Ok(RollbackOverride::Off);
    }
    let event = |name: &str| match name {
        "failure" | "DEPLOYMENT_FAILURE" => Ok(RollbackEvent::Failure),
        "alarm" | "DEPLOYMENT_STOP_ON_ALARM" => Ok(RollbackEvent::StopOnAlarm),
        "stop" | "DEPLOYMENT_STOP_ON_REQUEST" => Ok(RollbackEvent::StopOnRequest),
        other => {
            let problem = format!("\"{}\" is not failure, alarm, stop or none", shown(other));
            let hint = "write --auto-rollback none, or one or more of failure,alarm,stop";
            Err(DeployError::Flag { flag: "--auto-rollback", problem, hint })
        }
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
