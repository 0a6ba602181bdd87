//! The images of the containers.

use crate::account::facts::NotChecked;
use crate::account::needs::Item;
use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::fault::finding::findings;
use crate::fault::shown;
use crate::names::EcrImage;
use crate::text::list;

findings! {
    /// What can be wrong with images.
    pub(super) const FORMS;

    fn missing(; what) =>
        "ACC11" Error NotFound "names an image that does not exist: {what}",
        "push the image first, or correct its name, tag or digest";
    fn other_architecture(image, wanted; has) =>
        "ACC12" Error Input "names image {image}, which is built for {has}, but the task runs on {wanted}",
        "build the image for {wanted} (`docker build --platform {wanted}`), or set \"runtimePlatform\" to what it is built for";
}

pub(super) fn exist(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_task_definition(seen) {
        return;
    }
    for item in &seen.needs.images {
        if EcrImage::parse(&item.name).is_none() {
            outcome.unknown(&elsewhere(item));
            continue;
        }
        outcome.named(&seen.facts.images, &item.name, |what| missing(what).at(seen.task_file(), item.path.clone()));
    }
}

pub(super) fn architecture(seen: &Seen<'_>, outcome: &mut Outcome) {
    if !outcome.has_task_definition(seen) {
        return;
    }
    let wanted = seen.subject.platform();
    for item in &seen.needs.images {
        if EcrImage::parse(&item.name).is_none() {
            outcome.unknown(&elsewhere(item));
            continue;
        }
        let what = format!("image {}", shown(&item.name));
        let Some(image) = outcome.needed_named(&seen.facts.images, &item.name, &what) else { continue };
        if image.platforms.is_empty() {
            let unknown = || NotChecked::because(format!("the platform of {} is not known", shown(&item.name)));
            outcome.unknown(&image.unread.clone().unwrap_or_else(unknown));
            continue;
        }
        outcome.checked += 1;
        if !image.platforms.contains(&wanted) {
            let finding = other_architecture(&item.name, &wanted, list(&image.platforms));
            outcome.found(finding.at(seen.task_file(), item.path.clone()));
        }
    }
}

/// An image that is not in a private repository of Amazon ECR.
fn elsewhere(item: &Item) -> NotChecked {
    if item.name.starts_with('<') {
        return NotChecked::later(format!("{} is a placeholder", shown(&item.name)));
    }
    NotChecked::because(format!("{} is not in a private repository of Amazon ECR", shown(&item.name)))
}
