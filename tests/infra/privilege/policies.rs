//! The policies that Terraform made, read back from the emulator.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::request::Request;
use crate::{
    aws,
    example::{Example, REGION},
};

/// Whether the role, by name or ARN, has that purpose: its name ends with the purpose and the Region.
pub(super) fn is_for(role: &str, purpose: &str) -> bool {
    role.strip_suffix(REGION).and_then(|role| role.strip_suffix('-')).is_some_and(|role| role.ends_with(purpose))
}

/// All roles, buckets and keys of both accounts.
pub(super) struct Policies {
    pub(super) roles: BTreeMap<String, Role>,
    pub(super) buckets: BTreeMap<String, Bucket>,
    keys: BTreeMap<String, Value>,
}

/// A bucket: its owner, its policy, and the key that encrypts by default.
pub(super) struct Bucket {
    pub(super) account: String,
    pub(super) policy: Option<Value>,
    pub(super) key: Option<String>,
}

/// A role: who may become it, and what it may do.
pub(super) struct Role {
    pub(super) trust: Value,
    pub(super) policies: BTreeMap<String, Value>,
}

/// One statement of one policy of a role.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) role: String,
    policy: String,
    index: usize,
    pub(super) body: Value,
}

impl Statement {
    /// Its `Sid`; every statement here has one.
    pub(super) fn sid(&self) -> &str {
        self.body["Sid"].as_str().unwrap_or("(without Sid)")
    }

    /// Whether it may be there although nothing is denied without it. One is what CodePipeline's documentation asks for:
    /// it decides where an action's role is in another account, and in the pipeline's own the trust policy of that role
    /// is enough. Another allows what AWS refuses nobody, in a policy that must not be empty. A denial allows nothing.
    pub(super) fn needs_no_reason(&self) -> bool {
        let asked_for = is_for(&self.role, "-pipeline") && self.sid() == "BecomeActions";
        asked_for || self.body["Effect"] == "Deny" || self.actions() == ["sts:GetCallerIdentity"]
    }

    /// The actions that it names.
    pub(super) fn actions(&self) -> Vec<&str> {
        texts(&self.body["Action"])
    }

    /// The first of its resources.
    pub(super) fn resource(&self) -> &str {
        texts(&self.body["Resource"]).first().copied().unwrap_or_default()
    }
}

/// A text, or a list of texts.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        value => value.as_str().into_iter().collect(),
    }
}

impl Policies {
    /// Those of these accounts.
    pub(super) fn of(example: &Example, accounts: &[&str]) -> Policies {
        let mut all = Policies { roles: BTreeMap::new(), buckets: BTreeMap::new(), keys: BTreeMap::new() };
        for account in accounts {
            let found = aws::run(include_str!("../aws/policies.py"), &example.environment(account), &Value::Null);
            let members = |name: &str| found[name].as_object().cloned().unwrap_or_default();
            all.buckets.extend(members("buckets").into_iter().map(|(name, bucket)| {
                let (policy, key) = (&bucket["policy"], bucket["key"].as_str().map(str::to_owned));
                let policy = Some(policy).filter(|policy| !policy.is_null()).cloned();
                (name, Bucket { account: (*account).to_owned(), policy, key })
            }));
            all.keys.extend(members("keys"));
            all.roles.extend(members("roles").into_iter().map(|(arn, role)| {
                let policies = role["policies"].as_object().cloned().unwrap_or_default().into_iter().collect();
                (arn, Role { trust: role["trust"].clone(), policies })
            }));
        }
        all
    }

    /// One role with one policy, and a bucket with a key.
    pub(super) fn planted(role: &str, policy: &Value) -> Policies {
        let policies = BTreeMap::from([("planted".to_owned(), policy.clone())]);
        let key = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555".to_owned();
        let bucket = Bucket { account: "123456789012".to_owned(), policy: None, key: Some(key) };
        Policies {
            roles: BTreeMap::from([(role.to_owned(), Role { trust: Value::Null, policies })]),
            buckets: BTreeMap::from([("planted".to_owned(), bucket)]),
            keys: BTreeMap::new(),
        }
    }

    /// Every statement of every role.
    pub(super) fn statements(&self) -> Vec<Statement> {
        let mut all = Vec::new();
        for (role, Role { policies, .. }) in &self.roles {
            for (policy, document) in policies {
                let statements = document["Statement"].as_array().cloned();
                let statements = statements.unwrap_or_else(|| vec![document["Statement"].clone()]);
                all.extend(statements.into_iter().enumerate().map(|(index, body)| Statement {
                    role: role.clone(),
                    policy: policy.clone(),
                    index,
                    body,
                }));
            }
        }
        all
    }

    /// The request as the judge takes it, with all policies but one statement.
    pub(super) fn simulation(&self, request: &Request, without: Option<&Statement>) -> Value {
        let mut identity = Vec::new();
        if let Some(role) = self.roles.get(&request.principal) {
            for (name, document) in &role.policies {
                let mut document = document.clone();
                if let Some(gone) = without.filter(|gone| gone.role == request.principal && gone.policy == *name) {
                    let mut statements = document["Statement"].as_array().cloned().unwrap_or_default();
                    if gone.index < statements.len() {
                        statements.remove(gone.index);
                    }
                    document["Statement"] = json!(statements);
                }
                if document["Statement"] != json!([]) {
                    identity.push(json!({"name": name, "policy": document}));
                }
            }
        }
        simulation(request, &json!(identity), self.of_resource(request).as_ref())
    }

    /// The request by somebody who may do everything, as far as the policy of the resource lets him.
    pub(super) fn as_administrator(&self, request: &Request) -> Value {
        let statement = json!({"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"});
        let policy = json!([{"name": "all", "policy": {"Version": "2012-10-17", "Statement": [statement]}}]);
        simulation(request, &policy, self.of_resource(request).as_ref())
    }

    /// The policy of the bucket, key or role that the request is for. A key that is not there lets its account in.
    pub(super) fn of_resource(&self, request: &Request) -> Option<Value> {
        let resource = &request.resource;
        if let Some(rest) = resource.strip_prefix("arn:aws:s3:::") {
            return self.buckets.get(rest.split('/').next().unwrap_or_default())?.policy.clone();
        }
        if request.action == "sts:AssumeRole" {
            return self.roles.get(resource).map(|role| role.trust.clone());
        }
        let of_key = resource.starts_with("arn:aws:kms:");
        of_key.then(|| self.keys.get(resource).cloned().unwrap_or_else(|| account_may(&request.account)))
    }
}

fn account_may(account: &str) -> Value {
    let principal = json!({"AWS": format!("arn:aws:iam::{account}:root")});
    let statement =
        json!({"Sid": "Account", "Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"});
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn simulation(request: &Request, identity: &Value, resource_policy: Option<&Value>) -> Value {
    let mut simulation = json!({
        "request": {
            "principal": request.principal,
            "action": request.action,
            "resource": {"resource": request.resource, "accountId": request.account},
            "contextVariables": request.context
        },
        "identityPolicies": identity
    });
    if let Some(policy) = resource_policy {
        simulation["resourcePolicy"] = policy.clone();
    }
    simulation
}
