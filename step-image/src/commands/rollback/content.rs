//! The content of the deployments of a group: the AppSpec, and the task definition that it names.

use std::cell::RefCell;

use codedeploy_aws::codedeploy::{RevisionToDeploy, appspec_of, deployable};
use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::describe_task_definition;
use codedeploy_aws::error::Why;
use codedeploy_core::artifact::appspec::{self, AppSpec};
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::Deployment;
use codedeploy_core::fault::{Fault, shown};

use super::faults::no_revision;
use crate::terminal::print;

/// What a deployment runs, as far as it can be read.
#[derive(Debug, Clone)]
pub(super) struct Content {
    pub(super) revision: RevisionToDeploy,
    /// The AppSpec as it was written.
    pub(super) text: Option<String>,
    /// The AppSpec, understood.
    pub(super) spec: Option<AppSpec>,
    pub(super) task_definition: Described,
}

/// The task definition that an AppSpec names.
#[derive(Debug, Clone)]
pub(super) enum Described {
    /// As ECS has it.
    There(Box<TaskDefinition>),
    /// ECS does not have it any more.
    Deleted,
    /// It could not be read, which was said.
    Unknown,
}

impl Content {
    /// Whether both run the same: all of the AppSpec but the ARN of the task definition, and the content of the task
    /// definitions. If one of those cannot be read, their ARNs are compared.
    pub(super) fn runs_the_same_as(&self, other: &Content) -> bool {
        let (Some(one), Some(two)) = (&self.spec, &other.spec) else { return false };
        let rest =
            |spec: &AppSpec| AppSpec { resource_name: String::new(), task_definition: String::new(), ..spec.clone() };
        rest(one) == rest(two)
            && match (&self.task_definition, &other.task_definition) {
                (Described::There(one), Described::There(two)) => one.runs_like(two),
                _ => one.task_definition == two.task_definition,
            }
    }

    /// The paths at which the task definitions differ, tags left out; empty if one of them is not known.
    pub(super) fn differences(&self, other: &Content) -> Vec<String> {
        match (&self.task_definition, &other.task_definition) {
            (Described::There(one), Described::There(two)) => {
                one.differences(two).into_iter().filter(|path| !path.starts_with("tags")).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Container and image, in the order of the task definition.
    pub(super) fn images(&self) -> Vec<(String, String)> {
        let Described::There(task_definition) = &self.task_definition else { return Vec::new() };
        let image = |name: &str, image: &str| (name.to_owned(), image.to_owned());
        task_definition.containers().map(|container| image(container.name(), container.image())).collect()
    }

    /// The task definition, if ECS has it and starts no new tasks from it: `INACTIVE` or `DELETE_IN_PROGRESS`.
    pub(super) fn inactive(&self) -> Option<&TaskDefinition> {
        match &self.task_definition {
            Described::There(found) if found.inactive().is_some() => Some(found),
            _ => None,
        }
    }
}

/// Reads contents, and says once what cannot be read.
pub(super) struct Reader<'a> {
    read: &'a Aws,
    said: RefCell<Vec<String>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(read: &'a Aws) -> Reader<'a> {
        Reader { read, said: RefCell::default() }
    }

    /// What a deployment runs. An AppSpec that cannot be parsed is not an error: CodeDeploy accepted it once.
    ///
    /// # Errors
    /// The revision is gone, or AWS does not answer. A missing permission is a note.
    pub(super) async fn content(&self, deployment: &Deployment) -> Result<Content, Fault> {
        let Some(revision) = &deployment.revision else {
            return Err(no_revision(&deployment.id));
        };
        let revision = deployable(self.read, &deployment.application, revision).await?;
        let text = match appspec_of(self.read, &revision).await {
            Ok(text) => Some(text),
            // CodeDeploy reads the object with other credentials, so only the comparison and the plan are incomplete.
            Err(error) if matches!(error.why(), Why::Denied { .. }) => {
                self.note(&error.to_string());
                None
            }
            Err(error) => return Err(error.into()),
        };
        let spec = text.as_deref().and_then(|text| appspec::read(text, "the AppSpec").ok());
        let task_definition = match &spec {
            Some(spec) => self.describe(&spec.task_definition).await?,
            None => Described::Unknown,
        };
        Ok(Content { revision, text, spec, task_definition })
    }

    async fn describe(&self, name: &str) -> Result<Described, Fault> {
        let answer = match describe_task_definition(self.read, name).await {
            Ok(answer) => answer,
            Err(error) => match error.why() {
                Why::TaskDefinitionMissing => return Ok(Described::Deleted),
                Why::Denied { .. } => {
                    self.note(&format!("only AppSpecs are compared, because task definitions cannot be read: {error}"));
                    return Ok(Described::Unknown);
                }
                _ => return Err(error.into()),
            },
        };
        Ok(match TaskDefinition::described(&answer, name) {
            Ok(task_definition) => Described::There(Box::new(task_definition)),
            Err(error) => {
                self.note(&format!("{} cannot be compared: {}", shown(name), error));
                Described::Unknown
            }
        })
    }

    /// The resource of a denial differs between calls, but the missing permission is the same.
    fn note(&self, text: &str) {
        let kind: String = text.chars().take(40).collect();
        if !self.said.borrow().contains(&kind) {
            self.said.borrow_mut().push(kind);
            print::message(&format!("note: {text}"));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Runs one container `app` from an image, by a task definition of that revision and status.
    pub(in super::super) fn content(revision: u32, status: &str, image: &str, port: u16) -> Content {
        let arn = format!("arn:aws:ecs:eu-west-1:123456789012:task-definition/web:{revision}");
        let text = appspec::write(&AppSpec::new(&arn, "app", port));
        let described = serde_json::json!({"taskDefinition": {
            "taskDefinitionArn": arn, "family": "web", "revision": revision, "status": status, "networkMode": "awsvpc",
            "containerDefinitions": [{"name": "app", "image": image, "memory": 512}]
        }, "tags": [{"key": "build", "value": revision.to_string()}]});
        let task_definition = TaskDefinition::described(&described.to_string(), "web").unwrap();
        Content {
            revision: RevisionToDeploy::Inline { content: text.clone() },
            spec: appspec::read(&text, "appspec.yml").ok(),
            text: Some(text),
            task_definition: Described::There(Box::new(task_definition)),
        }
    }

    #[test]
    fn what_runs_decides_not_what_it_is_called() {
        let here = content(2, "ACTIVE", "web:2", 80);
        let check = |other: &Content, expect: bool| {
            assert_eq!(here.runs_the_same_as(other), expect, "{other:?}");
            assert_eq!(other.runs_the_same_as(&here), expect, "{other:?}");
        };
        check(&content(2, "ACTIVE", "web:2", 80), true);
        check(&content(3, "INACTIVE", "web:2", 80), true);
        check(&content(3, "ACTIVE", "web:1", 80), false);
        check(&content(2, "ACTIVE", "web:2", 81), false);
        // Without the task definition its ARN is all there is.
        check(&Content { task_definition: Described::Unknown, ..content(2, "ACTIVE", "web:2", 80) }, true);
        check(&Content { task_definition: Described::Deleted, ..content(3, "ACTIVE", "web:2", 80) }, false);
        check(&Content { spec: None, ..content(2, "ACTIVE", "web:2", 80) }, false);
    }
}
