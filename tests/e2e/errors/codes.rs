//! The codes of all errors: each has one meaning, and the documents name none that does not exist.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

/// Codes that more than one place says, and what they have in common.
const SHARED: [(&str, usize, &str); 9] = [
    ("APP15", 3, "a file is not UTF-8: of the library, the function and the command line"),
    ("DEP01", 4, "another deployment is active: AWS refuses, or it is seen before a deployment, a rollback or a wait"),
    ("DEP26", 2, "a value of a flag that cannot be used: of an override, and a build number"),
    ("PAR18", 3, "a file of the request is out of reach: of the request, the function and the command line"),
    ("TD15", 2, "sizes of a task: out of range, and of CPU and memory together"),
    ("TD18", 2, "port mappings: a number out of range, and the others"),
    ("TD22", 2, "health checks: a number out of range, and the command"),
    ("TD27", 2, "not supported on Fargate: a number out of range, and members"),
    ("ZIP09", 2, "an archive is too large: S3 reports it, and of one on disk"),
];

/// The code of an error without findings, which nothing makes.
const UNREACHABLE: &str = "CHK00";

/// The shape of a code: two or three capitals or `S3-`, and two digits.
fn is_code(word: &str) -> bool {
    let Some((name, number)) = word.split_at_checked(word.len().saturating_sub(2)) else { return false };
    let digits = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    let capitals = (2..=3).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_uppercase());
    digits && (capitals || name == "S3-")
}

/// The codes in a text.
fn codes(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| is_code(word)).collect()
}

/// The codes in the tables of `faults!` and `findings!`, tests and documentation left out.
fn faults(source: &str) -> impl Iterator<Item = &str> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let tables = ["\nfaults! {", "\nfindings! {"].into_iter().flat_map(move |opening| source.split(opening).skip(1));
    tables
        .filter_map(|rest| rest.split_once("\n}"))
        .map(|(table, _)| table)
        .flat_map(|table| table.split('"'))
        .filter(|it| is_code(it))
}

/// The bodies of all functions `code` in a source, tests left out.
fn bodies(source: &str) -> impl Iterator<Item = &str> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let body = |rest: &'_ str| rest.split_once("\n    }\n").map_or(rest, |(body, _)| body).len();
    let after = source.split("fn code(").skip(1).filter_map(|rest| rest.split_once(" -> &'static str {"));
    after.filter(|(arguments, _)| !arguments.contains('\n')).map(move |(_, rest)| &rest[..body(rest)])
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Each code with the files that define it.
fn all_codes() -> BTreeMap<String, BTreeSet<String>> {
    let mut files = Vec::new();
    for folder in ["functions", "step-image"] {
        sources(&root().join(folder), &mut files);
    }
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        let named = bodies(&source).flat_map(codes).chain(faults(&source));
        for code in named {
            let place = file.strip_prefix(root()).unwrap().display().to_string();
            all.entry(code.to_owned()).or_default().insert(place);
        }
    }
    all
}

#[test]
fn a_code_has_one_meaning() {
    let all = all_codes();
    assert!(all.len() > 100, "only {} codes were found", all.len());
    for (code, places) in &all {
        let shared = SHARED.iter().find(|(shared, ..)| shared == code);
        let expect = shared.map_or(1, |(_, places, _)| *places);
        assert_eq!(places.len(), expect, "{code} is in {places:?}");
    }
}

/// Every `faults!` and `findings!` table and every enum of errors is in the generated table, and nothing else is.
#[test]
fn the_table_has_every_code_of_the_sources() {
    let listed: BTreeSet<&str> = super::table::ROWS.iter().map(|row| row.code.as_str()).collect();
    let all = all_codes();
    let defined: BTreeSet<&str> = all.keys().map(String::as_str).filter(|code| *code != UNREACHABLE).collect();
    assert_eq!(defined.difference(&listed).collect::<Vec<_>>(), Vec::<&&str>::new(), "not in the table");
    assert_eq!(listed.difference(&defined).collect::<Vec<_>>(), Vec::<&&str>::new(), "only in the table");
}

#[test]
fn the_documents_name_codes_that_exist() {
    let all = all_codes();
    for name in ["README.md", "CHANGELOG.md", "functions/core/ERRORS.md"] {
        let text = std::fs::read_to_string(root().join(name)).unwrap();
        let unknown: Vec<&str> = codes(&text).into_iter().filter(|code| !all.contains_key(*code)).collect();
        assert_eq!(unknown, Vec::<&str>::new(), "{name}");
    }
    assert_eq!(codes("`PAR03`: SHA-256, S3-02, ISO8601, PAR3, utf08, TD04."), ["PAR03", "S3-02", "TD04"]);
    let source = "trait E { fn code(&self) -> &'static str; /// PAR03\n}\n\
                  impl A { fn code(&self) -> &'static str {\n        \"AAA01\"\n    }\n}\n\
                  #[cfg(test)] fn code(&self) -> &'static str { \"BBB01\" }";
    assert_eq!(bodies(source).flat_map(codes).collect::<Vec<_>>(), ["AAA01"]);
    let source =
        "x\nfaults! {\n    /// AAA03\n    fn a() => \"AAA01\" Bug \"AAA02 is wrong\", \"mend it\";\n}\n\"AAA04\"";
    assert_eq!(faults(source).collect::<Vec<_>>(), ["AAA01"]);
}
