//! `DescribeServices` and `UpdateService`.

use serde_json::{Value, json};

use super::{
    super::{
        Principal, Refusal,
        clock::{Millis, timestamp},
        codedeploy::task_sets::{Trouble, View},
        json_answer,
    },
    Deployed, Ecs, Owned, Service, World, rollout,
};
use crate::{http::Answer, unique};

impl Ecs {
    pub(super) fn describe_services(
        &self,
        caller: &Principal,
        body: &Value,
        world: World<'_>,
    ) -> Result<Answer, Refusal> {
        let owner = cluster(caller, body);
        let known = self.clusters.get(&owner);
        let known = known.ok_or_else(|| Refusal::new(400, "ClusterNotFoundException", "Cluster not found."))?;
        let prefix = format!("arn:aws:ecs:{}:{}:service/{}", caller.region, caller.account, owner.2);
        let wanted = body["services"].as_array().cloned().unwrap_or_default();
        if wanted.is_empty() || wanted.len() > 10 {
            let message = "Services cannot be empty and must have at most 10 entries.";
            return Err(Refusal::new(400, "InvalidParameterException", message));
        }
        let (mut services, mut failures) = (Vec::new(), Vec::new());
        for wanted in wanted.iter().filter_map(Value::as_str) {
            let name = wanted.rsplit('/').next().unwrap_or(wanted);
            match known.get(name) {
                Some(service) => services.push(describe(&owner, name, service, world)),
                None => failures.push(json!({"arn": format!("{prefix}/{name}"), "reason": "MISSING"})),
            }
        }
        Ok(json_answer(200, &json!({"services": services, "failures": failures})))
    }

    pub(super) fn update_service(
        &mut self,
        caller: &Principal,
        body: &Value,
        world: World<'_>,
    ) -> Result<Answer, Refusal> {
        let owner = cluster(caller, body);
        let name = body["service"].as_str().unwrap_or_default();
        let name = name.rsplit('/').next().unwrap_or(name).to_owned();
        let invalid = |message: &str| Err(Refusal::new(400, "InvalidParameterException", message));
        let task_definition = match body["taskDefinition"].as_str() {
            Some(wanted) => {
                let found: Value = serde_json::from_str(self.find(caller, wanted)?).unwrap_or_default();
                found["taskDefinition"]["taskDefinitionArn"].as_str().map(str::to_owned)
            }
            None => None,
        };
        let known = self.clusters.get_mut(&owner);
        let known = known.ok_or_else(|| Refusal::new(400, "ClusterNotFoundException", "Cluster not found."))?;
        let service = known.get_mut(&name);
        let service = service.ok_or_else(|| Refusal::new(400, "ServiceNotFoundException", "Service not found."))?;
        let forced = body["forceNewDeployment"] == true;
        match service.json["deploymentController"]["type"].as_str().unwrap_or("ECS") {
            "CODE_DEPLOY" if forced => {
                return invalid(
                    "Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. Use AWS \
                     CodeDeploy to trigger a new deployment.",
                );
            }
            "CODE_DEPLOY" if task_definition.is_some() => {
                return invalid(
                    "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS \
                     CodeDeploy to trigger a new deployment.",
                );
            }
            "EXTERNAL" if forced => {
                return invalid("Cannot force a new deployment on services with an EXTERNAL deployment controller.");
            }
            _ => {}
        }
        if let Some(desired) = body["desiredCount"].as_u64() {
            service.json["desiredCount"] = json!(desired);
        }
        if forced || task_definition.is_some() {
            let newest = service.deployed.last().map(|deployed| deployed.task_definition.clone());
            let task_definition =
                task_definition.or(newest).unwrap_or_else(|| Ecs::original(&service.json).set.task_definition);
            let id = format!("ecs-svc/{}", unique::number(19));
            let (at, rollout) = (world.now, service.rollout);
            service.deployed.push(Deployed { id, at, task_definition, rollout });
        }
        let service = &self.clusters[&owner][&name];
        Ok(json_answer(200, &json!({"service": describe(&owner, &name, service, world)})))
    }
}

fn describe(owner: &Owned, name: &str, service: &Service, world: World<'_>) -> Value {
    if service.json["deploymentController"]["type"] != "CODE_DEPLOY" {
        // A service that a test describes stays as it is until something is done to it.
        return if service.deployed.is_empty() { service.json.clone() } else { rollout::describe(service, world.now) };
    }
    let (account, region, cluster) = owner;
    let Some(views) = world.codedeploy.service(account, region, &format!("{cluster}:{name}"), world.now) else {
        return service.json.clone();
    };
    let mut shown = service.json.clone();
    let primary = views.iter().find(|view| view.status == "PRIMARY");
    shown["taskDefinition"] = json!(primary.map(|view| &view.set.task_definition));
    shown["runningCount"] = json!(views.iter().map(|view| view.running).sum::<u64>());
    shown["pendingCount"] = json!(views.iter().map(|view| view.pending).sum::<u64>());
    if let Some(view) = primary {
        shown["loadBalancers"] = balancers(&service.json["loadBalancers"], view, account, region);
    }
    let newest = views.iter().flat_map(|view| events(view, name, world.now));
    let older = service.json["events"].as_array().cloned().unwrap_or_default();
    shown["events"] = newest.chain(older).collect();
    shown["taskSets"] = views.iter().map(|view| task_set(view, service, owner, name)).collect();
    shown
}

/// What ECS tells about a task set under CodeDeploy, the newest first.
fn events(view: &View, name: &str, now: Millis) -> Vec<Value> {
    let id = &view.set.id;
    let started = format!("(service {name}, taskSet {id}) has started {} tasks.", view.desired);
    let trouble = match view.trouble {
        Trouble::None => None,
        Trouble::Exiting => Some(format!(
            "(service {name}, taskSet {id}) is unable to consistently start tasks successfully. For more information, see \
             the Troubleshooting section of the Amazon ECS Developer Guide."
        )),
        Trouble::Unhealthy(check) => Some(format!(
            "(service {name}, taskSet {id}) (port 8080) is unhealthy in (target-group {}) due to (reason {}).",
            view.set.target_group,
            check.reason().1
        )),
        Trouble::NoCapacity => Some(format!(
            "(service {name}, taskSet {id}) was unable to place a task. Reason: Capacity is unavailable at this time. \
             Please try again later or in a different availability zone. For more information, see the Troubleshooting \
             section of the Amazon ECS Developer Guide."
        )),
    };
    let events = [(view.since + 5_000, Some(started)), (view.since + 240_000, trouble)].into_iter().rev();
    let events = events.filter_map(|(at, message)| Some((at, message?))).filter(|(at, _)| *at <= now);
    events
        .map(|(at, message)| {
            json!({"id": format!("00000000-0000-0000-0000-{at:012}"), "createdAt": timestamp(at), "message": message})
        })
        .collect()
}

/// The cluster that a request names, by its name or ARN.
pub(super) fn cluster(caller: &Principal, body: &Value) -> Owned {
    let cluster = body["cluster"].as_str().unwrap_or("default");
    let cluster = cluster.rsplit('/').next().unwrap_or(cluster);
    (caller.account.clone(), caller.region.clone(), cluster.to_owned())
}

/// The load balancer of a service or task set, with that task set's target group.
fn balancers(described: &Value, view: &View, account: &str, region: &str) -> Value {
    let mut balancers = described.clone();
    if balancers[0].is_object() {
        balancers[0]["targetGroupArn"] =
            json!(super::super::elb::target_group_arn(account, region, &view.set.target_group));
    }
    balancers
}

fn task_set(view: &View, service: &Service, owner: &Owned, name: &str) -> Value {
    let (account, region, cluster) = owner;
    let mut shown = service.json["taskSets"][0].clone();
    if !shown.is_object() {
        shown = json!({"launchType": "FARGATE"});
    }
    let id = view.set.id.trim_start_matches("ecs-svc/");
    let arn = |kind: &str, rest: &str| format!("arn:aws:ecs:{region}:{account}:{kind}/{cluster}{rest}");
    let steady = view.running == view.desired;
    let changes = json!({
        "id": view.set.id,
        "taskSetArn": arn("task-set", &format!("/{name}/ecs-svc/{id}")),
        "serviceArn": arn("service", &format!("/{name}")),
        "clusterArn": arn("cluster", ""),
        "externalId": view.set.external_id,
        "status": view.status,
        "taskDefinition": view.set.task_definition,
        "computedDesiredCount": view.desired,
        "pendingCount": view.pending,
        "runningCount": view.running,
        "createdAt": timestamp(view.set.created),
        "updatedAt": timestamp(view.until),
        "loadBalancers": balancers(&service.json["loadBalancers"], view, account, region),
        "scale": {"value": if view.status == "DRAINING" { 0.0 } else { 100.0 }, "unit": "PERCENT"},
        "stabilityStatus": if steady { "STEADY_STATE" } else { "STABILIZING" },
        "stabilityStatusAt": timestamp(view.until)
    });
    for (name, value) in changes.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        shown[name] = value.clone();
    }
    if view.set.external_id.is_none()
        && let Some(members) = shown.as_object_mut()
    {
        members.shift_remove("externalId");
    }
    shown
}
