//! A deployment as `JUnit` XML: one test case per lifecycle event, and one for the deployment itself.
//!
//! Shape: what the Jenkins plugin and the reporters of other build systems read alike: `testsuites`, `testsuite`,
//! `testcase`, `failure`, `error`, `skipped`.

use std::fmt::Write as _;

use crate::deployment::followed::{Followed, FollowedRollback};
use crate::deployment::observation::{Deployment, DeploymentStatus};
use crate::deployment::schedule::millis;
use crate::deployment::target::{LifecycleEvent, LifecycleStatus, Target};
use crate::deployment::why::why;
use crate::text::{LINE, is_unsafe, safe};

/// The report. A deployment that succeeded has no failure in it, any other has at least one.
pub fn junit(followed: &Followed) -> String {
    let block = why(followed).map(|why| why.to_string());
    let mut suites =
        vec![suite(&followed.deployment.id, &followed.deployment, followed.target.as_ref(), block.as_deref())];
    if let Some(own) = suites.first_mut() {
        // The block is told once: at the event that failed, or here.
        let told = own.cases.iter().any(|case| matches!(case.result, Outcome::Failed(..)));
        own.cases.push(whole(followed, block.as_deref(), told));
    }
    if let Some(FollowedRollback { deployment, target }) = &followed.rollback {
        suites.push(suite(&format!("rollback {}", deployment.id), deployment, target.as_ref(), None));
    }
    let mut page = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    let _ = writeln!(page, "<testsuites name=\"codedeploy-artifact\"{}>", counts(&all));
    for suite in &suites {
        write_suite(&mut page, suite);
    }
    page.push_str("</testsuites>\n");
    page
}

struct Suite {
    name: String,
    class: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    millis: u64,
    result: Outcome,
}

enum Outcome {
    Passed,
    /// Message, type, text.
    Failed(String, String, String),
    Skipped(&'static str),
}

fn suite(name: &str, deployment: &Deployment, target: Option<&Target>, block: Option<&str>) -> Suite {
    let well = deployment.status == DeploymentStatus::Succeeded;
    let events = target.map(|target| target.lifecycle_events.as_slice()).unwrap_or_default();
    Suite {
        name: name.to_owned(),
        class: format!("{}.{}", deployment.application, deployment.group),
        cases: events.iter().map(|event| case(event, well, block)).collect(),
    }
}

fn case(event: &LifecycleEvent, well: bool, block: Option<&str>) -> Case {
    let result = match event.status {
        LifecycleStatus::Succeeded => Outcome::Passed,
        // The final state decides, here as everywhere.
        LifecycleStatus::Failed if well => Outcome::Skipped("failed, but the deployment continued"),
        LifecycleStatus::Failed => {
            let message = event.detail().unwrap_or_else(|| "failed".to_owned());
            let kind = event.diagnostics.as_ref().and_then(|diagnostics| diagnostics.error_code.clone());
            let text = block.map_or_else(|| message.clone(), str::to_owned);
            Outcome::Failed(message, kind.unwrap_or_else(|| "LifecycleEventFailed".to_owned()), text)
        }
        LifecycleStatus::Skipped => Outcome::Skipped("skipped by CodeDeploy"),
        LifecycleStatus::InProgress => Outcome::Skipped("in progress"),
        LifecycleStatus::Pending | LifecycleStatus::Unknown | LifecycleStatus::Other(_) => {
            Outcome::Skipped("not started")
        }
    };
    let millis = event.took().map_or(0, millis);
    Case { name: event.name.clone(), millis, result }
}

/// The deployment itself: what it came to, whichever event was at fault or none.
fn whole(followed: &Followed, block: Option<&str>, told: bool) -> Case {
    let result = match (&followed.verdict, block) {
        (Some(verdict), _) if verdict.exit_code() == 0 => Outcome::Passed,
        (None, None) => Outcome::Skipped("in progress"),
        (_, block) => {
            let code = followed.deployment.error.as_ref().map(|error| error.code.clone());
            let verdict = followed.verdict.as_ref().map(|verdict| verdict.name().to_owned());
            let kind = code.or(verdict).unwrap_or_else(|| followed.deployment.status.name().to_owned());
            let text = if told { "see the failed lifecycle event" } else { block.unwrap_or_default() };
            Outcome::Failed(followed.outcome(), kind, text.to_owned())
        }
    };
    Case { name: "Deployment".to_owned(), millis: millis(followed.waited), result }
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
                let _ = writeln!(page, "><skipped message=\"{why}\"/></testcase>");
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

/// One line between quotation marks.
fn attribute(foreign: &str) -> String {
    element(&safe(foreign, LINE))
}

/// Text between tags. What XML 1.0 cannot hold even escaped, or readers must not see, is written as Rust writes it.
fn element(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' | '\t' => escaped.push(character),
            _ if is_unsafe(character) => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped
}
