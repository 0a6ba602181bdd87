//! The outcome of each rule, for people and programs.

use serde_json::{Value, json};

use super::facts::{Fact, Named, NotChecked};
use super::seen::Seen;
use crate::fault::finding::{Finding, Severity};
use crate::text::{LINE, safe, shown};

/// A rule on an artifact and the account.
#[derive(Debug)]
pub struct Rule {
    /// Its stable code, which its findings have too.
    pub code: &'static str,
    /// What it verifies.
    pub title: &'static str,
    /// The AWS page that it comes from.
    pub page: &'static str,
    pub(super) check: fn(&Seen<'_>, &mut Outcome),
}

/// The outcome of one rule.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong, in the order of the files.
    pub findings: Vec<Finding>,
    /// What could not be checked.
    pub not_checked: Vec<NotChecked>,
    /// How many things were checked.
    pub checked: usize,
    /// Whether the user skipped it.
    pub skipped: bool,
}

/// The state of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Everything was checked and is correct.
    Passed,
    /// Something is wrong; the severity of the worst finding.
    Found(Severity),
    /// Nothing wrong was found, but not everything could be checked.
    NotChecked,
    /// There is nothing to check: the AppSpec has no hooks, for instance.
    NotApplicable,
    /// The user skipped it.
    Skipped,
}

impl Outcome {
    pub(super) fn new(rule: &'static Rule) -> Outcome {
        Outcome { rule, findings: Vec::new(), not_checked: Vec::new(), checked: 0, skipped: false }
    }

    /// The state.
    pub fn state(&self) -> State {
        let worst = self.findings.iter().map(|finding| finding.severity).min();
        match worst {
            _ if self.skipped => State::Skipped,
            Some(worst) => State::Found(worst),
            None if !self.not_checked.is_empty() => State::NotChecked,
            None if self.checked == 0 => State::NotApplicable,
            None => State::Passed,
        }
    }

    /// The value of a fact, if it is known. A missing resource becomes a finding; one that could not be read is noted.
    pub(super) fn of<'f, T>(&mut self, fact: &'f Fact<T>, missing: impl FnOnce(&str) -> Finding) -> Option<&'f T> {
        match fact {
            Fact::Known(value) => {
                self.checked += 1;
                Some(value)
            }
            Fact::Missing(what) => {
                self.checked += 1;
                self.findings.push(missing(what));
                None
            }
            Fact::NotChecked(why) => {
                self.unknown(why);
                None
            }
        }
    }

    /// [`Outcome::of`] the fact of that name.
    pub(super) fn named<'f, T>(
        &mut self,
        facts: &'f Named<T>,
        name: &str,
        missing: impl FnOnce(&str) -> Finding,
    ) -> Option<&'f T> {
        if let Some(fact) = facts.get(name) {
            self.of(fact, missing)
        } else {
            self.unknown(&NotChecked::because(format!("{} was not looked up", shown(name))));
            None
        }
    }

    /// The value of a fact that another rule reports if it is missing. Here, it only keeps this rule from passing.
    pub(super) fn needed<'f, T>(&mut self, fact: &'f Fact<T>, what: &str) -> Option<&'f T> {
        match fact {
            Fact::Known(value) => Some(value),
            Fact::Missing(_) => {
                self.unknown(&NotChecked::because(format!("{what} does not exist")));
                None
            }
            Fact::NotChecked(why) => {
                self.unknown(why);
                None
            }
        }
    }

    /// [`Outcome::needed`] of the fact of that name.
    pub(super) fn needed_named<'f, T>(&mut self, facts: &'f Named<T>, name: &str, what: &str) -> Option<&'f T> {
        if let Some(fact) = facts.get(name) {
            self.needed(fact, what)
        } else {
            self.unknown(&NotChecked::because(format!("{what} was not looked up")));
            None
        }
    }

    /// Whether there is an AppSpec; without one the rule cannot be checked.
    pub(super) fn has_appspec(&mut self, seen: &Seen<'_>) -> bool {
        self.has(seen.subject.appspec.is_some(), "AppSpec")
    }

    /// Whether there is a task definition; without one the rule cannot be checked.
    pub(super) fn has_task_definition(&mut self, seen: &Seen<'_>) -> bool {
        self.has(seen.subject.task_definition.is_some(), "task definition")
    }

    fn has(&mut self, is_there: bool, what: &str) -> bool {
        if !is_there {
            self.unknown(&NotChecked::because(format!("there is no {what}")));
        }
        is_there
    }

    /// Something that could not be checked; each reason once.
    pub(super) fn unknown(&mut self, why: &NotChecked) {
        if !self.not_checked.contains(why) {
            self.not_checked.push(why.clone());
        }
    }

    /// A permission that depends on condition keys.
    pub(super) fn depends(&mut self, keys: &str) {
        self.unknown(&NotChecked::because(format!("the permission depends on the condition keys {keys}")));
    }

    pub(super) fn found(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

impl State {
    /// The word in text and JSON.
    pub fn name(self) -> &'static str {
        match self {
            State::Passed => "passed",
            State::Found(severity) => severity.name(),
            State::NotChecked => "not checked",
            State::NotApplicable => "not applicable",
            State::Skipped => "skipped",
        }
    }
}

/// One line for each rule, and why it was not checked if it was not.
pub fn lines(outcomes: &[Outcome]) -> Vec<String> {
    let line = |outcome: &Outcome| {
        let whys: Vec<String> = outcome.not_checked.iter().map(|why| safe(&why.to_string(), LINE)).collect();
        let why = if whys.is_empty() { String::new() } else { format!(" (not checked: {})", whys.join("; ")) };
        format!("  {}  {:<14}  {}{why}", outcome.rule.code, outcome.state().name(), outcome.rule.title)
    };
    outcomes.iter().map(line).collect()
}

/// `12 rules passed, 1 error, 2 not checked`.
pub fn summary(outcomes: &[Outcome]) -> String {
    let count = |wanted: &dyn Fn(State) -> bool| outcomes.iter().filter(|outcome| wanted(outcome.state())).count();
    let of = |severity| {
        outcomes.iter().flat_map(|outcome| &outcome.findings).filter(|finding| finding.severity == severity).count()
    };
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let passed = count(&|state| state == State::Passed);
    let mut parts = vec![format!("{} passed", plural(passed, "rule"))];
    for (severity, word) in [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")] {
        let count = of(severity);
        if count > 0 {
            parts.push(plural(count, word));
        }
    }
    let unchecked = outcomes.iter().filter(|outcome| !outcome.skipped && !outcome.not_checked.is_empty()).count();
    for (count, word) in [(unchecked, "not checked"), (count(&|state| state == State::Skipped), "skipped")] {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    parts.join(", ")
}

/// For `--output json`: one object for each rule, in a stable order.
pub fn to_json(outcomes: &[Outcome]) -> Value {
    let not_checked = |why: &NotChecked| json!({ "needs": why.needs, "why": why.why });
    let outcome = |outcome: &Outcome| {
        json!({
            "code": outcome.rule.code,
            "title": outcome.rule.title,
            "page": outcome.rule.page,
            "status": outcome.state().name().replace(' ', "_"),
            "findings": outcome.findings.iter().map(Finding::to_json).collect::<Vec<_>>(),
            "not_checked": outcome.not_checked.iter().map(not_checked).collect::<Vec<_>>(),
        })
    };
    outcomes.iter().map(outcome).collect()
}
