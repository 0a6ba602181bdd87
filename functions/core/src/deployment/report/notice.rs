//! A deployment in a few lines, for a channel or a mailbox.

use super::html::Console;
use crate::deployment::followed::Followed;
use crate::deployment::why::why;
use crate::fault::shown;

/// What is told about a deployment at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// One line of printable ASCII, at most [`SUBJECT`] characters.
    pub subject: String,
    /// A few lines without a line break at the end.
    pub text: String,
}

/// The longest subject that Amazon SNS accepts, in characters.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
pub const SUBJECT: usize = 100;

/// What is to be told now: that the deployment is in progress, the probable cause of its failure, or its outcome.
pub fn notice(followed: &Followed, console: &Console) -> Notice {
    let deployment = &followed.deployment;
    let (why, id) = (why(followed), &deployment.id);
    let state = match (&followed.verdict, &why) {
        (Some(verdict), _) => verdict.name().replace('-', " "),
        (None, Some(_)) => "failed".to_owned(),
        (None, None) => "in progress".to_owned(),
    };
    let headline = match (&why, &followed.verdict) {
        (Some(why), _) => why.headline(),
        (None, Some(verdict)) => verdict.about(id),
        (None, None) => format!("deployment {} is in progress", shown(id)),
    };
    let mut lines = vec![headline];
    let group = format!("{}/{}", shown(&deployment.application), shown(&deployment.group));
    lines.push(format!("deployment group: {group}"));
    lines.extend(followed.notes().into_iter().map(|note| format!("note: {note}")));
    if let Some(why) = why {
        lines.push(format!("now serving: {}", why.serving));
        lines.push(format!("next: {}", why.next_step));
    }
    lines.extend(console.deployment_url(id));
    let subject = format!("{group}: deployment {} {state}", shown(id));
    let printable = |character: &char| character.is_ascii_graphic() || *character == ' ';
    Notice { subject: subject.chars().filter(printable).take(SUBJECT).collect(), text: lines.join("\n") }
}
