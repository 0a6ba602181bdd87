//! Mutants of a task definition through `check` and through botocore's validation: where the two differ, and why. The table is
//! also in functions/core/RULES.md.

use std::collections::{BTreeMap, BTreeSet};

use codedeploy_core::{
    artifact::inspect::{Given, Source, inspect},
    codes,
    fault::finding::Severity,
};
use e2e::python::Worker;
use serde_json::{Value, json};

const TASK_DEFINITION: &str = include_str!("taskdef.json");

/// What was done to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mutation {
    Unknown,
    Null,
    Missing,
    Empty,
    Type,
    /// Python takes true and false for numbers.
    FlagForNumber,
    Number,
    /// Another value of its type.
    Other,
    Item,
    Size,
}

use Mutation::{Empty, FlagForNumber, Item, Missing, Null, Number, Other, Size, Type, Unknown};

/// Differences: what is done, who refuses it, and with which codes; and why.
const DIFFERENCES: [(&[Mutation], &str, &str); 4] = [
    (&[Unknown], "botocore", "ECS ignores members that it does not know, and newer ones are unknown to older tools"),
    (&[Null, Item], "botocore TD22 TD25 TD36", "a warning: `generate` and `deploy --register` leave nulls out"),
    (
        &[FlagForNumber],
        "check TD09",
        "botocore is written in Python, for which true and false are numbers; ECS refuses them",
    ),
    (&[Number], "check TD09 TD37", "botocore does not check that an integer has 32 bits"),
];

/// Codes of what only ECS, Fargate or another service refuses: AWS's model of the call does not have these limits.
const NOT_IN_THE_MODEL: &str = "TD03 TD04 TD08 TD11 TD13 TD15 TD16 TD17 TD18 TD19 TD20 TD21 TD22 TD23 TD24 TD25 TD26 TD27 TD29 TD30 \
                                TD31 TD37";

struct Mutant {
    mutation: Mutation,
    path: String,
    value: Value,
}

/// Every value of a tree with its pointer.
fn walk<'v>(value: &'v Value, pointer: &str, found: &mut Vec<(String, &'v Value)>) {
    found.push((pointer.to_owned(), value));
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| walk(member, &format!("{pointer}/{name}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(item, &format!("{pointer}/{index}"), found));
        }
        _ => {}
    }
}

/// What stands in the place of a value.
fn replacements(value: &Value) -> Vec<(Mutation, Value)> {
    let mut all = vec![(Null, Value::Null)];
    let types = |all: &mut Vec<(Mutation, Value)>, wrong: Value| {
        all.extend(wrong.as_array().into_iter().flatten().map(|it| (Type, it.clone())));
    };
    match value {
        Value::Bool(flag) => {
            types(&mut all, json!(["true", 1, [], {}]));
            all.push((Other, json!(!flag)));
        }
        Value::Number(number) => {
            types(&mut all, json!([number.to_string(), 1.5, [], {}]));
            all.push((FlagForNumber, json!(true)));
            all.extend([-1_i64, 0, 1 << 31, 1 << 40].map(|number| (Number, json!(number))));
        }
        Value::String(text) => {
            types(&mut all, json!([1, true, [text], {}]));
            let case = if text.to_uppercase() == *text { text.to_lowercase() } else { text.to_uppercase() };
            all.extend([case, "no such".to_owned(), "x".repeat(300)].map(|text| (Other, json!(text))));
            all.push((Empty, json!("")));
        }
        Value::Array(items) => {
            types(&mut all, json!([{}, "x", 1]));
            all.extend([json!(1), json!("x"), json!({}), Value::Null].map(|item| {
                let more: Vec<Value> = items.iter().cloned().chain([item]).collect();
                (Item, json!(more))
            }));
            all.push((Empty, json!([])));
        }
        Value::Object(_) => {
            types(&mut all, json!([[], "x", 1]));
            all.push((Empty, json!({})));
        }
        Value::Null => {}
    }
    all.retain(|(_, other)| other != value);
    all
}

fn mutants() -> Vec<Mutant> {
    let base: Value = serde_json::from_str(TASK_DEFINITION).unwrap();
    let (mut values, mut mutants) = (Vec::new(), Vec::new());
    walk(&base, "", &mut values);
    for (pointer, value) in values {
        let mut add = |mutation, change: &dyn Fn(&mut Value)| {
            let mut mutant = base.clone();
            change(&mut mutant);
            mutants.push(Mutant { mutation, path: path(&pointer), value: mutant });
        };
        if value.is_object() && !pointer.ends_with("dockerLabels") && !pointer.ends_with("options") {
            add(Unknown, &|mutant| mutant.pointer_mut(&pointer).unwrap()["memberThatNobodyKnows"] = json!(1));
        }
        let Some((parent, name)) = pointer.rsplit_once('/') else { continue };
        for (mutation, replacement) in replacements(value) {
            add(mutation, &|mutant| *mutant.pointer_mut(&pointer).unwrap() = replacement.clone());
        }
        if base.pointer(parent).unwrap().is_object() {
            add(Missing, &|mutant| {
                drop(mutant.pointer_mut(parent).unwrap().as_object_mut().unwrap().shift_remove(name));
            });
        }
    }
    for cpu in ["128", "256", "512", "1024", "2048", "4096", "8192", "16384", "32768"] {
        for memory in ["512", "1024", "1536", "4096", "8192", "30720", "61440", "122880", "249856"] {
            let mut value = base.clone();
            (value["cpu"], value["memory"]) = (json!(cpu), json!(memory));
            mutants.push(Mutant { mutation: Size, path: "cpu".to_owned(), value });
        }
    }
    mutants
}

/// A pointer as findings write it: `containerDefinitions[0].image`.
fn path(pointer: &str) -> String {
    pointer.split('/').skip(1).fold(String::new(), |path, step| match step.parse::<usize>() {
        Ok(index) => format!("{path}[{index}]"),
        Err(_) if path.is_empty() => step.to_owned(),
        Err(_) => format!("{path}.{step}"),
    })
}

/// The codes and paths of what `check` reports with this severity.
fn found(mutant: &Mutant, severity: Severity) -> Vec<(&'static str, String)> {
    let text = mutant.value.to_string();
    let source = Source { name: "taskdef.json", member: None, bytes: text.as_bytes() };
    let inspection = inspect(&Given { task_definition: Some(source), ..Given::default() });
    let findings = inspection.findings.into_iter().filter(|finding| finding.severity == severity);
    findings.map(|finding| (finding.code, finding.place.map(|at| at.path).unwrap_or_default())).collect()
}

fn codes_of(found: &[(&'static str, String)]) -> String {
    let codes: BTreeSet<&str> = found.iter().map(|(code, _)| *code).collect();
    codes.into_iter().collect::<Vec<_>>().join(" ")
}

/// What differs between the two, with an example of each.
fn differences(mutants: &[Mutant], reports: &[Value]) -> BTreeMap<(Mutation, String), String> {
    let mut differences = BTreeMap::new();
    for (mutant, report) in mutants.iter().zip(reports) {
        let (report, errors) = (report.as_str().expect("a report"), found(mutant, Severity::Error));
        let is_near = |at: &str| mutant.path.starts_with(at) || at.starts_with(&mutant.path);
        let difference = if report.is_empty() == errors.is_empty() {
            // Both say something about a wrong type: about the same member.
            let same = mutant.mutation != Type || errors.iter().any(|(_, at)| is_near(at));
            assert!(same, "{}: {report}\n{errors:?}", mutant.path);
            continue;
        } else if errors.is_empty() {
            format!("botocore {}", codes_of(&found(mutant, Severity::Warning)))
        } else {
            format!("check {}", codes_of(&errors))
        };
        let example = format!("{:?} of {}: {report}", mutant.mutation, mutant.path);
        differences.insert((mutant.mutation, difference.trim_end().to_owned()), example);
    }
    differences
}

#[test]
fn differences_to_botocore_are_known() {
    let Some(worker) = Worker::start(include_str!("botocore.py")) else { return };
    let mutants = mutants();
    assert!(mutants.len() > 1000, "{}", mutants.len());
    let reports = worker.ask(&mutants.iter().map(|mutant| mutant.value.clone()).collect());
    let differences = differences(&mutants, reports.as_array().expect("reports"));
    let rules: BTreeSet<&str> = NOT_IN_THE_MODEL.split_whitespace().collect();
    let (mut unexplained, mut used, mut seen) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for ((mutation, difference), example) in &differences {
        let of = |row: &&(&[Mutation], &str, &str)| row.0.contains(mutation) && is_within(difference, row.1);
        let of_a_rule = difference.strip_prefix("check ").map(|codes| codes.split(' ').collect::<BTreeSet<_>>());
        match (DIFFERENCES.iter().find(of), of_a_rule) {
            (Some((_, _, why)), _) => drop(used.insert(*why)),
            // At least one of the findings is of a limit that the model does not have.
            (None, Some(codes)) if !codes.is_disjoint(&rules) => seen.extend(codes.intersection(&rules).copied()),
            (None, _) => unexplained.push(example.clone()),
        }
    }
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
    assert_eq!(used.len(), DIFFERENCES.len(), "a row that explains nothing: {used:?}");
    assert_eq!(seen, rules, "a code that explains nothing");
    for code in rules {
        assert!(codes::page(code).is_some_and(|page| page.starts_with("https://docs.aws.amazon.com/")), "{code}");
    }
}

/// Whether a difference is by the one who refuses, with these codes at most.
fn is_within(difference: &str, row: &str) -> bool {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let (difference, row) = (words(difference), words(row));
    difference.first() == row.first() && difference.iter().all(|word| row.contains(word))
}
