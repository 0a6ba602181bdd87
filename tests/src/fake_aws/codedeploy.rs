//! CodeDeploy (JSON 1.1 and `rpc-v2-cbor`): applications, deployment groups of ECS services, and deployments that
//! proceed on the fake's [`super::clock`].
//!
//! The state of a deployment is a pure function of its record and the time (`timeline`). Only its rollback is added,
//! when it is due and a call reads the state.

mod control;
mod create;
mod deployment;
mod group;
mod hooks;
mod lists;
mod revision;
mod rollback;
mod scenario;
pub(super) mod task_sets;
mod texts;
mod timeline;

pub use group::{Group, OnTimeout, ROLLBACK_EVENTS, Traffic};
pub use hooks::Hook;
pub use scenario::{Check, Scenario, Stop};

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use serde_json::Value;

use super::{Call, FakeAws, Principal, Refusal, clock::Millis, ecs::Ecs, json_answer, s3::S3};
use crate::{http::Answer, unique};
use deployment::{Deployment, Kind, last};
use revision::Registered;
use task_sets::{TaskSet, View};

/// Account, region and name of an application or a deployment config.
type Owned = (String, String, String);

#[derive(Debug)]
pub(super) struct CodeDeploy {
    applications: HashMap<Owned, Application>,
    configs: HashMap<Owned, (Traffic, Millis)>,
    /// In the order of their creation.
    deployments: Vec<Deployment>,
    /// By application and group.
    scenarios: HashMap<(String, String), Scenario>,
    hooks: hooks::Hooks,
    alarm_states: BTreeMap<String, String>,
    composite_alarms: BTreeSet<String>,
    page: usize,
    listing: Listing,
    names_active: NamesActive,
}

/// How `ListDeployments` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listing {
    /// The oldest deployment first; without it the newest.
    pub oldest_first: bool,
    /// A deployment is listed, and named by its group, that long after it was created.
    pub lag: Duration,
}

/// What `DeploymentLimitExceededException` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NamesActive {
    /// `The Deployment Group 'web' already has an active Deployment 'd-…'`
    #[default]
    Today,
    /// `Deployment group 'web' is already deploying 'd-…'`
    Formerly,
    /// The sentence of today without the names.
    Not,
}

#[derive(Debug)]
struct Application {
    platform: String,
    created: Millis,
    groups: BTreeMap<String, Group>,
    revisions: Vec<Registered>,
}

impl Default for CodeDeploy {
    fn default() -> CodeDeploy {
        CodeDeploy {
            applications: HashMap::new(),
            configs: HashMap::new(),
            deployments: Vec::new(),
            scenarios: HashMap::new(),
            hooks: hooks::Hooks::new(),
            alarm_states: BTreeMap::new(),
            composite_alarms: BTreeSet::new(),
            page: 100,
            listing: Listing::default(),
            names_active: NamesActive::default(),
        }
    }
}

/// State of other services that the calls of CodeDeploy read.
#[derive(Clone, Copy)]
pub(super) struct World<'w> {
    pub(super) ecs: &'w Ecs,
    pub(super) s3: &'w S3,
    pub(super) now: Millis,
}

impl FakeAws {
    /// Adds an application of that compute platform (`ECS`, `Server` or `Lambda`).
    pub fn add_application(&self, account: &str, region: &str, name: &str, platform: &str) {
        let now = self.clock().now();
        let application = Application::new(platform, now);
        self.state().codedeploy.applications.insert(owned(account, region, name), application);
    }

    /// Adds a deployment group, and its application where it is not there yet.
    pub fn add_group(&self, account: &str, region: &str, group: Group) {
        let now = self.clock().now();
        let mut state = self.state();
        let application = owned(account, region, &group.application);
        let application = state.codedeploy.applications.entry(application);
        let application = application.or_insert_with(|| Application::new(group.platform, now));
        application.groups.insert(group.name.clone(), group);
    }

    /// Adds a deployment config of the compute platform ECS.
    pub fn add_deployment_config(&self, account: &str, region: &str, name: &str, traffic: Traffic) {
        let now = self.clock().now();
        self.state().codedeploy.configs.insert(owned(account, region, name), (traffic, now));
    }

    /// Sets the course of deployments of that group created from now on.
    pub fn set_scenario(&self, application: &str, group: &str, scenario: Scenario) {
        let key = (application.to_owned(), group.to_owned());
        self.state().codedeploy.scenarios.insert(key, scenario);
    }

    /// Sets the number of entries after which lists end with a `nextToken`.
    pub fn set_page_size(&self, entries: usize) {
        self.state().codedeploy.page = entries.max(1);
    }

    /// How `ListDeployments` lists from now on.
    pub fn set_listing(&self, listing: Listing) {
        self.state().codedeploy.listing = listing;
    }

    /// Sets how `CreateDeployment` refuses a second active deployment from now on.
    pub fn set_names_active(&self, names_active: NamesActive) {
        self.state().codedeploy.names_active = names_active;
    }

    /// Adds so many stopped deployments to the group of the newest deployment, each created a second after the one
    /// before, like a group whose deployments were stopped again and again. The clock goes on by as many seconds.
    pub fn add_stopped_deployments(&self, count: usize) {
        self.clock().advance(Duration::from_secs(count as u64 + 1));
        let mut state = self.state();
        let deployments = &mut state.codedeploy.deployments;
        for _ in 0..count {
            let newest = deployments.last().expect("a deployment to repeat").clone();
            let created = newest.created + 1_000;
            let stopped = Some((created, Some(false)));
            let (id, settled) = (new_id(), Some("Stopped"));
            let description = Some("made for a test".to_owned());
            deployments.push(Deployment { id, created, description, stopped, settled, ..newest });
        }
    }

    /// Sets the state of an alarm: `OK`, `ALARM` or `INSUFFICIENT_DATA`. `ALARM` stops the deployments that watch it:
    /// those that are active, and those that are created while it lasts. [`Scenario::AlarmAt`] sets the alarms of the
    /// group by itself.
    pub fn set_alarm(&self, name: &str, state: &str) {
        let now = self.clock().now();
        let codedeploy = &mut self.state().codedeploy;
        codedeploy.alarm_states.insert(name.to_owned(), state.to_owned());
        let watches = |one: &&mut Deployment| one.is_active(now) && one.alarm_names().any(|watched| watched == name);
        for deployment in codedeploy.deployments.iter_mut().filter(watches).filter(|_| state == "ALARM") {
            deployment.alarmed.get_or_insert_with(|| (now, vec![name.to_owned()]));
        }
    }

    /// The same for a composite alarm, which `DescribeAlarms` shows to those who ask for that type.
    pub fn set_composite_alarm(&self, name: &str, state: &str) {
        self.state().codedeploy.composite_alarms.insert(name.to_owned());
        self.set_alarm(name, state);
    }

    /// Every deployment of every group now, oldest first: what `GetDeployment` says in `deploymentInfo`.
    pub fn deployments(&self) -> Vec<Value> {
        let now = self.clock().now();
        let mut state = self.state();
        state.codedeploy.settle(now);
        state.codedeploy.deployments.iter().map(|deployment| deployment.info(now)).collect()
    }

    /// One deployment now.
    pub fn deployment(&self, id: &str) -> Value {
        let found = self.deployments().into_iter().find(|info| info["deploymentId"] == id);
        found.expect("a deployment that was created")
    }

    /// When a deployment ends without further calls, in seconds since 1970 on the fake's clock. Its rollback is
    /// separate.
    pub fn end_of(&self, id: &str) -> f64 {
        let state = self.state();
        let found = state.codedeploy.deployments.iter().find(|deployment| deployment.id == id);
        let end = found.expect("a deployment that was created").timeline().end.at;
        Duration::from_millis(end).as_secs_f64()
    }
}

impl Application {
    fn new(platform: &str, created: Millis) -> Application {
        Application { platform: platform.to_owned(), created, groups: BTreeMap::new(), revisions: Vec::new() }
    }
}

impl CodeDeploy {
    pub(super) fn answer(&mut self, caller: &Principal, call: &Call, world: World<'_>) -> Result<Answer, Refusal> {
        if !caller.may(&call.action()) {
            return Err(Refusal::denied(caller, &call.action(), "*"));
        }
        let body = call.json();
        let now = world.now;
        let answered = match call.operation.as_str() {
            "GetApplication" => self.get_application(caller, &body),
            "GetDeploymentGroup" => self.get_group(caller, &body, now),
            "ListApplications" => self.list_applications(caller, &body),
            "ListDeploymentGroups" => self.list_groups(caller, &body),
            "BatchGetDeploymentGroups" => self.batch_get_groups(caller, &body, now),
            "GetDeploymentConfig" => self.get_config(caller, &body),
            "ListDeployments" => self.list_deployments(caller, &body, now),
            "GetDeployment" => self.get_deployment(caller, &body, now),
            "BatchGetDeployments" => self.batch_get_deployments(caller, &body, now),
            "ListDeploymentTargets" => self.list_targets(caller, &body, now),
            "BatchGetDeploymentTargets" => self.batch_get_targets(caller, &body, now),
            "GetDeploymentTarget" => self.get_target(caller, &body, now),
            "RegisterApplicationRevision" => self.register_revision(caller, &body, now),
            "GetApplicationRevision" => self.get_revision(caller, &body),
            "BatchGetApplicationRevisions" => self.batch_get_revisions(caller, &body),
            "CreateDeployment" => self.create(caller, &body, world),
            "StopDeployment" => self.stop(caller, &body, now),
            "PutLifecycleEventHookExecutionStatus" => self.put_hook_status(caller, &body),
            "ContinueDeployment" => self.continue_deployment(caller, &body, now),
            other => Err(refuse("UnknownOperationException", format!("this fake has no codedeploy:{other}"))),
        };
        Ok(match answered? {
            // A call without output has an empty answer in JSON, and an empty map in CBOR.
            Value::Null => Answer::new(200, "application/x-amz-json-1.1", ""),
            body => json_answer(200, &body),
        })
    }

    /// Adds the rollbacks that are due.
    pub(super) fn settle(&mut self, now: Millis) {
        let open = |deployment: &Deployment| {
            deployment.settled.is_none() && deployment.timeline().end.at + ROLLBACK_AFTER <= now
        };
        while let Some(at) = self.deployments.iter().position(open) {
            let rollback = self.deployments[at].settle();
            self.deployments.extend(rollback);
        }
    }

    /// The task sets of a service, where a deployment has touched it.
    pub(super) fn service(&self, account: &str, region: &str, id: &str, now: Millis) -> Option<Vec<View>> {
        let mine = |deployment: &&Deployment| {
            deployment.account == account && deployment.region == region && deployment.target_id() == id
        };
        self.deployments.iter().rfind(mine).map(|deployment| deployment.task_sets(now))
    }

    /// The alarms that are known, with their states.
    pub(super) fn alarms(&self, now: Millis) -> BTreeMap<String, String> {
        let groups = self.applications.values().flat_map(|application| application.groups.values());
        let lists = groups.map(|group| &group.alarms).chain(self.deployments.iter().map(|one| &one.alarms));
        let names = lists.filter_map(|alarms| alarms["alarms"].as_array()).flatten();
        let mut states: BTreeMap<_, _> =
            names.filter_map(|alarm| Some((alarm["name"].as_str()?.to_owned(), "OK".to_owned()))).collect();
        for deployment in &self.deployments {
            let end = deployment.timeline().end;
            if end.cause == "DEPLOYMENT_STOP_ON_ALARM" && now + ALARM_BEFORE_STOP >= end.at {
                states.extend(deployment.alarm_names().map(|name| (name.to_owned(), "ALARM".to_owned())));
            }
        }
        states.extend(self.alarm_states.clone());
        states
    }

    /// When an alarm changed to `ALARM` that stopped a deployment.
    pub(super) fn fired_at(&self, alarm: &str) -> Option<Millis> {
        let stopped = self.deployments.iter().rev().find(|deployment| {
            let by_alarm = deployment.timeline().end.cause == "DEPLOYMENT_STOP_ON_ALARM";
            by_alarm && deployment.alarm_names().any(|name| name == alarm)
        });
        stopped.map(|deployment| deployment.timeline().end.at.saturating_sub(ALARM_BEFORE_STOP))
    }

    /// The newest deployment that had that lifecycle event, and when it began.
    pub(super) fn newest_event(&self, name: &str) -> Option<(String, Millis)> {
        self.deployments.iter().rev().filter(|one| one.kind == Kind::Normal).find_map(|deployment| {
            let timeline = deployment.timeline();
            let event = timeline.events.iter().find(|event| event.name == name)?;
            Some((deployment.id.clone(), event.time?.0))
        })
    }

    pub(super) fn is_composite(&self, alarm: &str) -> bool {
        self.composite_alarms.contains(alarm)
    }

    /// Every target group that a deployment group names.
    pub(super) fn target_groups(&self, account: &str, region: &str) -> Vec<String> {
        let mine = self.applications.iter().filter(|((owner, place, _), _)| owner == account && place == region);
        let groups = mine.flat_map(|(_, application)| application.groups.values());
        groups.filter(|group| group.platform == "ECS").flat_map(|group| group.target_groups.clone()).collect()
    }

    /// Every listener that a deployment group names, with the cluster and the service.
    pub(super) fn listeners(&self, account: &str, region: &str) -> Vec<(String, String, String)> {
        let mine = self.applications.iter().filter(|((owner, place, _), _)| owner == account && place == region);
        let groups = mine.flat_map(|(_, application)| application.groups.values()).filter(|it| it.platform == "ECS");
        let of = |group: &Group| {
            let (cluster, service) = (group.cluster.clone(), group.service.clone());
            group.listeners(account, region).into_iter().map(move |arn| (arn, cluster.clone(), service.clone()))
        };
        groups.flat_map(of).collect()
    }
}

/// The time from a failure to its rollback.
const ROLLBACK_AFTER: Millis = 3_000;
/// An alarm fires that long before CodeDeploy has stopped the deployment.
const ALARM_BEFORE_STOP: Millis = 10_000;

/// `d-` and 9 letters and digits.
fn new_id() -> String {
    format!("d-{}", &unique::secret().to_uppercase()[..9])
}

fn owned(account: &str, region: &str, name: &str) -> Owned {
    (account.to_owned(), region.to_owned(), name.to_owned())
}

fn refuse(code: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(400, code, message)
}
