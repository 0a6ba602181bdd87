//! ECS (JSON 1.1): task definitions and services that others registered. Read only.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::{Call, FakeAws, Principal, Refusal, json_answer, json_text_answer};
use crate::http::Answer;

/// Account, region and name: of a family, or of a cluster.
type Owned = (String, String, String);

#[derive(Debug, Default)]
pub(super) struct Ecs {
    /// The recorded `DescribeTaskDefinition` bodies, by revision.
    families: HashMap<Owned, BTreeMap<u64, String>>,
    /// The services of each cluster, by name.
    clusters: HashMap<Owned, BTreeMap<String, Value>>,
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
    /// `serviceName` and `serviceArn`.
    pub fn add_service(&self, account: &str, region: &str, cluster: &str, service: &Value) {
        let owner = (account.to_owned(), region.to_owned(), cluster.to_owned());
        let name = service["serviceName"].as_str().expect("a serviceName").to_owned();
        self.state().ecs.clusters.entry(owner).or_default().insert(name, service.clone());
    }
}

impl Ecs {
    pub(super) fn answer(&mut self, caller: &Principal, call: &Call) -> Result<Answer, Refusal> {
        let body = call.json();
        if !caller.may(&call.action()) {
            return Err(Refusal::denied(caller, &call.action(), "*"));
        }
        match call.operation.as_str() {
            "DescribeTaskDefinition" => self.describe_task_definition(caller, &body),
            "DescribeServices" => self.describe_services(caller, &body),
            other => Err(Refusal::new(400, "UnknownOperationException", format!("this fake has no ecs:{other}"))),
        }
    }

    fn describe_task_definition(&self, caller: &Principal, body: &Value) -> Result<Answer, Refusal> {
        let client = |message: &str| Refusal::new(400, "ClientException", message);
        let wanted = body["taskDefinition"].as_str().unwrap_or_default();
        if wanted.is_empty() {
            return Err(client("Task definition can not be blank."));
        }
        let (owner, revision) = if wanted.starts_with("arn:") {
            parse_arn(wanted).map(|(owner, revision)| (owner, Some(revision)))
        } else {
            let (family, revision) = wanted.split_once(':').map_or((wanted, None), |(name, tail)| (name, Some(tail)));
            let revision = revision.map(str::parse).transpose();
            let revision = revision.map_err(|_| client(&format!("Invalid revision number. Number: {wanted}")))?;
            Some(((caller.account.clone(), caller.region.clone(), family.to_owned()), revision))
        }
        .ok_or_else(|| client("Invalid ARN"))?;
        let found = self
            .families
            .get(&owner)
            .filter(|_| owner.0 == caller.account && owner.1 == caller.region)
            .and_then(|revisions| match revision {
                Some(revision) => revisions.get(&revision),
                None => revisions.values().next_back(),
            })
            .ok_or_else(|| client("Unable to describe task definition."))?;
        let with_tags = body["include"].as_array().is_some_and(|include| include.iter().any(|what| what == "TAGS"));
        let mut parsed: Value = serde_json::from_str(found).unwrap_or_default();
        let tags = parsed.as_object_mut().and_then(|members| members.shift_remove("tags"));
        let body = if with_tags || tags.is_none() { found.clone() } else { parsed.to_string() };
        Ok(json_text_answer(200, body))
    }

    fn describe_services(&self, caller: &Principal, body: &Value) -> Result<Answer, Refusal> {
        let cluster = body["cluster"].as_str().unwrap_or("default");
        let cluster = cluster.rsplit('/').next().unwrap_or(cluster);
        let prefix = format!("arn:aws:ecs:{}:{}:service/{cluster}", caller.region, caller.account);
        let owner = (caller.account.clone(), caller.region.clone(), cluster.to_owned());
        let known = self.clusters.get(&owner);
        let known = known.ok_or_else(|| Refusal::new(400, "ClusterNotFoundException", "Cluster not found."))?;
        let (mut services, mut failures) = (Vec::new(), Vec::new());
        for wanted in body["services"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let name = wanted.rsplit('/').next().unwrap_or(wanted);
            match known.get(name) {
                Some(service) => services.push(service.clone()),
                None => failures.push(json!({"arn": format!("{prefix}/{name}"), "reason": "MISSING"})),
            }
        }
        Ok(json_answer(200, &json!({"services": services, "failures": failures})))
    }
}

/// `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`
fn parse_arn(arn: &str) -> Option<(Owned, u64)> {
    let mut parts = arn.splitn(6, ':');
    let (region, account) = (parts.nth(3)?, parts.next()?);
    let (family, revision) = parts.next()?.strip_prefix("task-definition/")?.split_once(':')?;
    Some(((account.to_owned(), region.to_owned(), family.to_owned()), revision.parse().ok()?))
}
