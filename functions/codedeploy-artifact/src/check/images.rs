//! Images and the placeholders that CodeDeployToECS fills.

use super::{Finding, list};
use crate::error::{Kind, shown};
use crate::image::{ImageSource, MOST_PLACEHOLDERS};
use crate::request::Request;
use crate::task_definition::{Container, TaskDefinition};

pub(super) fn check(request: &Request, task_definition: &TaskDefinition) -> Vec<Finding> {
    let known: Vec<&str> = request
        .images
        .iter()
        .filter_map(|(_, source)| match source {
            ImageSource::Placeholder(name) => Some(name.as_str()),
            ImageSource::Reference(_) | ImageSource::Detail(_) => None,
        })
        .collect();
    let finding = |container: Container<'_>| match container.image_placeholder() {
        Some(name) if known.contains(&name) => None,
        Some(name) => Some(unknown_placeholder(container.name(), name, &known)),
        // What ECS took is left alone; what never passed ECS, or a variable nobody filled, cannot be pulled.
        None if container.image().contains(['$', '{', '<']) || container.image().trim().is_empty() => {
            Some(not_filled(container.name(), container.image()))
        }
        None => None,
    };
    task_definition.containers().filter_map(finding).collect()
}

/// `<NAME>` as an image, without the request saying that CodeDeployToECS fills it.
fn unknown_placeholder(container: &str, name: &str, known: &[&str]) -> Finding {
    let (container, name) = (shown(container), shown(name));
    Finding::error(
        "TD06",
        Kind::Configuration,
        format!("placeholder <{name}> has no container mapping (known: {})", list(known)),
        format!(
            "add `\"images\": {{\"{container}\": \"{name}\"}}` and let CodeDeployToECS fill it (ImageNContainerName: \
             {name}); at most {MOST_PLACEHOLDERS}"
        ),
    )
}

/// An image that is empty or has an unfilled variable.
fn not_filled(container: &str, image: &str) -> Finding {
    let container = shown(container);
    let message = if image.trim().is_empty() {
        format!("container \"{container}\" has no image")
    } else {
        format!("image \"{}\" of container \"{container}\" is not filled in", shown(image))
    };
    let hint = format!(
        "add `\"images\": {{\"{container}\": \"repo/app:1.4.2\"}}` with its image, or write it into the task definition"
    );
    Finding::error("TD11", Kind::Configuration, message, hint)
}
