//! Images and the placeholders that CodeDeployToECS fills.

use super::Finding;
use super::task_definition::Checked;
use crate::artifact::image::{
    ImageSource, MOST_PLACEHOLDERS, check_reference, is_placeholder_name, misspelt_placeholder, placeholder_in,
    why_not_reference,
};
use crate::artifact::request::Request;
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::fault::{Kind, shown};
use crate::text::list;

pub(super) fn check(request: &Request, task_definition: &TaskDefinition) -> Vec<Finding> {
    let known = declared(request, task_definition);
    let described = task_definition.arn().is_some();
    let finding = |container: Container<'_>| match container.image_placeholder() {
        Some(name) if known.contains(&name) => None,
        Some(name) => Some(unknown_placeholder(container.name(), name, &known)),
        // What ECS took is left alone; a variable nobody filled cannot be pulled. Files have rules of their own.
        None if described && (container.image().contains(['$', '{', '<']) || container.image().trim().is_empty()) => {
            Some(not_filled(container.name(), container.image()))
        }
        None => None,
    };
    task_definition.containers().filter_map(finding).collect()
}

/// The placeholders that the request names for containers, each once.
fn declared<'a>(request: &'a Request, task_definition: &'a TaskDefinition) -> Vec<&'a str> {
    let mut names = Vec::new();
    for (container, source) in &request.images {
        let name = match source {
            ImageSource::Placeholder(name) => Some(name.as_str()),
            ImageSource::Reference(word) | ImageSource::Word(word) => {
                let own = task_definition.container(container).and_then(Container::image_placeholder);
                own.filter(|own| own == word)
            }
            ImageSource::Detail(_) => None,
        };
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

/// An image of the request that was meant to be a placeholder: `image1_name`, or that of the container in other letters.
pub(crate) fn not_the_placeholder(container: &str, text: &str, own: Option<&str>) -> Option<Finding> {
    let container = shown(container);
    let (message, name) = match own {
        Some(own) if own.eq_ignore_ascii_case(text) => (
            format!("image \"{}\" of container \"{container}\" is not its placeholder <{}>", shown(text), shown(own)),
            own.to_owned(),
        ),
        _ => (
            format!("image \"{}\" of container \"{container}\" looks like a placeholder", shown(text)),
            misspelt_placeholder(text)?,
        ),
    };
    let hint = format!(
        "write {} if CodeDeployToECS fills it, or <{}> if it is spelled that way there",
        shown(&name),
        shown(text)
    );
    Some(Finding::error("IMG02", Kind::Configuration, message, hint))
}

/// `<NAME>` as an image, without the request saying that CodeDeployToECS fills it.
fn unknown_placeholder(container: &str, name: &str, known: &[&str]) -> Finding {
    let (container, name) = (shown(container), shown(name));
    let written = if is_placeholder_name(&name) { name.clone() } else { format!("<{name}>") };
    Finding::error(
        "TD06",
        Kind::Configuration,
        format!("placeholder <{name}> has no container mapping (known: {})", list(known)),
        format!(
            "add `\"images\": {{\"{container}\": \"{written}\"}}` and let CodeDeployToECS fill it (ImageNContainerName: \
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
    unusable(message, &container, None)
}

/// The images of a file: each a reference, or a placeholder and nothing else.
pub(super) fn check_file(checked: &mut Checked<'_>) {
    for container in checked.containers() {
        let image = match container.member("image") {
            None => "",
            Some(image) => match image.as_str() {
                Some(image) => image,
                None => continue,
            },
        };
        let name = shown(container.name());
        if image.trim().is_empty() {
            let message = format!("of container \"{name}\" is missing");
            checked.push(container.at("image"), unusable(message, &name, None));
        } else if placeholder_in(image).is_none() && check_reference(image).is_err() {
            let message = format!("\"{}\" of container \"{name}\" is not an image reference", shown(image));
            checked.push(container.at("image"), unusable(message, &name, why_not_reference(image)));
        }
    }
}

fn unusable(message: String, container: &str, why: Option<&str>) -> Finding {
    let hint = if container.is_empty() {
        "write the image into the task definition".to_owned()
    } else {
        format!(
            "add `\"images\": {{\"{container}\": \"repo/app:1.4.2\"}}` with its image, or write it into the task \
             definition"
        )
    };
    let hint = why.map_or_else(|| hint.clone(), |why| format!("{why}; {hint}"));
    Finding::error("TD11", Kind::Configuration, message, hint)
}
