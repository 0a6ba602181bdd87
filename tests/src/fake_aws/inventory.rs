//! Other resources of an account: images, secrets, parameters, log groups, functions, roles, subnets, security groups,
//! scalable targets and quotas, each as described by the test. They can be read but not changed, except for what is suspended.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Call, FakeAws, Principal, Refusal, json_answer, s3, sts};
use crate::http::Answer;

/// Account, service and name.
type Owned = (String, String, String);

#[derive(Debug, Default)]
pub(super) struct Inventory(BTreeMap<Owned, Value>);

/// The services that this file answers for, as IAM names them.
pub(super) const SERVICES: [&str; 9] =
    ["application-autoscaling", "ec2", "ecr", "iam", "lambda", "logs", "secretsmanager", "servicequotas", "ssm"];

pub(super) const IAM_NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

impl FakeAws {
    /// Adds something to an account, or replaces it. What `resource` is depends on the service:
    ///
    /// | service | name | resource |
    /// |---|---|---|
    /// | `ecr` | `REPOSITORY:TAG` | the manifest |
    /// | `secretsmanager` | the ARN | what `DescribeSecret` answers beside it |
    /// | `ssm`, `logs` | the name | nothing |
    /// | `lambda` | the name | the state |
    /// | `iam` | the name | `trusts` and the actions that it `allows` |
    /// | `ec2` | the ID | `vpc`, and of a subnet `free` addresses |
    /// | `application-autoscaling` | `service/CLUSTER/SERVICE` | the suspended state |
    /// | `servicequotas` | the code | the value |
    pub fn add_resource(&self, account: &str, service: &str, name: &str, resource: Value) {
        let owned = (account.to_owned(), service.to_owned(), name.to_owned());
        self.state().inventory.0.insert(owned, resource);
    }

    /// What was added under that name, as it is now.
    pub fn resource(&self, account: &str, service: &str, name: &str) -> Value {
        let owned = (account.to_owned(), service.to_owned(), name.to_owned());
        self.state().inventory.0.get(&owned).cloned().unwrap_or_default()
    }

    /// Removes what [`FakeAws::add_resource`] added.
    pub fn remove_resource(&self, account: &str, service: &str, name: &str) {
        let owned = (account.to_owned(), service.to_owned(), name.to_owned());
        self.state().inventory.0.remove(&owned).expect("something that was added");
    }
}

impl Inventory {
    pub(super) fn answer(&self, caller: &Principal, call: &Call) -> Result<Answer, Refusal> {
        if !caller.may(&call.action()) {
            return Err(Refusal::denied(caller, &call.action(), "*"));
        }
        let mine = Mine { inventory: self, caller, service: &call.service };
        let (body, form) = (call.json(), sts::form(&call.request.text()));
        match (call.service.as_str(), call.operation.as_str()) {
            ("ecr", "BatchGetImage") => mine.image(&body),
            ("ecr", "DescribeImages") => mine.image_details(&body),
            ("secretsmanager", "DescribeSecret") => mine.secret(&body),
            ("ssm", "DescribeParameters") => Ok(mine.parameters(&body)),
            ("logs", "DescribeLogGroups") => Ok(mine.log_groups(&body)),
            ("lambda", "GetFunctionConfiguration") => mine.function(&call.request.path),
            ("iam", "GetRole") => mine.role(form.get("RoleName").map_or("", String::as_str)),
            ("iam", "SimulatePrincipalPolicy") => mine.simulate(&form),
            ("ec2", "DescribeSubnets") => Ok(mine.network("DescribeSubnets", "subnet-", &form)),
            ("ec2", "DescribeSecurityGroups") => Ok(mine.network("DescribeSecurityGroups", "sg-", &form)),
            ("application-autoscaling", "DescribeScalableTargets") => Ok(mine.scalable(&body)),
            ("servicequotas", "GetServiceQuota") => mine.quota(&body),
            ("servicequotas", "GetAWSDefaultServiceQuota") => {
                Ok(quota(body["QuotaCode"].as_str().unwrap_or_default(), 6.0))
            }
            (service, other) => {
                Err(Refusal::new(400, "UnknownOperationException", format!("this fake has no {service}:{other}")))
            }
        }
    }
}

impl Inventory {
    /// Changes what is suspended of a target that exists; members that are not sent stay as they are.
    pub(super) fn register_scalable_target(&mut self, caller: &Principal, call: &Call) -> Result<Answer, Refusal> {
        if !caller.may(&call.action()) {
            return Err(Refusal::denied(caller, &call.action(), "*"));
        }
        let body = call.json();
        let resource = body["ResourceId"].as_str().unwrap_or_default().to_owned();
        let owned = (caller.account.clone(), call.service.clone(), resource);
        let Some(suspended) = self.0.get_mut(&owned).and_then(Value::as_object_mut) else {
            let message =
                "minimum capacity, maximum capacity, or suspended state must be specified to register a new target";
            return Err(Refusal::new(400, "ValidationException", message));
        };
        suspended.extend(body["SuspendedState"].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
        let (region, account) = (&caller.region, &caller.account);
        let arn = format!("arn:aws:application-autoscaling:{region}:{account}:scalable-target/0ec5a1b2c3d4e5f60718");
        Ok(json_answer(200, &json!({ "ScalableTargetARN": arn })))
    }
}

/// The part of the inventory that a caller sees.
struct Mine<'a> {
    inventory: &'a Inventory,
    caller: &'a Principal,
    service: &'a str,
}

impl Mine<'_> {
    fn get(&self, name: &str) -> Option<&Value> {
        let owned = (self.caller.account.clone(), self.service.to_owned(), name.to_owned());
        self.inventory.0.get(&owned)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        let mine = self
            .inventory
            .0
            .keys()
            .filter(|(account, service, _)| *account == self.caller.account && service == self.service);
        mine.map(|(_, _, name)| name.as_str())
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        let region = if service == "iam" { "" } else { &self.caller.region };
        format!("arn:aws:{service}:{region}:{}:{resource}", self.caller.account)
    }

    fn image(&self, body: &Value) -> Result<Answer, Refusal> {
        let repository = body["repositoryName"].as_str().unwrap_or_default();
        let registry = body["registryId"].as_str().unwrap_or(&self.caller.account);
        if !self.names().any(|name| name.split(':').next() == Some(repository)) {
            let message =
                format!("The repository with name '{repository}' does not exist in the registry with id '{registry}'");
            return Err(Refusal::new(400, "RepositoryNotFoundException", message));
        }
        let id = &body["imageIds"][0];
        let tag = id["imageTag"].as_str().unwrap_or_default();
        Ok(match self.get(&format!("{repository}:{tag}")) {
            Some(manifest) => json_answer(
                200,
                &json!({
                    "images": [{"registryId": registry, "repositoryName": repository, "imageId": id,
                        "imageManifest": manifest.to_string(), "imageManifestMediaType": manifest["mediaType"]}],
                    "failures": []
                }),
            ),
            None => json_answer(
                200,
                &json!({
                    "images": [],
                    "failures": [{"imageId": id, "failureCode": "ImageNotFound", "failureReason": "Requested image not found"}]
                }),
            ),
        })
    }

    fn image_details(&self, body: &Value) -> Result<Answer, Refusal> {
        let repository = body["repositoryName"].as_str().unwrap_or_default();
        let registry = body["registryId"].as_str().unwrap_or(&self.caller.account);
        let tag = body["imageIds"][0]["imageTag"].as_str().unwrap_or_default();
        let Some(manifest) = self.get(&format!("{repository}:{tag}")) else {
            let message = format!(
                "The image with imageId {{imageDigest:'null', imageTag:'{tag}'}} does not exist within the repository with \
                 name '{repository}' in the registry with id '{registry}'"
            );
            return Err(Refusal::new(400, "ImageNotFoundException", message));
        };
        let digest = hex::encode(Sha256::digest(manifest.to_string()));
        Ok(json_answer(
            200,
            &json!({"imageDetails": [{"registryId": registry, "repositoryName": repository, "imageTags": [tag],
                "imageDigest": format!("sha256:{digest}"), "imagePushedAt": 1_767_225_600.0}]}),
        ))
    }

    fn secret(&self, body: &Value) -> Result<Answer, Refusal> {
        let id = body["SecretId"].as_str().unwrap_or_default();
        let Some(secret) = self.get(id) else {
            let message = "Secrets Manager can't find the specified secret.";
            return Err(Refusal::new(400, "ResourceNotFoundException", message));
        };
        let mut answer = json!({"ARN": id, "Name": id.rsplit(':').next(), "CreatedDate": 1_767_225_600.0});
        for (name, value) in secret.as_object().into_iter().flatten() {
            answer[name] = value.clone();
        }
        Ok(json_answer(200, &answer))
    }

    fn parameters(&self, body: &Value) -> Answer {
        let wanted = body["ParameterFilters"][0]["Values"].as_array().cloned().unwrap_or_default();
        let found = self.names().filter(|name| wanted.iter().any(|it| it == name));
        let found: Vec<Value> = found.map(|name| json!({"Name": name, "Type": "SecureString", "Version": 1})).collect();
        json_answer(200, &json!({ "Parameters": found }))
    }

    fn log_groups(&self, body: &Value) -> Answer {
        let prefix = body["logGroupNamePrefix"].as_str().unwrap_or_default();
        let found = self.names().filter(|name| name.starts_with(prefix));
        let group = |name: &str| json!({"logGroupName": name, "arn": self.arn("logs", &format!("log-group:{name}:*"))});
        json_answer(200, &json!({ "logGroups": found.map(group).collect::<Vec<_>>() }))
    }

    fn function(&self, path: &str) -> Result<Answer, Refusal> {
        let wanted =
            percent_encoding::percent_decode_str(path.split('/').nth(3).unwrap_or_default()).decode_utf8_lossy();
        let name = wanted.rsplit(':').next().unwrap_or_default();
        let arn = self.arn("lambda", &format!("function:{name}"));
        let Some(state) = self.get(name) else {
            return Err(Refusal::new(404, "ResourceNotFoundException", format!("Function not found: {arn}")));
        };
        let answer = json!({"FunctionName": name, "FunctionArn": arn, "State": state, "Runtime": "nodejs22.x", "Version": "$LATEST"});
        Ok(json_answer(200, &answer))
    }

    fn role(&self, name: &str) -> Result<Answer, Refusal> {
        let Some(role) = self.get(name) else {
            return Err(Refusal::new(404, "NoSuchEntity", format!("The role with name {name} cannot be found.")));
        };
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": role["trusts"]}, "Action": "sts:AssumeRole"}
        ]});
        let policy = policy.to_string();
        let policy = percent_encoding::utf8_percent_encode(&policy, percent_encoding::NON_ALPHANUMERIC);
        Ok(xml(
            "GetRole",
            IAM_NAMESPACE,
            &format!(
                "<Role><Path>/</Path><RoleName>{name}</RoleName><RoleId>AROA0123456789ABCDEF0</RoleId><Arn>{}</Arn>\
             <CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>{policy}</AssumeRolePolicyDocument></Role>",
                self.arn("iam", &format!("role/{name}"))
            ),
        ))
    }

    fn simulate(&self, form: &std::collections::HashMap<String, String>) -> Result<Answer, Refusal> {
        let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
        let role = field("PolicySourceArn").rsplit('/').next().unwrap_or_default();
        let Some(role) = self.get(role) else {
            return Err(Refusal::new(404, "NoSuchEntity", format!("The role with name {role} cannot be found.")));
        };
        let action = field("ActionNames.member.1");
        let allowed = role["allows"].as_array().into_iter().flatten().any(|it| it == action);
        let decision = if allowed { "allowed" } else { "implicitDeny" };
        let resources = (1..=50).map_while(|place| form.get(&format!("ResourceArns.member.{place}")));
        let results = resources.map(|resource| {
            format!(
                "<member><EvalActionName>{action}</EvalActionName><EvalResourceName>{}</EvalResourceName>\
             <EvalDecision>{decision}</EvalDecision><MatchedStatements/><MissingContextValues/></member>",
                s3::escape(resource)
            )
        });
        let results: String = results.collect();
        let result = format!("<EvaluationResults>{results}</EvaluationResults><IsTruncated>false</IsTruncated>");
        Ok(xml("SimulatePrincipalPolicy", IAM_NAMESPACE, &result))
    }

    fn network(&self, operation: &str, prefix: &str, form: &std::collections::HashMap<String, String>) -> Answer {
        let wanted = (1..=200).map_while(|place| form.get(&format!("Filter.1.Value.{place}")));
        let found = wanted.filter(|id| id.starts_with(prefix)).filter_map(|id| Some((id, self.get(id)?)));
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let items = found.map(|(id, it)| match prefix {
            "sg-" => format!(
                "<item><groupId>{id}</groupId><groupName>web</groupName><vpcId>{}</vpcId></item>",
                text(&it["vpc"])
            ),
            _ => format!(
                "<item><subnetId>{id}</subnetId><state>available</state><vpcId>{}</vpcId><availableIpAddressCount>{}\
                 </availableIpAddressCount><tagSet><item><key>Name</key><value>a</value></item></tagSet></item>",
                text(&it["vpc"]),
                it["free"]
            ),
        });
        let items: String = items.collect();
        let list = if prefix == "sg-" { "securityGroupInfo" } else { "subnetSet" };
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
             <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId><{list}>{items}</{list}></{operation}Response>"
        );
        Answer::new(200, "text/xml", body)
    }

    fn scalable(&self, body: &Value) -> Answer {
        let resource = body["ResourceIds"][0].as_str().unwrap_or_default();
        let target = |suspended: &Value| {
            json!({
                "ServiceNamespace": "ecs", "ResourceId": resource, "ScalableDimension": "ecs:service:DesiredCount",
                "MinCapacity": 2, "MaxCapacity": 6, "RoleARN": self.arn("iam", "role/scaling"),
                "CreationTime": 1_767_225_600.0, "SuspendedState": suspended
            })
        };
        json_answer(200, &json!({ "ScalableTargets": self.get(resource).map(target).into_iter().collect::<Vec<_>>() }))
    }

    fn quota(&self, body: &Value) -> Result<Answer, Refusal> {
        let code = body["QuotaCode"].as_str().unwrap_or_default();
        let value = self.get(code).and_then(Value::as_f64);
        value.map(|value| quota(code, value)).ok_or_else(|| {
            Refusal::new(
                400,
                "NoSuchResourceException",
                "The request failed because the specified quota does not exist.",
            )
        })
    }
}

fn quota(code: &str, value: f64) -> Answer {
    json_answer(
        200,
        &json!({"Quota": {"ServiceCode": "fargate", "ServiceName": "AWS Fargate", "QuotaCode": code,
        "QuotaName": "Fargate On-Demand vCPU resource count", "Value": value, "Unit": "None", "Adjustable": true,
        "GlobalQuota": false}}),
    )
}

fn xml(operation: &str, namespace: &str, result: &str) -> Answer {
    let body = format!(
        "<{operation}Response xmlns=\"{namespace}\"><{operation}Result>{result}</{operation}Result><ResponseMetadata>\
         <RequestId>f9880f01-7852-629d-a6c3-3ae2-666a40928ba8</RequestId></ResponseMetadata></{operation}Response>"
    );
    Answer::new(200, "text/xml", body)
}
