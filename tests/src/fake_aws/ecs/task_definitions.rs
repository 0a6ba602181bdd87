//! Stored task definitions: described, listed, and read by CodeDeploy.

use serde_json::{Value, json};

use super::{
    super::{Principal, Refusal, json_answer, json_text_answer},
    Ecs, Owned,
};
use crate::http::Answer;

fn client(message: &str) -> Refusal {
    Refusal::new(400, "ClientException", message)
}

impl Ecs {
    pub(super) fn describe_task_definition(&self, caller: &Principal, body: &Value) -> Result<Answer, Refusal> {
        let found = self.find(caller, body["taskDefinition"].as_str().unwrap_or_default())?;
        let with_tags = body["include"].as_array().is_some_and(|include| include.iter().any(|what| what == "TAGS"));
        let mut parsed: Value = serde_json::from_str(found).unwrap_or_default();
        let tags = parsed.as_object_mut().and_then(|members| members.shift_remove("tags"));
        let body = if with_tags || tags.is_none() { found.to_owned() } else { parsed.to_string() };
        Ok(json_text_answer(200, body))
    }

    /// The recorded answer of a family (its newest ACTIVE revision), a revision of it, or an ARN.
    pub(super) fn find(&self, caller: &Principal, wanted: &str) -> Result<&str, Refusal> {
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
        self.families
            .get(&owner)
            .filter(|_| owner.0 == caller.account && owner.1 == caller.region)
            .and_then(|revisions| match revision {
                Some(revision) => revisions.get(&revision),
                // A family is its newest ACTIVE revision.
                None => revisions.values().rev().find(|body| is_active(body)),
            })
            .map(String::as_str)
            .ok_or_else(|| client("Unable to describe task definition."))
    }

    pub(super) fn list_task_definitions(&self, caller: &Principal, body: &Value) -> Result<Answer, Refusal> {
        if body["status"].as_str().is_some_and(|status| status != "ACTIVE") {
            return Ok(json_answer(200, &json!({"taskDefinitionArns": []})));
        }
        let prefix = body["familyPrefix"].as_str();
        let mut arns: Vec<(String, u64, String)> = Vec::new();
        for ((account, region, family), revisions) in &self.families {
            let mine = *account == caller.account && *region == caller.region;
            if mine && prefix.is_none_or(|prefix| prefix == family) {
                let arn = |revision| format!("arn:aws:ecs:{region}:{account}:task-definition/{family}:{revision}");
                arns.extend(revisions.keys().map(|revision| (family.clone(), *revision, arn(revision))));
            }
        }
        arns.sort();
        if body["sort"] == "DESC" {
            arns.reverse();
        }
        let invalid = || Refusal::new(400, "InvalidParameterException", "Invalid token.");
        let start = match body["nextToken"].as_str() {
            None => 0,
            Some(token) => token.parse().map_err(|_| invalid())?,
        };
        let most = body["maxResults"].as_u64().and_then(|most| usize::try_from(most).ok()).unwrap_or(100).clamp(1, 100);
        let page: Vec<&str> = arns.iter().skip(start).take(most).map(|(_, _, arn)| arn.as_str()).collect();
        let mut answer = json!({"taskDefinitionArns": page});
        if start + most < arns.len() {
            answer["nextToken"] = json!((start + most).to_string());
        }
        Ok(json_answer(200, &answer))
    }

    /// The ARN of the task definition if ECS makes a task set of it with that container behind the load balancer; the
    /// error is what CodeDeploy quotes.
    pub(in super::super) fn task_set(
        &self,
        caller: &Principal,
        wanted: &str,
        container: &str,
        port: Option<u64>,
    ) -> Result<String, String> {
        let found = self.find(caller, wanted).map_err(|refusal| refusal.message)?;
        let found: Value = serde_json::from_str(found).unwrap_or_default();
        let found = &found["taskDefinition"];
        if found["status"].as_str().is_some_and(|status| status != "ACTIVE") {
            return Err("TaskDefinition is inactive".to_owned());
        }
        let containers = found["containerDefinitions"].as_array();
        let named = containers.and_then(|all| all.iter().find(|one| one["name"] == container));
        let named = named.ok_or_else(|| format!("The container {container} does not exist in the task definition."))?;
        let port = port.unwrap_or_default();
        let mappings = named["portMappings"].as_array();
        if !mappings.is_some_and(|all| all.iter().any(|one| one["containerPort"].as_u64() == Some(port))) {
            return Err(format!("The container {container} did not have a container port {port} defined."));
        }
        Ok(found["taskDefinitionArn"].as_str().unwrap_or_default().to_owned())
    }
}

/// A body that was added without a status counts as ACTIVE.
fn is_active(body: &str) -> bool {
    let parsed: Value = serde_json::from_str(body).unwrap_or_default();
    parsed["taskDefinition"]["status"].as_str().is_none_or(|status| status == "ACTIVE")
}

/// `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`
pub(super) fn parse_arn(arn: &str) -> Option<(Owned, u64)> {
    let mut parts = arn.splitn(6, ':');
    let (region, account) = (parts.nth(3)?, parts.next()?);
    let (family, revision) = parts.next()?.strip_prefix("task-definition/")?.split_once(':')?;
    Some(((account.to_owned(), region.to_owned(), family.to_owned()), revision.parse().ok()?))
}
