//! `wait`: follows a deployment to its end, including any rollback.

use clap::Args;
use codedeploy_core::fault::Fault;

use crate::steps::account::{self, Stopper};
use crate::steps::begun::{Begun, OnAbort, Stage};
use crate::steps::chosen::DeploymentFlags;
use crate::steps::finish::finish;
use crate::steps::waiting::{Plan, Waiting, first_look};
use crate::terminal::clock::Clock;
use crate::terminal::output::Output;
use crate::terminal::print;
use crate::terminal::progress::Reporter;

/// Wait for a deployment to finish, including any rollback
#[derive(Debug, Args)]
pub(crate) struct Wait {
    #[command(flatten)]
    deployment: DeploymentFlags,
    #[command(flatten)]
    waiting: Waiting,
    /// Action on SIGTERM, SIGINT or SIGHUP: stop-and-rollback, stop or leave
    #[arg(long, value_name = "POLICY", default_value = "leave", hide_possible_values = true, help_heading = "Waiting")]
    on_abort: OnAbort,
    #[command(flatten)]
    account: Stopper,
}

impl Wait {
    pub(crate) async fn run(self, output: Output, begun: &Begun) -> Result<print::Result, Fault> {
        let Wait { deployment, waiting, on_abort, account } = self;
        begun.on_abort(on_abort);
        let named = deployment.named(begun)?;
        let reporter = Reporter::new(output, Clock::start());
        let account = account::open_for(account.access()?, named.service()).await?;
        let id = named.id(&account.read, begun, Some(reporter)).await?;
        begun.set(Stage::Made { id: id.clone(), stop: account.stop.clone() });
        let deployment = first_look(&account.read, &id, reporter).await?;
        let plan = Box::pin(Plan::of(&account.read, &deployment, &waiting)).await?;
        account.warn_of_expiry(plan.longest()).await;
        let followed = Box::pin(plan.follow(&id, &account, reporter, begun)).await?;
        Ok(finish(&followed, &waiting.report, &account.read, reporter))
    }
}
