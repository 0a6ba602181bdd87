//! Computes everything that happens to a deployment from its record: a pure function without threads or timers.
//!
//! The plan is first made for success; a failure, an alarm or a stop then ends it early. Statuses, weights, rollback
//! messages and the order of events are those of recorded deployments; the few seconds that each step takes are ours.

use super::{
    super::clock::Millis,
    deployment::{Deployment, Kind, Refused},
    group::OnTimeout,
    scenario::Scenario,
    texts,
};

/// All that happens.
#[derive(Debug, Clone)]
pub(super) struct Timeline {
    /// When the status becomes `InProgress`.
    pub(super) started: Millis,
    pub(super) events: Vec<Event>,
    /// `Ready` from and until.
    pub(super) ready: Option<(Millis, Millis)>,
    /// When the new tasks reach which weight. A rollback has one step, to 0.
    pub(super) shifts: Vec<(Millis, u8)>,
    /// The wait before the old tasks end, from and until.
    pub(super) termination: Option<(Millis, Millis)>,
    pub(super) end: End,
    cuts: Vec<End>,
}

/// A lifecycle event.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub(super) name: &'static str,
    /// From and until; `None` where it is skipped.
    pub(super) time: Option<(Millis, Millis)>,
    pub(super) failed: bool,
}

/// How it ends.
#[derive(Debug, Clone)]
pub(super) struct End {
    pub(super) at: Millis,
    /// `Succeeded`, `Failed` or `Stopped`.
    pub(super) status: &'static str,
    /// `ErrorInformation`: code and message.
    pub(super) error: Option<(&'static str, String)>,
    /// The event of an auto-rollback configuration that this is.
    pub(super) cause: &'static str,
}

const FAILURE: &str = "DEPLOYMENT_FAILURE";
pub(super) const STOP_ON_ALARM: &str = "DEPLOYMENT_STOP_ON_ALARM";
const MINUTE: Millis = 60_000;
/// What CodeDeploy gives hooks and new tasks.
const HOUR: Millis = 60 * MINUTE;
/// Every event of an ECS deployment, in order.
const EVENTS: [&str; 8] = [
    "BeforeInstall",
    "Install",
    "AfterInstall",
    "AllowTestTraffic",
    "AfterAllowTestTraffic",
    "BeforeAllowTraffic",
    "AllowTraffic",
    "AfterAllowTraffic",
];
/// From the start of a deployment whose alarm is in ALARM until it is stopped, as recorded.
const ALARM_STOP: Millis = 734;
/// From a stop request until the deployment is stopped.
const STOPPING: Millis = 2_000;

impl Timeline {
    pub(super) fn of(deployment: &Deployment) -> Timeline {
        let created = deployment.created;
        let end = End { at: Millis::MAX, status: "Succeeded", error: None, cause: "" };
        let started = created + 3_100;
        let (events, shifts) = (Vec::new(), Vec::new());
        let mut plan = Timeline { started, events, ready: None, shifts, termination: None, end, cuts: Vec::new() };
        let mut at = started + 400;
        // A group without a test listener has the other six.
        for name in EVENTS.into_iter().filter(|name| deployment.group.test_route || !name.contains("TestTraffic")) {
            if name == "BeforeAllowTraffic" {
                at = plan.wait_until_continued(deployment, at);
            }
            let until = at + plan.event(deployment, name, at);
            plan.events.push(Event { name, time: Some((at, until)), failed: false });
            at = until + 150;
        }
        at = plan.wait_for_termination(deployment, at);
        plan.end.at = at;
        if let Some((requested, _)) = deployment.stopped {
            let error = Some(("MANUAL_STOP", "The deployment was manually stopped by a user.".to_owned()));
            let (at, cause) = (requested + STOPPING, "DEPLOYMENT_STOP_ON_REQUEST");
            plan.cuts.push(End { at, status: "Stopped", error, cause });
        }
        if let Some((seen, names)) = &deployment.alarmed
            && deployment.kind == Kind::Normal
        {
            plan.stop_on_alarm(started.max(*seen) + ALARM_STOP, names.iter().map(String::as_str));
        }
        plan.cut()
    }

    /// How long an event takes, and what goes wrong in it.
    fn event(&mut self, deployment: &Deployment, name: &'static str, at: Millis) -> Millis {
        let rollback = deployment.kind == Kind::Rollback;
        let hook = deployment.hooks.get(name).filter(|_| !rollback);
        let usual = if hook.is_some() { 5_000 } else { 200 };
        let outcome = deployment.scenario.outcome();
        match name {
            "BeforeInstall" if let Some(Refused::Revision(why)) = &deployment.refused => {
                self.fail(at - 100, "INVALID_REVISION", why);
            }
            "BeforeInstall" if let Some(Refused::Service(why)) = &deployment.refused => {
                self.fail(at - 100, "INVALID_ECS_SERVICE", why);
            }
            "Install" if rollback => return 2_000,
            "Install" => return self.install(deployment, outcome, at),
            "AllowTestTraffic" => return 1_000,
            "AllowTraffic" if rollback => {
                if deployment.scenario.rollback_fails() {
                    self.fail(at + 2_000, "ELASTIC_LOAD_BALANCING_INVALID", texts::NOT_BEHIND_LISTENER);
                } else {
                    self.shifts.push((at + 2_000, 0));
                }
                return 4_000;
            }
            "AllowTraffic" => return self.shift(deployment, outcome, at),
            _ => {}
        }
        match outcome {
            Scenario::HookFails(which) if *which == name && !rollback => {
                self.fail(at + usual, "HOOK_EXECUTION_FAILURE", texts::HOOK_FAILED);
                usual
            }
            Scenario::HookNeverReports(which) if *which == name && !rollback => {
                self.fail(at + HOUR, "TIMEOUT", texts::HOOK_NEVER_REPORTED);
                HOUR
            }
            _ => usual,
        }
    }

    fn install(&mut self, deployment: &Deployment, outcome: &Scenario, at: Millis) -> Millis {
        let refused = match (&deployment.refused, outcome) {
            (Some(Refused::TaskSet(why)), _) | (_, Scenario::CannotUpdateService(why)) => Some(why),
            _ => None,
        };
        if let Some(why) = refused {
            self.fail(at + 2_000, "ECS_UPDATE_ERROR", &texts::cannot_update(why));
        }
        if matches!(
            outcome,
            Scenario::NeverHealthy
                | Scenario::UnhealthyTargets
                | Scenario::FailsChecks(_)
                | Scenario::NoCapacity
                | Scenario::TasksStop(_)
        ) {
            self.fail(at + HOUR, "TIMEOUT", texts::NEVER_HEALTHY);
            return HOUR;
        }
        deployment.launch()
    }

    fn shift(&mut self, deployment: &Deployment, outcome: &Scenario, at: Millis) -> Millis {
        self.shifts = deployment.traffic.shifts(at + 1_000);
        if let Scenario::AlarmAt(percent) = outcome
            && let Some((reached, _)) = self.shifts.iter().find(|(_, weight)| weight >= percent)
        {
            let names: Vec<&str> = deployment.alarm_names().collect();
            if !names.is_empty() {
                self.stop_on_alarm(reached + 20_000, names);
            }
        }
        self.shifts.last().map_or(0, |(last, _)| last - at) + 5_000
    }

    fn wait_until_continued(&mut self, deployment: &Deployment, at: Millis) -> Millis {
        let (minutes, on_timeout) = deployment.group.ready;
        if minutes == 0 || deployment.kind == Kind::Rollback {
            return at;
        }
        let until = deployment.continued_ready.unwrap_or(at + minutes * MINUTE);
        if deployment.continued_ready.is_none() && on_timeout == OnTimeout::Stop {
            let message = texts::not_continued(minutes);
            self.cuts.push(End { at: until, status: "Stopped", error: Some(("TIMEOUT", message)), cause: FAILURE });
        }
        self.ready = Some((at, until));
        until
    }

    fn wait_for_termination(&mut self, deployment: &Deployment, at: Millis) -> Millis {
        let Some(minutes) = deployment.group.termination.filter(|_| deployment.kind == Kind::Normal) else {
            return at + 1_000;
        };
        let until = deployment.continued_termination.unwrap_or(at + minutes * MINUTE);
        self.termination = Some((at, until));
        until + 10_000
    }

    fn stop_on_alarm<'n>(&mut self, at: Millis, names: impl IntoIterator<Item = &'n str>) {
        let error = Some(("ALARM_ACTIVE", texts::alarms_fired(names)));
        self.cuts.push(End { at, status: "Stopped", error, cause: STOP_ON_ALARM });
    }

    fn fail(&mut self, at: Millis, code: &'static str, message: &str) {
        let error = Some((code, message.to_owned()));
        self.cuts.push(End { at, status: "Failed", error, cause: FAILURE });
    }

    /// Applies the earliest of what ends it early.
    fn cut(mut self) -> Timeline {
        self.cuts.sort_by_key(|cut| cut.at);
        let Some(cut) = self.cuts.first().filter(|cut| cut.at < self.end.at).cloned() else { return self };
        let at = cut.at;
        for event in &mut self.events {
            match event.time {
                Some((from, until)) if from < at && at <= until => {
                    event.time = Some((from, at));
                    event.failed = true;
                }
                Some((from, _)) if from >= at => event.time = None,
                _ => {}
            }
        }
        self.shifts.retain(|(shift, _)| *shift < at);
        self.termination = self.termination.filter(|(from, _)| *from < at);
        self.ready = self.ready.filter(|(from, _)| *from < at);
        self.end = cut;
        self
    }

    /// When that event starts, where it does.
    pub(super) fn start_of(&self, name: &str) -> Option<Millis> {
        self.events.iter().find(|event| event.name == name)?.time.map(|(from, _)| from)
    }

    /// The weight of the new tasks, in percent.
    pub(super) fn weight(&self, before: u8, now: Millis) -> u8 {
        self.shifts.iter().rev().find(|(at, _)| *at <= now).map_or(before, |(_, weight)| *weight)
    }

    /// The deployment's status.
    pub(super) fn status(&self, now: Millis) -> &'static str {
        if now >= self.end.at {
            return self.end.status;
        }
        match self.ready {
            Some((from, until)) if (from..until).contains(&now) => "Ready",
            _ if now >= self.started => "InProgress",
            _ => "Created",
        }
    }
}
