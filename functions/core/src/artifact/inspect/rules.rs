//! The rules with an example each, for the page of rules and for `explain`.

mod appspec;
mod task_definition;

/// A rule and an example of it: a part of a file that is right, and the same part when it is wrong.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The code of its findings.
    pub code: &'static str,
    /// What it is about, as a noun phrase.
    pub title: &'static str,
    /// The part of [`APPSPEC`] or [`TASK_DEFINITION`] that is right.
    pub good: &'static str,
    /// What stands in its place and is wrong.
    pub bad: &'static str,
}

/// The rules with an example in the AppSpec.
pub const OF_APPSPEC: &[Rule] = appspec::RULES;

/// The rules with an example in the task definition.
pub const OF_TASK_DEFINITION: &[Rule] = task_definition::RULES;

/// The rule of a code, if it has an example.
pub fn rule(code: &str) -> Option<&'static Rule> {
    OF_APPSPEC.iter().chain(OF_TASK_DEFINITION).find(|rule| rule.code == code)
}

/// The AppSpec of the examples, without a finding.
pub const APPSPEC: &str = include_str!("rules/appspec.yml");

/// The task definition of the examples, without a finding.
pub const TASK_DEFINITION: &str = include_str!("rules/taskdef.json");
