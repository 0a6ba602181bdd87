//! Alarms that are in ALARM before a deployment is created: CodeDeploy stops such a deployment at once.

use std::time::Duration;

use codedeploy_aws::cloudwatch::alarms_in_alarm;
use codedeploy_aws::config::Aws;
use codedeploy_core::text::first;

use crate::terminal::print;

/// The time limit of the call, which only improves the messages.
const LONGEST: Duration = Duration::from_secs(10);

/// The names of these alarms, metric or composite, that are in ALARM now. Alarms that cannot be read are a note.
pub(crate) async fn fired(read: &Aws, names: &[String]) -> Vec<String> {
    let why = match tokio::time::timeout(LONGEST, alarms_in_alarm(read, names)).await {
        Ok(Ok(fired)) => return fired.into_iter().map(|alarm| alarm.name).collect(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the request timed out".to_owned(),
    };
    print::message(&format!("note: could not check whether an alarm is in ALARM: {why}"));
    Vec::new()
}

/// Warns about the alarms that will stop the deployment that `deploy` is about to create, and returns them.
pub(crate) async fn warn_of_fired(read: &Aws, names: &[String]) -> Vec<String> {
    let fired = fired(read, names).await;
    if !fired.is_empty() {
        print::message(&format!(
            "warning: {} in ALARM, so CodeDeploy will stop this deployment as soon as it starts\nhint: deploy when it is \
             OK again, or add --no-alarms to deploy without alarms",
            are(&fired)
        ));
    }
    fired
}

/// `alarm errors is`, `alarms errors, latency are`.
pub(crate) fn are(names: &[String]) -> String {
    let (noun, verb) = if names.len() == 1 { ("alarm", "is") } else { ("alarms", "are") };
    format!("{noun} {} {verb}", first(names, usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alarm_is_and_several_are() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(are(&names(&["errors"])), "alarm errors is");
        assert_eq!(are(&names(&["errors", "a\nb"])), "alarms errors, a\\nb are");
    }
}
