//! A deployment: its request, the later operations on it, and its state at a moment.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    super::clock::{Millis, timestamp},
    group::{Group, Traffic},
    scenario::Scenario,
    task_sets::{TaskSet, View},
    timeline::Timeline,
};

/// Everything that determines the course of a deployment.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) region: String,
    /// The group as it was when this was created.
    pub(super) group: Group,
    pub(super) config: String,
    pub(super) traffic: Traffic,
    pub(super) created: Millis,
    pub(super) description: Option<String>,
    pub(super) kind: Kind,
    /// As `GetDeployment` shows it: without the content of an AppSpec.
    pub(super) revision: Value,
    pub(super) previous_revision: Option<Value>,
    pub(super) auto_rollback: Value,
    pub(super) alarms: Value,
    pub(super) overridden_alarms: Option<Value>,
    pub(super) hooks: BTreeMap<String, String>,
    pub(super) refused: Option<Refused>,
    pub(super) scenario: Scenario,
    /// How many tasks the service wants.
    pub(super) tasks: u64,
    pub(super) blue: TaskSet,
    pub(super) green: TaskSet,
    /// The weight of the new tasks when this was created: not 0 for a rollback.
    pub(super) weight: u8,
    /// Of a rollback: whether the deployment that it rolls back had made its task set.
    pub(super) installed: bool,
    /// When alarms that it watches were seen in ALARM, and which. A rollback by CodeDeploy watches none.
    pub(super) alarmed: Option<(Millis, Vec<String>)>,
    /// When a stop was requested, and whether with a rollback.
    pub(super) stopped: Option<(Millis, Option<bool>)>,
    pub(super) continued_ready: Option<Millis>,
    pub(super) continued_termination: Option<Millis>,
    pub(super) rollback_info: Option<Value>,
    /// The final status, once its end has had its consequences.
    pub(super) settled: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Rollback,
}

/// A fault of the request that AWS reports later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// The revision cannot be read.
    Revision(String),
    /// CodeDeploy cannot deploy to the group's service.
    Service(String),
    /// ECS will not make a task set of it.
    TaskSet(String),
}

impl Deployment {
    pub(super) fn timeline(&self) -> Timeline {
        Timeline::of(self)
    }

    pub(super) fn status(&self, now: Millis) -> &'static str {
        self.settled.unwrap_or_else(|| self.timeline().status(now))
    }

    pub(super) fn is_active(&self, now: Millis) -> bool {
        self.settled.is_none() && now < self.timeline().end.at
    }

    pub(super) fn launch(&self) -> Millis {
        u64::try_from(self.group.launch.as_millis()).unwrap_or(u64::MAX / 2)
    }

    pub(super) fn alarm_names(&self) -> impl Iterator<Item = &str> {
        let enabled = self.alarms["enabled"] == true;
        let alarms = self.alarms["alarms"].as_array().filter(|_| enabled);
        alarms.into_iter().flatten().filter_map(|alarm| alarm["name"].as_str())
    }

    /// `cluster:service`, the one target of an ECS deployment.
    pub(super) fn target_id(&self) -> String {
        format!("{}:{}", last(&self.group.cluster), last(&self.group.service))
    }

    /// Whether its end with that cause must be followed by a rollback.
    pub(super) fn rolls_back(&self, cause: &str) -> bool {
        if let Some((_, Some(asked))) = self.stopped
            && cause == "DEPLOYMENT_STOP_ON_REQUEST"
        {
            return asked;
        }
        let events = self.auto_rollback["events"].as_array();
        self.auto_rollback["enabled"] == true && events.is_some_and(|events| events.iter().any(|event| event == cause))
    }

    /// `DeploymentInfo`. An ECS deployment has a `deploymentOverview` only after its end.
    pub(super) fn info(&self, now: Millis) -> Value {
        let timeline = self.timeline();
        let ended = now >= timeline.end.at;
        let waits = timeline.termination.is_some_and(|(from, _)| now >= from);
        let mut info = json!({
            "applicationName": self.group.application,
            "deploymentGroupName": self.group.name,
            "deploymentConfigName": self.config,
            "deploymentId": self.id,
            "revision": self.revision,
            "status": timeline.status(now),
            "createTime": timestamp(self.created),
            "creator": if self.kind == Kind::Rollback { "codeDeployRollback" } else { "user" },
            "ignoreApplicationStopFailures": false,
            "autoRollbackConfiguration": self.auto_rollback,
            "updateOutdatedInstancesOnly": false,
            "deploymentStyle": self.group.style(),
            "instanceTerminationWaitTimeStarted": waits,
            "blueGreenDeploymentConfiguration": self.group.blue_green(),
            "loadBalancerInfo": self.group.load_balancer(&self.account, &self.region),
            "fileExistsBehavior": "DISALLOW",
            "deploymentStatusMessages": [],
            "computePlatform": self.group.platform
        });
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                info[name] = value;
            }
        };
        put("deploymentOverview", ended.then(|| self.overview(now)));
        put("description", self.description.clone().map(Value::String));
        put("previousRevision", self.previous_revision.clone());
        put("overrideAlarmConfiguration", self.overridden_alarms.clone());
        put("startTime", (now >= timeline.started).then(|| timestamp(timeline.started)));
        put("completeTime", ended.then(|| timestamp(timeline.end.at)));
        put("rollbackInfo", self.rollback_info.clone().filter(|_| ended || self.kind == Kind::Rollback));
        let error = timeline.end.error.filter(|_| ended);
        put("errorInformation", error.map(|(code, message)| json!({"code": code, "message": message})));
        info
    }

    /// The one target, counted by its status.
    fn overview(&self, now: Millis) -> Value {
        let mut counts = json!({"Pending": 0, "InProgress": 0, "Succeeded": 0, "Failed": 0, "Skipped": 0, "Ready": 0});
        let target = self.target(now).unwrap_or_default();
        counts[target["ecsTarget"]["status"].as_str().unwrap_or("Skipped")] = json!(1);
        counts
    }

    /// `DeploymentTarget`, once it has started.
    pub(super) fn target(&self, now: Millis) -> Option<Value> {
        let timeline = self.timeline();
        if now < timeline.started || now >= timeline.end.at && timeline.events.iter().all(|event| event.time.is_none())
        {
            return None;
        }
        let ended = now >= timeline.end.at;
        let events = timeline.events.iter().map(|event| {
            let mut shown =
                json!({"lifecycleEventName": event.name, "status": if ended { "Skipped" } else { "Pending" }});
            let Some((from, until)) = event.time.filter(|(from, _)| *from <= now) else { return shown };
            shown["startTime"] = timestamp(from);
            shown["status"] = json!("InProgress");
            if now >= until {
                shown["endTime"] = timestamp(until);
                shown["status"] = json!(if event.failed { "Failed" } else { "Succeeded" });
            }
            shown
        });
        let events: Vec<Value> = events.collect();
        let times = events.iter().flat_map(|event| [&event["startTime"], &event["endTime"]]);
        let last_updated = times.filter_map(Value::as_f64).fold(0.0, f64::max);
        let status = match timeline.status(now) {
            "Stopped" => "Failed",
            other => other,
        };
        let sets: Vec<Value> = self.task_sets(now).iter().map(View::as_target).collect();
        let (cluster, service) = (last(&self.group.cluster), last(&self.group.service));
        Some(json!({
            "deploymentTargetType": "ECSTarget",
            "ecsTarget": {
                "deploymentId": self.id,
                "targetId": self.target_id(),
                "targetArn": format!("arn:aws:ecs:{}:{}:service/{cluster}/{service}", self.region, self.account),
                "lastUpdatedAt": last_updated,
                "lifecycleEvents": events,
                "status": status,
                "taskSetsInfo": sets
            }
        }))
    }
}

/// The name of a resource that is given by its name or ARN.
pub(super) fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
