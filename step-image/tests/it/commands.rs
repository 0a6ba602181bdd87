//! Every command line and every flag of ours that a message, help text, README, Jenkinsfile, Groovy source, Terraform
//! description or Rust source names exists: command lines are parsed by the command itself, with values for placeholders.

mod sources;
mod words;

use std::collections::BTreeSet;

use clap::error::ErrorKind;
use clap::{Arg, Command};

use sources::{Source, sources};
use words::{Words, prose, scripts};

/// Flags of other programs that are named outside of a command line of theirs.
const OF_OTHERS: &[&str] = &[
    // The AWS CLI.
    "--application-name",
    "--cli-input-json",
    "--cli-input-yaml",
    "--deployment-group-name",
    "--force-new-deployment",
    "--format",
    "--lookup-attributes",
    "--profile",
    "--query",
    "--start-time",
    "--target-type",
    // cargo.
    "--arm",
    "--locked",
    "--output-format",
    "--package",
    "--release",
    // curl.
    "--cacert",
    "--connect-to",
    // Docker.
    "--build-arg",
    // An example of the library.
    "--base",
    // .ci/release.
    "--complete",
    "--snapshot",
    // gh.
    "--repo",
    // sha256sum.
    "--check",
    "--ignore-missing",
    // Any flag.
    "--name",
];

/// A value that the argument takes, for a placeholder.
fn value(arg: &Arg) -> String {
    if let Some(possible) = arg.get_possible_values().first() {
        return possible.get_name().to_owned();
    }
    let id = arg.get_id().as_str();
    let value = match id {
        "timeout" | "conflict_timeout" => "10m",
        "to" | "upload" | "revision" => "s3://bucket/key",
        "service" => "shop/web",
        "id" => "d-1",
        "until" => "ready",
        "limit" => "5",
        "status" => "failed",
        _ if id.ends_with("role_arn") => "arn:aws:iam::111111111111:role/deployer",
        "images" | "variables" | "hooks" => "a=b",
        "code" | "explain" => "PAR20",
        _ => "x",
    };
    value.to_owned()
}

/// The arguments for clap. A placeholder is replaced by a value, or left out where it stands for several words.
fn arguments(verb: &Command, words: &Words) -> Result<(Vec<String>, bool), String> {
    let (mut arguments, mut whole) = (Vec::new(), words.whole);
    let mut positionals = verb.get_positionals();
    let mut flag: Option<&Arg> = None;
    for word in &words.list {
        if let Some(arg) = flag.take() {
            arguments.push(if is_placeholder(word) { value(arg) } else { word.clone() });
        } else if let Some(name) = word.strip_prefix("--").filter(|name| !name.is_empty()) {
            let (name, given) = name.split_once('=').map_or((name, None), |(name, given)| (name, Some(given)));
            if ["help", "version"].contains(&name) {
                arguments.push(word.clone());
                continue;
            }
            let has = |arg: &&Arg| {
                arg.get_long() == Some(name) || arg.get_all_aliases().is_some_and(|all| all.contains(&name))
            };
            let Some(arg) = verb.get_arguments().find(has) else { return Err(format!("has no --{name}")) };
            arguments.push(match given {
                Some(given) if is_placeholder(given) => format!("--{name}={}", value(arg)),
                _ => word.clone(),
            });
            flag = Some(arg).filter(|arg| given.is_none() && arg.get_action().takes_values());
        } else if !is_placeholder(word) {
            arguments.push(word.clone());
        } else if let Some(arg) = positionals.next() {
            arguments.push(value(arg));
        } else {
            whole = false;
        }
    }
    // `deploy --revision` in prose.
    arguments.extend(flag.filter(|_| !whole).map(value));
    Ok((arguments, whole))
}

/// `ID`, `{name}`, `$NAME`, `<NAME>`, `NAME=VALUE`, `…`
fn is_placeholder(word: &str) -> bool {
    let word = word.strip_prefix("s3://").unwrap_or(word);
    word.contains(['{', '$', '<', '…']) || word.contains(char::is_alphabetic) && !word.contains(char::is_lowercase)
}

/// The command line, in which each command has the flags of the program as well.
fn command() -> Command {
    let mut command = step_image::command();
    command.build();
    command
}

/// What is wrong with a command line.
fn wrong(command: &Command, words: &Words) -> Option<String> {
    let (verb, rest) = words.list.split_first()?;
    if is_placeholder(verb) || ["--help", "--version"].contains(&verb.as_str()) {
        return None;
    }
    let line = words.list.join(" ");
    let Some(found) = command.find_subcommand(verb) else { return Some(format!("no command {verb} in `{line}`")) };
    let rest = Words { list: rest.to_vec(), whole: words.whole };
    let (arguments, whole) = match arguments(found, &rest) {
        Ok(arguments) => arguments,
        Err(error) => return Some(format!("`{line}`: {verb} {error}")),
    };
    let all = ["codedeploy-artifact".to_owned(), verb.clone()].into_iter().chain(arguments);
    match command.clone().try_get_matches_from(all) {
        Ok(_) => None,
        Err(error) => match error.kind() {
            ErrorKind::DisplayHelp => None,
            ErrorKind::MissingRequiredArgument if !whole => None,
            kind => Some(format!("`{line}`: {kind:?}: {error}")),
        },
    }
}

/// The names of the flags of a command.
fn flags_of(command: &Command) -> BTreeSet<String> {
    let flags = command.get_arguments().flat_map(|arg| {
        let aliases = arg.get_all_aliases().unwrap_or_default();
        arg.get_long().into_iter().chain(aliases).map(|name| format!("--{name}")).collect::<Vec<_>>()
    });
    flags.chain(["--version".to_owned()]).collect()
}

/// Flags that a source names and that none of the commands it speaks for has.
fn unknown_flags(command: &Command, source: &Source) -> Vec<String> {
    let verbs = command.get_subcommands().filter(|verb| source.commands.contains(verb.get_name()));
    let known: BTreeSet<String> = verbs.flat_map(flags_of).collect();
    let text = words::without_commands(&source.text);
    let unknown = words::flags(&text).into_iter().filter(|flag| !known.contains(*flag) && !OF_OTHERS.contains(flag));
    unknown.map(|flag| format!("{}: {flag}", source.path)).collect()
}

#[test]
fn every_command_that_is_named_is_one() {
    let command = command();
    let (mut prosaic, mut scripted, mut found) = (0, 0, Vec::new());
    for Source { path, text, .. } in sources(&command) {
        let (spans, lines) = (prose(&text), scripts(&text));
        prosaic += spans.len();
        scripted += lines.len();
        let all = spans.iter().chain(&lines);
        found.extend(all.filter_map(|words| wrong(&command, words)).map(|error| format!("{path}: {error}")));
    }
    assert!(prosaic > 40 && scripted > 10, "{prosaic} command lines in texts and {scripted} in scripts were found");
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_flag_that_is_named_is_one_of_its_command() {
    let command = command();
    let sources = sources(&command);
    let found: BTreeSet<String> = sources.iter().flat_map(|source| unknown_flags(&command, source)).collect();
    assert_eq!(found, BTreeSet::new());
    let named: BTreeSet<&str> = sources.iter().flat_map(|source| words::flags(&source.text)).collect();
    assert!(named.len() > 60, "only {named:?} were found");
    let stale: Vec<&&str> = OF_OTHERS.iter().filter(|flag| !named.contains(**flag)).collect();
    assert!(stale.is_empty(), "{stale:?} are named no more");
}

#[test]
fn a_wrong_command_line_is_seen() {
    let command = command();
    let check = |text: &str, expect: Option<&str>| {
        let seen: Vec<String> =
            prose(text).iter().chain(&scripts(text)).filter_map(|words| wrong(&command, words)).collect();
        match expect {
            None => assert_eq!(seen, Vec::<String>::new(), "{text}"),
            Some(part) => assert!(seen.len() == 1 && seen[0].contains(part), "{text}: {seen:?}"),
        }
    };
    check("run `codedeploy-artifact chek a.yml`", Some("no command chek"));
    check("run `codedeploy-artifact wait ID --no-such=1`", Some("wait has no --no-such"));
    check("run `codedeploy-artifact wait ID --timeout soon`", Some("ValueValidation"));
    check("run `codedeploy-artifact wait ID --timeout TIME --until {point}`", None);
    check("run `codedeploy-artifact stop {id} {id}`", None);
    check("run `codedeploy-artifact deploy --register`", None);
    check("  exec codedeploy-artifact wait \\\n  --no-such \"$ID\" > out", Some("wait has no --no-such"));
    check("codedeploy-artifact deploy --application shop", Some("MissingRequiredArgument"));
    check("codedeploy-artifact is a tool", Some("no command is"));
    check("$ codedeploy-artifact rollback --application \"a b\" --deployment-group $GROUP --yes | tee log", None);
}
