//! `CreateDeployment`, exactly once: whatever answer is lost, whoever else is active.

use std::future::Future;
use std::time::Duration;

use clap::builder::EnumValueParser;
use clap::{Arg, ArgMatches, ValueEnum};
use codedeploy_aws::codedeploy::{CreateError, NewDeployment, create_deployment, get_deployment, stop_deployment};
use codedeploy_aws::error::AwsError;
use codedeploy_core::deployment::schedule::span;
use codedeploy_core::deployment::{Deployment, HEARTBEAT};
use codedeploy_core::fault::{Fault, shown};
use serde_json::json;

use super::error::DeployError;
use super::label::Label;
use super::resolve::Resolved;
use super::survey::{self, Survey};
use super::{option, switch};
use crate::abort::{Begun, Look, Stage};
use crate::account::Account;
use crate::progress::Talk;
use crate::{exit, follow, look, print};

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
/// After how many seconds each it is looked for a deployment that was made a moment ago.
const LISTED_AFTER: [u64; 3] = [1, 3, 6];
/// How long it is asked who is active, while AWS does not answer.
const PATIENCE: Duration = Duration::from_mins(2);

/// What the making of a deployment needs to know.
pub(super) struct Creation<'a> {
    pub(super) account: &'a Account,
    pub(super) label: &'a Label,
    pub(super) resolved: &'a Resolved,
    pub(super) flags: &'a ArgMatches,
    pub(super) talk: Talk,
    pub(super) begun: &'a Begun,
}

/// What was there before this run.
#[derive(Debug)]
pub(super) struct Before {
    /// The deployment of this build, which is gone on with.
    pub(super) ours: Option<String>,
    /// Deployments of this build that are not gone on with: a step that is tried again makes a new one.
    passed_over: Vec<String>,
}

impl Creation<'_> {
    /// Refuses what [`Creation::create`] would refuse, before anything is registered or uploaded for it.
    pub(super) async fn check(&self) -> Result<Before, Fault> {
        self.judge(&self.survey(None).await?)
    }

    fn judge(&self, recent: &Survey) -> Result<Before, Fault> {
        let Creation { label, resolved, flags, .. } = *self;
        let passed_over = recent.passed_over(label, flags.get_flag("resume"));
        let before = Before { ours: recent.ours(&label.token, &passed_over), passed_over };
        if before.ours.is_some() {
            return Ok(before);
        }
        recent.check_order(label)?;
        match recent.active() {
            Some(active) if policy(flags) == OnConflict::Fail => {
                Err(DeployError::active(&resolved.full_name(), active).into())
            }
            _ => Ok(before),
        }
    }

    /// What `--dry-run` says of the other deployments, and how the real run would end for their sake: an error, or the exit
    /// code of the deployment that it would adopt, if that has ended.
    pub(super) async fn foresee(&self) -> Result<(String, Result<u8, Fault>), Fault> {
        let recent = self.survey(None).await?;
        let judged = match self.judge(&recent) {
            Ok(Before { ours: Some(id), .. }) if !self.flags.get_flag("no-wait") => {
                let followed = look::look(&self.account.read, &id, self.talk.clock().now_ms()).await?;
                Ok(followed.verdict.as_ref().map_or(exit::DONE, exit::verdict))
            }
            Ok(_) => Ok(exit::DONE),
            Err(error) => Err(error),
        };
        let then = match policy(self.flags) {
            OnConflict::Fail => "",
            OnConflict::Wait => "; would wait for it",
            OnConflict::Stop => "; would stop it",
        };
        Ok((recent.describe(self.label, self.flags.get_flag("resume"), then), judged))
    }

    /// Goes on with a deployment that is there.
    pub(super) fn adopt(&self, id: String) -> Made {
        self.made(id, true)
    }

    /// Makes the deployment, or finds it where an answer was lost: then no error is returned before it was looked for
    /// once more.
    pub(super) async fn create(&self, new: &NewDeployment, before: Before) -> Result<Made, Fault> {
        let look = Look {
            read: self.account.read.clone(),
            application: new.application.clone(),
            group: new.group.clone(),
            token: self.label.token.clone(),
            known: before.passed_over,
        };
        let mut lost = false;
        let error = match self.until_made(new, &look, &mut lost).await {
            Err(error) => error,
            made => return made,
        };
        if !lost {
            return Err(error);
        }
        if let Ok(Some(id)) = look_for(&look, self.talk).await {
            return Ok(self.made(id, true));
        }
        tell_of_lost(&look);
        Err(unanswered(error, true))
    }

    /// `lost` becomes true with the first lost answer: from then on there may be a deployment, whatever later ones say.
    async fn until_made(&self, new: &NewDeployment, look: &Look, lost: &mut bool) -> Result<Made, Fault> {
        let Creation { account, label, resolved, flags, talk, .. } = *self;
        let mut conflict = Conflict::new(policy(flags), talk, patience(flags));
        let (mut attempt, mut refused_for) = (0, None);
        loop {
            let recent = self.survey(refused_for.as_deref()).await?;
            if let Some(id) = recent.ours(&label.token, &look.known) {
                return Ok(self.made(id, true));
            }
            recent.check_order(label)?;
            if let Some(active) = recent.active() {
                conflict.meet(account, active, &resolved.full_name(), self.begun).await?;
                refused_for = None;
                // The list may show a deployment as active for some moments after it has ended.
                talk.clock().sleep(Duration::from_secs(2)).await;
                continue;
            }
            attempt += 1;
            match self.send(new, look, lost).await {
                Ok(made) => return Ok(made),
                // Somebody was faster, or it is ours and its answer was lost: the next look tells.
                Err(CreateError::Active { active: Some(id), .. }) if attempt < ATTEMPTS => {
                    refused_for = Some(id);
                    talk.clock().sleep(Duration::from_secs(2)).await;
                }
                Err(CreateError::Active { active: None, error }) => {
                    if attempt == ATTEMPTS || !self.becomes_visible().await? && policy(flags) == OnConflict::Fail {
                        return Err(error.into());
                    }
                }
                Err(CreateError::Throttled(_)) if attempt < ATTEMPTS => {
                    talk.clock().sleep(Duration::from_secs(1 << attempt.min(5))).await;
                }
                Err(CreateError::Ambiguous(error)) if attempt < ATTEMPTS => {
                    let line = format!("the answer of CreateDeployment was lost ({error}); looks for the deployment");
                    talk.line(&line, "answer-lost", json!({ "attempt": attempt }));
                    if let Ok(Some(id)) = look_for(look, talk).await {
                        return Ok(self.made(id, true));
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether the active deployment that CodeDeploy did not name gets listed.
    async fn becomes_visible(&self) -> Result<bool, AwsError> {
        for seconds in LISTED_AFTER {
            self.talk.clock().sleep(Duration::from_secs(seconds)).await;
            if self.survey(None).await?.active().is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn send(&self, new: &NewDeployment, look: &Look, lost: &mut bool) -> Result<Made, CreateError> {
        let stop = self.account.stop.clone();
        self.begun.set(Stage::Creating { look: Box::new(look.clone()), stop });
        match create_deployment(&self.account.deploy, new).await {
            Ok(id) => Ok(self.made(id, false)),
            Err(error) => {
                *lost |= matches!(error, CreateError::Ambiguous(_));
                if !*lost {
                    self.begun.set(Stage::Before);
                }
                Err(error)
            }
        }
    }

    fn made(&self, id: String, adopted: bool) -> Made {
        tell_of_made(&id, adopted, self.account, self.talk, self.begun);
        Made { id, adopted }
    }

    /// Looks at the deployments of the group. `refused_for` is the deployment that CodeDeploy named as the active one.
    async fn survey(&self, refused_for: Option<&str>) -> Result<Survey, AwsError> {
        let Resolved { application, group, .. } = self.resolved;
        let newest = self.resolved.newest();
        let wanted = survey::Wanted { application, group: &group.name, newest: &newest, refused_for };
        patiently(self.talk, || survey::survey(&self.account.read, &wanted)).await
    }
}

/// The error of a run that has made no deployment. Whatever call it was that met expired credentials, the answer is the
/// same: run it again with fresh ones.
pub(crate) fn before_any_deployment(error: Fault, stage: &Stage) -> Fault {
    let nothing_made = matches!(stage, Stage::Before);
    if nothing_made && is_expiry(&error) { DeployError::Expired.into() } else { error }
}

/// The error of a run that does not know whether it made a deployment. `resumes`: whether the verb has `--resume`.
pub(crate) fn unanswered(error: Fault, resumes: bool) -> Fault {
    if is_expiry(&error) { DeployError::ExpiredUnanswered { resumes }.into() } else { error }
}

/// Whether the credentials expired.
pub(crate) fn is_expiry(error: &Fault) -> bool {
    error.code() == "AWS02"
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

/// Looks three times for a deployment whose answer was lost: it can be listed some moments after it was made.
///
/// # Errors
/// That of the last look.
pub(crate) async fn look_for(look: &Look, talk: Talk) -> Result<Option<String>, AwsError> {
    let mut found = Ok(None);
    for seconds in LISTED_AFTER {
        talk.clock().sleep(Duration::from_secs(seconds)).await;
        found = survey::find(look).await;
        if matches!(found, Ok(Some(_))) {
            break;
        }
    }
    found
}

/// Says that there is a deployment, which an abort can stop from now on.
pub(crate) fn tell_of_made(id: &str, adopted: bool, account: &Account, talk: Talk, begun: &Begun) {
    begun.set(Stage::Made { id: id.to_owned(), stop: account.stop.clone() });
    let how = if adopted { "already exists; resuming the wait" } else { "created" };
    let members = json!({ "deployment": id, "adopted": adopted });
    talk.line(&format!("deployment {} {how}", shown(id)), "created", members);
}

/// Says how the deployment can be found that may have been made.
pub(crate) fn tell_of_lost(look: &Look) {
    let Look { application, group, token, .. } = look;
    let group = shown(&format!("{application}/{group}"));
    print::talk(&format!(
        "note: an answer of CreateDeployment was lost, so a deployment may have been made: look for {token} in deployment \
         group {group}"
    ));
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
    async fn meet(&mut self, account: &Account, active: &Deployment, group: &str, begun: &Begun) -> Result<(), Fault> {
        let (group, id) = (group.to_owned(), active.id.clone());
        if self.policy != OnConflict::Fail && self.talk.clock().now_ms() >= self.end_ms {
            return Err(DeployError::StillActive { group, active: id }.into());
        }
        let is_rollback = active.is_rollback();
        match self.policy {
            OnConflict::Fail => return Err(DeployError::active(&group, active).into()),
            // A rollback restores the service: it is never stopped to make room.
            OnConflict::Stop if !is_rollback && self.stopped.as_ref() != Some(&id) => {
                let line = format!("stops deployment {}, which is active", shown(&id));
                self.talk.line(&line, "stops-other", json!({ "deployment": id }));
                // Its rollback would only stand in the way of the deployment that comes.
                let (call, done) = crate::stop::asked(&id, false);
                begun.change(call, done, stop_deployment(&account.stop, &id, Some(false))).await?;
                self.stopped = Some(id.clone());
            }
            OnConflict::Stop | OnConflict::Wait => {
                let what = if is_rollback { "a rollback, which is not stopped" } else { "which is active" };
                let line = format!("waits for deployment {}, {what} ({})", shown(&id), active.status);
                let members = json!({ "deployment": id, "rollback": is_rollback });
                self.talk.line(&line, "waits-for-other", members);
            }
        }
        self.until_ended(account, &id, &group).await
    }

    async fn until_ended(&self, account: &Account, id: &str, group: &str) -> Result<(), Fault> {
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
            Err(error) if follow::may_pass(&error) && talk.clock().now_ms() < end_ms => {
                talk.clock().sleep(Duration::from_secs(5)).await;
            }
            other => return other,
        }
    }
}
