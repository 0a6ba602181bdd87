//! The state machine: observations in, events and the next step out.

mod doubt;
mod last_look;
mod stop;
mod view;

use std::time::Duration;

use super::event::{Event, Missed, What};
use super::followed::StoppedBy;
use super::group::{AutoRollback, RollbackEvent, TrafficRouting};
use super::observation::{DeploymentStatus, Observation};
use super::problem::Problems;
use super::track::Track;
use super::until::Until;
use super::verdict::{Pending, Rollback, Verdict, decide, rollback_event};
use crate::deployment::schedule::{Budget, Forecast, Pace};

pub use doubt::{Doubt, Refusal};
pub use stop::{AFTER_STOP, OnTimeout};

/// How long a rollback deployment is looked for where one is configured or was asked for. It appears some polls after
/// the end of the deployment that it rolls back.
pub const ROLLBACK_GRACE: Duration = Duration::from_mins(2);

/// How long it is looked for where none is configured: a person can have stopped the deployment "and roll back".
pub const SHORT_GRACE: Duration = Duration::from_secs(15);

/// The longest silence: build systems end steps that say nothing for ten minutes.
pub const HEARTBEAT: Duration = Duration::from_mins(1);

/// Polls without an answer before that is said.
const MISSED_POLLS: u32 = 3;

/// What a wait is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// The deployment to follow.
    pub deployment: String,
    /// The point that ends the wait.
    pub until: Until,
    /// How long to wait at most.
    pub budget: Budget,
    /// How its traffic shifts.
    pub routing: TrafficRouting,
    /// The group's automatic rollback, for a deployment that does not say its own.
    pub auto_rollback: Option<AutoRollback>,
    /// What becomes of the deployment where the wait times out.
    pub on_timeout: OnTimeout,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Sleep that long, then ask about [`Follow::following`] and call [`Follow::observe`] or [`Follow::missed`].
    Poll(Duration),
    /// Sleep that long, then call [`Follow::tick`]: a heartbeat is due before the next poll.
    Tick(Duration),
    /// Stop the deployment, with its rollback or as it is set up, then call [`Follow::stop_answered`].
    Stop {
        /// Whether to ask for its rollback.
        rollback: bool,
    },
    /// Ask about this deployment from now on, at once.
    FollowRollback(String),
    /// It is over.
    Done(Verdict),
}

/// A deployment that is followed to its true end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Follow {
    watch: Watch,
    forecast: Forecast,
    started_ms: u64,
    ended_ms: u64,
    deadline_ms: u64,
    original: Track,
    rollback: Track,
    phase: Phase,
    stopped_by: Option<StoppedBy>,
    problems: Problems,
    pace: Pace,
    poll_at_ms: Option<u64>,
    spoke_ms: u64,
    missed: u32,
    doubt: Doubt,
    /// For when the last poll was planned.
    began_ms: Option<u64>,
    /// Until when a last look is tried for, once the wait is over.
    last_look_ms: Option<u64>,
    shown_permille: u16,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Phase {
    Original,
    /// The wait timed out, and the caller is to stop it.
    Stopping,
    /// It ended badly; its rollback is looked for until then.
    Grace {
        until_ms: u64,
        /// The time-out of the user comes before the usual end of the search.
        cut: bool,
    },
    RollingBack {
        id: String,
        announced: bool,
    },
    Done(Verdict),
}

impl Follow {
    /// Begins to follow. The budget counts from now.
    pub fn new(watch: Watch, now_ms: u64) -> Follow {
        Follow {
            forecast: Forecast::new(&watch.budget, watch.routing, watch.until),
            started_ms: now_ms,
            ended_ms: now_ms,
            deadline_ms: now_ms.saturating_add(millis(watch.budget.total())),
            original: Track::default(),
            rollback: Track::default(),
            phase: Phase::Original,
            stopped_by: None,
            problems: Problems::default(),
            pace: Pace::new(now_ms),
            poll_at_ms: Some(now_ms),
            spoke_ms: now_ms,
            missed: 0,
            doubt: Doubt::default(),
            began_ms: None,
            last_look_ms: None,
            shown_permille: 0,
            watch,
        }
    }

    /// Says that the caller stopped the deployment before the wait; a rollback that was asked for is looked for.
    pub fn stopped_on_request(&mut self, rollback: bool) {
        self.stopped_by = Some(StoppedBy::Request { rollback });
    }

    /// The deployment to ask about.
    pub fn following(&self) -> &str {
        match &self.phase {
            Phase::RollingBack { id, .. } => id,
            Phase::Original | Phase::Stopping | Phase::Grace { .. } | Phase::Done(_) => &self.watch.deployment,
        }
    }

    /// Takes what AWS answered. An answer about another deployment than [`Self::following`] is ignored.
    pub fn observe(&mut self, observation: Observation, now_ms: u64) -> Vec<Event> {
        self.began_ms = self.poll_at_ms.take();
        if matches!(self.phase, Phase::Done(_)) {
            return Vec::new();
        }
        if observation.deployment.id != self.following() {
            let mut events = Vec::new();
            self.check_deadline(now_ms, &mut events);
            return self.speak(now_ms, events);
        }
        self.missed = 0;
        self.doubt.answered();
        let of_rollback = matches!(self.phase, Phase::RollingBack { .. });
        let track = if of_rollback { &mut self.rollback } else { &mut self.original };
        let news = track.take(observation, now_ms);
        self.pace.answered(!news.is_empty());
        let mut events: Vec<Event> = news.into_iter().map(|what| self.event(what)).collect();
        self.advance(now_ms, &mut events);
        self.speak(now_ms, events)
    }

    /// Takes a poll that brought nothing. That is never an end, unless the wait is over.
    pub fn missed(&mut self, missed: Missed, now_ms: u64) -> Vec<Event> {
        self.began_ms = self.poll_at_ms.take();
        if matches!(self.phase, Phase::Done(_)) {
            return Vec::new();
        }
        self.pace.throttled();
        self.missed = self.missed.saturating_add(1);
        let mut events = Vec::new();
        if self.missed == MISSED_POLLS {
            events.push(self.event(What::NoAnswer(missed)));
        }
        self.check_deadline(now_ms, &mut events);
        self.speak(now_ms, events)
    }

    /// Takes a poll that was refused. `None` once that is believed (see [`Doubt`]): no further answer will come.
    pub fn refused(&mut self, refusal: Refusal, now_ms: u64) -> Option<Vec<Event>> {
        self.began_ms = self.poll_at_ms.take();
        if matches!(self.phase, Phase::Done(_)) {
            return Some(Vec::new());
        }
        if self.doubt.believes(refusal, now_ms) {
            return None;
        }
        let mut events = Vec::new();
        self.check_deadline(now_ms, &mut events);
        Some(self.speak(now_ms, events))
    }

    /// Looks at the time only: a heartbeat. The end of the wait is left to the poll that [`Self::next`] plans there.
    pub fn tick(&mut self, now_ms: u64) -> Vec<Event> {
        self.speak(now_ms, Vec::new())
    }

    /// What to do next. `chance` is any number, evenly spread; see [`Pace::pause`].
    pub fn next(&mut self, now_ms: u64, chance: u32) -> Next {
        match &mut self.phase {
            Phase::Done(verdict) => return Next::Done(verdict.clone()),
            Phase::RollingBack { id, announced } => {
                if !std::mem::replace(announced, true) {
                    self.poll_at_ms = Some(now_ms);
                    return Next::FollowRollback(id.clone());
                }
            }
            Phase::Stopping => return Next::Stop { rollback: self.watch.on_timeout == OnTimeout::StopAndRollback },
            Phase::Original | Phase::Grace { .. } => {}
        }
        let planned = self.poll_at_ms.unwrap_or_else(|| {
            let at = now_ms.saturating_add(millis(self.pace.pause(now_ms, chance)));
            // One look when the wait is over: the end may have come since the last one.
            if self.deadline_ms > now_ms { at.min(self.deadline_ms) } else { at }
        });
        self.poll_at_ms = Some(planned);
        let heartbeat = self.spoke_ms.saturating_add(millis(HEARTBEAT));
        if heartbeat < planned && heartbeat > now_ms {
            return Next::Tick(Duration::from_millis(heartbeat - now_ms));
        }
        Next::Poll(Duration::from_millis(planned.saturating_sub(now_ms)))
    }

    /// The verdict, once there is one.
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.phase {
            Phase::Done(verdict) => Some(verdict),
            Phase::Original | Phase::Stopping | Phase::Grace { .. } | Phase::RollingBack { .. } => None,
        }
    }

    fn advance(&mut self, now_ms: u64, events: &mut Vec<Event>) {
        let Some(deployment) = &self.original.deployment else { return };
        let until = self.watch.until;
        if until < Until::Succeeded
            && deployment.status != DeploymentStatus::Succeeded
            && until.is_reached(deployment, self.original.target.as_ref())
        {
            return self.end(Verdict::ReachedPoint(until), now_ms, events);
        }
        let known = deployment.rollback.as_ref().and_then(|rollback| rollback.rollback_deployment_id.clone());
        let known = known.filter(|id| *id != deployment.id && !id.is_empty());
        let ended_badly = matches!(deployment.status, DeploymentStatus::Failed | DeploymentStatus::Stopped);
        match &self.phase {
            Phase::Done(_) | Phase::Stopping => {}
            Phase::RollingBack { id, .. } => {
                let status = self.rollback.deployment.as_ref().map(|rollback| &rollback.status);
                let seen = status.map_or(Rollback::Expected, |status| Rollback::Seen { id, status });
                match decide(deployment, &seen) {
                    Some(verdict) => self.end(verdict, now_ms, events),
                    None => self.check_deadline(now_ms, events),
                }
            }
            Phase::Original | Phase::Grace { .. } if ended_badly => match (known, &self.phase) {
                (Some(rollback), _) => {
                    let allowance = now_ms.saturating_add(millis(self.watch.budget.rollback()));
                    self.deadline_ms = self.deadline_ms.max(allowance);
                    self.pace.answered(true);
                    events.push(self.event(What::RollbackStarted { rollback: rollback.clone() }));
                    self.phase = Phase::RollingBack { id: rollback, announced: false };
                }
                (None, Phase::Grace { until_ms, cut: true }) if now_ms >= *until_ms => {
                    self.end(Verdict::TimedOut(Pending::RollbackUnknown), now_ms, events);
                }
                (None, Phase::Grace { until_ms, .. }) if now_ms >= *until_ms => {
                    if let Some(verdict) = self.without_rollback(deployment) {
                        self.end(verdict, now_ms, events);
                    }
                }
                (None, Phase::Grace { .. }) => self.pace.answered(true),
                (None, _) => self.begin_grace(now_ms, events),
            },
            Phase::Original | Phase::Grace { .. } => match decide(deployment, &Rollback::Expected) {
                Some(verdict) => self.end(verdict, now_ms, events),
                None => self.check_deadline(now_ms, events),
            },
        }
    }

    fn begin_grace(&mut self, now_ms: u64, events: &mut Vec<Event>) {
        let Some(deployment) = &self.original.deployment else { return };
        let event = rollback_event(deployment);
        let config = deployment.auto_rollback.as_ref().or(self.watch.auto_rollback.as_ref());
        let configured = config.map(|config| config.covers(&event));
        let refused = deployment.rollback.as_ref().is_some_and(|rollback| rollback.message.is_some());
        let grace = match configured {
            // A message without a deployment says why there is none.
            _ if refused => SHORT_GRACE,
            _ if self.asked_for_rollback() => ROLLBACK_GRACE,
            Some(true) => ROLLBACK_GRACE,
            Some(false) if event == RollbackEvent::Failure => Duration::ZERO,
            Some(false) | None => SHORT_GRACE,
        };
        if grace.is_zero() {
            if let Some(verdict) = decide(deployment, &Rollback::None) {
                self.end(verdict, now_ms, events);
            }
            return;
        }
        let end_ms = now_ms.saturating_add(millis(grace));
        // The time-out of a user binds. Whether a rollback comes later is not known then, unless it was asked for: a stop
        // with a rollback is answered by one within seconds.
        let bound = self.watch.budget.timeout().is_some() && self.deadline_ms < end_ms;
        let until_ms = if bound { self.deadline_ms.max(now_ms) } else { end_ms };
        let grace = Duration::from_millis(until_ms - now_ms);
        // A rollback would have come by now: the wait was suspended meanwhile, and the look decides.
        let over = deployment.completed_ms.is_some_and(|end| now_ms >= end.saturating_add(millis(ROLLBACK_GRACE)));
        self.phase = Phase::Grace { until_ms, cut: bound && !over && !self.asked_for_rollback() };
        events.push(self.event(What::RollbackExpected(grace)));
        self.pace.answered(true);
    }

    /// When the wait times out, and what it has not seen then.
    fn due(&self) -> Option<(u64, Pending)> {
        Some(match &self.phase {
            Phase::Done(_) | Phase::Stopping => return None,
            Phase::Original => (self.deadline_ms, Pending::Deployment),
            Phase::Grace { until_ms, .. } if self.watch.budget.timeout().is_some() => {
                (self.deadline_ms.max(*until_ms), Pending::RollbackUnknown)
            }
            // The look at the end of the grace decides; only where AWS does not answer it, time does.
            Phase::Grace { until_ms, .. } => {
                (self.deadline_ms.max(until_ms.saturating_add(millis(ROLLBACK_GRACE))), Pending::RollbackUnknown)
            }
            Phase::RollingBack { id, .. } => (self.deadline_ms, Pending::Rollback { rollback: id.clone() }),
        })
    }

    fn check_deadline(&mut self, now_ms: u64, events: &mut Vec<Event>) {
        let Some((deadline, pending)) = self.due() else { return };
        if now_ms < deadline {
            self.last_look_ms = None;
            return;
        }
        if self.looks_again(deadline, now_ms) {
            return;
        }
        if pending == Pending::Deployment && self.is_to_be_stopped(events) {
            self.phase = Phase::Stopping;
            return;
        }
        self.end(Verdict::TimedOut(pending), now_ms, events);
    }

    fn end(&mut self, verdict: Verdict, now_ms: u64, events: &mut Vec<Event>) {
        events.push(Event {
            deployment: self.watch.deployment.clone(),
            of_rollback: false,
            what: What::End(verdict.clone()),
        });
        self.phase = Phase::Done(verdict);
        self.ended_ms = now_ms;
    }

    fn event(&self, what: What) -> Event {
        let of_rollback = matches!(self.phase, Phase::RollingBack { .. });
        Event { deployment: self.following().to_owned(), of_rollback, what }
    }

    /// Adds a heartbeat where nothing else is said for too long.
    fn speak(&mut self, now_ms: u64, mut events: Vec<Event>) -> Vec<Event> {
        let silent = now_ms.saturating_sub(self.spoke_ms) >= millis(HEARTBEAT);
        if events.is_empty() && silent && self.verdict().is_none() {
            events.push(self.heartbeat(now_ms));
        }
        if !events.is_empty() {
            self.spoke_ms = now_ms;
        }
        events
    }
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
