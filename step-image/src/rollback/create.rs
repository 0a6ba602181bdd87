//! A deployment that is made at most once, however many answers are lost: by the same token as those of `deploy`.

use std::time::Duration;

use codedeploy_aws::codedeploy::{CreateError, NewDeployment, create_deployment};
use codedeploy_aws::error::Why;
use codedeploy_core::fault::{Explain as _, Fault};
use serde_json::json;

use super::error::RollbackError;
use super::plan::AlarmPlan;

use crate::abort::{Begun, Look, Stage};
use crate::account::Account;
use crate::deploy;
use crate::progress::Talk;

/// Requests that are sent at most.
const ATTEMPTS: u32 = 5;

/// The pause before the second, in seconds; each further one is twice as long.
const PAUSE: u64 = 2;

/// Makes the deployment and returns its id. Its description must hold `token`, which no other deployment has.
///
/// After a lost answer the group is looked through before the request is sent again, and a deployment with the token
/// is adopted. Where that look fails nothing is sent again.
pub(super) async fn create(
    account: &Account,
    new: &NewDeployment,
    alarms: &AlarmPlan,
    token: &str,
    talk: Talk,
    begun: &Begun,
) -> Result<String, Fault> {
    let look = Look {
        read: account.read.clone(),
        application: new.application.clone(),
        group: new.group.clone(),
        token: token.to_owned(),
        known: Vec::new(),
    };
    let made = |id: String, adopted: bool| {
        deploy::tell_of_made(&id, adopted, account, talk, begun);
        id
    };
    begun.set(Stage::Creating { look: Box::new(look.clone()), stop: account.stop.clone() });
    let mut lost = false;
    let mut attempt = 1;
    loop {
        let error = match create_deployment(&account.deploy, new).await {
            Ok(id) => return Ok(made(id, false)),
            Err(error) => error,
        };
        lost |= matches!(error, CreateError::Ambiguous(_));
        let again = matches!(error, CreateError::Ambiguous(_) | CreateError::Throttled(_)) && attempt < ATTEMPTS;
        if lost {
            let line = format!("an answer of CreateDeployment was lost ({error}); looks for the deployment");
            talk.line(&line, "answer-lost", json!({ "attempt": attempt }));
            // A group that runs a deployment may run ours.
            match deploy::look_for(&look, talk).await {
                Ok(Some(id)) => return Ok(made(id, true)),
                Ok(None) if again => {}
                found => {
                    deploy::tell_of_lost(&look);
                    let expired = found.err().map(Fault::from).filter(deploy::is_expiry);
                    return Err(deploy::unanswered(expired.unwrap_or_else(|| error.into()), false));
                }
            }
        } else if again {
            talk.clock().sleep(Duration::from_secs(PAUSE << (attempt - 1))).await;
        } else {
            begun.set(Stage::Before);
            return Err(refused(error, alarms));
        }
        attempt += 1;
    }
}

/// A refusal to turn the alarms off has a way round it in an emergency.
fn refused(error: CreateError, alarms: &AlarmPlan) -> Fault {
    let action = match error.aws().why() {
        Why::Denied { denial, .. } => denial.action.as_deref(),
        _ => None,
    };
    if !alarms.are_turned_off() || action != Some("codedeploy:UpdateDeploymentGroup") {
        return error.into();
    }
    let (denial, allow) = (error.aws().to_string(), error.aws().hint());
    RollbackError::AlarmsDenied { denial, allow, fired: alarms.fired.clone() }.into()
}
