//! The request: every parameter once. UserParameters, a configuration file and the command line lead into [`Request`].

mod door;
mod error;
mod fields;
mod names;

use crate::artifact::appspec::{CapacityProvider, Hook, Network};
use crate::artifact::image::ImageSource;
use crate::artifact::sources::Slot;
use crate::names::ServiceName;
use crate::names::file_ref::FileRef;
use crate::names::identity::{ExternalId, Region, RoleArn};

pub use door::{CONFIG_LIMIT, Parameters};
pub use error::RequestError;
pub use names::{with_flags, with_flags_of};

/// The fault of a request that names no task definition.
pub fn no_task_definition() -> crate::fault::Fault {
    RequestError::NoTaskDefinition.into()
}

/// One parameter: its name at every door (dashes for underscores on the command line), its shape, and its help line.
#[derive(Debug)]
pub struct Parameter {
    /// The `snake_case` key.
    pub name: &'static str,
    /// How it is written.
    pub shape: Shape,
    /// One line for `--help`, without a full stop.
    pub help: &'static str,
}

/// How a parameter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One word or line. A flag `--name VALUE`.
    Text,
    /// A map. A flag `--name KEY=VALUE`, repeated; `VALUE` is text.
    Map,
    /// A map whose values may be lists. A flag `--name KEY=VALUE[,VALUE…]`, repeated, or one JSON object.
    Record,
    /// A list of maps. A flag `--name KEY=VALUE[,KEY=VALUE…]`, repeated, or one JSON list.
    Records,
}

const fn parameter(name: &'static str, shape: Shape, help: &'static str) -> Parameter {
    Parameter { name, shape, help }
}

/// Every parameter, in the order of the documentation.
pub const PARAMETERS: &[Parameter] = &[
    parameter("task_definition", Shape::Text, "Family, family:revision or ARN of the task definition to describe"),
    parameter("task_definition_file", Shape::Text, "File with the task definition instead: a path or ARTIFACT::PATH"),
    parameter("service", Shape::Text, "CLUSTER/SERVICE or ARN: takes from the live service whatever is not given"),
    parameter("container_name", Shape::Text, "Container that receives the traffic"),
    parameter("container_port", Shape::Text, "Port of that container, 1-65535"),
    parameter("appspec_task_definition", Shape::Text, "What the AppSpec names: placeholder (default) or arn"),
    parameter("images", Shape::Map, "CONTAINER=IMAGE: a reference, IMAGE1_NAME or ARTIFACT::imageDetail.json"),
    parameter("platform_version", Shape::Text, "Fargate platform version: LATEST or such as 1.4.0"),
    parameter("network", Shape::Record, "subnets=A,B  security_groups=C  assign_public_ip=ENABLED|DISABLED"),
    parameter("capacity_provider_strategy", Shape::Records, "capacity_provider=NAME,base=N,weight=N"),
    parameter("hooks", Shape::Map, "EVENT=FUNCTION: Lambda function, by name or ARN, for a lifecycle event"),
    parameter("appspec_template", Shape::Text, "Your own AppSpec with ${NAME} in it: a path or ARTIFACT::PATH"),
    parameter("taskdef_template", Shape::Text, "Your own taskdef.json with ${NAME} in it: a path or ARTIFACT::PATH"),
    parameter("variables", Shape::Map, "NAME=VALUE for your own templates"),
    parameter(
        "appspec_path",
        Shape::Text,
        "Name of the AppSpec in the artifact; .json writes JSON [default: appspec.yml]",
    ),
    parameter("taskdef_path", Shape::Text, "Name of the task definition in the artifact [default: taskdef.json]"),
    parameter("output_artifact", Shape::Text, "Which output artifact of the action, where it has several"),
    parameter("role_arn", Shape::Text, "Role to assume for describing, in this or another account"),
    parameter("external_id", Shape::Text, "External id that the role asks for"),
    parameter("region", Shape::Text, "Region of the service and its task definition"),
    parameter("config", Shape::Text, "YAML or JSON file with these same keys: a path or ARTIFACT::PATH"),
];

/// A complete, checked request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where the task definition comes from. `None` where a template or the live service says it.
    pub task_definition: Option<TaskDefinitionSource>,
    /// The live service that fills what is not given.
    pub service: Option<ServiceName>,
    /// The load-balanced container.
    pub container_name: Option<String>,
    /// Its port.
    pub container_port: Option<u16>,
    /// What stands in the AppSpec as task definition.
    pub appspec_task_definition: AppSpecTaskDefinition,
    /// Container name and where its image comes from.
    pub images: Vec<(String, ImageSource)>,
    /// `LATEST` or a version.
    pub platform_version: Option<String>,
    /// Network of the green task set; the service's own where absent.
    pub network: Option<Network>,
    /// Capacity providers of the green task set; empty means the service's own.
    pub capacity_provider_strategy: Vec<CapacityProvider>,
    /// Lambda functions for lifecycle events, in lifecycle order.
    pub hooks: Vec<(Hook, String)>,
    /// The user's own AppSpec template.
    pub appspec_template: Option<FileRef>,
    /// The user's own task definition template.
    pub taskdef_template: Option<FileRef>,
    /// Values for the templates.
    pub variables: Vec<(String, String)>,
    /// Name of the AppSpec in the artifact.
    pub appspec_path: String,
    /// Name of the task definition in the artifact.
    pub taskdef_path: String,
    /// The output artifact to fill, where the action has several.
    pub output_artifact: Option<String>,
    /// The role to describe with.
    pub role_arn: Option<RoleArn>,
    /// What that role's trust policy asks for.
    pub external_id: Option<ExternalId>,
    /// The region to describe in.
    pub region: Option<Region>,
}

/// Where the task definition comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskDefinitionSource {
    /// ECS: a family (its newest active revision), `family:revision` or an ARN.
    Describe(String),
    /// A file: bare, or the whole answer of `aws ecs describe-task-definition`.
    File(FileRef),
}

/// What stands in the AppSpec as task definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppSpecTaskDefinition {
    /// `<TASK_DEFINITION>`, which CodeDeployToECS replaces by the revision it registers.
    #[default]
    Placeholder,
    /// The ARN of the described revision, for an AppSpec that is deployed as it is.
    Arn,
}

impl Request {
    /// Understands parameters from any door.
    ///
    /// # Errors
    /// Every fault of the values, in the order of [`PARAMETERS`]; unknown names first. Values that do not fit together
    /// are a fault only if each of them is right.
    pub fn new(parameters: Parameters) -> Result<Self, RequestError> {
        fields::request(parameters)
    }

    /// True where the live service has to be asked: it is named, and something that it can fill is not given.
    pub fn service_to_ask(&self) -> Option<&ServiceName> {
        let complete = self.appspec_template.is_none()
            && self.container_name.is_some()
            && self.container_port.is_some()
            && self.platform_version.is_some()
            && self.network.is_some()
            && !self.capacity_provider_strategy.is_empty()
            && (self.task_definition.is_some() || self.taskdef_template.is_some());
        self.service.as_ref().filter(|_| !complete)
    }

    /// True where ECS has to be asked for anything.
    pub fn asks_ecs(&self) -> bool {
        self.service_to_ask().is_some() || matches!(self.task_definition, Some(TaskDefinitionSource::Describe(_)))
    }

    /// The region to ask in: as given, else that of the ARN of the task definition or service; `None` means the caller's own.
    pub fn region_to_ask(&self) -> Option<&str> {
        let of_the_arn = match &self.task_definition {
            Some(TaskDefinitionSource::Describe(name)) => fields::region_of_arn(name),
            _ => None,
        };
        let of_the_service = self.service.as_ref().and_then(|service| service.region.as_ref());
        self.region.as_ref().map(Region::as_str).or(of_the_arn).or(of_the_service.map(Region::as_str))
    }

    /// Every file that the request names, and what it is for.
    pub fn files(&self) -> Vec<(Slot, &FileRef)> {
        let mut files = Vec::new();
        if let Some(TaskDefinitionSource::File(file)) = &self.task_definition {
            files.push((Slot::TaskDefinition, file));
        }
        files.extend(self.appspec_template.iter().map(|file| (Slot::AppSpecTemplate, file)));
        files.extend(self.taskdef_template.iter().map(|file| (Slot::TaskdefTemplate, file)));
        files.extend(self.images.iter().filter_map(|(container, source)| match source {
            ImageSource::Detail(file) => Some((Slot::ImageDetail(container.clone()), file)),
            ImageSource::Reference(_) | ImageSource::Placeholder(_) | ImageSource::Word(_) => None,
        }));
        files
    }
}

#[cfg(test)]
mod tests;
