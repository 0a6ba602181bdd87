//! Every command line of ours that a message, help text, README, Jenkinsfile or Groovy source names exists.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::folder::Folder;

/// The command lines in backquotes: what follows `codedeploy-artifact ` up to the closing quote.
fn commands(text: &str) -> Vec<String> {
    // A string that goes on in the next line of a source.
    let joined = text.replace("\\\n", "\n").split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted = joined.split('`').skip(1).filter_map(|quoted| quoted.strip_prefix("codedeploy-artifact "));
    quoted.map(str::to_owned).collect()
}

/// The command lines in blocks of code, Jenkinsfiles and Groovy strings: what follows `exec codedeploy-artifact `, or
/// `codedeploy-artifact ` at the beginning of a line, up to the end of the command.
fn scripts(text: &str) -> Vec<String> {
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim_start).filter_map(|line| {
        let start =
            line.strip_prefix("codedeploy-artifact ").or_else(|| line.strip_prefix("cargo codedeploy-artifact "));
        start.or_else(|| line.split_once("exec codedeploy-artifact ").map(|(_, rest)| rest))
    });
    let end = |line: &str| line.split(['\'', '>', ';', '&']).next().unwrap_or_default().replace('"', "");
    lines.map(|line| end(line).split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// What is wrong with a command line: a verb or flag that its help does not have.
fn unknown(line: &str, helps: &BTreeMap<String, String>) -> Option<String> {
    // Of a command that code puts together, the part in the source.
    let line = line.split('"').next().unwrap_or_default();
    let verb = line.split(' ').next().unwrap_or_default();
    if verb.starts_with(['{', '-', '…']) || verb.is_empty() || verb == "VERB" {
        return None;
    }
    let Some(help) = helps.get(verb) else { return Some(format!("no verb {verb} in `{line}`")) };
    let flags = line.split([' ', '=', ',', '|']).filter(|word| word.starts_with("--") && !word.contains('{'));
    let has = |flag: &str| help.split([' ', ',', '\n']).any(|word| word == flag);
    flags.filter(|flag| *flag != "--").find(|flag| !has(flag)).map(|flag| format!("no {flag} in `{line}`"))
}

/// Flags that the sources name and that no verb has.
const OF_OTHERS: [&str; 17] = [
    // The AWS CLI.
    "--application-name",
    "--aws-service-name",
    "--cli-input-json",
    "--cli-input-yaml",
    "--deployment-group-name",
    "--deployment-id",
    "--force",
    "--force-new-deployment",
    "--format",
    "--load-balancer-info",
    "--profile",
    // The program itself, before a verb.
    "--version",
    // Test programs, and commands of containers in samples.
    "--base",
    "--exact",
    "--ignored",
    "--port",
    // Any flag.
    "--name",
];

/// The flags that a text names anywhere, in words of their own: `--name`.
fn flags(text: &str) -> Vec<&str> {
    let starts = text.match_indices("--").filter(|(at, _)| {
        let before = text[..*at].chars().next_back().unwrap_or(' ');
        !before.is_alphanumeric() && !"-_./$<!".contains(before)
    });
    let flag = |at: usize| {
        let name = text[at + 2..].split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default();
        &text[at..at + 2 + name.trim_end_matches('-').len()]
    };
    starts.map(|(at, _)| flag(at)).filter(|flag| flag.len() > 3).collect()
}

fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if path.is_dir() && !["target", ".git", "tests"].contains(&name) {
            files(&path, found);
        } else if path.is_file()
            && (ends(&["README.md", ".rs", ".groovy", ".txt", ".tf"]) || name.starts_with("Jenkinsfile"))
        {
            found.push(std::fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn every_command_that_is_named_exists() {
    let folder = Folder::new();
    let verbs = ["generate", "upload", "deploy", "wait", "status", "stop", "rollback", "continue", "rotate"];
    let help = |verb: &str| String::from_utf8(folder.run(&[verb, "--help"])).unwrap();
    let helps: BTreeMap<String, String> = verbs.iter().map(|verb| ((*verb).to_owned(), help(verb))).collect();
    assert_eq!(unknown("check appspec.yml", &helps).as_deref(), Some("no verb check in `check appspec.yml`"));
    assert_eq!(unknown("wait ID --no-such=1", &helps).as_deref(), Some("no --no-such in `wait ID --no-such=1`"));
    assert_eq!(commands("run `codedeploy-artifact check` on it"), ["check"]);
    assert_eq!(scripts("a\n  exec codedeploy-artifact wait \\\n  --no-such \"$ID\" > out"), ["wait --no-such $ID"]);
    assert_eq!(scripts("codedeploy-artifact is a tool\n# codedeploy-artifact"), ["is a tool"]);
    let mut texts = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."), &mut texts);
    let all: Vec<String> = texts.iter().flat_map(|text| commands(text)).collect();
    assert!(all.len() > 20, "only {} commands were found", all.len());
    let scripts: Vec<String> = texts.iter().flat_map(|text| scripts(text)).collect();
    let scripts: Vec<&String> = scripts.iter().filter(|line| !line.starts_with(['$', '…'])).collect();
    assert!(scripts.len() > 10, "only {} commands of scripts were found", scripts.len());
    assert_eq!(flags("write `--no-such=x`, (--on-abort) or a--b, --\n <!-- x -->"), ["--no-such", "--on-abort"]);
    // What the programs print is in their sources; beside their tests and the table of mistyped flags.
    let printed =
        texts.iter().filter(|text| text.contains("use ") && text.contains("fn ") && !text.contains("type Tip ="));
    let printed = printed.map(|text| text.split("#[cfg(test)]\n").next().unwrap_or_default());
    let named: BTreeSet<&str> = printed.flat_map(flags).collect();
    assert!(named.len() > 30, "only {named:?} were found");
    let has = |flag: &str| helps.values().any(|help| help.split([' ', ',', '\n', '=']).any(|word| word == flag));
    let nobody: BTreeSet<&str> = named.iter().copied().filter(|flag| !has(flag) && !OF_OTHERS.contains(flag)).collect();
    assert_eq!(nobody, BTreeSet::new());
    assert!(OF_OTHERS.iter().all(|flag| named.contains(flag)), "one of {OF_OTHERS:?} is named no more");
    let wrong: Vec<String> = all.iter().chain(scripts).filter_map(|line| unknown(line, &helps)).collect();
    assert_eq!(wrong, Vec::<String>::new());
}
