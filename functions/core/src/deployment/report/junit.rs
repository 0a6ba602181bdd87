//! A deployment as `JUnit` XML: one test case per lifecycle event, and one for the deployment itself.

use crate::deployment::followed::{Followed, FollowedRollback};
use crate::deployment::observation::{Deployment, DeploymentStatus};
use crate::deployment::schedule::millis;
use crate::deployment::target::{LifecycleEvent, LifecycleStatus, Target};
use crate::deployment::why::why;
use crate::junit::{Case, Outcome, Suite, page};

/// The report. It has no failure if the deployment succeeded, and at least one otherwise.
pub fn junit(followed: &Followed) -> String {
    let block = why(followed).map(|why| why.to_string());
    let mut suites =
        vec![suite(&followed.deployment.id, &followed.deployment, followed.target.as_ref(), block.as_deref())];
    if let Some(own) = suites.first_mut() {
        // The failure block appears once: at the event that failed, or here.
        let told = own.cases.iter().any(|case| matches!(case.result, Outcome::Failed(..)));
        own.cases.push(whole(followed, block.as_deref(), told));
    }
    if let Some(FollowedRollback { deployment, target }) = &followed.rollback {
        suites.push(suite(&format!("rollback {}", deployment.id), deployment, target.as_ref(), None));
    }
    page(&suites)
}

fn suite(name: &str, deployment: &Deployment, target: Option<&Target>, block: Option<&str>) -> Suite {
    let well = deployment.status == DeploymentStatus::Succeeded;
    let events = target.map(|target| target.lifecycle_events.as_slice()).unwrap_or_default();
    Suite {
        name: name.to_owned(),
        class: format!("{}.{}", deployment.application, deployment.group),
        cases: events.iter().map(|event| case(event, well, block)).collect(),
    }
}

fn case(event: &LifecycleEvent, well: bool, block: Option<&str>) -> Case {
    let result = match event.status {
        LifecycleStatus::Succeeded => Outcome::Passed,
        // As everywhere, the final status decides.
        LifecycleStatus::Failed if well => Outcome::Skipped("failed, but the deployment continued".to_owned()),
        LifecycleStatus::Failed => {
            let message = event.detail().unwrap_or_else(|| "failed".to_owned());
            let kind = event.diagnostics.as_ref().and_then(|diagnostics| diagnostics.error_code.clone());
            let text = block.map_or_else(|| message.clone(), str::to_owned);
            Outcome::Failed(message, kind.unwrap_or_else(|| "LifecycleEventFailed".to_owned()), text)
        }
        LifecycleStatus::Skipped => Outcome::Skipped("skipped by CodeDeploy".to_owned()),
        LifecycleStatus::InProgress => Outcome::Skipped("in progress".to_owned()),
        LifecycleStatus::Pending | LifecycleStatus::Unknown | LifecycleStatus::Other(_) => {
            Outcome::Skipped("not started".to_owned())
        }
    };
    let millis = event.took().map_or(0, millis);
    Case { name: event.name.clone(), millis, result }
}

/// The deployment as a whole: its result, even if no event failed.
fn whole(followed: &Followed, block: Option<&str>, told: bool) -> Case {
    let result = match (&followed.verdict, block) {
        (Some(verdict), _) if verdict.exit_code() == 0 => Outcome::Passed,
        (None, None) => Outcome::Skipped("in progress".to_owned()),
        (_, block) => {
            let code = followed.deployment.error.as_ref().map(|error| error.code.clone());
            let verdict = followed.verdict.as_ref().map(|verdict| verdict.name().to_owned());
            let kind = code.or(verdict).unwrap_or_else(|| followed.deployment.status.name().to_owned());
            let text = if told { "see the failed lifecycle event" } else { block.unwrap_or_default() };
            Outcome::Failed(followed.outcome(), kind, text.to_owned())
        }
    };
    Case { name: "Deployment".to_owned(), millis: millis(followed.waited), result }
}
