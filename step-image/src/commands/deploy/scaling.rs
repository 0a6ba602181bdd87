//! `--suspend-scaling`: auto scaling is suspended while the deployment is in progress, and restored however the command ends.
//! After a signal, `steps::abort` restores it.

use std::time::Duration;

use codedeploy_aws::auto_scaling;
use codedeploy_core::account::facts::Suspended;
use codedeploy_core::artifact::service::Service;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::text::list;
use serde_json::json;
use tokio::time::timeout;

use crate::steps::account::Account;
use crate::steps::begun::Begun;
use crate::steps::poll::{patiently, refusal};
use crate::steps::suspension::Suspension;
use crate::terminal::progress::Reporter;
use crate::terminal::{exit, print};

/// How long new credentials may take.
const RENEWAL: Duration = Duration::from_secs(20);

/// What can be suspended: `None`, with a note or a warning, if there is nothing.
pub(super) async fn suspendable(account: &Account, service: &Service) -> Result<Option<Suspension>, Fault> {
    let name = shown(&service.full_name());
    let Some(scaling) = auto_scaling::scaling(&account.read, &service.cluster, &service.name).await? else {
        print::message(&format!("note: {name} has no auto scaling to suspend"));
        return Ok(None);
    };
    let before = scaling.suspended;
    let what = before.names();
    if !what.is_empty() {
        print::message(&format!(
            "warning: auto scaling of {name} is suspended already ({}), and stays so after the deployment\nhint: if an earlier \
             run was killed before it restored it, run `{}`",
            list(&what),
            Suspended::default().command(&name)
        ));
    }
    let suspension = Suspension::new(account.deploy.clone(), service, before);
    Ok(Some(suspension).filter(|_| before != Suspended::ALL))
}

/// Does the work while auto scaling is suspended.
///
/// # Errors
/// That of AWS if it cannot be suspended, before the work; that of the work.
pub(super) async fn during(
    suspension: Suspension,
    account: &Account,
    reporter: Reporter,
    begun: &Begun,
    work: impl Future<Output = Result<print::Result, Fault>>,
) -> Result<print::Result, Fault> {
    let name = suspension.name();
    // Recorded first: a request that is not answered may have suspended it.
    begun.suspends(Some(suspension.clone()));
    let suspended = begun.change(suspension.call(), format!("{name} was suspended"), suspension.begin()).await;
    let done = match suspended {
        Ok(()) => {
            reporter.line(&format!("{name} suspended"), "scaling-suspended", json!({}));
            Box::pin(work).await
        }
        Err(error) => {
            if refusal(&error).is_some() {
                // Nothing was changed, and the same permission would be missing again.
                begun.suspends(None);
            }
            Err(Fault::from(error).within(format_args!("{name} cannot be suspended")))
        }
    };
    let Err(fault) = Box::pin(restore(account, reporter, begun)).await else { return done };
    match done {
        Ok(mut result) => {
            print::message(&format!("error: {}", fault.report()));
            // The result of the deployment matters more.
            if result.exit == exit::DONE {
                result.exit = exit::code(&fault);
            }
            Ok(result)
        }
        Err(first) => {
            print::message(&format!("warning: {}", fault.report()));
            Err(first)
        }
    }
}

async fn restore(account: &Account, reporter: Reporter, begun: &Begun) -> Result<(), Fault> {
    let Some(mut suspension) = begun.suspension() else { return Ok(()) };
    let name = suspension.name();
    let send = async |suspension: &Suspension| {
        let request = async || begun.change(suspension.call(), format!("{name} was restored"), suspension.end()).await;
        patiently(reporter.clock(), request).await
    };
    let mut answer = send(&suspension).await;
    if answer.as_ref().is_err_and(|error| refusal(error).is_some())
        && let Ok(Ok(Some(fresh))) = timeout(RENEWAL, account.renewed()).await
    {
        suspension = suspension.with(fresh.deploy);
        answer = send(&suspension).await;
    }
    match answer {
        Ok(()) => {
            begun.suspends(None);
            reporter.line(&format!("{name} restored"), "scaling-restored", json!({}));
            Ok(())
        }
        Err(error) => Err(Fault::from(error)
            .within(format_args!("{name} may still be suspended"))
            .with_hint(format!("run `{}`", suspension.command()))),
    }
}
