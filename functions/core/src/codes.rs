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
    let of_checks = [check::FORMS, check::OF_TASK_DEFINITION].into_iter().flatten().copied();
    faults.into_iter().chain(findings).chain(of_checks).flatten().copied().collect()
}

/// The codes of all findings, each once.
pub fn of_findings() -> Vec<&'static str> {
    let tables = [task_definition::FORMS, task_definition::FINDINGS, appspec::FORMS, appspec::FINDINGS];
    let of_checks = [check::FORMS, check::OF_TASK_DEFINITION].into_iter().flatten().copied();
    let forms = tables.into_iter().chain(of_checks).flatten();
    let mut codes: Vec<&str> = forms.map(|form| form.code).chain(["TD07"]).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The codes of the rules on the account.
pub fn of_the_account() -> Vec<&'static str> {
    crate::account::RULES.iter().map(|rule| rule.code).collect()
}

/// The page of AWS that a rule comes from; `None` for what is not a rule of AWS.
pub fn page(code: &str) -> Option<&'static str> {
    if let Ok(rule) = crate::account::rule(code) {
        return Some(rule.page);
    }
    PAGES.iter().find(|(codes, _)| codes.split(' ').any(|start| code.starts_with(start))).map(|(_, page)| *page)
}

/// Codes, or their beginnings, and pages; the first one that fits counts.
const PAGES: &[(&str, &str)] = &[
    (
        "TD07 CHK07 CHK08 CHK01 CHK06 IMG03 IMG04 IMG05 IMG06 IMG02 TD06",
        "https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-ECSbluegreen.html",
    ),
    ("TD34", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html"),
    ("TD32", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html"),
    ("IMG07 IMG08", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-considerations.html"),
    ("TD38", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate.html"),
    ("TD15 TD16 TD27", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html"),
    (
        "TD35 TD36 TD17 TD10 TD13 TD08 TD09 TD28 TD29 TD05 TD14",
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
    ),
    ("TD", "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html"),
    (
        "APP12 APP25 APP26",
        "https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html",
    ),
    (
        "APP CHK PAR13 PAR14",
        "https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html",
    ),
];
