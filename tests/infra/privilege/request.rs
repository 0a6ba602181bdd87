//! What a call asks of IAM: the actions, the resources and the condition keys, by AWS's documentation of each service.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use super::policies::Policies;

/// One request to IAM.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Request {
    /// The ARN of a role, or the name of a service.
    pub(super) principal: String,
    /// `service:Action`
    pub(super) action: String,
    /// An ARN, or `*` where IAM knows no resource for the action.
    pub(super) resource: String,
    /// The account of the resource.
    pub(super) account: String,
    pub(super) context: BTreeMap<String, String>,
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request { principal, action, resource, context, .. } = self;
        write!(f, "{} {action} on {resource} with {context:?}", principal.rsplit('/').next().unwrap_or_default())
    }
}

/// A call that a program made, however it was recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct Called {
    /// As IAM writes it.
    pub(crate) service: String,
    pub(crate) operation: String,
    pub(crate) region: String,
    /// The role of the caller's session.
    pub(crate) role: String,
    /// The members of the request.
    pub(crate) parameters: Value,
    /// Of S3 only: `/bucket/key`.
    pub(crate) path: String,
    /// Of S3 only.
    pub(crate) headers: BTreeMap<String, String>,
}

/// What a call refers to without saying all of it.
pub(super) struct World<'w> {
    /// Application, group and configuration of every deployment here.
    pub(super) application: &'w str,
    pub(super) group: &'w str,
    pub(super) config: &'w str,
    /// Whose the buckets are, and their keys.
    pub(super) policies: &'w Policies,
}

/// The role behind the ARN of a session.
pub(crate) fn role_of(caller: &str) -> Option<String> {
    let (account, rest) = caller.strip_prefix("arn:aws:sts::")?.split_once(":assumed-role/")?;
    Some(format!("arn:aws:iam::{account}:role/{}", rest.split('/').next()?))
}

impl Called {
    /// All that IAM is asked about it. What AWS asks on the way, for the key of a bucket or for a role that is handed
    /// to a service, is among it.
    pub(super) fn requests(&self, world: &World<'_>) -> Vec<Request> {
        let member = |name: &str| self.parameters[name].as_str().unwrap_or_default();
        let World { application, group, config, .. } = world;
        let group = self.arn("codedeploy", &format!("deploymentgroup:{application}/{group}"));
        let application = self.arn("codedeploy", &format!("application:{application}"));
        match (self.service.as_str(), self.operation.as_str()) {
            ("s3", _) => self.of_s3(world),
            ("sts", "AssumeRole") => {
                let mut context = vec![("sts:RoleSessionName", member("RoleSessionName"))];
                context.extend((!member("ExternalId").is_empty()).then(|| ("sts:ExternalId", member("ExternalId"))));
                vec![self.request("sts:AssumeRole", member("RoleArn"), &context)]
            }
            ("ecs", "RegisterTaskDefinition") => self.of_registration(),
            ("ecs", "DescribeServices") => {
                let services = self.parameters["services"].as_array().into_iter().flatten().filter_map(Value::as_str);
                services.map(|service| self.plain(&self.service_arn(member("cluster"), service))).collect()
            }
            ("ecs", "UpdateService") => vec![self.plain(&self.service_arn(member("cluster"), member("service")))],
            ("ecs", "ListTasks" | "DescribeTasks") => {
                let cluster = self.cluster_arn(member("cluster"));
                let kind = if self.operation == "ListTasks" { "container-instance" } else { "task" };
                let resource = format!("{}/0123456789abcdef", cluster.replace(":cluster/", &format!(":{kind}/")));
                vec![self.request(&self.action(), &resource, &[("ecs:cluster", &cluster)])]
            }
            ("codedeploy", "CreateDeployment") => vec![
                self.plain(&group),
                self.request("codedeploy:GetApplicationRevision", &application, &[]),
                self.request("codedeploy:RegisterApplicationRevision", &application, &[]),
                self.request(
                    "codedeploy:GetDeploymentConfig",
                    &self.arn("codedeploy", &format!("deploymentconfig:{config}")),
                    &[],
                ),
            ],
            ("codedeploy", "GetApplication" | "GetApplicationRevision" | "RegisterApplicationRevision") => {
                vec![self.plain(&application)]
            }
            ("codedeploy", "GetDeploymentConfig") => {
                let config = format!("deploymentconfig:{}", member("deploymentConfigName"));
                vec![self.plain(&self.arn("codedeploy", &config))]
            }
            (
                "codedeploy",
                "GetDeployment"
                | "GetDeploymentGroup"
                | "ListDeployments"
                | "BatchGetDeployments"
                | "UpdateDeploymentGroup",
            ) => vec![self.plain(&group)],
            ("codebuild", "StartBuild") => {
                vec![self.plain(&self.arn("codebuild", &format!("project/{}", member("projectName"))))]
            }
            ("codebuild", "BatchGetBuilds") => {
                let build = self.parameters["ids"][0].as_str().unwrap_or_default();
                let project = build.split(':').next().unwrap_or_default();
                vec![self.plain(&self.arn("codebuild", &format!("project/{project}")))]
            }
            ("ecr", "GetAuthorizationToken") => vec![self.plain("*")],
            ("ecr", _) => vec![self.plain(&self.arn("ecr", &format!("repository/{}", member("repositoryName"))))],
            ("cloudwatch", "DescribeAlarms") => vec![self.plain(&self.arn("cloudwatch", "alarm:any"))],
            ("lambda", _) => vec![self.plain(&self.arn("lambda", &format!("function:{}", member("FunctionName"))))],
            ("logs", _) => {
                let (group, stream) = (member("logGroupName"), member("logStreamName"));
                vec![self.plain(&self.arn("logs", &format!("log-group:{group}:log-stream:{stream}")))]
            }
            _ => vec![self.plain("*")],
        }
    }

    fn of_registration(&self) -> Vec<Request> {
        let family = self.parameters["family"].as_str().unwrap_or_default();
        let registered = self.arn("ecs", &format!("task-definition/{family}:1"));
        let mut requests = vec![self.plain(&registered)];
        for role in ["taskRoleArn", "executionRoleArn"] {
            if let Some(role) = self.parameters[role].as_str() {
                let to = [("iam:PassedToService", "ecs-tasks.amazonaws.com")];
                requests.push(self.request("iam:PassRole", role, &to));
            }
        }
        if self.parameters["tags"].as_array().is_some_and(|tags| !tags.is_empty()) {
            let while_registered = [("ecs:CreateAction", "RegisterTaskDefinition")];
            // CloudTrail shows the first revision, any revision and none (tests/fixtures/recorded/tag-denied.json). The judge knows
            // no task definition without a revision; that this ARN is allowed is tested in the modules.
            for revision in [":1", ":*"] {
                let tagged = self.arn("ecs", &format!("task-definition/{family}{revision}"));
                requests.push(self.request("ecs:TagResource", &tagged, &while_registered));
            }
        }
        requests
    }

    fn of_s3(&self, world: &World<'_>) -> Vec<Request> {
        let path = self.path.trim_start_matches('/');
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let known = world.policies.buckets.get(bucket);
        let (account, kms_key) =
            (known.map_or("", |bucket| &bucket.account), known.and_then(|bucket| bucket.key.as_ref()));
        let resource = if key.is_empty() { format!("arn:aws:s3:::{bucket}") } else { format!("arn:aws:s3:::{path}") };
        let action = match self.operation.as_str() {
            "HeadObject" => "s3:GetObject".to_owned(),
            _ => self.action(),
        };
        let mut context = vec![("aws:SecureTransport", "true")];
        if action == "s3:PutObject" {
            for name in ["x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"] {
                let value = self.headers.get(name).map(|value| (s3_key(name), value.as_str()));
                context.extend(value);
            }
        }
        let mut request = self.request(&action, &resource, &context);
        account.clone_into(&mut request.account);
        request.context.insert("aws:ResourceAccount".to_owned(), account.to_owned());
        let needs = match action.as_str() {
            "s3:PutObject" => Some("kms:GenerateDataKey"),
            "s3:GetObject" | "s3:GetObjectVersion" => Some("kms:Decrypt"),
            _ => None,
        };
        let through = format!("s3.{}.amazonaws.com", self.region);
        let of_key = needs.zip(kms_key).map(|(action, key)| self.request(action, key, &[("kms:ViaService", &through)]));
        std::iter::once(request).chain(of_key).collect()
    }

    fn plain(&self, resource: &str) -> Request {
        self.request(&self.action(), resource, &[])
    }

    fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    fn request(&self, action: &str, resource: &str, context: &[(&str, &str)]) -> Request {
        Request::new(&self.role, action, resource, &self.region, context)
    }

    fn account(&self) -> &str {
        self.role.split(':').nth(4).unwrap_or_default()
    }

    fn arn(&self, service: &str, rest: &str) -> String {
        format!("arn:aws:{service}:{}:{}:{rest}", self.region, self.account())
    }

    fn cluster_arn(&self, cluster: &str) -> String {
        if cluster.starts_with("arn:") { cluster.to_owned() } else { self.arn("ecs", &format!("cluster/{cluster}")) }
    }

    fn service_arn(&self, cluster: &str, service: &str) -> String {
        let cluster = cluster.rsplit('/').next().unwrap_or_default();
        if service.starts_with("arn:") {
            service.to_owned()
        } else {
            self.arn("ecs", &format!("service/{cluster}/{service}"))
        }
    }
}

fn s3_key(header: &'static str) -> &'static str {
    match header {
        "x-amz-server-side-encryption" => "s3:x-amz-server-side-encryption",
        _ => "s3:x-amz-server-side-encryption-aws-kms-key-id",
    }
}

impl Request {
    /// Whether the resource is in the account of the role.
    pub(super) fn is_in_own_account(&self) -> bool {
        self.principal.split(':').nth(4) == Some(&self.account)
    }

    /// A request in that region. The account of the resource is that of its ARN, or the principal's.
    pub(super) fn new(
        principal: &str,
        action: &str,
        resource: &str,
        region: &str,
        context: &[(&str, &str)],
    ) -> Request {
        let account_of = |arn: &str| arn.split(':').nth(4).filter(|account| !account.is_empty()).map(str::to_owned);
        let mut context: BTreeMap<_, _> =
            context.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        context.insert("aws:RequestedRegion".to_owned(), region.to_owned());
        Request {
            principal: principal.to_owned(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            account: account_of(resource).or_else(|| account_of(principal)).unwrap_or_default(),
            context,
        }
    }
}

/// What moto has recorded, of sessions of roles.
pub(crate) fn of_moto(recorded: &[Value]) -> Vec<Called> {
    recorded
        .iter()
        .filter_map(|call| {
            let text = |name: &str| call[name].as_str().unwrap_or_default().to_owned();
            let service = match text("service").as_str() {
                "awslambda" => "lambda".to_owned(),
                service => service.to_owned(),
            };
            let headers = call["parameters"]["headers"].as_object().into_iter().flatten();
            let headers = headers.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()));
            Some(Called {
                role: role_of(&text("caller"))?,
                service,
                operation: text("action"),
                region: text("region"),
                parameters: call["parameters"].clone(),
                path: text("path"),
                headers: headers.collect(),
            })
        })
        .collect()
}
