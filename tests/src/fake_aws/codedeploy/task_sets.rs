//! The two task sets of a deployment: how many tasks, how much traffic, at a moment.

use serde_json::{Value, json};

use super::{
    super::clock::Millis,
    deployment::{Deployment, Kind},
    scenario::{Check, Scenario, Stop},
    timeline::Timeline,
};

/// A task set of a service under CodeDeploy.
#[derive(Debug, Clone)]
pub(in super::super) struct TaskSet {
    /// `ecs-svc/…`
    pub(in super::super) id: String,
    pub(in super::super) task_definition: String,
    pub(in super::super) target_group: String,
    /// The deployment that made it.
    pub(in super::super) external_id: Option<String>,
    pub(in super::super) created: Millis,
}

/// What it looks like at a moment.
#[derive(Debug, Clone)]
pub(in super::super) struct View {
    pub(in super::super) set: TaskSet,
    pub(in super::super) label: &'static str,
    /// `PRIMARY`, `ACTIVE` or `DRAINING`
    pub(in super::super) status: &'static str,
    pub(in super::super) desired: u64,
    pub(in super::super) pending: u64,
    pub(in super::super) running: u64,
    /// In percent.
    pub(in super::super) weight: u8,
    pub(in super::super) trouble: Trouble,
    /// The stop reasons of its tasks, in order; empty if the exit code explains the stop.
    pub(in super::super) stops: Vec<Stop>,
    /// When its tasks began to start.
    pub(in super::super) since: Millis,
    /// When its tasks ended, or the time of the view.
    pub(in super::super) until: Millis,
}

/// What is wrong with its tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Trouble {
    None,
    Exiting,
    Unhealthy(Check),
    NoCapacity,
}

/// How long a task set whose tasks have ended is still shown.
const SHOWN: Millis = 120_000;

impl View {
    /// As a task set that serves all traffic.
    pub(in super::super) fn alone(set: TaskSet, tasks: u64) -> View {
        let (label, status, trouble, since) = ("Blue", "PRIMARY", Trouble::None, set.created);
        View {
            set,
            label,
            status,
            desired: tasks,
            pending: 0,
            running: tasks,
            weight: 100,
            trouble,
            stops: Vec::new(),
            since,
            until: since,
        }
    }

    /// `ECSTaskSet`; the spelling of its first member is the API's.
    pub(super) fn as_target(&self) -> Value {
        json!({
            "identifer": self.set.id,
            "desiredCount": self.desired,
            "pendingCount": self.pending,
            "runningCount": self.running,
            "status": self.status,
            "trafficWeight": f64::from(self.weight),
            "targetGroup": {"name": self.set.target_group},
            "taskSetLabel": self.label
        })
    }

    fn drained(self) -> View {
        View { status: "DRAINING", desired: 0, pending: 0, running: 0, weight: 0, ..self }
    }
}

impl Deployment {
    /// Its task sets, the one that serves first.
    pub(in super::super) fn task_sets(&self, now: Millis) -> Vec<View> {
        let timeline = self.timeline();
        let weight = timeline.weight(self.weight, now);
        let blue = View { weight: 100 - weight, ..View::alone(self.blue.clone(), self.tasks) };
        let mut views = match self.kind {
            Kind::Normal => self.going_forward(&timeline, now, weight, blue),
            Kind::Rollback => self.going_back(&timeline, now, weight, blue),
        };
        if let Some(interval) = self.group.scaling {
            let more = now / Millis::try_from(interval.as_millis()).unwrap_or(Millis::MAX) % 20;
            for view in views.iter_mut().filter(|view| view.running > 0) {
                (view.desired, view.running) = (view.desired + more, view.running + more);
            }
        }
        views.sort_by_key(|view| view.status != "PRIMARY");
        views
    }

    fn going_forward(&self, timeline: &Timeline, now: Millis, weight: u8, blue: View) -> Vec<View> {
        let Some(started) = timeline.start_of("Install").filter(|at| *at <= now) else { return vec![blue] };
        let green = self.green(timeline, started, now.min(timeline.end.at), weight);
        // ECS refused it: there never was one.
        if timeline.end.at <= started + 2_000 {
            return vec![blue];
        }
        let green = View { until: now, ..green };
        let moved = timeline.shifts.iter().any(|(at, weight)| *weight == 100 && *at <= now);
        let (blue, green) = if moved {
            (View { status: "ACTIVE", ..blue }, View { status: "PRIMARY", ..green })
        } else {
            (blue, green)
        };
        match timeline.termination.filter(|(_, until)| timeline.end.status == "Succeeded" && now >= *until) {
            Some((_, until)) if now < until + SHOWN => vec![green, blue.drained()],
            Some(_) => vec![green],
            None => vec![blue, green],
        }
    }

    fn going_back(&self, timeline: &Timeline, now: Millis, weight: u8, blue: View) -> Vec<View> {
        let refused = matches!(self.scenario.outcome(), Scenario::CannotUpdateService(_)) || self.refused.is_some();
        if refused || !self.installed {
            return vec![blue];
        }
        let green = self.green(timeline, self.green.created, self.created, weight);
        let end = timeline.end.at;
        match timeline.end.status {
            "Succeeded" if now >= end + SHOWN => vec![blue],
            "Succeeded" if now >= end => vec![blue, View { until: end, ..green.drained() }],
            _ if weight == 100 => {
                vec![View { status: "ACTIVE", ..blue }, View { status: "PRIMARY", until: now, ..green }]
            }
            _ => vec![blue, View { until: now, ..green }],
        }
    }

    fn green(&self, timeline: &Timeline, since: Millis, now: Millis, weight: u8) -> View {
        let trouble = match self.scenario.outcome() {
            Scenario::NeverHealthy | Scenario::TasksStop(_) => Trouble::Exiting,
            Scenario::UnhealthyTargets => Trouble::Unhealthy(Check::Code(503)),
            Scenario::FailsChecks(check) => Trouble::Unhealthy(*check),
            Scenario::NoCapacity => Trouble::NoCapacity,
            _ => Trouble::None,
        };
        let stops = match self.scenario.outcome() {
            Scenario::TasksStop(stops) => stops.clone(),
            _ => Vec::new(),
        };
        let installed = self.kind == Kind::Rollback
            || timeline.events.iter().any(|event| {
                event.name == "Install" && !event.failed && event.time.is_some_and(|(_, until)| until <= now)
            });
        let started = self.tasks * now.saturating_sub(since) / self.launch().max(1);
        let running = match trouble {
            Trouble::None if *self.scenario.outcome() == Scenario::SucceedsWithoutTasks => 0,
            Trouble::None if installed => self.tasks,
            Trouble::None => started.min(self.tasks.saturating_sub(1)),
            Trouble::Exiting | Trouble::NoCapacity => 0,
            Trouble::Unhealthy(_) => self.tasks,
        };
        let (set, desired, pending) = (self.green.clone(), self.tasks, self.tasks - running);
        let (label, status) = ("Green", "ACTIVE");
        View { set, label, status, desired, pending, running, weight, trouble, stops, since, until: now }
    }
}
