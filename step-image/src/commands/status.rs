//! `status`: one deployment as it is now.

mod text;

use clap::Args;
use codedeploy_core::deployment::{EXIT_TIMED_OUT, Followed, Verdict, report};
use codedeploy_core::fault::Fault;
use serde_json::Value;

use crate::steps::account::{self, Reader};
use crate::steps::begun::Begun;
use crate::steps::chosen::DeploymentFlags;
use crate::steps::evidence::{self, LogLines};
use crate::steps::look::look;
use crate::terminal::clock::Clock;
use crate::terminal::{exit, print};

/// Show a deployment: status, lifecycle events, traffic, tasks, and why it failed
#[derive(Debug, Args)]
#[command(
    after_help = "Without --exit-code the exit code is 0 whatever the state of the deployment. Programs read `verdict` of \
    --output json, which is null until the deployment and its rollback have finished."
)]
pub(crate) struct Status {
    /// Exit like `wait`: 0, 10, 11 or 12, and 13 while the deployment is in progress
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    logs: LogLines,
    #[command(flatten)]
    deployment: DeploymentFlags,
    #[command(flatten)]
    account: Reader,
}

impl Status {
    pub(crate) async fn run(self, begun: &Begun) -> Result<print::Result, Fault> {
        let named = self.deployment.named(begun)?;
        let read = account::open_for(self.account.access()?, named.service()).await?.read;
        let id = named.id(&read, begun, None).await?;
        let mut followed = look(&read, &id, Clock::start().now_ms()).await?;
        evidence::gather(&read, &mut followed, &[], self.logs).await;
        let exit = if self.exit_code { exit_code(&followed) } else { exit::DONE };
        Ok(print::Result { json: json(&followed), text: text::text(&followed), exit, ..print::Result::default() })
    }
}

fn exit_code(followed: &Followed) -> u8 {
    followed.verdict.as_ref().map_or(EXIT_TIMED_OUT, Verdict::exit_code)
}

/// The document of `wait`, with the age of the deployment instead of the time waited.
fn json(followed: &Followed) -> Value {
    let mut document = report::json(followed);
    if let Some(members) = document.as_object_mut() {
        members.remove("waited_seconds");
        members.remove("stopped_on_timeout");
        // As for a wait: the task sets of an earlier deployment no longer exist.
        members.remove("notes");
        members.insert("age_seconds".to_owned(), followed.waited.as_secs().into());
    }
    document
}
