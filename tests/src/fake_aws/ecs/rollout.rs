//! Rolling deployments: started by `UpdateService` on a service with the ECS deployment controller.

use serde_json::{Value, json};

use super::{
    super::{
        clock::{Millis, timestamp},
        codedeploy::task_sets::{TaskSet, Trouble, View},
    },
    Ecs, Service,
};

/// How a rolling deployment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rollout {
    /// Steady after 150 seconds.
    #[default]
    Completes,
    /// The new tasks exit until the circuit breaker ends it, after 10 minutes.
    Fails,
    /// The new tasks never become steady, and the deployment never ends.
    NeverSteady,
}

/// A rolling deployment.
#[derive(Debug, Clone)]
pub(super) struct Deployed {
    pub(super) id: String,
    pub(super) at: Millis,
    pub(super) task_definition: String,
    pub(super) rollout: Rollout,
}

const STEADY_AFTER: Millis = 150_000;
const BROKEN_AFTER: Millis = 600_000;
const BROKEN: &str = "ECS deployment circuit breaker: tasks failed to start.";

impl Deployed {
    /// `IN_PROGRESS`, `COMPLETED` or `FAILED`.
    fn state(&self, now: Millis) -> &'static str {
        match self.rollout {
            Rollout::Completes if now >= self.at + STEADY_AFTER => "COMPLETED",
            Rollout::Fails if now >= self.at + BROKEN_AFTER => "FAILED",
            _ => "IN_PROGRESS",
        }
    }
}

/// The deployments that still have tasks, newest first: the last steady one and all after it.
fn current(service: &Service, now: Millis) -> Vec<Deployed> {
    let mut shown = Vec::new();
    for deployed in service.deployed.iter().rev() {
        shown.push(deployed.clone());
        if deployed.state(now) == "COMPLETED" {
            return shown;
        }
    }
    let original = Ecs::original(&service.json).set;
    let id = service.json["deployments"][0]["id"].as_str().unwrap_or("ecs-svc/0000000000000000001").to_owned();
    let (at, task_definition) = (original.created, original.task_definition);
    shown.push(Deployed { id, at, task_definition, rollout: Rollout::Completes });
    shown
}

pub(super) fn views(service: &Service, now: Millis) -> Vec<View> {
    let original = Ecs::original(&service.json);
    let tasks = original.desired;
    let current = current(service, now);
    let newest_serves = current.len() == 1;
    let views = current.iter().enumerate().map(|(place, deployed)| {
        let steady = deployed.state(now) == "COMPLETED";
        let trouble = if deployed.rollout == Rollout::Fails { Trouble::Exiting } else { Trouble::None };
        let running = if steady { tasks } else { 0 };
        let desired = if deployed.state(now) == "FAILED" { 0 } else { tasks };
        let set = TaskSet {
            id: deployed.id.clone(),
            task_definition: deployed.task_definition.clone(),
            created: deployed.at,
            ..original.set.clone()
        };
        View {
            set,
            status: if place == 0 { "PRIMARY" } else { "ACTIVE" },
            desired,
            pending: desired - running.min(desired),
            running,
            weight: if newest_serves || place > 0 && steady { 100 } else { 0 },
            trouble,
            since: deployed.at,
            until: if deployed.state(now) == "FAILED" { deployed.at + BROKEN_AFTER } else { now },
            ..original.clone()
        }
    });
    views.collect()
}

/// The members of a service that a rolling deployment changes.
pub(super) fn describe(service: &Service, now: Millis) -> Value {
    let mut shown = service.json.clone();
    let (current, views) = (current(service, now), views(service, now));
    let deployments = current.iter().zip(&views).map(|(deployed, view)| {
        let state = deployed.state(now);
        let reason = if state == "FAILED" {
            BROKEN.to_owned()
        } else {
            format!("ECS deployment {} {}.", deployed.id, state.to_lowercase().replace('_', " "))
        };
        let failed = if view.trouble == Trouble::Exiting { (view.until - view.since) / 60_000 } else { 0 };
        let mut deployment = json!({
            "id": deployed.id,
            "status": view.status,
            "taskDefinition": deployed.task_definition,
            "desiredCount": view.desired,
            "pendingCount": view.pending,
            "runningCount": view.running,
            "failedTasks": failed,
            "createdAt": timestamp(deployed.at),
            "updatedAt": timestamp(now.min(deployed.at + STEADY_AFTER)),
            "rolloutState": state,
            "rolloutStateReason": reason
        });
        for name in ["launchType", "platformVersion", "platformFamily", "networkConfiguration"] {
            if let Some(value) = service.json.get(name) {
                deployment[name] = value.clone();
            }
        }
        deployment
    });
    shown["deployments"] = deployments.collect();
    shown["taskDefinition"] = json!(current.first().map(|newest| &newest.task_definition));
    shown["runningCount"] = json!(views.iter().map(|view| view.running).sum::<u64>());
    shown["pendingCount"] = json!(views.iter().map(|view| view.pending).sum::<u64>());
    let mut events = Vec::new();
    let name = service.json["serviceName"].as_str().unwrap_or_default();
    for deployed in &service.deployed {
        events.push((
            deployed.at + 5_000,
            format!("(service {name}) has started tasks of (deployment {}).", deployed.id),
        ));
        match deployed.state(now) {
            "COMPLETED" => {
                let at = deployed.at + STEADY_AFTER;
                events.push((at - 1, format!("(service {name}) (deployment {}) deployment completed.", deployed.id)));
                events.push((at, format!("(service {name}) has reached a steady state.")));
            }
            "FAILED" => events.push((
                deployed.at + BROKEN_AFTER,
                format!("(service {name}) (deployment {}) deployment failed: tasks failed to start.", deployed.id),
            )),
            _ => {}
        }
    }
    events.sort();
    let events = events.iter().rev().filter(|(at, _)| *at <= now).map(|(at, message)| {
        json!({"id": format!("00000000-0000-0000-0000-{at:012}"), "createdAt": timestamp(*at), "message": message})
    });
    let older = service.json["events"].as_array().cloned().unwrap_or_default();
    shown["events"] = events.chain(older).take(100).collect();
    shown
}
