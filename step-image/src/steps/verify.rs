//! The artifact against the account, for `check --online` and `deploy`. Nothing is changed.

use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::describe_task_definition;
use codedeploy_core::account::{self, Outcome, State};
use codedeploy_core::artifact::appspec::{AppSpec, TASK_DEFINITION_PLACEHOLDER};
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::fault::Fault;
use codedeploy_core::fault::finding::{CheckError, Finding, Severity};
use codedeploy_core::faults;
use codedeploy_core::text::list;

use crate::terminal::print;

faults! {
    /// The faults of checking the account.
    pub(crate) const FORMS;

    /// `--strict`, and a rule could not be checked.
    fn unchecked(rules: &str) => "DEP36" Denied
        "not everything could be checked: {rules}",
        "allow what the lines above name, or deploy without --strict";
}

/// The task definition that the AppSpec names, if it is a revision that can be described.
pub(crate) async fn named(read: &Aws, appspec: &AppSpec) -> Option<TaskDefinition> {
    let named = &appspec.task_definition;
    if named == TASK_DEFINITION_PLACEHOLDER {
        return None;
    }
    let answer = describe_task_definition(read, named).await.ok()?;
    TaskDefinition::described(&answer, named).ok()
}

/// Prints what did not pass, and refuses to go on if a rule found an error, or, if `strict`, was not checked.
pub(crate) fn settle(outcomes: &[Outcome], strict: bool) -> Result<(), Fault> {
    for outcome in outcomes {
        for why in &outcome.not_checked {
            print::message(&format!("note: {}: not checked: {why} ({})", outcome.rule.code, outcome.rule.title));
        }
    }
    refuse(outcomes)?;
    let unchecked = outcomes.iter().filter(|outcome| outcome.state() == State::NotChecked);
    let unchecked: Vec<&str> = unchecked.map(|outcome| outcome.rule.code).collect();
    if strict && !unchecked.is_empty() {
        return Err(self::unchecked(&list(&unchecked)));
    }
    print::message(&format!("account checked: {}", account::summary(outcomes)));
    Ok(())
}

/// Prints warnings, and refuses to go on if a rule found an error.
pub(crate) fn refuse(outcomes: &[Outcome]) -> Result<(), Fault> {
    let (errors, quiet): (Vec<Finding>, Vec<Finding>) = outcomes
        .iter()
        .flat_map(|outcome| outcome.findings.clone())
        .partition(|finding| finding.severity == Severity::Error);
    print::warnings(&quiet);
    if errors.is_empty() { Ok(()) } else { Err(CheckError::errors_of(errors).into()) }
}
