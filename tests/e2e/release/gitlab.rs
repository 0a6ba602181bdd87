//! The component for GitLab, run as a runner does it: inputs are replaced in the values of the parsed YAML, the shell gets
//! the script through its standard input, and the variables are in its environment.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use e2e::{files::Files, markdown, scratch::Scratch};
use serde_json::Value;

use super::{
    HOSTILE, Release, VERSION, assert_generated, curl_arguments, curl_without_tls, example_inputs, replaced,
    task_definition, text,
};

const TEMPLATE: &str = "templates/codedeploy-artifact.yml";

/// The header and the content of the component.
fn documents() -> (Value, String) {
    let text = text(TEMPLATE);
    let (header, content) = text.split_once("\n---\n").expect("two documents");
    (serde_yaml::from_str(header).expect("YAML"), content.to_owned())
}

/// Runs the job with these inputs in this folder, with the programs of its folder `bin`.
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
    assert!(!replaced(name, &expressions).contains("$[["));
    let mut command = Command::new(shell);
    let path = format!("{}:/usr/bin:/bin", folder.join("bin").display());
    command.env_clear().env("PATH", path).current_dir(folder);
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

/// A folder for a job, with a curl for the servers of the tests.
fn job() -> Scratch {
    let folder = Scratch::new();
    curl_without_tls(&folder);
    folder
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_installs_the_release_and_runs_a_command() {
    let release = Release::new();
    for shell in ["sh", "bash"] {
        let folder = job();
        let task = task_definition(&folder).display().to_string();
        // Blanks and carriage returns at the ends of lines are not part of the arguments.
        let args = format!("--artifact=made \n\t--task-definition-file={task}\r\n\r\n--output=json\r\n");
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
    let folder = job();
    let url = release.url();
    let output = run(folder.path(), "sh", &[("url", &url), ("command", "--version")]);
    assert!(!output.status.success() && stderr(&output).contains("does not have the expected checksum"), "{output:?}");
    let output = run(folder.path(), "sh", &[("url", &url), ("command", "--version"), ("version", "9.9.9")]);
    assert!(!output.status.success() && stderr(&output).contains("cannot download"), "{output:?}");
    std::fs::write(release.path("SHA256SUMS"), "").unwrap();
    let output = run(folder.path(), "sh", &[("url", &url), ("command", "--version")]);
    assert!(!output.status.success() && stderr(&output).contains("does not list"), "{output:?}");
}

#[test]
fn inputs_are_arguments_and_never_part_of_the_script() {
    let release = Release::new();
    let folder = job();
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

/// What has to be given: inputs without a default.
fn required() -> Vec<String> {
    let (header, _) = documents();
    let inputs = header["spec"]["inputs"].as_object().expect("inputs");
    inputs.iter().filter(|(_, input)| input.get("default").is_none()).map(|(name, _)| name.clone()).collect()
}

#[test]
fn every_example_includes_the_component_with_its_required_inputs() {
    let readme = text("README.md");
    let row = readme.lines().find(|line| line.starts_with("| [GitLab CI/CD]")).expect("a row");
    let row: Value = serde_yaml::from_str(row.split('`').nth(1).expect("code")).expect("YAML");
    let comment = text(TEMPLATE);
    let comment: Vec<&str> = comment.lines().filter_map(|line| line.strip_prefix("#   ")).collect();
    let comment: Value = serde_yaml::from_str(&comment.join("\n")).expect("YAML");
    let page = text("step-image/CI.md");
    let page: Value =
        serde_yaml::from_str(markdown::blocks(markdown::section(&page, "GitLab CI/CD"), "yaml")[0]).expect("YAML");
    assert_eq!(page, comment);
    // In a folder `templates`, the name of the file is that of the component.
    let component = format!("$CI_SERVER_FQDN/GROUP/codedeploy-artifact/codedeploy-artifact@v{VERSION}");
    assert_eq!(TEMPLATE, "templates/codedeploy-artifact.yml");
    let (header, _) = documents();
    for example in [row, page] {
        let include = &example["include"][0];
        assert_eq!(include["component"], component.as_str());
        let given = include["inputs"].as_object().expect("inputs");
        for name in required() {
            assert!(given.contains_key(&name), "{name} is missing: {include}");
        }
        for name in given.keys() {
            assert!(header["spec"]["inputs"].get(name).is_some(), "{name}");
        }
    }
}

#[test]
fn a_package_registry_gets_the_token_of_the_job_and_its_storage_does_not() {
    let storage = Release::new();
    let registry = Files::elsewhere(storage.url());
    let folder = job();
    let inputs = example_inputs(&text("step-image/CI.md"), "GitLab CI/CD", "inputs");
    let url = registry.url();
    let package = format!("$CI_API_V4_URL/projects/PROJECT_ID/packages/generic/codedeploy-artifact/{VERSION}");
    // GitLab expands variables in the values of variables.
    let expanded = |value: &str| value.replace(&package, &url).replace("$CI_JOB_TOKEN", "a secret token");
    let mut inputs: Vec<(String, String)> = inputs.into_iter().map(|(name, value)| (name, expanded(&value))).collect();
    inputs.retain(|(name, _)| name != "args" && name != "command");
    inputs.push(("command".to_owned(), "--version".to_owned()));
    let inputs: Vec<(&str, &str)> = inputs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let output = run(folder.path(), "sh", &inputs);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(registry.headers("job-token"), vec![Some("a secret token".to_owned()); 2]);
    assert_eq!(storage.files.headers("job-token"), [None, None], "the token reached the storage");
    let seen = curl_arguments(&folder) + &stderr(&output);
    assert!(!seen.contains("a secret token") && !seen.contains(&storage.url()), "it can be seen: {seen}");
    // The command does not get it either.
    storage.pack("env");
    let output = run(folder.path(), "sh", &inputs);
    assert!(output.status.success() && !output.stdout.is_empty(), "{output:?}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("a secret token"), "{output:?}");
}

#[test]
fn a_release_is_uploaded_as_the_page_says() {
    let release = Release::new();
    let registry = Scratch::new();
    let files = Files::of(registry.path());
    let page = text("step-image/CI.md");
    let commands = markdown::blocks(markdown::section(&page, "GitLab CI/CD"), "sh")[0];
    let package =
        format!("https://gitlab.example.com/api/v4/projects/PROJECT_ID/packages/generic/codedeploy-artifact/{VERSION}");
    assert!(commands.contains(&package), "{commands}");
    let mut shell = Command::new("sh");
    shell.arg("-ec").arg(commands.replace(&package, &files.url())).env("TOKEN", "a secret token");
    assert!(shell.current_dir(release.folder.path()).status().expect("sh").success());
    assert_eq!(files.headers("private-token"), vec![Some("a secret token".to_owned()); 2]);
    let folder = job();
    let output = run(folder.path(), "sh", &[("url", &files.url()), ("command", "--version")]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_checksum_of_the_user_counts_instead_of_that_of_the_mirror() {
    let release = Release::new();
    let folder = job();
    let url = release.url();
    let good = release.sha256();
    release.pack("echo another program");
    let run = |sha256: &str| run(folder.path(), "sh", &[("url", &url), ("command", "--version"), ("sha256", sha256)]);
    let output = run(&good);
    assert!(!output.status.success() && stderr(&output).contains("does not have the expected checksum"), "{output:?}");
    assert!(run(&release.sha256()).status.success());
}

#[test]
fn an_image_with_another_c_library_is_explained() {
    let release = Release::new();
    release.pack("#!/no/such/interpreter");
    let output = run(job().path(), "sh", &[("url", &release.url()), ("command", "--version")]);
    assert!(!output.status.success() && stderr(&output).contains("it needs glibc"), "{output:?}");
}

#[test]
fn nothing_is_downloaded_without_tls() {
    let release = Release::new();
    let folder = Scratch::new();
    let url = release.url();
    let output = run(folder.path(), "sh", &[("url", &url), ("command", "--version"), ("header", "JOB-TOKEN: t")]);
    assert!(!output.status.success() && stderr(&output).contains("cannot download"), "{output:?}");
    assert!(release.files.headers("job-token").is_empty());
}
