//! What the pages say about a release: the version everywhere, and the commands of README.md for its files.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use e2e::{environment::Environment, markdown::section, moto::outsider, python::Python};

use super::{
    VERSION,
    script::{Checkout, has_dpkg_deb, said},
    text,
};

/// The part of the README about files of a release.
fn install() -> String {
    section(&text("README.md"), "Install").split("To build one part").next().unwrap_or_default().to_owned()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "`'\"()[],|".contains(c)).filter(|word| !word.is_empty())
}

/// Whether a word has a version of three numbers in it.
fn has_version(word: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    word.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|run| run.trim_matches('.').split('.'))
        .any(|mut parts| parts.clone().count() == 3 && parts.all(is_number))
}

/// The words that name a version of ours, and those of them that name another one than this.
fn versions(text: &str) -> (usize, Vec<String>) {
    let settings = ["ref:", "default:", "version:", ".ci/push-image", "codedeploy-artifact"];
    let mut previous = "";
    let (mut found, mut wrong) = (0, Vec::new());
    for word in words(text) {
        let ours =
            word.contains("codedeploy-artifact") || word.contains("deployment-gate") || word.starts_with("VERSION=");
        if has_version(word) && (ours || settings.contains(&previous)) {
            found += 1;
            // Tags of the repository begin with v, tags of the image do not.
            let is_tag = ["@", "download/"].iter().any(|before| word.contains(before)) || previous == "ref:";
            if !word.contains(VERSION) || is_tag && !word.contains(&format!("v{VERSION}")) {
                wrong.push(word.to_owned());
            }
        }
        previous = word;
    }
    (found, wrong)
}

#[test]
fn every_page_names_this_version() {
    let (mut found, mut wrong) = (0, Vec::new());
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let other = [".ci", ".git", ".terraform", "CHANGELOG.md", "Cargo.lock", "src", "target", "tests"];
            if other.contains(&&*name) || path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                let (count, others) = versions(&text);
                found += count;
                wrong.extend(others.into_iter().map(|word| format!("{}: {word}", path.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "not {VERSION}: {wrong:#?}");
    assert!(found > 35, "only {found} were found");
    let outdated =
        "x/codedeploy-artifact:9.8.7 ref: v9.8.7 ARG VERSION=9.8.7 shop:1.5.0 `deployment-gate-9.8.7-x86_64.zip`";
    assert_eq!(versions(outdated).1.len(), 4);
    assert_eq!(versions(&format!("@Library('codedeploy-artifact@{VERSION}') _")).1.len(), 1);
}

#[test]
fn the_readme_has_a_command_for_every_file() {
    if !has_dpkg_deb() {
        return;
    }
    let files = Checkout::published(VERSION).files();
    let install = install();
    let named: BTreeSet<&str> = words(&install)
        .map(|word| word.rsplit(['/', '=']).next().unwrap_or_default())
        .filter(|name| name.contains(&format!("{VERSION}-")) || name.contains(&format!("{VERSION}_")))
        .chain(["SHA256SUMS", "request.schema.json"].into_iter().filter(|name| install.contains(name)))
        .collect();
    let none: Vec<&&str> = named.iter().filter(|name| !files.contains(**name)).collect();
    assert!(none.is_empty(), "no file of a release: {none:?}");
    // The bills of the functions are named with that of the command, and other architectures in a sentence.
    let is_named = |file: &String| {
        let program = file.strip_suffix(".cdx.json").and_then(|name| name.split_once(&format!("-{VERSION}")));
        let file = program.map_or(file.clone(), |(_, rest)| format!("codedeploy-artifact-{VERSION}{rest}.cdx.json"));
        named.contains(file.as_str())
    };
    let unnamed: Vec<&String> = files.iter().filter(|file| !file.contains("arm64") && !is_named(file)).collect();
    assert!(unnamed.is_empty(), "README.md has no command for {unnamed:?}");
}

/// The AWS CLI checks options and reads the files before it calls an endpoint, which is not there.
#[test]
fn the_commands_of_the_aws_cli_are_accepted() {
    let Some(python) = Python::shared() else { return };
    if !has_dpkg_deb() {
        return;
    }
    let checkout = Checkout::published(VERSION);
    let install = install();
    let commands: Vec<&str> =
        install.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("aws ")).collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    let run = |command: &str| {
        let dry = if command.starts_with("s3 ") { "--dryrun" } else { "" };
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("\"$0\" {command} {dry}")]).arg(python.program("aws")).env_clear();
        shell
            .envs(Environment::of_aws("http://127.0.0.1:9", "eu-west-1", &outsider()).iter())
            .env("AWS_MAX_ATTEMPTS", "1");
        let output = shell.current_dir(checkout.at("target/published")).output().expect("sh");
        output.status.success() || said(&output).contains("Could not connect to the endpoint URL")
    };
    for command in &commands {
        assert!(run(command), "{command}");
        assert!(!run(&command.replace(VERSION, "9.9.9")), "{command} needs no file");
    }
    assert!(!run(&format!("{} --no-such-option", commands[0])));
}

/// Those that need nothing that is installed.
#[test]
fn the_files_are_checked_and_unpacked() {
    if !has_dpkg_deb() {
        return;
    }
    let checkout = Checkout::published(VERSION);
    let install = install();
    let command = |opening: &str| {
        let found = install.split('`').skip(1).step_by(2).find(|code| code.starts_with(opening));
        found.unwrap_or_else(|| panic!("no {opening}")).replace("sudo ", "").replace("/usr/local/bin", "/proc/self/cwd")
    };
    let run = |command: &str| {
        let mut shell = Command::new("sh");
        shell.args(["-ec", command]).current_dir(checkout.at("target/published")).output().expect("sh").status.success()
    };
    assert!(run(&command("sha256sum")) && run(&command("sudo tar")));
    assert!(checkout.at("target/published/codedeploy-artifact").exists());
    // One file alone is checked, too.
    fs::remove_file(checkout.at(&format!("target/published/deployment-gate-{VERSION}-arm64.zip"))).unwrap();
    assert!(run(&command("sha256sum")));
    fs::write(checkout.at("target/published/request.schema.json"), "{}").unwrap();
    assert!(!run(&command("sha256sum")));
}
