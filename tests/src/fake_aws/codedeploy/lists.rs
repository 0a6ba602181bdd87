//! The operations that only read: lists with their pages, and what is known by name or id.

use serde_json::{Value, json};

use super::{
    super::{
        Principal, Refusal,
        clock::{Millis, timestamp},
    },
    Application, CodeDeploy, Deployment, Group, Owned, Traffic, owned, refuse,
};

const DEPLOYMENTS_IN_A_BATCH: usize = 25;
const TARGETS_IN_A_BATCH: usize = 25;
const GROUPS_IN_A_BATCH: usize = 100;

impl CodeDeploy {
    pub(super) fn get_application(&self, caller: &Principal, body: &Value) -> Result<Value, Refusal> {
        let (name, application) = self.application(caller, body)?;
        Ok(json!({"application": {
            "applicationId": "8f3a1f5e-0b1c-4b55-9a7e-5d0c2f1e7a10",
            "applicationName": name,
            "createTime": timestamp(application.created),
            "linkedToGitHub": false,
            "computePlatform": application.platform
        }}))
    }

    pub(super) fn get_group(&self, caller: &Principal, body: &Value, now: Millis) -> Result<Value, Refusal> {
        let group = self.group(caller, body)?;
        let mut info = group.describe(&caller.account, &caller.region);
        let deployments: Vec<(&Deployment, Value)> = self
            .deployments
            .iter()
            .filter(|one| is_of(one, caller) && one.group.application == group.application)
            .filter(|one| one.group.name == group.name && self.is_visible(one, now))
            .map(|one| (one, one.info(now)))
            .collect();
        let shown = |(one, known): &(&Deployment, Value)| {
            let mut shown =
                json!({"deploymentId": one.id, "status": known["status"], "createTime": known["createTime"]});
            if let Some(end) = known.get("completeTime") {
                shown["endTime"] = end.clone();
            }
            shown
        };
        if let Some(newest) = deployments.last() {
            info["lastAttemptedDeployment"] = shown(newest);
            info["targetRevision"] = newest.0.revision.clone();
        }
        if let Some(succeeded) = deployments.iter().rfind(|(_, known)| known["status"] == "Succeeded") {
            info["lastSuccessfulDeployment"] = shown(succeeded);
        }
        Ok(json!({"deploymentGroupInfo": info}))
    }

    pub(super) fn list_applications(&self, caller: &Principal, body: &Value) -> Result<Value, Refusal> {
        let mine = |(account, region, _): &&Owned| *account == caller.account && *region == caller.region;
        let mut names: Vec<String> = self.applications.keys().filter(mine).map(|(.., name)| name.clone()).collect();
        names.sort();
        self.paged("applications", &names, body)
    }

    pub(super) fn list_groups(&self, caller: &Principal, body: &Value) -> Result<Value, Refusal> {
        let (name, application) = self.application(caller, body)?;
        let names: Vec<String> = application.groups.keys().cloned().collect();
        let mut answer = self.paged("deploymentGroups", &names, body)?;
        answer["applicationName"] = json!(name);
        Ok(answer)
    }

    /// Unknown names are left out.
    pub(super) fn batch_get_groups(&self, caller: &Principal, body: &Value, now: Millis) -> Result<Value, Refusal> {
        let names = body["deploymentGroupNames"].as_array().cloned().unwrap_or_default();
        if names.is_empty() || names.len() > GROUPS_IN_A_BATCH {
            return Err(refuse("BatchLimitExceededException", "The maximum number of names or IDs was exceeded."));
        }
        let of = |name: &Value| {
            let body = json!({"applicationName": body["applicationName"], "deploymentGroupName": name});
            self.get_group(caller, &body, now).ok().map(|answer| answer["deploymentGroupInfo"].clone())
        };
        self.application(caller, body)?;
        Ok(json!({"deploymentGroupsInfo": names.iter().filter_map(of).collect::<Vec<_>>()}))
    }

    fn is_visible(&self, deployment: &Deployment, now: Millis) -> bool {
        let lag = Millis::try_from(self.listing.lag.as_millis()).unwrap_or(Millis::MAX / 2);
        deployment.created + lag <= now
    }

    pub(super) fn get_config(&self, caller: &Principal, body: &Value) -> Result<Value, Refusal> {
        let name = body["deploymentConfigName"].as_str().unwrap_or_default();
        let (traffic, created) = self.config(caller, name)?;
        Ok(traffic.describe(name, created))
    }

    pub(super) fn get_deployment(&self, caller: &Principal, body: &Value, now: Millis) -> Result<Value, Refusal> {
        let found = self.deployments.get(self.find(caller, &body["deploymentId"])?);
        Ok(json!({"deploymentInfo": found.map(|deployment| deployment.info(now))}))
    }

    pub(super) fn batch_get_deployments(
        &self,
        caller: &Principal,
        body: &Value,
        now: Millis,
    ) -> Result<Value, Refusal> {
        let ids = body["deploymentIds"].as_array().cloned().unwrap_or_default();
        if ids.is_empty() {
            return Err(refuse("DeploymentIdRequiredException", "At least one deployment ID must be specified."));
        }
        if ids.len() > DEPLOYMENTS_IN_A_BATCH {
            return Err(refuse("BatchLimitExceededException", "The maximum number of names or IDs was exceeded."));
        }
        // Unknown ids are left out.
        let found = ids.iter().filter_map(|id| self.find(caller, id).ok()).filter_map(|at| self.deployments.get(at));
        Ok(json!({"deploymentsInfo": found.map(|deployment| deployment.info(now)).collect::<Vec<_>>()}))
    }

    pub(super) fn list_deployments(&self, caller: &Principal, body: &Value, now: Millis) -> Result<Value, Refusal> {
        let named = |member: &str| body.get(member).and_then(Value::as_str);
        match (named("applicationName"), named("deploymentGroupName")) {
            (Some(_), Some(_)) => drop(self.group(caller, body)?),
            (Some(_), None) => {
                return Err(refuse("DeploymentGroupNameRequiredException", "The deployment group name is required."));
            }
            (None, Some(_)) => return Err(refuse("ApplicationNameRequiredException", "Application name is required.")),
            (None, None) => {}
        }
        let statuses = body["includeOnlyStatuses"].as_array();
        let range = |member: &str| body["createTimeRange"][member].as_f64();
        let found = self.deployments.iter().filter(|one| {
            let created = timestamp(one.created).as_f64().unwrap_or_default();
            is_of(one, caller)
                && self.is_visible(one, now)
                && named("applicationName").is_none_or(|name| name == one.group.application)
                && named("deploymentGroupName").is_none_or(|name| name == one.group.name)
                && statuses.is_none_or(|statuses| statuses.is_empty() || statuses.contains(&json!(one.status(now))))
                && range("start").is_none_or(|start| created >= start)
                && range("end").is_none_or(|end| created <= end)
        });
        let mut found: Vec<&Deployment> = found.collect();
        found.sort_by_key(|one| one.created);
        if !self.listing.oldest_first {
            found.reverse();
        }
        let ids: Vec<String> = found.into_iter().map(|deployment| deployment.id.clone()).collect();
        self.paged("deployments", &ids, body)
    }

    pub(super) fn list_targets(&self, caller: &Principal, body: &Value, now: Millis) -> Result<Value, Refusal> {
        let deployment = self.started(caller, body, now)?;
        let wanted = body["targetFilters"]["TargetStatus"].as_array();
        let target = deployment.target(now).unwrap_or_default();
        let shown = wanted.is_none_or(|statuses| statuses.contains(&target["ecsTarget"]["status"]));
        let id = deployment.target_id();
        self.paged("targetIds", if shown { std::slice::from_ref(&id) } else { &[] }, body)
    }

    pub(super) fn batch_get_targets(&self, caller: &Principal, body: &Value, now: Millis) -> Result<Value, Refusal> {
        let deployment = self.started(caller, body, now)?;
        let ids = body["targetIds"].as_array().cloned().unwrap_or_default();
        if ids.is_empty() {
            return Err(refuse("DeploymentTargetIdRequiredException", "A deployment target ID was not provided."));
        }
        if ids.len() > TARGETS_IN_A_BATCH {
            let message = "The maximum number of targets that can be associated with a deployment was exceeded.";
            return Err(refuse("DeploymentTargetListSizeExceededException", message));
        }
        if let Some(unknown) = ids.iter().find(|id| **id != deployment.target_id()) {
            let message = format!("The deployment target {unknown} does not exist in deployment {}.", deployment.id);
            return Err(refuse("DeploymentTargetDoesNotExistException", message));
        }
        Ok(json!({"deploymentTargets": [deployment.target(now)]}))
    }

    pub(super) fn get_target(&self, caller: &Principal, body: &Value, now: Millis) -> Result<Value, Refusal> {
        let one = json!({"deploymentId": body["deploymentId"], "targetIds": [body["targetId"]]});
        let targets = self.batch_get_targets(caller, &one, now)?;
        Ok(json!({"deploymentTarget": targets["deploymentTargets"][0]}))
    }

    /// One page of a list; the token says where the next one begins.
    fn paged(&self, member: &str, all: &[String], body: &Value) -> Result<Value, Refusal> {
        let invalid = || refuse("InvalidNextTokenException", "The next token was specified in an invalid format.");
        let start = match body.get("nextToken").and_then(Value::as_str) {
            None => 0,
            Some(token) => token.strip_prefix("page-").and_then(|at| at.parse().ok()).ok_or_else(invalid)?,
        };
        let rest = all.get(start..).ok_or_else(invalid)?;
        let page = &rest[..rest.len().min(self.page)];
        let mut answer = json!({member: page});
        if page.len() < rest.len() {
            answer["nextToken"] = json!(format!("page-{}", start + page.len()));
        }
        Ok(answer)
    }

    fn started(&self, caller: &Principal, body: &Value, now: Millis) -> Result<&Deployment, Refusal> {
        let deployment = &self.deployments[self.find(caller, &body["deploymentId"])?];
        let message = || format!("The deployment {} has not started.", deployment.id);
        let started = deployment.target(now).is_some();
        started.then_some(deployment).ok_or_else(|| refuse("DeploymentNotStartedException", message()))
    }

    /// Where the deployment of that id is.
    pub(super) fn find(&self, caller: &Principal, id: &Value) -> Result<usize, Refusal> {
        let id = id.as_str().filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| refuse("DeploymentIdRequiredException", "Deployment ID is required."))?;
        let well_formed =
            |rest: &str| rest.len() == 9 && rest.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        if !id.strip_prefix("d-").is_some_and(well_formed) {
            let message = format!("Specified DeploymentId is not in the valid format: {id}");
            return Err(refuse("InvalidDeploymentIdException", message));
        }
        let found = self.deployments.iter().position(|one| one.id == id && is_of(one, caller));
        found
            .ok_or_else(|| refuse("DeploymentDoesNotExistException", format!("The deployment {id} could not be found")))
    }

    pub(super) fn application(&self, caller: &Principal, body: &Value) -> Result<(String, &Application), Refusal> {
        let name = body["applicationName"].as_str().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| refuse("ApplicationNameRequiredException", "Application name is required."))?;
        let found = self.applications.get(&owned(&caller.account, &caller.region, name));
        let message = || format!("No application found for name: {name}");
        let found = found.ok_or_else(|| refuse("ApplicationDoesNotExistException", message()))?;
        Ok((name.to_owned(), found))
    }

    pub(super) fn group(&self, caller: &Principal, body: &Value) -> Result<&Group, Refusal> {
        let (_, application) = self.application(caller, body)?;
        let name = body["deploymentGroupName"].as_str().filter(|name| !name.is_empty());
        let required = || refuse("DeploymentGroupNameRequiredException", "Deployment group name is required.");
        let name = name.ok_or_else(required)?;
        let message = || format!("No Deployment Group found for name: {name}");
        application.groups.get(name).ok_or_else(|| refuse("DeploymentGroupDoesNotExistException", message()))
    }

    pub(super) fn config(&self, caller: &Principal, name: &str) -> Result<(Traffic, Millis), Refusal> {
        let own = self.configs.get(&owned(&caller.account, &caller.region, name)).copied();
        let found = own.or_else(|| Traffic::predefined(name).map(|traffic| (traffic, PREDEFINED_SINCE)));
        let message = || format!("No deployment configuration found for name: {name}");
        found.ok_or_else(|| refuse("DeploymentConfigDoesNotExistException", message()))
    }
}

/// When AWS made its own configs.
const PREDEFINED_SINCE: Millis = 1_543_276_800_000;

pub(super) fn is_of(deployment: &Deployment, caller: &Principal) -> bool {
    deployment.account == caller.account && deployment.region == caller.region
}
