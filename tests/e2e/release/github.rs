//! The composite action, run as the runner of GitHub does it: expressions are replaced, and each step is a script of its own.

mod provenance;
mod sources;

use std::{
    collections::BTreeMap,
    process::{Command, Output, Stdio},
};

use e2e::scratch::Scratch;
use serde_json::Value;

use super::{HOSTILE, Release, VERSION, assert_generated, curl_without_tls, program, replaced, task_definition, text};

const ACTION: &str = ".github/actions/codedeploy-artifact/action.yml";

fn action() -> Value {
    serde_yaml::from_str(&text(ACTION)).expect("YAML")
}

/// A job on a runner: its working directory is `work`, and `bin` is on its PATH.
struct Runner {
    folder: Scratch,
    path: String,
    /// The GitHub of the runner, and the repository that the action is from.
    server: String,
    action_repository: &'static str,
}

/// What a use of the action has come to.
struct Used {
    succeeded: bool,
    log: String,
    outputs: BTreeMap<String, String>,
}

impl Runner {
    fn new() -> Runner {
        let folder = Scratch::new();
        for name in ["work/.keep", "temp/.keep", "bin/.keep"] {
            folder.write(name, "");
        }
        let path = format!("{}:/usr/bin:/bin", folder.path().join("bin").display());
        let runner = Runner { folder, path, server: "https://github.invalid".to_owned(), action_repository: "" };
        // A `gh` of this machine is not asked: it would ask GitHub.
        runner.program("gh", "exit 1");
        curl_without_tls(&runner.folder);
        runner
    }

    /// Puts a script on the PATH.
    fn program(&self, name: &str, script: &str) {
        program(&self.folder, name, script);
    }

    /// A step as a process, still to be started.
    fn step(&self, step: &Value, expressions: &[(String, String)], path: &str) -> Command {
        let run = step["run"].as_str().expect("a script");
        assert!(!run.contains("${{"), "an expression is part of a script: {run}");
        assert_eq!(step["shell"], "bash");
        let script = self.folder.write("temp/step.sh", run);
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(script).env_clear();
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            let value = replaced(value.as_str().expect("text"), expressions);
            assert!(!value.contains("${{"), "{name}: {value}");
            command.env(name, value);
        }
        let at = |name: &str| self.folder.path().join(name);
        command.env("PATH", path).env("RUNNER_TEMP", at("temp"));
        command.env("GITHUB_PATH", at("temp/path")).env("GITHUB_OUTPUT", at("temp/output"));
        command.current_dir(at("work")).stdin(Stdio::null());
        command
    }

    /// Uses the action with these inputs.
    fn uses(&self, inputs: &[(&str, &str)]) -> Used {
        let action = action();
        let declared = action["inputs"].as_object().expect("inputs");
        assert!(inputs.iter().all(|(name, _)| declared.contains_key(*name)), "{inputs:?}");
        let value = |name: &str, default: &Value| {
            let given = inputs.iter().find(|(input, _)| *input == name).map(|(_, value)| *value);
            given.or(default["default"].as_str()).expect("a value").to_owned()
        };
        let mut expressions: Vec<(String, String)> =
            declared.iter().map(|(name, input)| (format!("${{{{ inputs.{name} }}}}"), value(name, input))).collect();
        for (expression, value) in [
            ("github.action_repository", self.action_repository),
            ("github.server_url", &self.server),
            ("github.token", "token of the job"),
        ] {
            expressions.push((format!("${{{{ {expression} }}}}"), value.to_owned()));
        }
        let mut used = Used { succeeded: true, log: String::new(), outputs: BTreeMap::new() };
        let at = |name: &str| self.folder.path().join(name);
        let _ = std::fs::remove_file(at("temp/output"));
        for step in action["runs"]["steps"].as_array().expect("steps") {
            let condition = step["if"].as_str().unwrap_or("true");
            let has_command = !value("command", &declared["command"]).is_empty();
            let runs = match condition {
                "true" => used.succeeded,
                "inputs.command != ''" => used.succeeded && has_command,
                "always() && inputs.command != ''" => has_command,
                other => unreachable!("{other}"),
            };
            if !runs {
                continue;
            }
            let added = std::fs::read_to_string(at("temp/path")).unwrap_or_default();
            let path = added.lines().fold(self.path.clone(), |path, folder| format!("{folder}:{path}"));
            let Output { status, stdout, stderr } = self.step(step, &expressions, &path).output().expect("bash");
            used.succeeded &= status.success();
            used.log += &String::from_utf8_lossy(&[stdout, stderr].concat());
        }
        let written = std::fs::read_to_string(at("temp/output")).unwrap_or_default();
        if let Some((name, rest)) = written.split_once("<<") {
            let (mark, rest) = rest.split_once('\n').expect("a mark");
            let value = rest.split(&format!("\n{mark}\n")).next().expect("a value");
            used.outputs.insert(name.to_owned(), value.to_owned());
        }
        used
    }
}

#[test]
fn it_installs_the_release_and_runs_a_command() {
    let release = Release::new();
    let runner = Runner::new();
    let task = task_definition(&runner.folder).display().to_string();
    // Blanks and carriage returns at the ends of lines are not part of the arguments.
    let args = format!("--artifact=made \n\t--task-definition-file={task}\r\n\r\n--output=json\r\n");
    let used = runner.uses(&[("url", &release.url()), ("command", "generate"), ("args", &args)]);
    assert!(used.succeeded, "{}", used.log);
    assert!(used.log.contains(&format!("codedeploy-artifact {VERSION}")), "{}", used.log);
    assert_generated(&runner.folder.path().join("work/made"));
    let stdout: Value = serde_json::from_str(&used.outputs["stdout"]).expect("one JSON document");
    assert!(stdout.is_object(), "{stdout}");
    // A failing command fails the step, and its document is still an output.
    runner.folder.write("work/broken.json", r#"{"family": "f"}"#);
    let args = "--taskdef=broken.json\n--output=json";
    let used = runner.uses(&[("url", &release.url()), ("command", "check"), ("args", args)]);
    assert!(!used.succeeded);
    assert!(serde_json::from_str::<Value>(&used.outputs["stdout"]).is_ok(), "{}", used.log);
}

#[test]
fn annotations_reach_the_runner_and_other_text_does_not() {
    let release = Release::new();
    let runner = Runner::new();
    runner.folder.write("work/broken.json", r#"{"family": "f"}"#);
    let url = release.url();
    let check = |args| runner.uses(&[("url", &url), ("command", "check"), ("args", args)]);
    let used = check("--taskdef=broken.json\n--output=github");
    assert!(used.log.contains("\n::error file=broken.json,"), "{}", used.log);
    assert!(!used.log.contains("::stop-commands::"), "{}", used.log);
    // A name that looks like a command is text.
    runner.folder.write("work/::error ::name.json", r#"{"family": "f"}"#);
    let used = check("--taskdef=::error ::name.json");
    let (_, shown) = used.log.split_once("::stop-commands::").expect("a mark");
    let (mark, shown) = shown.split_once('\n').unwrap();
    let (text, _) = shown.split_once(&format!("\n::{mark}::")).expect("the end of the text");
    assert!(text.contains("::error ::name.json"), "{text}");
}

#[test]
fn without_a_command_it_only_installs() {
    let release = Release::new();
    let runner = Runner::new();
    let version = format!("v{VERSION}");
    let used = runner.uses(&[("url", &release.url()), ("version", &version)]);
    assert!(used.succeeded && used.outputs.is_empty(), "{}", used.log);
    let path = std::fs::read_to_string(runner.folder.path().join("temp/path")).unwrap();
    assert!(std::path::Path::new(path.trim()).join("codedeploy-artifact").exists());
}

#[test]
fn what_does_not_fit_its_checksum_is_not_run() {
    let release = Release::new();
    release.spoil();
    let runner = Runner::new();
    let used = runner.uses(&[("url", &release.url()), ("command", "generate"), ("args", "--help")]);
    assert!(!used.succeeded && used.log.contains("does not have the expected checksum"), "{}", used.log);
    std::fs::write(release.path("SHA256SUMS"), "").unwrap();
    let used = runner.uses(&[("url", &release.url())]);
    assert!(!used.succeeded && used.log.contains("does not list"), "{}", used.log);
    let used = runner.uses(&[("url", &release.url()), ("version", "9.9.9")]);
    assert!(!used.succeeded && used.log.contains("cannot download"), "{}", used.log);
    assert!(!runner.folder.path().join("temp/path").exists());
    let used = runner.uses(&[]);
    assert!(!used.succeeded && used.log.contains("set the input repository"), "{}", used.log);
}

#[test]
fn a_program_for_another_c_library_is_explained() {
    let release = Release::new();
    release.pack("#!/no/such/interpreter\n");
    let used = Runner::new().uses(&[("url", &release.url()), ("sha256", &release.sha256())]);
    assert!(!used.succeeded && used.log.contains("it needs Linux with glibc"), "{}", used.log);
}

#[test]
fn inputs_are_arguments_and_never_part_of_a_script() {
    let release = Release::new();
    let runner = Runner::new();
    runner.program("codedeploy-artifact", "for one; do printf '<%s>\\n' \"$one\"; done; echo $$");
    let action = action();
    let steps = action["runs"]["steps"].as_array().unwrap();
    let run = steps.iter().find(|step| step["name"] == "Run codedeploy-artifact").expect("the step");
    let given = |name: &str, value: String| (format!("${{{{ inputs.{name} }}}}"), value);
    let expressions = [given("command", HOSTILE[0].to_owned()), given("args", HOSTILE[1..].join("\n"))];
    let mut child = runner.step(run, &expressions, &runner.path).spawn().expect("bash");
    let id = child.id();
    assert!(child.wait().unwrap().success());
    let stdout = std::fs::read_to_string(runner.folder.path().join("temp/codedeploy-artifact.stdout")).unwrap();
    // The last line: the command has the process of the step, which is what a cancelled run interrupts.
    assert_eq!(stdout, format!("<{}>\n<{}>\n<{}>\n{id}\n", HOSTILE[0], HOSTILE[1], HOSTILE[2].trim_end()));
    let url = format!("{}/{}", release.url(), HOSTILE[0]);
    assert!(!runner.uses(&[("url", &url), ("version", HOSTILE[1]), ("repository", HOSTILE[0])]).succeeded);
    assert!(!runner.folder.path().join("work/pwned").exists() && !runner.folder.path().join("temp/pwned").exists());
}

#[test]
fn it_installs_this_version() {
    assert_eq!(action()["inputs"]["version"]["default"], VERSION);
}
