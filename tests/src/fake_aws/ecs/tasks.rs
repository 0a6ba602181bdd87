//! `ListTasks` and `DescribeTasks`: the tasks of every task set and rolling deployment, the ended ones included.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    super::{
        Principal, Refusal,
        clock::{Millis, timestamp},
        codedeploy::{
            Stop,
            task_sets::{Trouble, View},
        },
        json_answer,
    },
    Ecs, Owned, World,
    services::cluster,
};
use crate::http::Answer;

/// The lifetime of a task that exits repeatedly.
const LIFE: Millis = 90_000;
/// The lifetime of a task with a given stop reason.
const SHORT_LIFE: Millis = 40_000;
/// How long ECS shows tasks that have ended.
const SHOWN: Millis = 3_600_000;

struct Task {
    id: String,
    service: String,
    view: View,
    started: Millis,
    state: State,
    stop: Option<Stop>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Pending,
    Running,
    Stopped(Millis),
}

impl Ecs {
    pub(super) fn list_tasks(&self, caller: &Principal, body: &Value, world: World<'_>) -> Result<Answer, Refusal> {
        let owner = cluster(caller, body);
        let known = self.clusters.get(&owner);
        let known = known.ok_or_else(|| Refusal::new(400, "ClusterNotFoundException", "Cluster not found."))?;
        let text = |member: &str| body.get(member).and_then(Value::as_str);
        let service = text("serviceName").map(|name| name.rsplit('/').next().unwrap_or(name));
        if service.is_some_and(|name| !known.contains_key(name)) {
            return Err(Refusal::new(400, "ServiceNotFoundException", "Service not found."));
        }
        let stopped = text("desiredStatus").unwrap_or("RUNNING") == "STOPPED";
        let tasks = self.tasks(&owner, world).into_iter().filter(|task| {
            service.is_none_or(|name| name == task.service)
                && text("startedBy").is_none_or(|by| by == task.view.set.id)
                && text("family").is_none_or(|family| task.view.set.task_definition.contains(&format!("/{family}:")))
                && matches!(task.state, State::Stopped(_)) == stopped
        });
        let arns: Vec<String> = tasks.map(|task| task_arn(&owner, &task.id)).collect();
        let most = body["maxResults"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(100).clamp(1, 100);
        let start: usize = text("nextToken").and_then(|token| token.parse().ok()).unwrap_or(0);
        let mut answer = json!({"taskArns": arns.iter().skip(start).take(most).collect::<Vec<_>>()});
        if start + most < arns.len() {
            answer["nextToken"] = json!((start + most).to_string());
        }
        Ok(json_answer(200, &answer))
    }

    pub(super) fn describe_tasks(&self, caller: &Principal, body: &Value, world: World<'_>) -> Result<Answer, Refusal> {
        let owner = cluster(caller, body);
        if !self.clusters.contains_key(&owner) {
            return Err(Refusal::new(400, "ClusterNotFoundException", "Cluster not found."));
        }
        let all = self.tasks(&owner, world);
        let (mut tasks, mut failures) = (Vec::new(), Vec::new());
        for wanted in body["tasks"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let id = wanted.rsplit('/').next().unwrap_or(wanted);
            match all.iter().find(|task| task.id == id) {
                Some(task) => tasks.push(self.describe_task(&owner, task)),
                None => failures.push(json!({"arn": task_arn(&owner, id), "reason": "MISSING"})),
            }
        }
        Ok(json_answer(200, &json!({"tasks": tasks, "failures": failures})))
    }

    fn tasks(&self, owner: &Owned, world: World<'_>) -> Vec<Task> {
        let names = self.clusters.get(owner).into_iter().flat_map(|services| services.keys());
        names
            .flat_map(|name| self.views(owner, name, world).into_iter().flat_map(|view| of(&view, name, world.now)))
            .collect()
    }

    fn describe_task(&self, owner: &Owned, task: &Task) -> Value {
        let (_, region, cluster) = owner;
        let definition = &task.view.set.task_definition;
        let (family, revision) =
            definition.rsplit('/').next().and_then(|name| name.split_once(':')).unwrap_or_default();
        let family = (owner.0.clone(), region.clone(), family.to_owned());
        let revision = revision.parse().ok().and_then(|revision: u64| self.families.get(&family)?.get(&revision));
        let recorded: Value = revision.and_then(|body| serde_json::from_str(body).ok()).unwrap_or_default();
        let arn = task_arn(owner, &task.id);
        let (last, desired, health) = match task.state {
            State::Pending => ("PENDING", "RUNNING", "UNKNOWN"),
            State::Running => ("RUNNING", "RUNNING", "UNKNOWN"),
            State::Stopped(_) => ("STOPPED", "STOPPED", "UNKNOWN"),
        };
        let unhealthy = matches!(task.view.trouble, Trouble::Unhealthy(_));
        let definitions = recorded["taskDefinition"]["containerDefinitions"].as_array().cloned().unwrap_or_default();
        let containers = definitions.iter().enumerate().map(|(place, definition)| {
            let mut container = json!({
                "containerArn": arn.replace(":task/", ":container/"),
                "taskArn": arn,
                "name": definition["name"],
                "image": definition["image"],
                "lastStatus": last,
                "healthStatus": health,
                "networkInterfaces": [{"attachmentId": "a1", "privateIpv4Address": address(&task.id)}],
                "cpu": "0"
            });
            if matches!(task.state, State::Stopped(_)) {
                container["exitCode"] = json!(if unhealthy {
                    143
                } else if place == 0 {
                    1
                } else {
                    137
                });
                if let Some(stop) = &task.stop {
                    let (exit_code, reason) = &stop.container;
                    let first = json!({"exitCode": exit_code, "reason": reason});
                    let first = first.as_object().into_iter().flatten().filter(|_| place == 0);
                    container.as_object_mut().map(|members| members.shift_remove("exitCode"));
                    first
                        .filter(|(_, value)| !value.is_null())
                        .for_each(|(name, value)| container[name] = value.clone());
                }
            }
            container
        });
        let mut shown = json!({
            "taskArn": arn,
            "clusterArn": format!("arn:aws:ecs:{region}:{}:cluster/{cluster}", owner.0),
            "taskDefinitionArn": definition,
            "containers": containers.collect::<Vec<_>>(),
            "desiredStatus": desired,
            "lastStatus": last,
            "healthStatus": health,
            "group": format!("service:{}", task.service),
            "startedBy": task.view.set.id,
            "launchType": "FARGATE",
            "platformVersion": "1.4.0",
            "createdAt": timestamp(task.started),
            "version": 3
        });
        if task.state != State::Pending {
            shown["startedAt"] = timestamp(task.started + 10_000);
        }
        if let State::Stopped(at) = task.state {
            let group = super::super::elb::target_group_arn(&owner.0, region, &task.view.set.target_group);
            let (code, reason) = if let Some(stop) = &task.stop {
                (stop.code, stop.reason.clone())
            } else if unhealthy {
                ("ServiceSchedulerInitiated", format!("Task failed ELB health checks in (target-group {group})"))
            } else {
                ("EssentialContainerExited", "Essential container in task exited".to_owned())
            };
            shown["stopCode"] = json!(code);
            shown["stoppedReason"] = json!(reason);
            shown["stoppingAt"] = timestamp(at - 1_000);
            shown["stoppedAt"] = timestamp(at);
        }
        shown
    }
}

/// The tasks of one task set: those that should run, and those of the last hour that did.
fn of(view: &View, service: &str, now: Millis) -> Vec<Task> {
    let task = |round: u64, place: u64, started, state| {
        let last = view.stops.len().saturating_sub(1);
        let stop = view.stops.get(usize::try_from(round).unwrap_or(last).min(last)).cloned();
        let id = hex::encode(&Sha256::digest(format!("{} {round} {place}", view.set.id))[..16]);
        Task { id, service: service.to_owned(), view: view.clone(), started, state, stop }
    };
    let life = if view.stops.is_empty() { LIFE } else { SHORT_LIFE };
    let mut tasks = Vec::new();
    if view.trouble == Trouble::None {
        let state = |place| if place < view.running { State::Running } else { State::Pending };
        tasks.extend((0..view.desired).map(|place| task(0, place, view.since, state(place))));
        return tasks;
    }
    if view.trouble == Trouble::NoCapacity {
        return tasks;
    }
    let rounds = view.until.saturating_sub(view.since) / life;
    for round in 0..=rounds {
        let started = view.since + round * life;
        let ended = started + life;
        let state = if ended <= view.until { State::Stopped(ended) } else { State::Running };
        // The last round is still there only while the task set is.
        let ended_with_it = round == rounds && view.desired == 0;
        if ended + SHOWN >= now && !ended_with_it {
            tasks.extend((0..view.desired.max(1)).map(|place| task(round, place, started, state)));
        }
    }
    tasks
}

/// The addresses of the running tasks, and what is wrong with them.
pub(super) fn addresses(view: &View) -> Vec<(String, Trouble)> {
    let ids = of(view, "", view.until).into_iter().filter(|task| task.state == State::Running);
    ids.map(|task| (address(&task.id), view.trouble)).collect()
}

fn address(id: &str) -> String {
    let part = |from| u8::from_str_radix(&id[from..from + 2], 16).unwrap_or_default();
    format!("10.0.{}.{}", part(0) % 4, part(2))
}

fn task_arn((account, region, cluster): &Owned, id: &str) -> String {
    format!("arn:aws:ecs:{region}:{account}:task/{cluster}/{id}")
}
