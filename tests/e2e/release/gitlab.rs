//! The template for GitLab, run as a runner does it: inputs are replaced in the values of the parsed YAML, the shell gets
//! the script through its standard input, and the variables are in its environment.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use e2e::scratch::Scratch;
use serde_json::Value;

use super::{HOSTILE, Release, VERSION, assert_generated, replaced, task_definition, text};

const TEMPLATE: &str = ".gitlab/codedeploy-artifact.yml";

/// The header and the content of the template.
fn documents() -> (Value, String) {
    let text = text(TEMPLATE);
    let (header, content) = text.split_once("\n---\n").expect("two documents");
    (serde_yaml::from_str(header).expect("YAML"), content.to_owned())
}

/// Runs the job with these inputs in this folder.
fn run(folder: &Path, shell: &str, inputs: &[(&str, &str)]) -> Output {
    let (header, content) = documents();
    let declared = header["spec"]["inputs"].as_object().expect("inputs");
    assert!(inputs.iter().all(|(name, _)| declared.contains_key(*name)), "{inputs:?}");
    let expressions: Vec<(String, String)> = declared
        .iter()
        .map(|(name, input)| {
            let given = inputs.iter().find(|(input, _)| input == name).map(|(_, value)| *value);
            let value = given.or(input["default"].as_str()).expect("a value or a default");
            (format!("$[[ inputs.{name} ]]"), value.to_owned())
        })
        .collect();
    let jobs: Value = serde_yaml::from_str(&content).expect("YAML");
    let (name, job) = jobs.as_object().expect("jobs").iter().next().expect("a job");
    assert_eq!(replaced(name, &expressions), "codedeploy-artifact");
    let mut command = Command::new(shell);
    command.env_clear().env("PATH", "/usr/bin:/bin").current_dir(folder);
    for (name, value) in job["variables"].as_object().expect("variables") {
        command.env(name, replaced(value.as_str().expect("text"), &expressions));
    }
    let script: Vec<&str> = job["script"].as_array().expect("a script").iter().filter_map(Value::as_str).collect();
    let script = script.join("\n");
    assert!(!script.contains("$[["), "an input is part of the script: {script}");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect(shell);
    child.stdin.take().unwrap().write_all(format!("{script}\necho after the command\n").as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_installs_the_release_and_runs_a_command() {
    let release = Release::new();
    for shell in ["sh", "bash"] {
        let folder = Scratch::new();
        let task = task_definition(&folder).display().to_string();
        let args = format!("--artifact=made\n--task-definition-file={task}\n\n--output=json\n");
        let url = release.url();
        let output = run(folder.path(), shell, &[("url", &url), ("command", "generate"), ("args", &args)]);
        assert!(output.status.success(), "{}", stderr(&output));
        assert_generated(&folder.path().join("made"));
        assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok(), "{output:?}");
        folder.write("broken.json", r#"{"family": "f"}"#);
        let output =
            run(folder.path(), shell, &[("url", &url), ("command", "check"), ("args", "--taskdef=broken.json")]);
        assert_eq!(output.status.code(), Some(21), "{}", stderr(&output));
    }
}

#[test]
fn what_does_not_fit_its_checksum_is_not_run() {
    let release = Release::new();
    release.spoil();
    let folder = Scratch::new();
    let url = release.url();
    let output = run(folder.path(), "sh", &[("url", &url), ("command", "--version")]);
    assert!(!output.status.success() && stderr(&output).contains("does not have the checksum"), "{output:?}");
    let output = run(folder.path(), "sh", &[("url", &url), ("command", "--version"), ("version", "9.9.9")]);
    assert!(!output.status.success() && stderr(&output).contains("cannot download"), "{output:?}");
    std::fs::write(release.path("SHA256SUMS"), "").unwrap();
    let output = run(folder.path(), "sh", &[("url", &url), ("command", "--version")]);
    assert!(!output.status.success() && stderr(&output).contains("does not list"), "{output:?}");
}

#[test]
fn inputs_are_arguments_and_never_part_of_the_script() {
    let release = Release::new();
    let folder = Scratch::new();
    let args = HOSTILE.join("\n");
    let output = run(folder.path(), "sh", &[("url", &release.url()), ("command", "explain"), ("args", &args)]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(stderr(&output).contains("$(touch pwned)") || stderr(&output).contains("touch pwned"), "{output:?}");
    assert!(!folder.path().join("pwned").exists());
}

#[test]
fn it_installs_this_version() {
    assert_eq!(documents().0["spec"]["inputs"]["version"]["default"], VERSION);
}
