//! What an artifact refers to in the account.

use serde_json::{Map, Value};

use crate::artifact::appspec::{AppSpec, Network};
use crate::artifact::service::Service;
use crate::artifact::task_definition::TaskDefinition;
pub use crate::names::EcrImage;
use crate::names::short_name;

/// The files of the artifact that were given, each with its name.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    /// The AppSpec.
    pub appspec: Option<(&'a AppSpec, &'a str)>,
    /// The task definition: the file, or the revision that the AppSpec names.
    pub task_definition: Option<(&'a TaskDefinition, &'a str)>,
}

/// A reference in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The text in the file.
    pub name: String,
    /// The member, such as `containerDefinitions[0].image`.
    pub path: String,
}

/// All references of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Lambda functions of the hooks.
    pub hooks: Vec<Item>,
    /// The task role and the task execution role.
    pub roles: Vec<Item>,
    /// Images.
    pub images: Vec<Item>,
    /// Secrets in AWS Secrets Manager: ARNs, with the JSON key and the version behind them.
    pub secrets: Vec<Item>,
    /// Parameters: ARNs or names.
    pub parameters: Vec<Item>,
    /// Log groups that must exist.
    pub log_groups: Vec<Item>,
    /// The Region of each of them, if the options name one.
    pub log_regions: Vec<Option<String>>,
    /// The code of the vCPU quota that applies, if the tasks run on Fargate: that of Fargate Spot if it is the only
    /// provider.
    pub quota: Option<String>,
}

/// Service Quotas: "Fargate On-Demand vCPU resource count" and "Fargate Spot vCPU resource count".
const QUOTA: &str = "L-3032A538";
const SPOT_QUOTA: &str = "L-36FBB829";

impl Needs {
    /// The references of the files, in the order of the files.
    pub fn of(subject: &Subject<'_>) -> Needs {
        let mut needs = Needs::default();
        if let Some((appspec, _)) = subject.appspec {
            let item = |(hook, function): &(_, String)| Item { name: function.clone(), path: format!("Hooks.{hook}") };
            needs.hooks = appspec.hooks.iter().map(item).collect();
        }
        if let Some((task_definition, _)) = subject.task_definition {
            needs.task_definition(task_definition.members());
        }
        if subject.fargate() {
            let strategy =
                subject.appspec.map(|(appspec, _)| appspec.capacity_provider_strategy.as_slice()).unwrap_or_default();
            let spot = !strategy.is_empty() && strategy.iter().all(|provider| provider.name == "FARGATE_SPOT");
            needs.quota = Some(if spot { SPOT_QUOTA } else { QUOTA }.to_owned());
        }
        needs
    }

    fn task_definition(&mut self, members: &Map<String, Value>) {
        for member in ["taskRoleArn", "executionRoleArn"] {
            if let Some(role) = members.get(member).and_then(Value::as_str).filter(|role| !role.is_empty()) {
                self.roles.push(Item { name: role.to_owned(), path: member.to_owned() });
            }
        }
        let containers = members.get("containerDefinitions").and_then(Value::as_array).into_iter().flatten();
        for (place, container) in containers.enumerate() {
            self.container(container, &format!("containerDefinitions[{place}]"));
        }
    }

    fn container(&mut self, container: &Value, path: &str) {
        if let Some(image) = text(container, "/image") {
            self.images.push(Item { name: image.to_owned(), path: format!("{path}.image") });
        }
        let mut sources = Vec::new();
        for (pointer, list) in
            [("/secrets", "secrets"), ("/logConfiguration/secretOptions", "logConfiguration.secretOptions")]
        {
            let items = container.pointer(pointer).and_then(Value::as_array).into_iter().flatten().enumerate();
            let from = |(place, item)| Some((text(item, "/valueFrom")?, format!("{path}.{list}[{place}].valueFrom")));
            sources.extend(items.filter_map(from));
        }
        if let Some(from) = text(container, "/repositoryCredentials/credentialsParameter") {
            // The only member that accepts the name of a secret instead of its ARN.
            let path = format!("{path}.repositoryCredentials.credentialsParameter");
            self.secrets.push(Item { name: from.to_owned(), path });
        }
        for (from, path) in sources {
            let item = Item { name: from.to_owned(), path };
            match from.split(':').nth(2) {
                Some("secretsmanager") => self.secrets.push(item),
                _ => self.parameters.push(item),
            }
        }
        self.log_group(container, path);
    }

    /// With `awslogs-create-group` the log driver makes the group.
    fn log_group(&mut self, container: &Value, path: &str) {
        let option = |name: &str| text(container, &format!("/logConfiguration/options/{name}"));
        let awslogs = text(container, "/logConfiguration/logDriver") == Some("awslogs");
        if let Some(group) =
            option("awslogs-group").filter(|_| awslogs && option("awslogs-create-group") != Some("true"))
        {
            self.log_groups
                .push(Item { name: group.to_owned(), path: format!("{path}.logConfiguration.options.awslogs-group") });
            self.log_regions.push(option("awslogs-region").map(str::to_owned));
        }
    }
}

fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.trim().is_empty())
}

impl Subject<'_> {
    /// The network of the new tasks: that of the AppSpec, or else the one that the service was created with.
    pub fn network<'n>(&'n self, service: Option<&'n Service>) -> Option<&'n Network> {
        let own = self.appspec.and_then(|(appspec, _)| appspec.network.as_ref());
        own.or_else(|| service.and_then(|service| service.own_network.as_ref()))
    }

    /// The CPU units of a task: 1024 for a vCPU.
    pub(super) fn cpu_units(&self) -> Option<u64> {
        let cpu = self.member("cpu")?;
        let cpu = cpu.as_str().map_or_else(|| cpu.to_string(), str::to_owned).to_ascii_lowercase();
        match cpu.strip_suffix("vcpu") {
            None => cpu.trim().parse().ok(),
            Some(vcpus) => {
                let (whole, part) = vcpus.trim().split_once('.').unwrap_or((vcpus.trim(), "0"));
                let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
                let digits = u32::try_from(part.len()).ok().filter(|digits| *digits <= 6)?;
                let part: u64 = part.parse().ok()?;
                Some(whole.checked_mul(1024)?.checked_add(part * 1024 / 10_u64.pow(digits))?)
            }
        }
    }

    /// The platform that the images need, such as `linux/amd64`. Fargate's default is Linux on `X86_64`.
    pub(super) fn platform(&self) -> String {
        let of = |pointer: &str| {
            self.task_definition
                .and_then(|(task_definition, _)| {
                    task_definition.members().get("runtimePlatform")?.get(pointer)?.as_str()
                })
                .unwrap_or_default()
        };
        let system = if of("operatingSystemFamily").starts_with("WINDOWS") { "windows" } else { "linux" };
        let architecture = if of("cpuArchitecture") == "ARM64" { "arm64" } else { "amd64" };
        format!("{system}/{architecture}")
    }

    /// Whether the tasks run on Fargate.
    fn fargate(&self) -> bool {
        let required = self.member("requiresCompatibilities").and_then(Value::as_array);
        required.is_some_and(|list| list.iter().any(|it| it == "FARGATE"))
    }

    fn member(&self, name: &str) -> Option<&Value> {
        self.task_definition.and_then(|(task_definition, _)| task_definition.members().get(name))
    }
}

impl Item {
    /// The name of a role, from its ARN or as it stands.
    pub fn role_name(&self) -> &str {
        short_name(&self.name)
    }

    /// The ID by which AWS Secrets Manager finds a secret: its ARN without the JSON key and the version.
    pub fn secret_id(&self) -> String {
        if !self.name.starts_with("arn:") {
            return self.name.clone();
        }
        self.name.splitn(8, ':').take(7).collect::<Vec<_>>().join(":")
    }

    /// The names that a parameter may have: an ARN does not say whether the name begins with a slash.
    pub fn parameter_names(&self) -> Vec<String> {
        match self.name.split_once(":parameter/") {
            None => vec![self.name.clone()],
            Some((_, path)) if path.contains('/') => vec![format!("/{path}")],
            Some((_, name)) => vec![name.to_owned(), format!("/{name}")],
        }
    }

    /// The name without qualifier and the qualifier of a Lambda function.
    pub fn function(&self) -> (&str, Option<&str>) {
        let start = self.name.find(":function:").map_or(0, |at| at + ":function:".len());
        let rest = self.name.get(start..).unwrap_or_default();
        match rest.split_once(':') {
            Some((name, qualifier)) => (self.name.get(..start + name.len()).unwrap_or_default(), Some(qualifier)),
            None => (&self.name, None),
        }
    }
}

/// The name of a target group in its ARN: `arn:…:targetgroup/NAME/ID`.
pub(super) fn target_group_name(arn: &str) -> &str {
    arn.split('/').nth(1).filter(|_| arn.starts_with("arn:")).unwrap_or(arn)
}
