//! `status`: one deployment as it is now.

mod text;

use clap::{Arg, ArgAction, ArgMatches, Command};
use codedeploy_core::deployment::{EXIT_TIMED_OUT, Followed, report};
use codedeploy_core::fault::Fault;
use serde_json::Value;

use crate::abort::{Begun, Stage};
use crate::account::{self, Use};
use crate::clock::Clock;
use crate::look::look;
use crate::{evidence, exit, print};

/// The verb and its flags.
pub(crate) fn command() -> Command {
    Command::new("status")
        .about("Shows one deployment: status, lifecycle events, traffic, tasks, rollback, and why it failed")
        .arg(Arg::new("id").value_name("ID").required(true).help("The deployment, d-…"))
        .arg(
            Arg::new("exit-code")
                .long("exit-code")
                .action(ArgAction::SetTrue)
                .help("Exit as `wait` would: 0, 10, 11 or 12, and 13 while it has not ended"),
        )
        .args(account::flags(USES))
        .after_help(
            "Without --exit-code the exit code is 0 whatever the state: the question was answered. Programs read \
             `verdict` of --output json, which is null until the deployment and its rollback have ended.",
        )
}

/// Looks once.
pub(crate) async fn run(flags: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    let id = flags.get_one::<String>("id").map(String::as_str).unwrap_or_default();
    begun.set(Stage::Named(id.to_owned()));
    let read = account::open(flags, USES).await?.read;
    let mut followed = look(&read, id, Clock::start().now_ms()).await?;
    evidence::gather(&read, &mut followed, &[]).await;
    let exit = if flags.get_flag("exit-code") { exit_code(&followed) } else { exit::DONE };
    Ok(print::Result { json: json(&followed), text: text::text(&followed), exit, ..print::Result::default() })
}

const USES: &[Use] = &[Use::Read];

fn exit_code(followed: &Followed) -> u8 {
    followed.verdict.as_ref().map_or(EXIT_TIMED_OUT, exit::verdict)
}

/// The document of `wait`. Nothing was waited for, so the age of the deployment stands under its own name.
fn json(followed: &Followed) -> Value {
    let mut document = report::json(followed);
    if let Some(members) = document.as_object_mut() {
        members.remove("waited_seconds");
        members.remove("stopped_on_timeout");
        // Of a wait too: the task sets of an earlier deployment have ended long since.
        members.remove("notes");
        members.insert("age_seconds".to_owned(), followed.waited.as_secs().into());
    }
    document
}
