//! The examples of the rules: the right ones have no finding, each wrong one has the finding of its rule and no other.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::expect_file;

use super::super::rules::{APPSPEC, OF_APPSPEC, OF_TASK_DEFINITION, Rule, TASK_DEFINITION};
use super::*;
use crate::codes;

fn codes_of(appspec: &str, taskdef: &str) -> BTreeSet<&'static str> {
    inspected(appspec, taskdef, &["IMAGE1_NAME"]).findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn every_example_shows_its_rule_and_no_other() {
    assert_eq!(inspected(APPSPEC, TASK_DEFINITION, &["IMAGE1_NAME"]).findings, []);
    let mut wrong = Vec::new();
    for (rules, base, is_appspec) in [(OF_APPSPEC, APPSPEC, true), (OF_TASK_DEFINITION, TASK_DEFINITION, false)] {
        for Rule { code, good, bad, .. } in rules {
            assert_eq!(base.matches(good).count(), 1, "{code}: {good}");
            let text = base.replace(good, bad);
            let found = if is_appspec { codes_of(&text, TASK_DEFINITION) } else { codes_of(APPSPEC, &text) };
            if !found.iter().eq([code]) {
                wrong.push(format!("{code}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Rules without an example, and why.
const WITHOUT: [(&str, &[&str]); 4] = [
    ("limits that only a very large file reaches", &["APP06", "APP07", "APP17", "TD32"]),
    ("a file that is not UTF-8", &["APP15"]),
    (
        "of the artifact and the flags, not of a file",
        &["CHK07", "CHK08", "CHK10", "IMG03", "IMG04", "IMG05", "IMG06", "TD07"],
    ),
    ("of a request: check does not report them", &["CHK01", "CHK02", "CHK03", "IMG02", "PAR20", "TD02", "TD06"]),
];

#[test]
fn every_rule_has_an_example_or_a_reason() {
    let all: BTreeSet<&str> = codes::of_findings().into_iter().collect();
    let rules = OF_APPSPEC.iter().chain(OF_TASK_DEFINITION).map(|rule| rule.code);
    let without = WITHOUT.iter().flat_map(|(_, codes)| codes.iter().copied());
    let shown: BTreeSet<&str> = rules.clone().chain(without).collect();
    assert_eq!(all.difference(&shown).collect::<Vec<_>>(), Vec::<&&str>::new(), "rules without an example");
    assert_eq!(rules.clone().count(), rules.collect::<BTreeSet<_>>().len(), "a rule has two examples");
}

/// What the rules of a code say, worst first.
fn severities(code: &str) -> String {
    let forms = codes::forms();
    let mut names: Vec<_> = forms.iter().filter(|form| form.code == code).map(|form| form.severity).collect();
    names.sort_unstable();
    names.dedup();
    let names: Vec<&str> = names.into_iter().map(crate::fault::Severity::name).collect();
    if names.is_empty() { "error".to_owned() } else { names.join(" or ") }
}

#[test]
fn the_page_of_rules_has_every_example() {
    let mut page = String::from(
        "# Rules\n\nWhat `codedeploy-artifact check` looks for, with a wrong and a right example of each rule. \
         `codedeploy-artifact explain CODE` prints the\nsame. All messages are in [ERRORS.md](ERRORS.md).\n\n\
         This page is generated: `UPDATE_EXPECT=1 cargo test --locked --lib inspect`.\n",
    );
    for (heading, rules, language) in [("AppSpec", OF_APPSPEC, "yaml"), ("Task definition", OF_TASK_DEFINITION, "json")]
    {
        let _ = write!(page, "\n## {heading}\n");
        for Rule { code, title, good, bad } in rules {
            let source = codes::page(code).map(|page| format!(", [AWS]({page})")).unwrap_or_default();
            let _ = write!(page, "\n### {code}: {title}\n\n{}{source}\n", severities(code));
            for (what, text) in [("Wrong", bad), ("Right", good)] {
                let text = text.trim_end();
                if text.is_empty() {
                    let _ = write!(page, "\n{what}: it is missing.\n");
                } else {
                    let _ = write!(page, "\n{what}:\n\n```{language}\n{text}\n```\n");
                }
            }
        }
    }
    let _ = write!(page, "\n## Rules without an example\n\n| rules | why |\n|---|---|\n");
    for (why, codes) in WITHOUT {
        let _ = writeln!(page, "| {} | {why} |", codes.join(", "));
    }
    expect_file!["../../../../RULES.md"].assert_eq(&page);
}
