//! An inspection as `JUnit` XML: one test case for each rule.

use super::Inspection;
use super::text::block;
use crate::fault::finding::{Finding, Severity};
use crate::junit::{Case, Outcome, Suite, page};

impl Inspection {
    /// A rule with an error, or with `strict` a warning, is a failed test case; a rule that was not checked, or whose findings were
    /// ignored, is a skipped one.
    pub fn junit(&self, strict: bool) -> String {
        let least = if strict { Severity::Warning } else { Severity::Error };
        let case = |code: &&'static str| {
            let found: Vec<&Finding> = self.findings.iter().filter(|finding| finding.code == *code).collect();
            let text: String = found.iter().map(|finding| block(finding)).collect();
            let result = match found.first() {
                Some(first) if found.iter().any(|it| it.severity <= least) => {
                    Outcome::Failed(first.to_string(), first.severity.name().to_owned(), text)
                }
                Some(_) => Outcome::Noted(text),
                None => match (self.why_not_checked(code), self.ignored.iter().find(|it| it.code == *code)) {
                    (Some(why), _) => Outcome::Skipped(format!("not checked: {why}")),
                    (None, Some(ignored)) => Outcome::Skipped(ignored.to_string()),
                    (None, None) => Outcome::Passed,
                },
            };
            Case { name: (*code).to_owned(), millis: 0, result }
        };
        page(&[Suite {
            name: "check".to_owned(),
            class: "codedeploy-artifact.check".to_owned(),
            cases: self.rules.iter().map(case).collect(),
        }])
    }
}
