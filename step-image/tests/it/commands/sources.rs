//! The texts that name commands and flags, and for which commands each of them speaks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clap::Command;

use super::words::prose;

/// A file, or the help of a command.
pub(super) struct Source {
    pub(super) path: String,
    /// Without the tests at the end of a Rust source.
    pub(super) text: String,
    /// The commands whose flags it may name.
    pub(super) commands: BTreeSet<String>,
}

/// All files of the repository that users read or that print something, and the help of each command.
pub(super) fn sources(command: &Command) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts = BTreeMap::new();
    files(&root, &root, &mut texts);
    let all: BTreeSet<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let speaks_for = speaks_for(&texts, &all);
    let file = |(path, text): (&String, &String)| {
        let mut commands = speaks_for.get(path).unwrap_or(&all).clone();
        if path.starts_with("step-image/src/steps/") {
            // Flags that are put together for a command that it names.
            commands.extend(prose(text).into_iter().filter_map(|words| words.list.into_iter().next()));
        }
        Source { path: path.clone(), text: text.clone(), commands }
    };
    let help = |verb: &Command| {
        let commands = BTreeSet::from([verb.get_name().to_owned()]);
        let text = verb.clone().term_width(0).render_long_help().to_string();
        Source { path: format!("help of {}", verb.get_name()), text, commands }
    };
    texts.iter().map(file).chain(command.get_subcommands().map(help)).collect()
}

fn files(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        // The tips are for flags that do not exist.
        if path.is_dir() && !["target", ".git", ".terraform", "node_modules", "tests"].contains(&name) {
            files(root, &path, found);
        } else if path.is_file()
            && (ends(&[".md", ".rs", ".groovy", ".txt", ".tf"]) || name.starts_with("Jenkinsfile"))
            && !["tests.rs", "tips.rs"].contains(&name)
            && !name.ends_with("requirements.txt")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
            found.insert(path.strip_prefix(root).unwrap().display().to_string(), text);
        }
    }
}

/// A source of a command speaks for that command. A step speaks for the commands that use it, directly or through others.
fn speaks_for(texts: &BTreeMap<String, String>, all: &BTreeSet<String>) -> BTreeMap<String, BTreeSet<String>> {
    let mut speaks: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in texts.keys() {
        let module = path.strip_prefix("step-image/src/commands/").and_then(|rest| rest.split(['/', '.']).next());
        let verb = module.map(|module| if module == "resume" { "continue" } else { module });
        if let Some(verb) = verb.filter(|verb| all.contains(*verb)) {
            speaks.insert(path.clone(), BTreeSet::from([verb.to_owned()]));
        }
    }
    let step = |path: &str| {
        let rest = path.strip_prefix("step-image/src/steps/")?;
        rest.split(['/', '.']).next().map(str::to_owned)
    };
    let steps: Vec<(String, String)> = texts.keys().filter_map(|path| Some((path.clone(), step(path)?))).collect();
    loop {
        let mut changed = false;
        for (path, name) in &steps {
            let users = texts.iter().filter(|(_, text)| names_step(text, name)).map(|(user, _)| user);
            let same_step = steps.iter().filter(|(_, other)| other == name).map(|(other, _)| other);
            let verbs: BTreeSet<String> =
                users.chain(same_step).filter_map(|user| speaks.get(user)).flatten().cloned().collect();
            let known = speaks.entry(path.clone()).or_default();
            changed |= verbs.iter().any(|verb| known.insert(verb.clone()));
        }
        if !changed {
            return speaks;
        }
    }
}

/// Whether a source imports a step: `crate::steps::NAME`, in braces of it, or `super::NAME` beside it.
fn names_step(text: &str, name: &str) -> bool {
    let imported = |line: &str| {
        let rest = line.strip_prefix("use crate::steps::").or_else(|| line.strip_prefix("use super::"));
        rest.is_some_and(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name))
    };
    text.lines().any(imported)
        || text.contains(&format!("steps::{name}::"))
        || text.contains(&format!("super::{name}::"))
}
