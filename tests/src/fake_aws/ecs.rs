//! ECS (JSON 1.1): task definitions, services of each deployment controller, and the tasks that they run.

mod register;
mod rollout;
mod services;
mod task_definitions;
mod tasks;

pub use register::READ_ONLY;
pub use rollout::Rollout;

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{
    Call, FakeAws, Principal, Refusal,
    clock::Millis,
    codedeploy::{
        CodeDeploy,
        task_sets::{TaskSet, Trouble, View},
    },
    elb,
};
use crate::http::Answer;
use rollout::Deployed;
use task_definitions::parse_arn;

/// Account, region and name: of a family, or of a cluster.
type Owned = (String, String, String);

#[derive(Debug, Default)]
pub(super) struct Ecs {
    /// The recorded `DescribeTaskDefinition` bodies, by revision.
    families: HashMap<Owned, BTreeMap<u64, String>>,
    /// The services of each cluster, by name.
    clusters: HashMap<Owned, BTreeMap<String, Service>>,
}

/// A service: its description by the test, and the later operations on it.
#[derive(Debug)]
struct Service {
    json: Value,
    /// The rolling deployments, oldest first.
    deployed: Vec<Deployed>,
    rollout: Rollout,
}

/// State of other services that the answers of ECS depend on.
#[derive(Clone, Copy)]
pub(super) struct World<'w> {
    pub(super) codedeploy: &'w CodeDeploy,
    pub(super) now: Millis,
}

impl FakeAws {
    /// Registers a task definition. `body` is a whole `DescribeTaskDefinition` answer; it is given back byte for byte to
    /// whoever asks for tags too, and without `tags` to others, as ECS does. Returns the ARN that stands in it.
    pub fn add_task_definition(&self, body: &str) -> String {
        let parsed: Value = serde_json::from_str(body).expect("a DescribeTaskDefinition answer is JSON");
        let arn = parsed["taskDefinition"]["taskDefinitionArn"].as_str().expect("a taskDefinitionArn").to_owned();
        let (owner, revision) = parse_arn(&arn).expect("an ARN of a task definition revision");
        self.state().ecs.families.entry(owner).or_default().insert(revision, body.to_owned());
        arn
    }

    /// Adds a service. `service` is one member of `services` of a `DescribeServices` answer; it is found by its
    /// `serviceName` and `serviceArn`. From then on its task sets move with the deployments of CodeDeploy, or its
    /// `deployments` with `UpdateService`, by its deployment controller.
    pub fn add_service(&self, account: &str, region: &str, cluster: &str, service: &Value) {
        let owner = (account.to_owned(), region.to_owned(), cluster.to_owned());
        let name = service["serviceName"].as_str().expect("a serviceName").to_owned();
        let mut json = service.clone();
        // A target group has the same ARN in every answer, as it has for ELB.
        for pointer in ["/loadBalancers", "/taskSets/0/loadBalancers"] {
            for balancer in json.pointer_mut(pointer).and_then(Value::as_array_mut).into_iter().flatten() {
                let named = balancer["targetGroupArn"].as_str().and_then(|arn| arn.split('/').nth(1));
                if let Some(same) = named.map(|name| elb::target_group_arn(account, region, name)) {
                    balancer["targetGroupArn"] = same.into();
                }
            }
        }
        let service = Service { json, deployed: Vec::new(), rollout: Rollout::default() };
        self.state().ecs.clusters.entry(owner).or_default().insert(name, service);
    }

    /// Sets the `status` of a task definition revision: `ACTIVE`, `INACTIVE` (deregistered) or `DELETE_IN_PROGRESS`.
    pub fn set_task_definition_status(&self, arn: &str, status: &str) {
        let (owner, revision) = parse_arn(arn).expect("an ARN of a task definition revision");
        let mut state = self.state();
        let body = state.ecs.families.get_mut(&owner).and_then(|revisions| revisions.get_mut(&revision));
        let body = body.expect("a revision that is there");
        let mut parsed: Value = serde_json::from_str(body).expect("JSON");
        parsed["taskDefinition"]["status"] = status.into();
        *body = parsed.to_string();
    }

    /// Deletes a task definition revision: from then on it cannot be described.
    pub fn delete_task_definition(&self, arn: &str) {
        let (owner, revision) = parse_arn(arn).expect("an ARN of a task definition revision");
        let mut state = self.state();
        state.ecs.families.get_mut(&owner).and_then(|revisions| revisions.remove(&revision)).expect("a revision");
    }

    /// Sets the course of rolling deployments of a service started from now on.
    pub fn set_rollout(&self, cluster: &str, service: &str, rollout: Rollout) {
        let mut state = self.state();
        let clusters = state.ecs.clusters.iter_mut().filter(|((_, _, name), _)| name == cluster);
        for service in clusters.filter_map(|(_, services)| services.get_mut(service)) {
            service.rollout = rollout;
        }
    }
}

impl Ecs {
    pub(super) fn answer(&mut self, caller: &Principal, call: &Call, world: World<'_>) -> Result<Answer, Refusal> {
        let body = call.json();
        if !caller.may(&call.action()) {
            return Err(Refusal::denied(caller, &call.action(), "*"));
        }
        match call.operation.as_str() {
            "DescribeTaskDefinition" => self.describe_task_definition(caller, &body),
            "RegisterTaskDefinition" => self.register(caller, &body, world.now),
            "ListTaskDefinitions" => self.list_task_definitions(caller, &body),
            "DescribeServices" => self.describe_services(caller, &body, world),
            "UpdateService" => self.update_service(caller, &body, world),
            "ListTasks" => self.list_tasks(caller, &body, world),
            "DescribeTasks" => self.describe_tasks(caller, &body, world),
            other => Err(Refusal::new(400, "UnknownOperationException", format!("this fake has no ecs:{other}"))),
        }
    }

    /// A service as the test described it.
    pub(super) fn service(&self, account: &str, region: &str, cluster: &str, name: &str) -> Option<&Value> {
        let owner = (account.to_owned(), region.to_owned(), cluster.to_owned());
        self.clusters.get(&owner)?.get(name).map(|service| &service.json)
    }

    /// The task set that a service under CodeDeploy was described with.
    pub(super) fn original(service: &Value) -> View {
        let described = &service["taskSets"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let balancers = [&described["loadBalancers"], &service["loadBalancers"]];
        let balancer = balancers.iter().find_map(|list| list[0]["targetGroupArn"].as_str()).unwrap_or_default();
        let own = described["taskDefinition"].as_str().map(str::to_owned);
        let set = TaskSet {
            id: text(&described["id"]),
            task_definition: own.unwrap_or_else(|| text(&service["taskDefinition"])),
            target_group: balancer.split('/').nth(1).unwrap_or_default().to_owned(),
            external_id: described["externalId"].as_str().map(str::to_owned),
            created: described["createdAt"].as_u64().or(service["createdAt"].as_u64()).unwrap_or_default() * 1000,
        };
        View::alone(set, service["desiredCount"].as_u64().unwrap_or_default())
    }

    /// The tasks of a service now: its task sets under CodeDeploy, or its rolling deployments.
    pub(super) fn views(&self, owner: &Owned, name: &str, world: World<'_>) -> Vec<View> {
        let Some(service) = self.clusters.get(owner).and_then(|services| services.get(name)) else { return Vec::new() };
        if service.json["deploymentController"]["type"] != "CODE_DEPLOY" {
            return rollout::views(service, world.now);
        }
        let (account, region, cluster) = owner;
        let moved = world.codedeploy.service(account, region, &format!("{cluster}:{name}"), world.now);
        moved.unwrap_or_else(|| vec![Ecs::original(&service.json)])
    }

    /// Every target with its health in a target group: the tasks of whichever services use it.
    pub(super) fn targets(&self, caller: &Principal, target_group: &str, world: World<'_>) -> Vec<(String, Trouble)> {
        let mine = self
            .clusters
            .iter()
            .filter(|((account, region, _), _)| *account == caller.account && *region == caller.region);
        let views = mine.flat_map(|(owner, services)| {
            services.keys().flat_map(|name| self.views(owner, name, world)).collect::<Vec<_>>()
        });
        let in_group = views.filter(|view| view.set.target_group == target_group);
        in_group.flat_map(|view| tasks::addresses(&view)).collect()
    }
}
