//! Every code of the library with its message and hint, for the table in the documentation.

use crate::artifact::{appspec, archive, check, image, request, service, task_definition, template};
use crate::fault::Form;

/// The page of all codes, also those that only the programs have. A test keeps it.
pub const PAGE: &str = include_str!("../ERRORS.md");

/// The tables of all modules.
pub fn forms() -> Vec<Form> {
    let faults = [
        request::FORMS,
        image::FORMS,
        service::FORMS,
        task_definition::FORMS,
        appspec::FORMS,
        template::FORMS,
        archive::FORMS,
    ];
    let findings = [service::live::FINDINGS, task_definition::FINDINGS, appspec::FINDINGS];
    faults.into_iter().chain(findings).chain(check::FORMS.iter().copied()).flatten().copied().collect()
}
