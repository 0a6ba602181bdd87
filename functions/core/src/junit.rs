//! `JUnit` XML.
//!
//! Shape: what the Jenkins plugin and the reporters of other build systems read alike: `testsuites`, `testsuite`,
//! `testcase`, `failure`, `error`, `skipped`, `system-out`.

use std::fmt::Write as _;

use crate::text::markup::{attribute, element};

/// Test cases under one name.
pub(crate) struct Suite {
    pub(crate) name: String,
    /// The class that the reports group the cases by.
    pub(crate) class: String,
    pub(crate) cases: Vec<Case>,
}

/// A test case.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) millis: u64,
    pub(crate) result: Outcome,
}

/// What became of a test case.
pub(crate) enum Outcome {
    Passed,
    /// Message, type, text.
    Failed(String, String, String),
    /// Why.
    Skipped(String),
    /// What is worth knowing all the same.
    Noted(String),
}

/// The whole file.
pub(crate) fn page(suites: &[Suite]) -> String {
    let mut page = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let _ = writeln!(page, "<testsuites name=\"codedeploy-artifact\"{}>", counts(&all));
    for suite in suites {
        write_suite(&mut page, suite);
    }
    page.push_str("</testsuites>\n");
    page
}

fn write_suite(page: &mut String, suite: &Suite) {
    let cases: Vec<&Case> = suite.cases.iter().collect();
    let _ = writeln!(page, "  <testsuite name=\"{}\"{}>", attribute(&suite.name), counts(&cases));
    for case in cases {
        let name = attribute(&case.name);
        let _ = write!(
            page,
            "    <testcase classname=\"{}\" name=\"{name}\" time=\"{}\"",
            attribute(&suite.class),
            seconds(case.millis)
        );
        match &case.result {
            Outcome::Passed => page.push_str("/>\n"),
            Outcome::Skipped(why) => {
                let _ = writeln!(page, "><skipped message=\"{}\"/></testcase>", attribute(why));
            }
            Outcome::Noted(text) => {
                let _ = writeln!(page, "><system-out>{}</system-out></testcase>", element(text));
            }
            Outcome::Failed(message, kind, text) => {
                let (message, kind) = (attribute(message), attribute(kind));
                let text = element(text);
                let _ = writeln!(page, "><failure message=\"{message}\" type=\"{kind}\">{text}</failure></testcase>");
            }
        }
    }
    page.push_str("  </testsuite>\n");
}

fn counts(cases: &[&Case]) -> String {
    let failures = cases.iter().filter(|case| matches!(case.result, Outcome::Failed(..))).count();
    let skipped = cases.iter().filter(|case| matches!(case.result, Outcome::Skipped(_))).count();
    format!(" tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"", cases.len())
}

fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1000, millis % 1000)
}
