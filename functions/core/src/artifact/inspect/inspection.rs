//! What an inspection found, and what became of every rule.

use serde_json::{Value, json};

use super::{Given, Ignored};
use crate::artifact::{appspec, check, task_definition};
use crate::codes;
use crate::fault::Form;
use crate::fault::finding::{Finding, Severity};

/// What was found in some files, and what became of every rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    /// The files that were looked at, in the order in which they are reported.
    pub files: Vec<String>,
    /// Everything that was found: file by file, the worst first.
    pub findings: Vec<Finding>,
    /// The codes of all rules that this inspection knows, each once.
    pub rules: Vec<&'static str>,
    /// The rules that were not checked.
    pub not_checked: Vec<NotChecked>,
    /// What the user has decided to ignore.
    pub ignored: Vec<Ignored>,
}

/// A rule that was not checked, which is not a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    /// The code of the rule.
    pub code: &'static str,
    /// Why, as a fragment: `no AppSpec is given`.
    pub why: String,
}

/// Codes of an AppSpec that is not a document at all.
const OF_DOCUMENTS: [&str; 10] =
    ["APP02", "APP03", "APP04", "APP05", "APP06", "APP07", "APP15", "APP16", "APP17", "APP18"];
/// Rules of an AppSpec with a task definition beside it.
const OF_PAIR: [&str; 4] = ["PAR13", "PAR14", "CHK04", "CHK06"];
/// Rules of the artifact around the files.
const OF_ARTIFACT: [&str; 3] = ["CHK07", "CHK08", "TD07"];
/// Rules of a task definition that only an inspection has.
const OF_ADVICE: [&str; 6] = ["IMG07", "IMG08", "TD33", "TD34", "TD35", "TD36"];
/// Rules of image placeholders.
const OF_PLACEHOLDERS: [&str; 4] = ["IMG03", "IMG04", "IMG05", "IMG06"];

impl Inspection {
    /// Sorts the findings and says what became of the rules. A file that was not read has a reason.
    pub(super) fn settle(
        &mut self,
        appspec: &Result<(), String>,
        task_definition: &Result<(), String>,
        whole_appspec: Result<(), String>,
        given: &Given<'_>,
    ) {
        let of = |tables: &[&[Form]]| tables.iter().copied().flatten().map(|form| form.code).collect::<Vec<_>>();
        let of_appspec = [&of(&[appspec::FORMS, appspec::FINDINGS])[..], &OF_DOCUMENTS, &["CHK05", "CHK09"]].concat();
        let of_task_definition =
            [of(&[task_definition::FORMS, task_definition::FINDINGS]), of(check::OF_TASK_DEFINITION)].concat();
        let both = appspec.clone().and(task_definition.clone()).and(whole_appspec);
        let artifact = given.artifact.map(drop).ok_or_else(|| "no artifact is given".to_owned());
        self.add(&of_appspec, appspec);
        self.add(&of_task_definition, task_definition);
        self.add(&OF_ADVICE, task_definition);
        self.add(&OF_PLACEHOLDERS, task_definition);
        self.add(&OF_PAIR, &both);
        self.add(&OF_ARTIFACT, &artifact);
        self.sort();
    }

    /// Adds rules, and why they were not checked if they were not. A rule that found something was checked all the same.
    pub fn add(&mut self, codes: &[&'static str], checked: &Result<(), String>) {
        for code in codes {
            if self.rules.contains(code) {
                continue;
            }
            self.rules.push(code);
            if let Err(why) = checked
                && !self.findings.iter().any(|finding| finding.code == *code)
            {
                self.not_checked.push(NotChecked { code, why: why.clone() });
            }
        }
    }

    /// Puts the findings in the order of the files, the worst first, then in the order of the text.
    pub fn sort(&mut self) {
        let files = &self.files;
        self.findings.sort_by_key(|finding| {
            let place = finding.place.as_ref();
            let file = place.and_then(|at| files.iter().position(|file| *file == at.file));
            (file.unwrap_or(files.len()), finding.severity, place.and_then(|at| at.place))
        });
    }

    /// The same with another wording of each message and hint, such as flags for the names of parameters.
    #[must_use]
    pub fn worded(mut self, word: &dyn Fn(&str) -> String) -> Inspection {
        let ignored = self.ignored.iter_mut().flat_map(|ignored| &mut ignored.findings);
        for finding in self.findings.iter_mut().chain(ignored) {
            finding.message = word(&finding.message);
            finding.hint = word(&finding.hint);
        }
        self
    }

    /// How many findings have a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether there is an error, or with `strict` a warning or a rule that was not checked.
    pub fn fails(&self, strict: bool) -> bool {
        self.count(Severity::Error) > 0 || strict && self.count(Severity::Warning) > 0
    }

    /// Why a rule was not checked, if it was not.
    pub fn why_not_checked(&self, code: &str) -> Option<&str> {
        self.not_checked.iter().find(|it| it.code == code).map(|it| it.why.as_str())
    }

    /// `2 errors, 1 warning in 2 files`, or `no findings in 2 files`.
    pub fn summary(&self) -> String {
        let counted = |severity: Severity| {
            let (count, name) = (self.count(severity), severity.name());
            (count > 0).then(|| format!("{count} {name}{}", plural(count)))
        };
        let counts: Vec<String> =
            [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(counted).collect();
        let counts = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
        format!("{counts} in {} file{}", self.files.len(), plural(self.files.len()))
    }

    /// For `--output json`.
    pub fn to_json(&self) -> Value {
        let rule = |code: &&'static str| {
            let worst = self.findings.iter().filter(|finding| finding.code == *code).map(|it| it.severity).min();
            let why = self.why_not_checked(code);
            let result = match (worst, why) {
                (None, _) if self.ignored.iter().any(|it| it.code == *code) => "ignored",
                (Some(severity), _) => severity.name(),
                (None, Some(_)) => "not_checked",
                (None, None) => "passed",
            };
            json!({ "code": code, "result": result, "why": why })
        };
        json!({
            "files": self.files,
            "errors": self.count(Severity::Error),
            "warnings": self.count(Severity::Warning),
            "notes": self.count(Severity::Note),
            "findings": self.findings.iter().map(finding).collect::<Value>(),
            "ignored": self.ignored.iter().map(ignored).collect::<Value>(),
            "rules": self.rules.iter().map(rule).collect::<Value>(),
        })
    }
}

fn finding(finding: &Finding) -> Value {
    let at = finding.place.as_ref();
    let place = at.and_then(|at| at.place);
    json!({
        "code": finding.code,
        "severity": finding.severity.name(),
        "file": at.map(|at| at.file.as_str()),
        "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "path": at.map(|at| at.path.as_str()).filter(|path| !path.is_empty()),
        "message": finding.in_its_file(),
        "hint": finding.hint,
        "page": codes::page(finding.code),
    })
}

fn ignored(ignored: &Ignored) -> Value {
    json!({ "code": ignored.code, "reason": ignored.reason, "findings": ignored.findings.len() })
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
