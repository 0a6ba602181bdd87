//! `CreateDeployment`, exactly once: whatever answer is lost, whoever else is active.

use std::cell::RefCell;
use std::future::Future;
use std::time::Duration;

use aws_calls::codedeploy::{CreateError, NewDeployment, create_deployment, get_deployment, stop_deployment};
use aws_calls::error::AwsError;
use clap::builder::EnumValueParser;
use clap::{Arg, ArgMatches, ValueEnum};
use codedeploy_artifact::deployment::{Deployment, HEARTBEAT};
use codedeploy_artifact::error::{Error, shown};
use codedeploy_artifact::schedule::span;
use serde_json::json;

use super::error::DeployError;
use super::label::Label;
use super::resolve::Resolved;
use super::survey::{self, Survey};
use super::{option, switch};
use crate::abort::{Look, Stage};
use crate::account::Account;
use crate::progress::Talk;
use crate::{follow, print};

/// What to do about another active deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum OnConflict {
    #[default]
    Fail,
    Wait,
    Stop,
}

/// A deployment that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) id: String,
    /// Whether it was found by its token: its answer was lost, or an earlier run of the same step made it.
    pub(super) adopted: bool,
}

/// The flags.
pub(super) fn flags() -> [Arg; 2] {
    [
        option("on-conflict", "POLICY", "Where another deployment is active: fail, wait for it, or stop it")
            .value_parser(EnumValueParser::<OnConflict>::new())
            .hide_possible_values(true)
            .default_value("fail"),
        switch("resume", "Go on with the deployment that this build has made, also where it has ended meanwhile"),
    ]
}

/// How often `CreateDeployment` is sent, where AWS throttles it or its answers are lost.
const ATTEMPTS: u32 = 8;
/// How long it is waited for another deployment, unless `--timeout` says otherwise: CodeDeploy's own longest waits.
const LONGEST_CONFLICT: Duration = Duration::from_hours(6);
/// Between two looks at another deployment.
const LOOK_AGAIN: Duration = Duration::from_secs(15);
/// How long it is asked who is active, while AWS does not answer.
const PATIENCE: Duration = Duration::from_mins(2);

/// Refuses what [`create`] would refuse, before anything is registered or uploaded for it.
pub(super) async fn check(
    account: &Account,
    label: &Label,
    resolved: &Resolved,
    flags: &ArgMatches,
    talk: Talk,
) -> Result<(), Error> {
    let recent = patiently(talk, || survey::survey(&account.read, &resolved.application, &resolved.group.name)).await?;
    if recent.ours(&label.token, &passed_over(&recent, label, flags)).is_some() {
        return Ok(());
    }
    recent.check_order(label)?;
    match recent.active() {
        Some(active) if policy(flags) == OnConflict::Fail => {
            Err(DeployError::Active { group: resolved.full_name(), active: active.id.clone() }.into())
        }
        _ => Ok(()),
    }
}

fn policy(flags: &ArgMatches) -> OnConflict {
    flags.get_one("on-conflict").copied().unwrap_or_default()
}

/// The longest wait for other deployments.
pub(super) fn patience(flags: &ArgMatches) -> Duration {
    match policy(flags) {
        OnConflict::Fail => Duration::ZERO,
        OnConflict::Wait | OnConflict::Stop => flags.get_one("timeout").copied().unwrap_or(LONGEST_CONFLICT),
    }
}

/// The deployments of this build that are not gone on with: a step that is tried again makes a new one.
fn passed_over(recent: &Survey, label: &Label, flags: &ArgMatches) -> Vec<String> {
    if flags.get_flag("resume") { Vec::new() } else { recent.ended(&label.token) }
}

/// Makes the deployment, or finds it where it was made already. After a lost answer no error is returned before the
/// deployment was looked for once more.
pub(super) async fn create(
    account: &Account,
    new: &NewDeployment,
    label: &Label,
    resolved: &Resolved,
    flags: &ArgMatches,
    talk: Talk,
    stage: &RefCell<Stage>,
) -> Result<Made, Error> {
    let mut making = Making { account, new, label, flags, talk, stage, known: None, lost: false };
    let error = match until_made(&mut making, resolved).await {
        Err(error) if making.lost => error,
        Err(error) if error.code() == "AWS02" => return Err(DeployError::Expired.into()),
        done => return done,
    };
    if let Some(made) = making.looked_for().await {
        return Ok(made);
    }
    let token = &label.token;
    print::talk(&format!(
        "note: an answer of CreateDeployment was lost, so a deployment may have been made: look for {token} in \
         deployment group {}",
        shown(&resolved.full_name())
    ));
    Err(error)
}

async fn until_made(making: &mut Making<'_>, resolved: &Resolved) -> Result<Made, Error> {
    let Making { account, new, label, flags, talk, .. } = *making;
    let mut conflict = Conflict::new(policy(flags), talk, patience(flags));
    let mut attempt = 0;
    loop {
        let recent = patiently(talk, || survey::survey(&account.read, &new.application, &new.group)).await?;
        if let Some(made) = making.adopted(&recent) {
            return Ok(made);
        }
        recent.check_order(label)?;
        if let Some(active) = recent.active() {
            conflict.meet(account, active, &resolved.full_name()).await?;
            // The list may show a deployment as active for some moments after it has ended.
            talk.clock().sleep(Duration::from_secs(2)).await;
            continue;
        }
        attempt += 1;
        match making.send().await {
            Ok(made) => return Ok(made),
            // Somebody was faster, or it is ours and its answer was lost: the next look tells.
            Err(CreateError::Active { .. }) if attempt < ATTEMPTS => talk.clock().sleep(Duration::from_secs(2)).await,
            Err(CreateError::Throttled(_)) if attempt < ATTEMPTS => {
                talk.clock().sleep(Duration::from_secs(1 << attempt.min(5))).await;
            }
            Err(CreateError::Ambiguous(error)) if attempt < ATTEMPTS => {
                let line = format!("the answer of CreateDeployment was lost ({error}); looks for the deployment");
                talk.line(&line, "answer-lost", json!({ "attempt": attempt }));
                if let Some(made) = making.looked_for().await {
                    return Ok(made);
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

struct Making<'a> {
    account: &'a Account,
    new: &'a NewDeployment,
    label: &'a Label,
    flags: &'a ArgMatches,
    talk: Talk,
    stage: &'a RefCell<Stage>,
    /// Deployments with our token that had ended before we began; an earlier run of the same step made them.
    known: Option<Vec<String>>,
    /// Whether an answer was lost: from then on there may be a deployment, whatever later answers say.
    lost: bool,
}

impl Making<'_> {
    /// Our deployment, if it is there.
    fn adopted(&mut self, recent: &Survey) -> Option<Made> {
        let token = &self.label.token;
        let known = self.known.get_or_insert_with(|| passed_over(recent, self.label, self.flags));
        let id = recent.ours(token, known)?;
        Some(self.made(id, true))
    }

    fn made(&self, id: String, adopted: bool) -> Made {
        *self.stage.borrow_mut() = Stage::Made { id: id.clone(), stop: self.account.stop.clone() };
        let how = if adopted { "was made already; goes on with it" } else { "created" };
        let members = json!({ "deployment": id, "adopted": adopted });
        self.talk.line(&format!("deployment {} {how}", shown(&id)), "created", members);
        Made { id, adopted }
    }

    async fn send(&mut self) -> Result<Made, CreateError> {
        let look = Box::new(Look {
            read: self.account.read.clone(),
            application: self.new.application.clone(),
            group: self.new.group.clone(),
            token: self.label.token.clone(),
            known: self.known.clone().unwrap_or_default(),
        });
        *self.stage.borrow_mut() = Stage::Creating { look, stop: self.account.stop.clone() };
        let answer = create_deployment(&self.account.deploy, self.new).await;
        match answer {
            Ok(id) => Ok(self.made(id, false)),
            Err(error) => {
                self.lost |= matches!(error, CreateError::Ambiguous(_));
                if !self.lost {
                    *self.stage.borrow_mut() = Stage::Before;
                }
                Err(error)
            }
        }
    }

    /// Looks three times: a deployment can be listed some moments after it was made.
    async fn looked_for(&mut self) -> Option<Made> {
        for seconds in [1, 3, 6] {
            self.talk.clock().sleep(Duration::from_secs(seconds)).await;
            let recent = survey::survey(&self.account.read, &self.new.application, &self.new.group).await;
            if let Some(made) = recent.ok().and_then(|recent| self.adopted(&recent)) {
                return Some(made);
            }
        }
        None
    }
}

/// Other deployments that were met on the way.
struct Conflict {
    policy: OnConflict,
    talk: Talk,
    end_ms: u64,
    stopped: Option<String>,
}

impl Conflict {
    fn new(policy: OnConflict, talk: Talk, patience: Duration) -> Conflict {
        let patience = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        Conflict { policy, talk, end_ms: talk.clock().now_ms().saturating_add(patience), stopped: None }
    }

    /// Ends when the other deployment has ended; then it has to be looked again.
    async fn meet(&mut self, account: &Account, active: &Deployment, group: &str) -> Result<(), Error> {
        let (group, id) = (group.to_owned(), active.id.clone());
        if self.policy != OnConflict::Fail && self.talk.clock().now_ms() >= self.end_ms {
            return Err(DeployError::StillActive { group, active: id }.into());
        }
        // A rollback brings a version back that serves; nobody stops the rescue.
        let rescues =
            active.rollback.as_ref().is_some_and(|rollback| rollback.rollback_triggering_deployment_id.is_some());
        match self.policy {
            OnConflict::Fail => return Err(DeployError::Active { group, active: id }.into()),
            OnConflict::Stop if !rescues && self.stopped.as_ref() != Some(&id) => {
                let line = format!("stops deployment {}, which is active", shown(&id));
                self.talk.line(&line, "stops-other", json!({ "deployment": id }));
                // Its rollback would only stand in the way of the deployment that comes.
                stop_deployment(&account.stop, &id, Some(false)).await?;
                self.stopped = Some(id.clone());
            }
            OnConflict::Stop | OnConflict::Wait => {
                let line = format!("waits for deployment {}, which is active ({})", shown(&id), active.status);
                self.talk.line(&line, "waits-for-other", json!({ "deployment": id }));
            }
        }
        self.until_ended(account, &id, &group).await
    }

    async fn until_ended(&self, account: &Account, id: &str, group: &str) -> Result<(), Error> {
        let clock = self.talk.clock();
        let (begun_ms, mut spoke_ms) = (clock.now_ms(), clock.now_ms());
        loop {
            match get_deployment(&account.read, id).await {
                Ok(deployment) if deployment.status.is_final() => return Ok(()),
                Err(error) if follow::missed(&error, false).is_none() => return Err(error.into()),
                Ok(_) | Err(_) => {}
            }
            let now_ms = clock.now_ms();
            if now_ms >= self.end_ms {
                return Err(DeployError::StillActive { group: group.to_owned(), active: id.to_owned() }.into());
            }
            if Duration::from_millis(now_ms.saturating_sub(spoke_ms)) >= HEARTBEAT {
                spoke_ms = now_ms;
                let waited = Duration::from_millis(now_ms.saturating_sub(begun_ms));
                let line = format!("still waits for deployment {} after {}", shown(id), span(waited));
                self.talk.line(&line, "waits-for-other", json!({ "deployment": id }));
            }
            clock.sleep(LOOK_AGAIN).await;
        }
    }
}

/// Asks again while AWS does not answer: what comes after it must not be guessed.
async fn patiently<T, F>(talk: Talk, mut ask: impl FnMut() -> F) -> Result<T, AwsError>
where
    F: Future<Output = Result<T, AwsError>>,
{
    let end_ms = talk.clock().now_ms().saturating_add(u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX));
    loop {
        match ask().await {
            Err(error) if follow::missed(&error, false).is_some() && talk.clock().now_ms() < end_ms => {
                talk.clock().sleep(Duration::from_secs(5)).await;
            }
            other => return other,
        }
    }
}
