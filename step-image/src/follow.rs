//! The loop around the pure state machine: ask, tell it, say what it says, sleep.

mod looks;
mod renew;

use std::fmt::Write as _;
use std::time::Duration;

use codedeploy_aws::codedeploy::{deployment_target, get_deployment, stop_deployment};
use codedeploy_aws::config::{Aws, Timeouts};
use codedeploy_aws::error::{AwsError, Network, Why};
use codedeploy_core::artifact::appspec::Hook;
use codedeploy_core::deployment::Evidence;
use codedeploy_core::deployment::report;
use codedeploy_core::deployment::why::why;
use codedeploy_core::deployment::{
    Deployment, DeploymentStatus, Event, Follow, Followed, Missed, Next, Observation, Watch, What,
};
use codedeploy_core::fault::{Explain, Fault, Kind, shown};

use crate::abort::{Begun, Stage};
use crate::account::Account;
use crate::progress::Talk;
use crate::wait::ReportFile;
use crate::{clock, evidence, exit, print};

use looks::Looks;
use renew::Renewal;

pub(crate) use renew::refusal;

/// Follows a deployment to its true end, or to the point that is waited for.
///
/// # Errors
/// [`FollowError`] where no further answer can come. The deployment goes on then.
pub(crate) async fn to_the_end(
    account: &Account,
    watch: Watch,
    stopped: Option<StopAsked>,
    hooks: &[(Hook, String)],
    talk: Talk,
    begun: &Begun,
) -> Result<Followed, Fault> {
    let deployment = watch.deployment.clone();
    let mut account = account.clone();
    let mut read = account.read.with_timeouts(POLL);
    let mut follow = Follow::new(watch, talk.clock().now_ms());
    if let Some(StopAsked { rollback }) = stopped {
        follow.stopped_on_request(rollback);
    }
    let mut looks = Looks::default();
    let mut seen: Option<Evidence> = None;
    let mut asked = Asked::default();
    let mut ready_ms = talk.clock().now_ms();
    let visible_ms = ready_ms.saturating_add(u64::try_from(NOT_YET_VISIBLE.as_millis()).unwrap_or(u64::MAX));
    let mut visible = false;
    loop {
        let now = || talk.clock().now_ms();
        let events = match follow.next(now(), clock::chance()) {
            Next::Done(_) => break,
            Next::Tick(after) => {
                talk.sleep(after, &mut follow).await;
                follow.tick(now())
            }
            Next::Stop { rollback } => {
                let answer = stop(&account, &deployment, rollback, talk, begun).await;
                follow.stop_answered(answer, now())
            }
            Next::FollowRollback(rollback) => {
                begun.set(Stage::RollingBack { id: deployment.clone(), rollback });
                Vec::new()
            }
            Next::Poll(after) => {
                talk.sleep(after, &mut follow).await;
                let id = follow.following().to_owned();
                match observe(&read, &id, &mut asked).await {
                    Ok(observation) => {
                        visible = true;
                        follow.observe(observation, now())
                    }
                    Err(error) => {
                        let young = id != deployment || (!visible && now() < visible_ms);
                        let refused = refusal(&error);
                        let events = match (refused, missed(&error, young)) {
                            (Some(refusal), _) => follow.refused(refusal, now()),
                            (None, missed) => missed.map(|missed| follow.missed(missed, now())),
                        };
                        let Some(events) = events else {
                            talk.clear();
                            return Err(FollowError::new(&deployment, error).into());
                        };
                        if refused.is_some() {
                            match Box::pin(renew::renewed(&account, &error, talk)).await {
                                Renewal::Impossible => {
                                    talk.clear();
                                    return Err(FollowError::new(&deployment, error).into());
                                }
                                Renewal::None => {}
                                Renewal::Fresh(fresh) => {
                                    account = *fresh;
                                    read = account.read.with_timeouts(POLL);
                                    if let Stage::Made { id, .. } = begun.stage() {
                                        begun.set(Stage::Made { id, stop: account.stop.clone() });
                                    }
                                }
                            }
                        }
                        events
                    }
                }
            }
        };
        talk.events(&events);
        talk.events(&looks.collect(&mut follow, now()));
        looks.start(&read, &follow, now());
        if Duration::from_millis(now().saturating_sub(ready_ms)) >= STAY_READY {
            ready_ms = now();
            account.keep_ready_to_stop().await;
        }
        // While the green task set is still there: a rollback takes it away, and with it what it could tell.
        if seen.is_none() && events.iter().any(ended_badly) {
            begun.set(Stage::Over { id: deployment.clone() });
            seen = Some(gathered(&account, follow.followed(now()), hooks, &looks).await.evidence);
        }
    }
    talk.clear();
    let followed = follow.followed(talk.clock().now_ms());
    Ok(match seen {
        Some(evidence) => Followed { evidence, ..followed },
        None => gathered(&account, followed, hooks, &looks).await,
    })
}

/// A stop that was asked for before the wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StopAsked {
    /// Whether with a rollback.
    pub(crate) rollback: bool,
}

/// Stops a deployment whose wait timed out.
async fn stop(account: &Account, id: &str, rollback: bool, talk: Talk, begun: &Begun) -> Result<(), String> {
    let stop = account.stop.with_timeouts(POLL);
    let stop = || {
        let (call, done) = crate::stop::asked(id, rollback);
        begun.change(call, done, stop_deployment(&stop, id, rollback.then_some(true)))
    };
    for _ in 1..STOP_ATTEMPTS {
        match stop().await {
            Err(error) if may_pass(&error) => talk.clock().sleep(Duration::from_secs(5)).await,
            other => return other.map(drop).map_err(|error| Fault::from(error).to_string()),
        }
    }
    stop().await.map(drop).map_err(|error| Fault::from(error).to_string())
}

/// The result of a verb that followed a deployment: the failure block as talk, the document as data, the report on disk.
pub(crate) fn finish(followed: &Followed, report_file: &ReportFile) -> print::Result {
    let mut result = result(followed);
    if let Err(error) = report_file.write(followed) {
        print::talk(&format!("error: {}", error.report()));
        // What came of the deployment matters more than its report.
        if result.exit == exit::DONE {
            result.exit = exit::code(&error);
        }
    }
    result
}

fn result(followed: &Followed) -> print::Result {
    if let Some(why) = why(followed) {
        print::talk(&why.to_string());
    }
    let id = shown(&followed.deployment.id);
    let (mut text, exit) = match &followed.verdict {
        Some(verdict) => (format!("{}\n", verdict.about(&followed.deployment.id)), exit::verdict(verdict)),
        None => (format!("deployment {id} is {}\n", followed.deployment.status), exit::DONE),
    };
    for note in followed.notes() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "note: {note}");
    }
    print::Result { json: report::json(followed), text, line: true, exit, ..print::Result::default() }
}

async fn gathered(account: &Account, mut followed: Followed, hooks: &[(Hook, String)], looks: &Looks) -> Followed {
    followed.evidence.hooks = hooks.to_vec();
    evidence::gather(&account.read, &mut followed, &looks.silent()).await;
    followed
}

fn ended_badly(event: &Event) -> bool {
    let bad = [DeploymentStatus::Failed, DeploymentStatus::Stopped];
    !event.of_rollback && matches!(&event.what, What::Status { to, .. } if bad.contains(to))
}

/// What was asked before, so that it is asked or said once only.
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
                // The deployment alone decides; this is for the talk.
                Err(error) => {
                    let denied = matches!(error.why(), Why::Denied { .. });
                    if denied && !std::mem::replace(&mut asked.said, true) {
                        print::talk(&format!("note: lifecycle events and task sets cannot be read: {error}"));
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

/// Whether a later poll may bring what this one did not. A `young` deployment was named a moment ago.
pub(crate) fn missed(error: &AwsError, young: bool) -> Option<Missed> {
    match error.why() {
        Why::Throttled => Some(Missed::Throttled),
        Why::ServerFault { .. }
        | Why::TimedOut
        | Why::Unreachable(_)
        | Why::Unreadable { .. }
        | Why::Network(Network::Proxy { .. })
        // Such as an instance whose metadata service is busy.
        | Why::CredentialsFailed(_) => Some(Missed::Unavailable),
        // CodeDeploy names a deployment, above all a rollback, some moments before it can be asked for.
        Why::DeploymentMissing if young => Some(Missed::Unavailable),
        _ => None,
    }
}

/// Whether a question at a beginning is worth asking again. The page of a proxy that lets nothing through stays; in the
/// middle of a wait it is a disturbance.
pub(crate) fn may_pass(error: &AwsError) -> bool {
    missed(error, false).is_some() && !matches!(error.why(), Why::Unreadable { status: 401 | 403 })
}

/// The end of a wait whose deployment goes on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowError {
    /// Nobody renews the credentials.
    #[error("the credentials expired during the wait; deployment {} is still in progress", shown(deployment))]
    Expired {
        /// The deployment.
        deployment: String,
    },
    /// AWS refuses to tell of it.
    #[error("deployment {} cannot be followed", shown(deployment))]
    Lost {
        /// The deployment.
        deployment: String,
        /// What AWS answered.
        source: AwsError,
    },
}

impl FollowError {
    pub(crate) fn new(deployment: &str, error: AwsError) -> FollowError {
        let deployment = deployment.to_owned();
        match error.why() {
            Why::Expired => FollowError::Expired { deployment },
            _ => FollowError::Lost { deployment, source: error },
        }
    }
}

impl Explain for FollowError {
    fn code(&self) -> &'static str {
        match self {
            FollowError::Expired { .. } => "DEP20",
            FollowError::Lost { source, .. } => source.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            FollowError::Expired { .. } => Kind::Denied,
            FollowError::Lost { source, .. } => source.kind(),
        }
    }

    fn hint(&self) -> String {
        match self {
            FollowError::Expired { deployment } => {
                format!("get fresh credentials and go on with `codedeploy-artifact wait {}`", shown(deployment))
            }
            FollowError::Lost { deployment, source } => {
                format!("{}; then go on with `codedeploy-artifact wait {}`", source.hint(), shown(deployment))
            }
        }
    }
}

/// Between two looks at the session for stopping: within the time that is left when it may be renewed.
const STAY_READY: Duration = Duration::from_mins(2);

/// How long one call of a poll may take: what it does not answer the next one does, and the build log must not fall
/// silent meanwhile.
const POLL: Timeouts = Timeouts { attempt: Duration::from_secs(8), operation: Duration::from_secs(20) };

/// How often a stop is tried that AWS does not answer.
const STOP_ATTEMPTS: usize = 3;

/// How long a deployment that was just made may be unknown to `GetDeployment`.
const NOT_YET_VISIBLE: Duration = Duration::from_secs(30);

/// How long an answer to the first question of a wait is tried for.
const PATIENCE: Duration = Duration::from_mins(2);

/// `GetDeployment` for a beginning: a moment of throttling must not fail what has only begun.
pub(crate) async fn first_look(read: &Aws, id: &str, talk: Talk) -> Result<Deployment, AwsError> {
    let end_ms = talk.clock().now_ms().saturating_add(u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX));
    loop {
        match get_deployment(read, id).await {
            Err(error) if may_pass(&error) && talk.clock().now_ms() < end_ms => {
                talk.clock().sleep(Duration::from_secs(5)).await;
            }
            other => return other,
        }
    }
}
