//! tests/SPECIFICATION.md: the tests that it names exist, and the READMEs promise nothing that it leaves out.

use std::{collections::BTreeSet, path::Path};

const FUNCTION: &str = "functions/generate-codedeploy-artifact/README.md";

fn read(file: &str) -> Option<String> {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).ok()
}

/// The text between a heading of the second level and the next.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let (_, rest) = text.split_once(&format!("\n## {heading}\n")).expect("a section of that name");
    rest.split("\n## ").next().unwrap_or_default()
}

/// The cells of each row of the tables in a text, their headings left out.
fn rows(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let below = lines.iter().enumerate().filter(|(at, line)| {
        let heading = lines.get(at + 1).is_some_and(|next| next.starts_with("|---"));
        line.starts_with('|') && !line.starts_with("|---") && !heading
    });
    below.map(|(_, line)| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The words in a text that are set as code.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Whether a source has a test of that name.
fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let starts = [format!("fn {name}("), format!("async fn {name}(")];
    let Some(at) = lines.iter().position(|line| starts.iter().any(|start| line.starts_with(start))) else {
        return false;
    };
    let attributes = lines[..at].iter().rev().take_while(|line| !line.is_empty() && !line.starts_with('}'));
    attributes.into_iter().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
}

/// The tests and scripts that a text names and that do not exist.
fn missing(text: &str) -> Vec<&str> {
    let exists = |name: &str| match name.split_once("::") {
        Some((file, function)) => read(file).is_some_and(|source| has_test(&source, function)),
        None => name.split(' ').next().and_then(read).is_some(),
    };
    code(text).filter(|name| (name.contains("::") || name.starts_with(".ci/")) && !exists(name)).collect()
}

/// The items of the numbered list in a text, each in one line with its number.
fn numbered(text: &str) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        match items.last_mut() {
            Some(item) if line.starts_with("   ") => *item += &line[2..],
            _ if line.starts_with(|first: char| first.is_ascii_digit()) => items.push(line.to_owned()),
            _ => {}
        }
    }
    items
}

#[test]
fn every_test_that_is_named_exists() {
    let text = read("tests/SPECIFICATION.md").unwrap();
    assert!(code(&text).filter(|name| name.contains(".rs::")).count() > 80);
    assert_eq!(missing(&text), Vec::<&str>::new());
    let planted = "`tests/e2e/specification.rs::read` `tests/e2e/none.rs::x` `.ci/none` `.ci/run tests` \
                   `tests/e2e/specification.rs::every_test_that_is_named_exists`";
    assert_eq!(missing(planted), ["tests/e2e/specification.rs::read", "tests/e2e/none.rs::x", ".ci/none"]);
}

#[test]
fn every_row_of_a_promise_names_a_test() {
    let text = read("tests/SPECIFICATION.md").unwrap();
    for row in rows(&text) {
        let holds = row.last().copied().unwrap_or_default();
        assert!(code(holds).any(|name| name.contains(".rs::") || name.starts_with(".ci/")), "{row:?}");
    }
}

#[test]
fn every_promise_of_the_readme_has_a_row() {
    let (text, readme) = (read("tests/SPECIFICATION.md").unwrap(), read("README.md").unwrap());
    let promises = numbered(section(&readme, "Guarantees"));
    assert!(promises.len() >= 6, "{promises:?}");
    let held = rows(section(&text, "Guarantees"));
    for promise in &promises {
        let has = held.iter().any(|row| row[0].split(' ').count() > 4 && promise.starts_with(row[0]));
        assert!(has, "no row of tests/SPECIFICATION.md begins as: {promise}");
    }
    let kept = held.iter().filter(|row| !row[0].is_empty()).count();
    assert_eq!(kept, promises.len(), "a row of a promise that the README does not make");

    let numbers = |text: &str| -> BTreeSet<u8> {
        text.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.parse().ok()).collect()
    };
    let codes: Vec<&str> = rows(section(&text, "Exit codes")).iter().map(|row| row[0]).collect();
    let reference = read("step-image/REFERENCE.md").unwrap();
    let exits: Vec<&str> = rows(section(&reference, "Exit codes")).iter().map(|row| row[0]).collect();
    let exits = numbers(&exits.join(" "));
    assert!(exits.len() >= 15, "{exits:?}");
    assert_eq!(numbers(&codes.join(" ")), exits);
}

#[test]
fn every_setting_and_every_threat_of_the_function_has_a_row() {
    let (text, readme) = (read("tests/SPECIFICATION.md").unwrap(), read(FUNCTION).unwrap());
    // A remark in brackets is not part of a name.
    let first = |text: &str, heading: &str| -> BTreeSet<String> {
        let rows = rows(section(text, heading));
        assert!(rows.len() >= 5, "{heading}: {rows:?}");
        rows.iter().map(|row| row[0].split(" (").next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(first(&text, "Settings of the function"), first(&readme, "Settings"));
    assert_eq!(first(&text, "Threat model of the function"), first(&readme, "Threat model"));
}
