//! Follows a deployment: polls CodeDeploy and drives the pure state machine of [`codedeploy_core::deployment`].

mod looks;
mod renew;
mod told;

use std::time::Duration;

use codedeploy_aws::codedeploy::{deployment_target, get_deployment};
use codedeploy_aws::config::{Aws, Timeouts};
use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::deployment::{
    DeploymentStatus, Event, Evidence, Follow, Followed, History, Next, Observation, Watch, What,
};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;

use super::account::Account;
use super::begun::{Begun, Stage};
use super::poll::{missed, patiently, refusal};
use super::stop::stop;
use crate::terminal::progress::Reporter;
use crate::terminal::{clock, print};

pub(crate) use told::Told;

use looks::Looks;
use renew::Renewal;

faults! {
    /// The faults of a wait whose deployment is still in progress.
    pub(crate) const FORMS;

    /// Nobody renews the credentials.
    fn expired(deployment: &str) [deployment = shown(deployment)] =>
        "DEP20" Denied "the credentials expired during the wait; deployment {deployment} is still in progress",
        "get new credentials and resume with `codedeploy-artifact wait {deployment}`";
}

/// Follows a deployment to its end, including any rollback, or to the point that is waited for.
///
/// # Errors
/// `DEP20` or that of AWS, if no further answer can come. The deployment is still in progress then.
pub(crate) async fn to_the_end(
    account: &Account,
    watch: Watch,
    stopped: Option<StopAsked>,
    told: &Told,
    reporter: Reporter,
    begun: &Begun,
) -> Result<Followed, Fault> {
    let deployment = watch.deployment.clone();
    let mut account = account.clone();
    let mut read = account.read.with_timeouts(POLL);
    let mut follow = Follow::new(watch, reporter.clock().now_ms());
    if let Some(StopAsked { rollback }) = stopped {
        follow.stopped_on_request(rollback);
    }
    let mut looks = Looks::default();
    let mut seen: Option<Evidence> = None;
    let mut history = History::default();
    let mut asked = Asked::default();
    let mut ready_ms = reporter.clock().now_ms();
    let visible_ms = reporter.clock().after(NOT_YET_VISIBLE);
    let mut visible = false;
    loop {
        let now = || reporter.clock().now_ms();
        let events = match follow.next(now(), clock::chance()) {
            Next::Done(_) => break,
            Next::Tick(after) => {
                reporter.sleep(after, &mut follow).await;
                follow.tick(now())
            }
            Next::Stop { rollback } => {
                let answer = stop_timed_out(&account, &deployment, rollback, reporter, begun).await;
                follow.stop_answered(answer, now())
            }
            Next::FollowRollback(rollback) => {
                begun.set(Stage::RollingBack { id: deployment.clone(), rollback });
                Vec::new()
            }
            Next::Poll(after) => {
                reporter.sleep(after, &mut follow).await;
                let id = follow.following().to_owned();
                match observe(&read, &id, &mut asked).await {
                    Ok(observation) => {
                        let first = !std::mem::replace(&mut visible, true);
                        let events = follow.observe(observation, now());
                        // What has ended is told once, at the end.
                        if first && follow.verdict().is_none() && !events.iter().any(ended_badly) {
                            told.notify.tell(&read, &follow.followed(now())).await;
                        }
                        events
                    }
                    Err(error) => {
                        let young = id != deployment || (!visible && now() < visible_ms);
                        let refused = refusal(&error);
                        let events = match (refused, missed(&error, young)) {
                            (Some(refusal), _) => follow.refused(refusal, now()),
                            (None, missed) => missed.map(|missed| follow.missed(missed, now())),
                        };
                        let Some(events) = events else {
                            return Err(lost(&deployment, error));
                        };
                        if refused.is_some() {
                            match Box::pin(renew::renewed(&account, &error, reporter)).await {
                                Renewal::Impossible => return Err(lost(&deployment, error)),
                                Renewal::None => {}
                                Renewal::Fresh(fresh) => {
                                    account = *fresh;
                                    read = account.read.with_timeouts(POLL);
                                    renewed(&account, begun);
                                }
                            }
                        }
                        events
                    }
                }
            }
        };
        let found = looks.collect(&mut follow, now());
        history.sample(now(), follow.target());
        for events in [&events, &found] {
            reporter.events(events);
            history.note(now(), events);
        }
        looks.start(&read, &follow, now());
        if reporter.clock().since(ready_ms) >= STAY_READY {
            ready_ms = now();
            account.keep_ready_to_stop().await;
            if let Some(suspension) = begun.suspension() {
                suspension.keep_ready().await;
            }
        }
        // Queries while the green task set still exists: a rollback removes it.
        if seen.is_none() && events.iter().any(ended_badly) {
            begun.set(Stage::Over { id: deployment.clone() });
            let failed = told.gathered(&account, follow.followed(now()), &looks).await;
            if failed.verdict.is_none() {
                told.notify.tell(&read, &failed).await;
            }
            seen = Some(failed.evidence);
        }
    }
    print::clear();
    let followed = Followed { history, ..follow.followed(reporter.clock().now_ms()) };
    Ok(told.ended(&account, followed, seen, &looks).await)
}

/// What an interrupted run stops and resumes with.
fn renewed(account: &Account, begun: &Begun) {
    if let Stage::Made { id, .. } = begun.stage() {
        begun.set(Stage::Made { id, stop: account.stop.clone() });
    }
    if let Some(suspension) = begun.suspension() {
        begun.suspends(Some(suspension.with(account.deploy.clone())));
    }
}

/// A stop that was asked for before the wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StopAsked {
    /// Whether with a rollback.
    pub(crate) rollback: bool,
}

/// Stops a deployment whose wait timed out.
async fn stop_timed_out(
    account: &Account,
    id: &str,
    rollback: bool,
    reporter: Reporter,
    begun: &Begun,
) -> Result<(), String> {
    let aws = account.stop.with_timeouts(POLL);
    let stopped = patiently(reporter.clock(), async || stop(&aws, id, rollback.then_some(true), begun).await).await;
    stopped.map(drop).map_err(|error| Fault::from(error).to_string())
}

fn ended_badly(event: &Event) -> bool {
    let bad = [DeploymentStatus::Failed, DeploymentStatus::Stopped];
    !event.of_rollback && matches!(&event.what, What::Status { to, .. } if bad.contains(to))
}

/// Earlier queries, so that each is made or reported only once.
#[derive(Default)]
struct Asked {
    /// Deployment, and its target.
    target: Option<(String, String)>,
    said: bool,
}

async fn observe(read: &Aws, id: &str, asked: &mut Asked) -> Result<Observation, AwsError> {
    let deployment = get_deployment(read, id).await?;
    let target = match deployment.status {
        DeploymentStatus::Created | DeploymentStatus::Queued => None,
        _ => {
            let known = asked.target.as_ref().filter(|(of, _)| of == id).map(|(_, target)| target.as_str());
            match deployment_target(read, id, known).await {
                Ok(target) => target,
                Err(error) if matches!(error.why(), Why::Expired) => return Err(error),
                // The deployment alone decides; this is for the reporter.
                Err(error) => {
                    let denied = matches!(error.why(), Why::Denied { .. });
                    if denied && !std::mem::replace(&mut asked.said, true) {
                        print::message(&format!("note: lifecycle events and task sets cannot be read: {error}"));
                    }
                    None
                }
            }
        }
    };
    if let Some(target) = target.as_ref().filter(|target| !target.id.is_empty()) {
        asked.target = Some((id.to_owned(), target.id.clone()));
    }
    Ok(Observation { deployment, target })
}

/// The fault of a deployment that AWS no longer reports.
fn lost(deployment: &str, error: AwsError) -> Fault {
    if matches!(error.why(), Why::Expired) {
        return expired(deployment);
    }
    let (fault, name) = (Fault::from(error), shown(deployment));
    let hint = format!("{}; then resume with `codedeploy-artifact wait {name}`", fault.hint());
    fault.within(format_args!("deployment {name} cannot be followed")).with_hint(hint)
}

/// The interval between two checks of the session for stopping, shorter than the time in which it can be renewed.
const STAY_READY: Duration = Duration::from_mins(2);

/// The time limit of one call of a poll: the next poll repeats it, and the build log must not stay silent.
const POLL: Timeouts = Timeouts { attempt: Duration::from_secs(8), operation: Duration::from_secs(20) };

/// How long a new deployment may be unknown to `GetDeployment`.
const NOT_YET_VISIBLE: Duration = Duration::from_secs(30);
