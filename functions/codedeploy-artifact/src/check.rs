//! Facts -> findings: every cross-check of the two files against each other and against the request.
//!
//! All findings are reported at once: a pipeline run that shows one fault at a time costs its reader an hour a fault.
//! The tests are those of `render`, which calls this last.

use std::fmt;

use crate::appspec::{AppSpec, TASK_DEFINITION_PLACEHOLDER};
use crate::error::{Explain, Kind, shown};
use crate::image::{ImageSource, MOST_PLACEHOLDERS};
use crate::request::{AppSpecTaskDefinition, Request};
use crate::task_definition::{Container, TaskDefinition};

/// Checks what no single file shows. Empty where all is well.
pub fn check(request: &Request, task_definition: &TaskDefinition, appspec: &AppSpec) -> Vec<Finding> {
    let mut findings = Vec::new();
    match task_definition.container(&appspec.container_name) {
        None => findings.push(Finding::no_container(&appspec.container_name, task_definition)),
        Some(container) if !container.ports().contains(&appspec.container_port) => {
            findings.push(Finding::PortNotMapped {
                container: container.name().to_owned(),
                port: appspec.container_port,
                mapped: container.ports(),
            });
        }
        Some(_) => {}
    }
    findings.extend(images(request, task_definition));
    findings.extend(named_task_definition(request, task_definition, appspec));
    findings
}

fn images(request: &Request, task_definition: &TaskDefinition) -> Vec<Finding> {
    let known: Vec<String> = request
        .images
        .iter()
        .filter_map(|(_, source)| match source {
            ImageSource::Placeholder(name) => Some(name.clone()),
            ImageSource::Reference(_) | ImageSource::Detail(_) => None,
        })
        .collect();
    let finding = |container: Container<'_>| match container.image_placeholder() {
        Some(name) if known.iter().any(|known| known == name) => None,
        Some(name) => Some(Finding::UnknownPlaceholder { name: name.to_owned(), known: known.clone() }),
        // What ECS took is left alone; what never passed ECS, or a variable nobody filled, cannot be pulled.
        None if container.image().contains(['$', '{', '<']) || container.image().trim().is_empty() => {
            Some(Finding::Image { container: container.name().to_owned(), image: container.image().to_owned() })
        }
        None => None,
    };
    task_definition.containers().filter_map(finding).collect()
}

fn named_task_definition(request: &Request, task_definition: &TaskDefinition, appspec: &AppSpec) -> Option<Finding> {
    let named = appspec.task_definition.as_str();
    match request.appspec_task_definition {
        AppSpecTaskDefinition::Placeholder if named != TASK_DEFINITION_PLACEHOLDER => {
            Some(Finding::NotPlaceholder { named: named.to_owned() })
        }
        AppSpecTaskDefinition::Arn if task_definition.arn().is_none() => {
            Some(Finding::NoArn { task_definition: task_definition.name() })
        }
        AppSpecTaskDefinition::Arn if Some(named) != task_definition.arn() => Some(Finding::OtherArn {
            named: named.to_owned(),
            described: task_definition.arn().unwrap_or_default().to_owned(),
        }),
        _ => None,
    }
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// A container that the task definition does not have.
    NoContainer {
        /// The name that was wanted.
        wanted: String,
        /// Family and revision.
        task_definition: String,
        /// The containers that it has.
        has: Vec<String>,
    },
    /// A port that the container does not map.
    PortNotMapped {
        /// The container.
        container: String,
        /// The port that was wanted.
        port: u16,
        /// The ports that it maps.
        mapped: Vec<u16>,
    },
    /// No mapped port, or several, and none chosen.
    Target {
        /// Family and revision.
        task_definition: String,
        /// Every candidate.
        mapped: Vec<(String, u16)>,
    },
    /// A port without a container, and none of the containers maps it.
    NobodyMaps {
        /// Family and revision.
        task_definition: String,
        /// The port that was given.
        port: u16,
        /// Every container and port that there is.
        mapped: Vec<(String, u16)>,
    },
    /// `<NAME>` as an image, without the request saying that CodeDeployToECS will fill it.
    UnknownPlaceholder {
        /// The name.
        name: String,
        /// The names that the request declares.
        known: Vec<String>,
    },
    /// More placeholders than one action can fill.
    Image {
        /// The container.
        container: String,
        /// Its image.
        image: String,
    },
    /// An ARN where CodeDeployToECS expects its placeholder.
    NotPlaceholder {
        /// What the AppSpec names.
        named: String,
    },
    /// An ARN is wanted, and the task definition comes from a file that has none.
    NoArn {
        /// Family and revision.
        task_definition: String,
    },
    /// The ARN of another revision than the one in the artifact.
    OtherArn {
        /// What the AppSpec names.
        named: String,
        /// What was described.
        described: String,
    },
}

impl Finding {
    /// A container that the task definition does not have.
    pub fn no_container(wanted: &str, task_definition: &TaskDefinition) -> Finding {
        Finding::NoContainer {
            wanted: wanted.to_owned(),
            task_definition: task_definition.name(),
            has: task_definition.containers().map(|container| container.name().to_owned()).collect(),
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Finding::NoContainer { .. } => "PAR13",
            Finding::PortNotMapped { .. } | Finding::NobodyMaps { .. } => "PAR14",
            Finding::Target { .. } => "PAR20",
            Finding::UnknownPlaceholder { .. } => "TD06",
            Finding::Image { .. } => "TD11",
            Finding::NotPlaceholder { .. } => "CHK01",
            Finding::NoArn { .. } => "CHK02",
            Finding::OtherArn { .. } => "CHK03",
        }
    }

    /// One next step.
    pub fn hint(&self) -> String {
        match self {
            Finding::NoContainer { .. } => "set container_name (and the keys of images) to one of these".to_owned(),
            Finding::PortNotMapped { .. } | Finding::NobodyMaps { .. } => {
                "set container_port to a mapped port, or add the port mapping to the task definition".to_owned()
            }
            Finding::Target { .. } => "set container_name and container_port".to_owned(),
            Finding::UnknownPlaceholder { name, .. } => format!(
                "add \"images\": {{\"CONTAINER\": \"{}\"}} and let CodeDeployToECS fill it (ImageNContainerName); at \
                 most {MOST_PLACEHOLDERS}",
                shown(name)
            ),
            Finding::Image { .. } => {
                "give the container an image with \"images\", or in the task definition".to_owned()
            }
            Finding::NotPlaceholder { .. } => format!(
                "write {TASK_DEFINITION_PLACEHOLDER} or ${{TASK_DEFINITION_ARN}}, or set appspec_task_definition to \
                 arn where the AppSpec is deployed without CodeDeployToECS"
            ),
            Finding::NoArn { .. } => {
                "name it with task_definition, or give the whole answer of describe-task-definition".to_owned()
            }
            Finding::OtherArn { .. } => "write ${TASK_DEFINITION_ARN} in the template".to_owned(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::NoContainer { wanted, task_definition, has } => {
                write!(f, "no container \"{}\" in {} (has: {})", shown(wanted), shown(task_definition), list(has))
            }
            Finding::PortNotMapped { container, port, mapped } => {
                write!(f, "container \"{}\" does not map port {port} (maps: {})", shown(container), list(mapped))
            }
            Finding::Target { task_definition, mapped } if mapped.is_empty() => {
                write!(f, "{} maps no port, so none can receive traffic", shown(task_definition))
            }
            Finding::Target { task_definition, mapped } => {
                let (task_definition, mapped) = (shown(task_definition), list(&pairs(mapped)));
                write!(f, "{task_definition} maps several ports ({mapped}) and none is chosen")
            }
            Finding::NobodyMaps { task_definition, port, mapped } => {
                let (task_definition, mapped) = (shown(task_definition), list(&pairs(mapped)));
                write!(f, "no container of {task_definition} maps port {port} (mapped: {mapped})")
            }
            Finding::UnknownPlaceholder { name, known } => {
                write!(f, "placeholder <{}> has no container mapping (known: {})", shown(name), list(known))
            }
            Finding::Image { container, image } if image.trim().is_empty() => {
                write!(f, "container \"{}\" has no image", shown(container))
            }
            Finding::Image { container, image } => {
                write!(f, "image \"{}\" of container \"{}\" is not filled in", shown(image), shown(container))
            }
            Finding::NotPlaceholder { named } => write!(
                f,
                "the AppSpec names {}, but CodeDeployToECS registers a new revision and would not deploy it",
                shown(named)
            ),
            Finding::NoArn { task_definition } => {
                write!(f, "the AppSpec must name an ARN, and {} has none", shown(task_definition))
            }
            Finding::OtherArn { named, described } => {
                write!(f, "the AppSpec names {}, the task definition is {}", shown(named), shown(described))
            }
        }
    }
}

/// Every finding of one request. Its code is that of the first.
#[derive(Debug)]
pub struct CheckError {
    /// Never empty.
    pub findings: Vec<Finding>,
}

impl std::error::Error for CheckError {}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.findings.iter().enumerate() {
            match index {
                0 => write!(f, "{finding}")?,
                _ => write!(f, "; {}: {finding}", finding.code())?,
            }
        }
        Ok(())
    }
}

impl Explain for CheckError {
    fn code(&self) -> &'static str {
        self.findings.first().map_or("CHK00", Finding::code)
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        let mut hints: Vec<String> = self.findings.iter().map(Finding::hint).collect();
        hints.dedup();
        hints.join("; ")
    }
}

/// `container:port` of each.
fn pairs(mapped: &[(String, u16)]) -> Vec<String> {
    mapped.iter().map(|(name, port)| format!("{name}:{port}")).collect()
}

fn list<T: ToString>(items: &[T]) -> String {
    if items.is_empty() {
        return "none".to_owned();
    }
    shown_list(&items.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// At most ten names, so that one message stays one line.
fn shown_list(items: &[String]) -> String {
    let mut names: Vec<String> = items.iter().take(10).map(|item| shown(item)).collect();
    if items.len() > 10 {
        names.push(format!("{} more", items.len() - 10));
    }
    names.join(", ")
}
