//! Files that are given as an AppSpec and are something else, and members that stand at the wrong level.

use serde_json::Value;

/// A kind of file that is not an AppSpec for Amazon ECS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherFile {
    /// `os`, `files`, `permissions`.
    Instances,
    /// The input of `CreateDeployment`, or a revision of it, with the AppSpec as text in it.
    Deployment,
    /// The same with the AppSpec in S3.
    DeploymentFromS3,
    /// A task definition, bare or described.
    TaskDefinition,
    /// A CloudFormation template.
    CloudFormation,
    /// A buildspec, which `CodeBuild` runs.
    Buildspec,
    /// A list of containers and images, for rolling updates.
    ImageDefinitions,
    /// Nothing at all.
    Empty,
}

impl OtherFile {
    /// Recognises a file by its top-level keys; `None` if it may be an AppSpec for Amazon ECS.
    pub(super) fn of(file: &Value) -> Option<OtherFile> {
        let has = |names: &[&str]| {
            file.as_object()
                .into_iter()
                .flat_map(|map| map.keys())
                .any(|key| names.iter().any(|name| name.eq_ignore_ascii_case(key)))
        };
        match file {
            Value::Null => Some(OtherFile::Empty),
            Value::Array(items) if items.iter().any(|item| item.get("imageUri").is_some()) => {
                Some(OtherFile::ImageDefinitions)
            }
            _ if has(&["AWSTemplateFormatVersion"]) => Some(OtherFile::CloudFormation),
            _ if has(&["s3Location"]) || revision(file).is_some_and(|it| it.get("s3Location").is_some()) => {
                Some(OtherFile::DeploymentFromS3)
            }
            _ if has(&["applicationName", "deploymentGroupName", "revision", "revisionType", "appSpecContent"]) => {
                Some(OtherFile::Deployment)
            }
            _ if has(&["containerDefinitions", "taskDefinition", "taskDefinitionArn", "family"]) => {
                Some(OtherFile::TaskDefinition)
            }
            _ if has(&["phases"]) => Some(OtherFile::Buildspec),
            _ if has(&["os", "files", "permissions"]) => Some(OtherFile::Instances),
            _ => None,
        }
    }

    /// What it is.
    pub(super) fn sentence(self) -> String {
        let what = match self {
            OtherFile::Instances => "an AppSpec for EC2 or on-premises instances (os, files, permissions)",
            OtherFile::Deployment | OtherFile::DeploymentFromS3 => "the input of create-deployment",
            OtherFile::TaskDefinition => "a task definition",
            OtherFile::CloudFormation => "a CloudFormation template",
            OtherFile::Buildspec => "a buildspec of CodeBuild",
            OtherFile::ImageDefinitions => "an imagedefinitions.json for rolling updates",
            OtherFile::Empty => return "the file is empty".to_owned(),
        };
        format!("this is {what}, not an AppSpec for Amazon ECS")
    }

    /// What to do instead.
    pub(super) fn hint(self) -> &'static str {
        match self {
            OtherFile::Instances => {
                "write an AppSpec for Amazon ECS, with version, Resources and Hooks only; `codedeploy-artifact generate` \
                 writes one"
            }
            OtherFile::Deployment => {
                "save the text in revision.appSpecContent.content as a file of its own and give that file"
            }
            OtherFile::DeploymentFromS3 => {
                "give the object that s3Location names: `codedeploy-artifact deploy --revision s3://BUCKET/KEY` deploys it"
            }
            OtherFile::TaskDefinition
            | OtherFile::CloudFormation
            | OtherFile::Buildspec
            | OtherFile::ImageDefinitions => {
                "give the AppSpec file, the one with Resources and TargetService; `codedeploy-artifact generate` writes one"
            }
            OtherFile::Empty => "write the AppSpec into it; `codedeploy-artifact generate` writes one",
        }
    }
}

fn revision(file: &Value) -> Option<&Value> {
    file.get("revision")
}

/// Where each member of an AppSpec stands.
const PARENTS: &[(&str, &str)] = &[
    ("version", TOP),
    ("Resources", TOP),
    ("Hooks", TOP),
    ("TargetService", "Resources"),
    ("Type", "TargetService"),
    ("Properties", "TargetService"),
    ("TaskDefinition", "Properties"),
    ("LoadBalancerInfo", "Properties"),
    ("PlatformVersion", "Properties"),
    ("NetworkConfiguration", "Properties"),
    ("CapacityProviderStrategy", "Properties"),
    ("ContainerName", "LoadBalancerInfo"),
    ("ContainerPort", "LoadBalancerInfo"),
    ("AwsvpcConfiguration", "NetworkConfiguration"),
    ("Subnets", "AwsvpcConfiguration"),
    ("SecurityGroups", "AwsvpcConfiguration"),
    ("AssignPublicIp", "AwsvpcConfiguration"),
    ("CapacityProvider", "CapacityProviderStrategy"),
    ("Base", "CapacityProviderStrategy"),
    ("Weight", "CapacityProviderStrategy"),
    ("BeforeInstall", "Hooks"),
    ("AfterInstall", "Hooks"),
    ("AfterAllowTestTraffic", "Hooks"),
    ("BeforeAllowTraffic", "Hooks"),
    ("AfterAllowTraffic", "Hooks"),
];

/// The parent of the members without one.
pub(super) const TOP: &str = "";

/// The documented name of a member and the member that it belongs under, if the AppSpec has such a member anywhere.
pub(super) fn belongs(key: &str) -> Option<(&'static str, &'static str)> {
    PARENTS.iter().copied().find(|(name, _)| name.eq_ignore_ascii_case(key))
}
