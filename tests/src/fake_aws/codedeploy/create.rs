//! `CreateDeployment`: everything that AWS refuses immediately, and everything that fails later.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    super::{Principal, Refusal, ecs::Ecs},
    CodeDeploy, Deployment, Group, NamesActive, ROLLBACK_EVENTS, TaskSet, View, World,
    deployment::{Kind, Refused},
    last,
    lists::is_of,
    new_id, refuse,
    revision::{self, AppSpec},
};
use crate::unique;

/// The user guide says 256; the API was seen to take 512.
const DESCRIPTION_LIMIT: usize = 256;
/// The quota of today, which can be raised.
const ALARMS_LIMIT: usize = 50;

impl CodeDeploy {
    pub(super) fn create(&mut self, caller: &Principal, body: &Value, world: World<'_>) -> Result<Value, Refusal> {
        let now = world.now;
        let group = self.group(caller, body)?.clone();
        let (location, key) = revision::location(&body["revision"])?;
        let config = body["deploymentConfigName"].as_str().unwrap_or(&group.config).to_owned();
        if group.platform != "ECS" {
            return Err(refuse(
                "InvalidComputePlatformException",
                "This fake deploys to the compute platform ECS only.",
            ));
        }
        let (traffic, _) = self.config(caller, &config)?;
        let update = "codedeploy:UpdateDeploymentGroup";
        if !body["overrideAlarmConfiguration"].is_null() && !caller.may(update) {
            let resource = format!("deploymentgroup:{}/{}", group.application, group.name);
            let resource = format!("arn:aws:codedeploy:{}:{}:{resource}", caller.region, caller.account);
            return Err(Refusal::denied(caller, update, &resource));
        }
        validate(body)?;
        let of_group = |one: &&Deployment| {
            is_of(one, caller) && one.group.application == group.application && one.group.name == group.name
        };
        if let Some(active) = self.deployments.iter().filter(of_group).find(|one| one.is_active(now)) {
            let message = match self.names_active {
                NamesActive::Today => {
                    format!("The Deployment Group '{}' already has an active Deployment '{}'", group.name, active.id)
                }
                NamesActive::Formerly => {
                    format!("Deployment group '{}' is already deploying deployment '{}'", group.name, active.id)
                }
                NamesActive::Not => "The Deployment Group already has an active Deployment".to_owned(),
            };
            return Err(refuse("DeploymentLimitExceededException", message));
        }
        let succeeded = |one: &&Deployment| one.status(now) == "Succeeded";
        let previous = self.deployments.iter().filter(of_group).rfind(succeeded).map(|one| one.revision.clone());

        let read = revision::content(&body["revision"], world.s3, &caller.region);
        let read = read.and_then(|bytes| revision::read(&bytes));
        let service = self.serving(caller, &group, world);
        let (appspec, refused) = judged(read, service.as_ref().err(), caller, world.ecs);
        let (blue, tasks) = service.unwrap_or_else(|_| (nothing(), 0));
        let id = new_id();
        let [first, second] = &group.target_groups;
        let green = TaskSet {
            id: format!("ecs-svc/{}", unique::number(19)),
            task_definition: appspec.task_definition,
            target_group: if blue.target_group == *first { second.clone() } else { first.clone() },
            external_id: Some(id.clone()),
            created: now + 4_000,
        };
        let scenario = self.scenarios.get(&(group.application.clone(), group.name.clone())).cloned();
        let given = |member: &str| body.get(member).filter(|value| !value.is_null()).cloned();
        let overridden_alarms = given("overrideAlarmConfiguration");
        let application = group.application.clone();
        let description = given("description").and_then(|text| text.as_str().map(str::to_owned));
        self.remember(caller, &application, (key, &body["revision"]), None, Some(&group.name), now);
        let mut deployment = Deployment {
            id: id.clone(),
            account: caller.account.clone(),
            region: caller.region.clone(),
            config,
            traffic,
            created: now,
            description,
            kind: Kind::Normal,
            revision: location,
            previous_revision: previous,
            auto_rollback: given("autoRollbackConfiguration").unwrap_or_else(|| group.rollback.clone()),
            alarms: overridden_alarms.clone().unwrap_or_else(|| group.alarms.clone()),
            overridden_alarms,
            hooks: appspec.hooks,
            refused,
            scenario: scenario.unwrap_or_default(),
            tasks,
            blue,
            green,
            weight: 0,
            installed: false,
            alarmed: None,
            stopped: None,
            continued_ready: None,
            continued_termination: None,
            rollback_info: None,
            settled: None,
            group,
        };
        let states = self.alarms(now);
        let fired = |name: &&str| states.get(*name).is_some_and(|state| state == "ALARM");
        let fired: Vec<String> = deployment.alarm_names().filter(fired).map(str::to_owned).collect();
        deployment.alarmed = (!fired.is_empty()).then_some((now, fired));
        self.deployments.push(deployment);
        Ok(json!({"deploymentId": id}))
    }

    /// The task set that serves the group's service now, and how many tasks it has; the error is the message of an
    /// `INVALID_ECS_SERVICE`.
    fn serving(&self, caller: &Principal, group: &Group, world: World<'_>) -> Result<(TaskSet, u64), String> {
        let (cluster, name) = (last(&group.cluster), last(&group.service));
        let service = world.ecs.service(&caller.account, &caller.region, cluster, name);
        let missing = format!("The ECS service {name} cannot be found in the cluster {cluster}.");
        let service = service.ok_or(missing)?;
        if service["deploymentController"]["type"] != "CODE_DEPLOY" {
            return Err(format!("The ECS service {name} has a deployment controller that is not CODE_DEPLOY."));
        }
        let now = self.service(&caller.account, &caller.region, &format!("{cluster}:{name}"), world.now);
        let now = now.and_then(|views| views.into_iter().find(|view| view.status == "PRIMARY"));
        let View { set, desired, .. } = now.unwrap_or_else(|| Ecs::original(service));
        Ok((set, desired))
    }
}

fn validate(body: &Value) -> Result<(), Refusal> {
    if body["description"].as_str().is_some_and(|text| text.chars().count() > DESCRIPTION_LIMIT) {
        let message = format!("The description is longer than {DESCRIPTION_LIMIT} characters.");
        return Err(refuse("DescriptionTooLongException", message));
    }
    let events = body["autoRollbackConfiguration"]["events"].as_array();
    let known = |event: &&Value| ROLLBACK_EVENTS.iter().any(|known| *event == known);
    if events.is_some_and(|events| !events.iter().all(|event| known(&event))) {
        let message = "The automatic rollback configuration was specified in an invalid format.";
        return Err(refuse("InvalidAutoRollbackConfigException", message));
    }
    let alarms = body["overrideAlarmConfiguration"]["alarms"].as_array().map_or(0, Vec::len);
    if alarms > ALARMS_LIMIT {
        let message = format!("The maximum number of alarms for a deployment group ({ALARMS_LIMIT}) was exceeded.");
        return Err(refuse("AlarmsLimitExceededException", message));
    }
    if body["overrideAlarmConfiguration"]["enabled"] == true && alarms == 0 {
        let message = "The alarm configuration is enabled and names no alarm.";
        return Err(refuse("InvalidAlarmConfigException", message));
    }
    Ok(())
}

/// The AppSpec, and why the deployment will fail.
fn judged(
    read: Result<AppSpec, String>,
    service: Option<&String>,
    caller: &Principal,
    ecs: &Ecs,
) -> (AppSpec, Option<Refused>) {
    let mut appspec = match read {
        Ok(appspec) => appspec,
        Err(why) => return (AppSpec { hooks: BTreeMap::new(), ..AppSpec::default() }, Some(Refused::Revision(why))),
    };
    let task_set = ecs.task_set(caller, &appspec.task_definition, &appspec.container, appspec.port);
    let refused = match (service, task_set) {
        (Some(why), _) => Some(Refused::Service(why.clone())),
        (None, Err(why)) => Some(Refused::TaskSet(why)),
        (None, Ok(arn)) => {
            appspec.task_definition = arn;
            None
        }
    };
    (appspec, refused)
}

fn nothing() -> TaskSet {
    let none = String::new;
    TaskSet { id: none(), task_definition: none(), target_group: none(), external_id: None, created: 0 }
}
