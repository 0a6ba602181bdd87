//! A request that is complete and checked.

use crate::artifact::appspec::{CapacityProvider, Hook, Network};
use crate::artifact::file_ref::FileRef;
use crate::artifact::image::ImageSource;
use crate::artifact::task_definition;
use crate::document::Limits;
use crate::names::{ExternalId, Region, RoleArn, ServiceName, region_of};

/// A complete, checked request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where the task definition comes from. `None` if a template or the running service determines it.
    pub task_definition: Option<TaskDefinitionSource>,
    /// The running service, which provides values that are not given.
    pub service: Option<ServiceName>,
    /// The load-balanced container.
    pub container_name: Option<String>,
    /// Its port.
    pub container_port: Option<u16>,
    /// The task definition in the AppSpec.
    pub appspec_task_definition: AppSpecTaskDefinition,
    /// Container name and where its image comes from.
    pub images: Vec<(String, ImageSource)>,
    /// `LATEST` or a version.
    pub platform_version: Option<String>,
    /// Network of the green task set; that of the service if absent.
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
    /// The output artifact to write, if the action has several.
    pub output_artifact: Option<String>,
    /// Whether the account is checked too; `None` where nothing is said.
    pub verify: Option<bool>,
    /// Whether warnings fail the run.
    pub strict: bool,
    /// Findings to ignore: `CODE` or `CODE=REASON`, not understood yet.
    pub ignore: Vec<String>,
    /// The CodeDeploy application to check.
    pub application: Option<String>,
    /// The deployment group to check.
    pub deployment_group: Option<String>,
    /// The role to describe with.
    pub role_arn: Option<RoleArn>,
    /// External ID that the trust policy of that role requires.
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

/// The task definition in the AppSpec.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AppSpecTaskDefinition {
    /// `<TASK_DEFINITION>`, which CodeDeployToECS replaces by the revision it registers.
    #[default]
    Placeholder,
    /// The ARN of the described revision, for an AppSpec that is deployed as it is.
    Arn,
}

impl Request {
    /// Whether the running service must be read: it is named, and a value that it can provide is not given.
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

    /// Whether ECS must be called at all.
    pub fn asks_ecs(&self) -> bool {
        self.service_to_ask().is_some() || matches!(self.task_definition, Some(TaskDefinitionSource::Describe(_)))
    }

    /// The region to ask in: as given, else that of the ARN of the task definition or service; `None` means the caller's own.
    pub fn region_to_ask(&self) -> Option<&str> {
        self.given_region().or_else(|| self.task_definition_region()).or_else(|| self.service_region())
    }

    pub(super) fn given_region(&self) -> Option<&str> {
        self.region.as_ref().map(Region::as_str)
    }

    /// The Region of the ARN of the task definition.
    pub(super) fn task_definition_region(&self) -> Option<&str> {
        match &self.task_definition {
            Some(TaskDefinitionSource::Describe(name)) => region_of(name),
            _ => None,
        }
    }

    /// The Region of the ARN of the service.
    pub(super) fn service_region(&self) -> Option<&str> {
        self.service.as_ref().and_then(|service| service.region.as_ref()).map(Region::as_str)
    }

    /// Whether the account is checked too.
    pub fn verifies(&self) -> bool {
        self.verify == Some(true)
    }

    /// Whether findings of that code are ignored.
    pub fn ignores(&self, code: &str) -> bool {
        self.ignore.iter().any(|entry| entry.split('=').next().is_some_and(|it| it.trim().eq_ignore_ascii_case(code)))
    }

    /// The application and the deployment group to check, and whether a name is assumed; `None` if there is nothing to
    /// assume it from.
    pub fn group_to_verify(&self) -> Option<(String, String, bool)> {
        let (application, group) = self.service.as_ref().map(ServiceName::codedeploy_names).unzip();
        let is_assumed = self.application.is_none() || self.deployment_group.is_none();
        Some((self.application.clone().or(application)?, self.deployment_group.clone().or(group)?, is_assumed))
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

/// What a file of the request is for; see [`Request::files`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Slot {
    /// `task_definition_file`.
    TaskDefinition,
    /// `appspec_template`.
    AppSpecTemplate,
    /// `taskdef_template`.
    TaskdefTemplate,
    /// The `imageDetail.json` of a container.
    ImageDetail(String),
}

impl Slot {
    /// The most bytes that are read for it, while it is unpacked already.
    pub fn limit(&self) -> u64 {
        match self {
            Slot::TaskDefinition | Slot::TaskdefTemplate => task_definition::LIMIT as u64,
            Slot::AppSpecTemplate | Slot::ImageDetail(_) => Limits::YAML.bytes as u64,
        }
    }
}
