//! Images and the placeholders that CodeDeployToECS fills.

use super::checked::Checked;
use crate::artifact::image::{
    ImageSource, MOST_PLACEHOLDERS, check_reference, is_placeholder_name, misspelt_placeholder, placeholder_in,
    why_not_reference,
};
use crate::artifact::request::Request;
use crate::artifact::task_definition::{Container, TaskDefinition};
use crate::fault::finding::{Finding, findings};
use crate::fault::shown;
use crate::text::list;

findings! {
    /// What can be wrong with images.
    pub(super) const FORMS;

    fn other_placeholder(image, container, own) =>
        "IMG02" Error Configuration
        "image \"{image}\" of container \"{container}\" does not match its placeholder <{own}>",
        "write {own} if CodeDeployToECS fills it, or <{image}> if it is spelled that way there";
    fn like_a_placeholder(image, container, name) =>
        "IMG02" Error Configuration "image \"{image}\" of container \"{container}\" looks like a placeholder",
        "write {name} if CodeDeployToECS fills it, or <{image}> if it is spelled that way there";
    fn unmapped_placeholder(name, container; known, written, most) =>
        "TD06" Error Configuration "placeholder <{name}> is not listed in `images` (listed: {known})",
        "add `\"images\": {{\"{container}\": \"{written}\"}}` and let CodeDeployToECS fill it (ImageNContainerName: \
         {name}); at most {most}";
    fn no_image(container) => "TD11" Error Configuration "container \"{container}\" has no image",
        "add `\"images\": {{\"{container}\": \"repo/app:1.4.2\"}}` with its image, or write it in the task definition";
    fn image_not_filled(image, container) =>
        "TD11" Error Configuration "image \"{image}\" of container \"{container}\" is not filled in",
        "add `\"images\": {{\"{container}\": \"repo/app:1.4.2\"}}` with its image, or write it in the task definition";
    fn image_missing(container) => "TD11" Error Configuration "of container \"{container}\" is missing",
        "add `\"images\": {{\"{container}\": \"repo/app:1.4.2\"}}` with its image, or write it in the task definition";
    fn not_an_image(image, container) =>
        "TD11" Error Configuration "\"{image}\" of container \"{container}\" is not an image reference",
        "add `\"images\": {{\"{container}\": \"repo/app:1.4.2\"}}` with its image, or write it in the task definition";
}

pub(super) fn check(request: &Request, task_definition: &TaskDefinition) -> Vec<Finding> {
    let known = declared(request, task_definition);
    let described = task_definition.arn().is_some();
    let finding = |container: Container<'_>| match container.image_placeholder() {
        Some(name) if known.contains(&name) => None,
        Some(name) => Some(unknown_placeholder(container.name(), name, &known)),
        // ECS has accepted a described revision, but an image with an unfilled variable cannot be pulled. [`check_file`]
        // checks files.
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

/// A finding for an image of the request that was probably meant to be a placeholder, such as `image1_name`.
pub(crate) fn not_the_placeholder(container: &str, text: &str, own: Option<&str>) -> Option<Finding> {
    match own {
        Some(own) if own.eq_ignore_ascii_case(text) => Some(other_placeholder(text, container, own)),
        _ => Some(like_a_placeholder(text, container, misspelt_placeholder(text)?)),
    }
}

/// The finding for the image `<NAME>` if the request does not list it as a placeholder for CodeDeployToECS.
fn unknown_placeholder(container: &str, name: &str, known: &[&str]) -> Finding {
    let shown = shown(name);
    let written = if is_placeholder_name(&shown) { shown } else { format!("<{shown}>") };
    unmapped_placeholder(name, container, list(known), written, MOST_PLACEHOLDERS)
}

/// An image that is empty or has an unfilled variable.
fn not_filled(container: &str, image: &str) -> Finding {
    if image.trim().is_empty() { no_image(container) } else { image_not_filled(image, container) }
}

/// Checks that each image in a file is a reference, or exactly one placeholder.
pub(super) fn check_file(checked: &mut Checked<'_>) {
    for container in checked.containers() {
        let name = container.name();
        let (finding, why) = match container.member("image").map(|image| image.as_str()) {
            None => (image_missing(name), None),
            Some(Some(image)) if image.trim().is_empty() => (image_missing(name), None),
            Some(Some(image)) if placeholder_in(image).is_none() && check_reference(image).is_err() => {
                (not_an_image(image, name), why_not_reference(image))
            }
            Some(_) => continue,
        };
        // `images` cannot refer to a container without a name.
        let hint = if name.is_empty() { "write the image in the task definition" } else { &finding.hint };
        let hint = why.map_or_else(|| hint.to_owned(), |why| format!("{why}; {hint}"));
        checked.push(container.at("image"), Finding { hint, ..finding });
    }
}
