//! A small world for the state machine: deployments as tables of what AWS would answer, and a clock that jumps.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::*;
use crate::deployment::schedule::{Budget, span};

/// The start of every test, in milliseconds since 1970.
pub(crate) const START: u64 = 1_700_000_000_000;

/// What AWS answers from a time on.
#[derive(Debug, Clone)]
enum Row {
    Answer(Box<Observation>),
    Missed(Missed),
}

/// Deployments by id, each with its rows by time in milliseconds after [`START`].
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    deployments: BTreeMap<String, Vec<(u64, Row)>>,
}

impl World {
    /// Adds a deployment. A row is `SECONDS [STATUS] word…`; what a row does not say stays as it was.
    ///
    /// Words: `Install>` started, `Install+` succeeded, `Install!` failed, `Install~` skipped, `Install.` pending;
    /// `blue=90:2/2` and `green=10:1/2+1` are weight, running, desired, pending; `term` the termination wait;
    /// `rollback=d-2`; `says=TEXT`, `refuses=TEXT` and `error=CODE:TEXT` (`_` for a blank); `notarget` until the
    /// next row; `throttled` and `unavailable` for no answer until the next row.
    pub(crate) fn with(mut self, id: &str, waits: BlueGreen, auto: Option<AutoRollback>, table: &str) -> World {
        let mut deployment = Deployment::new(id, DeploymentStatus::Created);
        deployment.application = "shop".to_owned();
        deployment.group = "web".to_owned();
        deployment.blue_green = waits;
        deployment.auto_rollback = auto;
        let mut target: Option<Target> = None;
        let mut rows = Vec::new();
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut words = line.split_whitespace();
            let at = words.next().unwrap().parse::<u64>().expect(line) * 1000;
            let (mut missed, mut hidden) = (None, false);
            for word in words {
                match word {
                    "throttled" => missed = Some(Missed::Throttled),
                    "unavailable" => missed = Some(Missed::Unavailable),
                    "notarget" => hidden = true,
                    _ => apply(&mut deployment, &mut target, word, START + at),
                }
            }
            let target = if hidden { None } else { target.clone() };
            rows.push((
                at,
                match missed {
                    Some(missed) => Row::Missed(missed),
                    None => Row::Answer(Box::new(Observation { deployment: deployment.clone(), target })),
                },
            ));
        }
        self.deployments.insert(id.to_owned(), rows);
        self
    }

    /// One poll of a wait.
    pub(crate) fn observe(&self, follow: &mut Follow, now_ms: u64) -> Vec<Event> {
        match self.answer(follow.following(), now_ms) {
            Row::Answer(observation) => follow.observe(*observation, now_ms),
            Row::Missed(missed) => follow.missed(missed, now_ms),
        }
    }

    fn answer(&self, id: &str, now_ms: u64) -> Row {
        let rows = &self.deployments[id];
        let past = rows.iter().rev().find(|(at, _)| START + at <= now_ms);
        past.map_or(Row::Missed(Missed::Unavailable), |(_, row)| row.clone())
    }
}

fn apply(deployment: &mut Deployment, target: &mut Option<Target>, word: &str, now_ms: u64) {
    if let Some((key, value)) = word.split_once('=') {
        let text = value.replace('_', " ");
        match key {
            "blue" => set_tasks(target, Label::Blue, value),
            "green" => set_tasks(target, Label::Green, value),
            "rollback" => {
                deployment.rollback.get_or_insert_default().rollback_deployment_id = Some(value.to_owned());
            }
            "refuses" => deployment.rollback.get_or_insert_default().message = Some(text),
            "says" => deployment.messages.push(text),
            "error" => {
                let (code, message) = value.split_once(':').expect(word);
                deployment.error = Some(ErrorInfo { code: code.to_owned(), message: message.replace('_', " ") });
            }
            _ => panic!("unknown word {word}"),
        }
        return;
    }
    if word == "term" {
        deployment.termination_wait_started = true;
        return;
    }
    if let Some(name) = word.strip_suffix(['>', '+', '!', '~', '.']) {
        set_event(target, name, &word[name.len()..], now_ms);
        return;
    }
    deployment.status = DeploymentStatus::from_name(word);
    match deployment.status {
        DeploymentStatus::InProgress if deployment.started_ms.is_none() => deployment.started_ms = Some(now_ms),
        _ => {}
    }
}

fn in_target(target: &mut Option<Target>) -> &mut Target {
    target.get_or_insert_with(|| Target {
        id: "prod:web".to_owned(),
        status: TargetStatus::InProgress,
        lifecycle_events: Vec::new(),
        task_sets: Vec::new(),
    })
}

fn set_event(target: &mut Option<Target>, name: &str, sign: &str, now_ms: u64) {
    let events = &mut in_target(target).lifecycle_events;
    if !events.iter().any(|event| event.name == name) {
        events.push(LifecycleEvent {
            name: name.to_owned(),
            status: LifecycleStatus::Pending,
            start_ms: None,
            end_ms: None,
            diagnostics: None,
        });
    }
    let event = events.iter_mut().find(|event| event.name == name).unwrap();
    event.status = match sign {
        ">" => LifecycleStatus::InProgress,
        "+" => LifecycleStatus::Succeeded,
        "!" => LifecycleStatus::Failed,
        "~" => LifecycleStatus::Skipped,
        _ => LifecycleStatus::Pending,
    };
    match event.status {
        LifecycleStatus::InProgress => event.start_ms = Some(now_ms),
        LifecycleStatus::Succeeded | LifecycleStatus::Failed => {
            event.start_ms.get_or_insert(now_ms);
            event.end_ms = Some(now_ms);
        }
        _ => {}
    }
    if event.status == LifecycleStatus::Failed {
        event.diagnostics = Some(Diagnostics {
            error_code: Some("ScriptFailed".to_owned()),
            script_name: Some("smoke-test".to_owned()),
            message: Some("The function answered Failed".to_owned()),
            log_tail: Some("GET /health\n502 Bad Gateway\n".to_owned()),
        });
    }
}

fn set_tasks(target: &mut Option<Target>, label: Label, value: &str) {
    let numbers: Vec<u32> = value.split([':', '/', '+']).map(|number| number.parse().expect(value)).collect();
    let sets = &mut in_target(target).task_sets;
    sets.retain(|set| set.label != label);
    sets.push(TaskSet {
        id: format!("ecs-svc/{}", label.name().to_lowercase()),
        status: if label == Label::Blue { TaskSetStatus::Primary } else { TaskSetStatus::Active },
        target_group: Some(format!("tg-{}", label.name().to_lowercase())),
        label,
        desired: numbers[2],
        pending: numbers.get(3).copied().unwrap_or(0),
        running: numbers[1],
        traffic_weight: Weight::percent(numbers[0]),
    });
}

/// What a group of the tests says: `ready` and `termination` in minutes.
pub(crate) fn waits(ready: u32, termination: u32) -> BlueGreen {
    let action = if ready == 0 { ReadyAction::ContinueDeployment } else { ReadyAction::StopDeployment };
    BlueGreen {
        ready: Some(ReadyWait { action, wait_minutes: ready }),
        termination: Some(TerminationWait { action: TerminationAction::Terminate, wait_minutes: termination }),
    }
}

/// Automatic rollback on all three events, or on none.
#[expect(clippy::unnecessary_wraps, reason = "the tests read better without Some() at each call")]
pub(crate) fn auto(enabled: bool) -> Option<AutoRollback> {
    let events = vec![RollbackEvent::Failure, RollbackEvent::StopOnAlarm, RollbackEvent::StopOnRequest];
    Some(AutoRollback { enabled, events })
}

/// A wait for `d-1`.
pub(crate) fn watch(waits: &BlueGreen, routing: TrafficRouting, until: Until) -> Watch {
    Watch {
        deployment: "d-1".to_owned(),
        until,
        budget: Budget::new(waits, routing, Some(&[]), until),
        routing,
        auto_rollback: None,
        on_timeout: OnTimeout::Leave,
    }
}

/// What a wait did.
pub(crate) struct Played {
    pub(crate) lines: Vec<String>,
    pub(crate) follow: Follow,
    pub(crate) history: History,
    pub(crate) polls: u64,
    pub(crate) now_ms: u64,
}

impl Played {
    /// Every line but the heartbeats, each with its time.
    pub(crate) fn talk(&self) -> String {
        let talk: Vec<&str> = self.lines.iter().map(String::as_str).filter(|line| !is_heartbeat(line)).collect();
        talk.join("\n") + "\n"
    }
}

/// Runs a wait to its end; `chance` gives a number per poll.
pub(crate) fn play(world: &World, watch: Watch, mut chance: impl FnMut() -> u32) -> Played {
    let mut now_ms = START;
    let mut follow = Follow::new(watch, now_ms);
    let (mut lines, mut polls, mut history) = (Vec::new(), 0, History::default());
    for _ in 0..1_000_000 {
        let (events, verdict) = match follow.next(now_ms, chance()) {
            Next::Done(verdict) => (Vec::new(), Some(verdict)),
            Next::Tick(after) => {
                now_ms += u64::try_from(after.as_millis()).unwrap();
                (follow.tick(now_ms), None)
            }
            Next::Stop { rollback } => {
                lines.push(format!("stop, rollback {rollback}"));
                (follow.stop_answered(Ok(()), now_ms), None)
            }
            Next::FollowRollback(id) => {
                assert_eq!(id, follow.following());
                (Vec::new(), None)
            }
            Next::Poll(after) => {
                now_ms += u64::try_from(after.as_millis()).unwrap();
                polls += 1;
                (world.observe(&mut follow, now_ms), None)
            }
        };
        history.sample(now_ms, follow.target());
        history.note(now_ms, &events);
        let at = span(Duration::from_millis(now_ms - START));
        lines.extend(events.iter().map(|event| format!("{at:<11} {event}")));
        if verdict.is_some() {
            return Played { lines, follow, history, polls, now_ms };
        }
    }
    panic!("the wait does not end: {lines:?}");
}

/// Whether a line only says that the wait is not over.
pub(super) fn is_heartbeat(line: &str) -> bool {
    line.contains("  still ") || line.contains("rollback: still ")
}
