//! `CreateDeployment`, exactly once, even if an answer is lost or another deployment is active.

use std::time::Duration;

use codedeploy_aws::codedeploy::{CreateError, NewDeployment, create_deployment};
use codedeploy_aws::error::AwsError;
use codedeploy_core::deployment::{Deployment, Group};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use serde_json::json;

use super::account::Account;
use super::begun::{Begun, Look, Stage};
use super::conflict::{Conflict, OnConflict};
use super::label::Label;
use super::look;
use super::poll::patiently;
use super::survey::{self, Survey};
use crate::terminal::progress::Reporter;
use crate::terminal::{exit, print};

faults! {
    /// The faults of creating a deployment.
    pub(crate) const FORMS;

    /// Credentials that are not renewed expired before a deployment was created: at the first call, or during the wait for
    /// another deployment.
    fn expired() => "DEP30" Denied "the credentials expired before a deployment was created",
        "run the command again with new credentials";
    /// The credentials expired before AWS confirmed the deployment.
    fn expired_unanswered() =>
        "DEP31" Denied "the credentials expired before it was known whether a deployment was created",
        "get new credentials and look for a deployment of the group with the token above; if there is none, run the command again";
}

/// A deployment that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) id: String,
    /// Whether it was found by its token: its answer was lost, or an earlier run of the same step created it.
    pub(crate) adopted: bool,
}

/// How often `CreateDeployment` is sent, if AWS throttles it or its answers are lost.
const ATTEMPTS: u32 = 8;
/// The pauses before each look for a deployment that was created a moment ago, in seconds.
const LISTED_AFTER: [u64; 3] = [1, 3, 6];

/// A deployment that is to be created.
pub(crate) struct Creation<'a> {
    pub(crate) account: &'a Account,
    pub(crate) group: &'a Group,
    pub(crate) label: &'a Label,
    pub(crate) on_conflict: OnConflict,
    /// The longest wait for other deployments.
    pub(crate) patience: Duration,
    /// The fault of a group that another deployment keeps busy.
    pub(crate) busy: fn(group: &str, active: &Deployment) -> Fault,
    /// Whether a deployment of this build is resumed after it has ended. `None` for a command without `--resume`.
    pub(crate) resume: Option<bool>,
    pub(crate) reporter: Reporter,
    pub(crate) begun: &'a Begun,
}

/// What existed before this run.
#[derive(Debug)]
pub(crate) struct Before {
    /// The deployment of this build, which is resumed.
    pub(crate) ours: Option<String>,
    /// Deployments of this build that are not resumed: a step that runs again creates a new one.
    passed_over: Vec<String>,
}

impl Creation<'_> {
    /// Refuses what [`Creation::create`] would refuse, before anything is registered or uploaded for it.
    pub(crate) async fn check(&self) -> Result<Before, Fault> {
        self.judge(&self.survey(None).await?)
    }

    fn resumes_ended(&self) -> bool {
        self.resume == Some(true)
    }

    fn group_name(&self) -> String {
        format!("{}/{}", self.group.application, self.group.name)
    }

    fn judge(&self, recent: &Survey) -> Result<Before, Fault> {
        let passed_over = recent.passed_over(self.label, self.resumes_ended());
        let before = Before { ours: recent.ours(&self.label.token, &passed_over), passed_over };
        if before.ours.is_some() {
            return Ok(before);
        }
        recent.check_order(self.label)?;
        match recent.active() {
            Some(active) if self.on_conflict == OnConflict::Fail => Err((self.busy)(&self.group_name(), active)),
            _ => Ok(before),
        }
    }

    /// What `--dry-run` reports about other deployments, and how they would end the real run: with an error, or with
    /// the exit code of the finished deployment that it would resume.
    pub(crate) async fn foresee(&self, waits: bool) -> Result<(String, Result<u8, Fault>), Fault> {
        let recent = self.survey(None).await?;
        let end = match self.judge(&recent) {
            Ok(Before { ours: Some(id), .. }) if waits => {
                let followed = look::look(&self.account.read, &id, self.reporter.clock().now_ms()).await?;
                Ok(followed.verdict.map_or(exit::DONE, |verdict| verdict.exit_code()))
            }
            Ok(_) => Ok(exit::DONE),
            Err(fault) => Err(fault),
        };
        let then = match self.on_conflict {
            OnConflict::Fail => "",
            OnConflict::Wait => "; would wait for it",
            OnConflict::Stop => "; would stop it",
        };
        Ok((recent.describe(self.label, self.resumes_ended(), then), end))
    }

    /// Resumes a deployment that exists.
    pub(crate) fn adopt(&self, id: String) -> Made {
        self.made(id, true)
    }

    /// Creates the deployment, or finds it if an answer was lost: no error is returned before it was searched for once
    /// more. `refused` creates the fault of AWS's refusal.
    pub(crate) async fn create(
        &self,
        new: &NewDeployment,
        before: Before,
        refused: &dyn Fn(CreateError) -> Fault,
    ) -> Result<Made, Fault> {
        let look = Look {
            read: self.account.read.clone(),
            application: new.application.clone(),
            group: new.group.clone(),
            token: self.label.token.clone(),
            known: before.passed_over,
        };
        let mut lost = false;
        let fault = match self.until_made(new, &look, &mut lost, refused).await {
            Err(fault) if lost => fault,
            done => return done,
        };
        if let Ok(Some(id)) = self.look_for(&look).await {
            return Ok(self.made(id, true));
        }
        let group = shown(&self.group_name());
        print::message(&format!(
            "note: an answer of CreateDeployment was lost, so a deployment may have been created: look for {} in deployment \
             group {group}",
            look.token
        ));
        Err(if is_expiry(&fault) { self.expired_unanswered() } else { fault })
    }

    /// `lost` becomes true with the first lost answer: from then on a deployment may exist, whatever later answers are.
    async fn until_made(
        &self,
        new: &NewDeployment,
        look: &Look,
        lost: &mut bool,
        refused: &dyn Fn(CreateError) -> Fault,
    ) -> Result<Made, Fault> {
        let (group, clock) = (self.group_name(), self.reporter.clock());
        let mut conflict =
            Conflict::new(self.on_conflict, self.patience, self.account, &group, self.reporter, self.begun);
        let (mut attempt, mut refused_for, mut unanswered) = (0, None, None);
        loop {
            let recent = match (self.survey(refused_for.as_deref()).await, unanswered.take()) {
                (Ok(recent), _) => recent,
                (Err(error), None) => return Err(error.into()),
                // The lost answer matters more than the reason why it cannot be looked up.
                (Err(error), Some(unanswered)) => {
                    return Err(Some(Fault::from(error)).filter(is_expiry).unwrap_or(unanswered));
                }
            };
            if let Some(id) = recent.ours(&self.label.token, &look.known) {
                return Ok(self.made(id, true));
            }
            recent.check_order(self.label)?;
            if let Some(active) = recent.active() {
                if self.on_conflict == OnConflict::Fail {
                    return Err((self.busy)(&group, active));
                }
                conflict.resolve(active).await?;
                refused_for = None;
                // The list may show a deployment as active for some moments after it has ended.
                clock.sleep(Duration::from_secs(2)).await;
                continue;
            }
            attempt += 1;
            match self.send(new, look, lost).await {
                Ok(made) => return Ok(made),
                // Another run was faster, or it is ours and its answer was lost: the next survey shows which.
                Err(CreateError::Active { active: Some(id), .. }) if attempt < ATTEMPTS => {
                    refused_for = Some(id);
                    clock.sleep(Duration::from_secs(2)).await;
                }
                Err(CreateError::Active { active: None, error }) => {
                    let fails = self.on_conflict == OnConflict::Fail;
                    if attempt == ATTEMPTS || (!self.becomes_visible().await? && fails) {
                        return Err(error.into());
                    }
                }
                Err(CreateError::Throttled(_)) if attempt < ATTEMPTS => {
                    clock.sleep(Duration::from_secs(1 << attempt.min(5))).await;
                }
                Err(CreateError::Ambiguous(error)) if attempt < ATTEMPTS => {
                    let line = format!("the answer of CreateDeployment was lost ({error}); looking for the deployment");
                    self.reporter.line(&line, "answer-lost", json!({ "attempt": attempt }));
                    if let Ok(Some(id)) = self.look_for(look).await {
                        return Ok(self.made(id, true));
                    }
                    unanswered = Some(Fault::from(CreateError::Ambiguous(error)));
                }
                Err(error) => return Err(refused(error)),
            }
        }
    }

    /// Whether the active deployment that CodeDeploy did not name gets listed.
    async fn becomes_visible(&self) -> Result<bool, AwsError> {
        for seconds in LISTED_AFTER {
            self.reporter.clock().sleep(Duration::from_secs(seconds)).await;
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

    /// Searches three times for a deployment whose answer was lost: it is listed some moments after it was created.
    async fn look_for(&self, look: &Look) -> Result<Option<String>, AwsError> {
        let mut found = Ok(None);
        for seconds in LISTED_AFTER {
            self.reporter.clock().sleep(Duration::from_secs(seconds)).await;
            found = survey::find(look).await;
            if matches!(found, Ok(Some(_))) {
                break;
            }
        }
        found
    }

    /// Reports that there is a deployment, which an abort can stop from now on.
    fn made(&self, id: String, adopted: bool) -> Made {
        self.begun.set(Stage::Made { id: id.clone(), stop: self.account.stop.clone() });
        let how = if adopted { "already exists; resuming the wait" } else { "created" };
        let members = json!({ "deployment": id, "adopted": adopted });
        self.reporter.line(&format!("deployment {} {how}", shown(&id)), "created", members);
        Made { id, adopted }
    }

    /// Surveys the deployments of the group. `refused_for` is the deployment that CodeDeploy named as the active one.
    async fn survey(&self, refused_for: Option<&str>) -> Result<Survey, AwsError> {
        let Group { application, name, last_attempted, last_successful, .. } = self.group;
        let newest: Vec<String> = [last_attempted, last_successful].into_iter().flatten().cloned().collect();
        let wanted = survey::Wanted { application, group: name, newest: &newest, refused_for };
        patiently(self.reporter.clock(), async || survey::survey(&self.account.read, &wanted).await).await
    }

    fn expired_unanswered(&self) -> Fault {
        match self.resume {
            None => expired_unanswered(),
            Some(_) => expired_unanswered().with_hint(
                "look for the token above; in a Jenkins build, run it again with --resume and fresh credentials",
            ),
        }
    }
}

/// The error of a run that has created no deployment. If the credentials have expired, the hint is the same for every
/// call: run it again with new ones.
pub(crate) fn before_any_deployment(fault: Fault, begun: &Begun) -> Fault {
    if matches!(begun.stage(), Stage::Before) && is_expiry(&fault) { expired() } else { fault }
}

/// Whether the credentials expired.
fn is_expiry(fault: &Fault) -> bool {
    fault.code() == "AWS02"
}
