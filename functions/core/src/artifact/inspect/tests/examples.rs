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

/// Rows about botocore are tested in `tests/e2e/checks/validators.rs`; the others were measured with moto 5.2 and cfn-lint 1.58.
const DIFFERENCES: &str = "
## Differences from other validators

The same task definitions, about 1,000 of them with one mistake each, through `check`, botocore (the validation of the AWS CLI and
boto3), moto and the ECS rules of cfn-lint.

| input | `check` | others | why |
|---|---|---|---|
| a member that is not in AWS's model | nothing, or a warning (TD28) if it is in the wrong place or misspelled | botocore and cfn-lint (E3002) refuse it | ECS ignores such members, and ECS has new ones before the tools have them |
| `null` | a warning (TD36) | botocore refuses it | `generate` and `deploy --register` leave nulls out |
| `true` for a number | an error (TD09) | botocore accepts it | botocore is written in Python, where `true` is a number |
| an integer of more than 32 bits | an error (TD37, or TD09 from 2^64) | all accept it | integers of the API have 32 bits |
| a text for a number, a number or `true` for a text | an error (TD09) | cfn-lint accepts it, botocore refuses it | CloudFormation converts values; RegisterTaskDefinition does not |
| an enum value that is not in AWS's model | a warning (TD29), an error only for another spelling of a known value | botocore accepts any, cfn-lint refuses it (E3030) | ECS may have new values before the model has them |
| a Fargate CPU size above 32 vCPU | a warning (TD15) | botocore and moto accept any size, cfn-lint refuses it (E3047) | AWS may add sizes; all known combinations are the same as those of cfn-lint |
| limits of Fargate, references between members, ARNs, Regions, images, ports, health checks, tags | errors | botocore and moto check few or none, cfn-lint some | ECS checks them at registration, or the task cannot start |
| the name of a role instead of its ARN | nothing | cfn-lint refuses it (E1156) | RegisterTaskDefinition accepts a name; CloudFormation requires an ARN |
";

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
    page += DIFFERENCES;
    let _ = write!(page, "\n## Rules without an example\n\n| rules | why |\n|---|---|\n");
    for (why, codes) in WITHOUT {
        let _ = writeln!(page, "| {} | {why} |", codes.join(", "));
    }
    expect_file!["../../../../RULES.md"].assert_eq(&page);
}
