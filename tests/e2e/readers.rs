//! Our output, read by independent programs: the AppSpec by PyYAML, ruamel and `SnakeYAML`, the zip by Info-ZIP and
//! Python. And our input, read by them as well: whatever we accept, they interpret in the same way.

mod documents;
mod json;
#[path = "../../functions/core/src/artifact/archive/read/stories/mutate.rs"]
mod mutate;
#[path = "../../functions/core/src/random.rs"]
mod random;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use codedeploy_core::{
    artifact::archive,
    document::{self, Limits},
};
use e2e::{
    environment::Environment,
    programs::{self, Run},
    python::Python,
    scratch::Scratch,
    size::size,
    skip,
};
use random::Random;
use serde_json::{Value, json};

/// ruamel needs some milliseconds for each document.
const DOCUMENTS: usize = 400;

/// Where Debian puts `SnakeYAML`.
const SNAKE_YAML: &str = "/usr/share/java/snakeyaml.jar";

/// The first lines that the example `nasty_appspecs` of the library prints.
fn nasty_appspecs(args: &[&str]) -> String {
    static BUILT: LazyLock<PathBuf> = LazyLock::new(|| {
        let output = programs::cargo().args(["--example", "nasty_appspecs"]).output().expect("cargo");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let folder = if cfg!(debug_assertions) { "debug" } else { "release" };
        programs::target_folder().join(folder).join("examples/nasty_appspecs")
    });
    let output = Command::new(&*BUILT).args(args).output().expect("the example");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().take(DOCUMENTS).map(|line| line.to_owned() + "\n").collect()
}

/// Runs a reader with that standard input.
fn read(command: &mut Command, input: &str) -> Output {
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("a reader");
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_owned());
    // A reader that stops at the first difference does not read the rest.
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

/// Runs it twice: as it is, and with the last document changed, which the reader must notice.
fn reads_all(command: impl Fn() -> Command, lines: &str, change: (&str, &str), who: &str) {
    let output = read(&mut command(), lines);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with(&format!("{DOCUMENTS} documents, the same in {who}")), "{said}");
    let last = lines.lines().last().unwrap();
    let changed = last.replacen(change.0, change.1, 1);
    assert_ne!(changed, last);
    assert!(!read(&mut command(), &changed).status.success(), "{who} takes any document for any other");
}

#[test]
fn pyyaml_and_ruamel_read_what_we_meant() {
    let Some(python) = Python::shared() else { return };
    let script = || python.script(include_str!("../readers/read_yaml.py"), &Environment::empty());
    reads_all(
        script,
        &nasty_appspecs(&[]),
        ("ContainerPort: ", "ContainerPort: 1"),
        "PyYAML SafeLoader, ruamel.yaml 1.1",
    );
}

#[test]
fn snakeyaml_reads_what_we_meant() {
    if Command::new("javac").arg("-version").output().is_err() {
        return skip::missing("a Java compiler", "install default-jdk-headless");
    }
    if !Path::new(SNAKE_YAML).exists() {
        return skip::missing("SnakeYAML", "install libyaml-snake-java");
    }
    let scratch = Scratch::new();
    let source = scratch.write("ReadYaml.java", include_str!("../readers/ReadYaml.java"));
    let compiled = Command::new("javac").args(["-cp", SNAKE_YAML]).arg(&source).output().unwrap();
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let reader = || {
        let mut command = Command::new("java");
        command.args(["-cp", &format!("{SNAKE_YAML}:{}", scratch.path().display()), "ReadYaml"]);
        command
    };
    // A line is two texts in Base64: without the first character, the first is another or none.
    reads_all(reader, &nasty_appspecs(&["--base64"]), ("d", ""), "SnakeYAML");
}

/// How many there were, for `--nocapture`.
#[expect(clippy::print_stdout, reason = "a test says what it tried")]
fn tried(what: &str, wanted: u64, read: usize, said: &str) {
    println!("of {wanted} {what}, {read} are read: {said}");
}

/// Gives a script the inputs that we read, a line each, and has it agree. Returns what it said.
fn agrees(script: &mut Command, lines: &[String]) -> String {
    let output = read(script, &lines.concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

/// `YAML_DOCUMENTS` asks for more of them. PyYAML and ruamel.yaml refuse some that libyaml reads, such as a tab after a colon.
#[test]
fn yaml_that_we_read_is_the_same_to_other_readers() {
    let Some(python) = Python::shared() else { return };
    let wanted = size("YAML_DOCUMENTS", 3_000);
    let random = (0..wanted).map(|seed| (format!("seed {seed}"), documents::document(seed)));
    let found = documents::FOUND.iter().map(|text| ("found".to_owned(), (*text).to_owned()));
    let lines: Vec<String> = found
        .chain(random)
        .filter_map(|(seed, text)| {
            let value = document::yaml(&text, Limits::YAML).ok()?;
            Some(json!({ "yaml": text, "expected": value, "seed": seed }).to_string() + "\n")
        })
        .collect();
    assert!(lines.len() as u64 > wanted / 5, "only {} are read", lines.len());
    let script = || {
        let mut script = python.script(include_str!("../readers/read_yaml.py"), &Environment::empty());
        script.arg("--may-refuse");
        script
    };
    let said = agrees(&mut script(), &lines);
    let refusals: usize = said.trim().rsplit(['\n', ' ']).nth(1).and_then(|count| count.parse().ok()).expect("a count");
    assert!(refusals < lines.len(), "{said}");
    tried("YAML documents and those found", wanted, lines.len(), &said);
    let changed = json!({ "yaml": "a: no", "expected": { "a": "no" } }).to_string();
    assert!(!read(&mut script(), &changed).status.success(), "no difference is noticed");
}

/// `JSON_DOCUMENTS` asks for more of them.
#[test]
fn json_that_we_read_is_the_same_to_python() {
    let Some(python) = Python::shared() else { return };
    let wanted = size("JSON_DOCUMENTS", 10_000);
    let lines: Vec<String> = (0..wanted)
        .filter_map(|seed| {
            let text = json::document(seed);
            let value = document::json(&text, Limits::JSON).ok()?;
            Some(json!({ "text": text, "value": value, "seed": seed }).to_string() + "\n")
        })
        .collect();
    assert!(lines.len() as u64 > wanted / 5, "only {} are read", lines.len());
    let script = || python.script(include_str!("../readers/read_json.py"), &Environment::empty());
    let said = agrees(&mut script(), &lines);
    tried("JSON documents", wanted, lines.len(), &said);
    let changed = r#"{"text": "{\"a\": 1.50}", "value": {"a": 1.5}}"#;
    assert!(!read(&mut script(), changed).status.success(), "no difference is noticed");
}

/// `ZIP_MUTATIONS` asks for more of them. What a reader refuses, it does not misunderstand.
#[test]
fn changed_archives_that_we_read_are_the_same_to_other_readers() {
    let Some(python) = Python::shared() else { return };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../functions/core/fixtures/archives");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| !path.to_string_lossy().contains("prefix"));
    paths.sort();
    let originals: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let wanted = size("ZIP_MUTATIONS", 5_000);
    let random = (0..wanted).map(|seed| {
        let mut random = Random::new(seed);
        let original = &originals[random.below(originals.len())];
        (seed, mutate::mutated(original, &originals, &mut random))
    });
    let name = "appspec.yaml";
    let lines: Vec<String> = random
        .chain((0..).zip(originals.iter().cloned()))
        .filter_map(|(seed, zip)| {
            let content = archive::file(std::io::Cursor::new(&zip), "Source", name, 1 << 20).ok()?;
            let (zip, content) = (BASE64_STANDARD.encode(zip), BASE64_STANDARD.encode(content));
            Some(json!({ "zip": zip, "path": name, "content": content, "seed": seed }).to_string() + "\n")
        })
        .collect();
    assert!(lines.len() as u64 > wanted / 50, "only {} are read", lines.len());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let script = || {
        let mut script = python.script(include_str!("../readers/read_zip.py"), &Environment::empty());
        script.env("PATH", &path);
        script
    };
    let said = agrees(&mut script(), &lines);
    let same: Value = serde_json::from_str(&said).unwrap();
    for (reader, same) in same.as_object().unwrap() {
        assert!(same.as_u64().unwrap() > lines.len() as u64 * 9 / 10, "{reader} refuses most of them: {said}");
    }
    tried("changed archives", wanted, lines.len(), &said);
    let changed = lines[0].replacen("\"content\":\"", "\"content\":\"AAAA", 1);
    assert!(!read(&mut script(), &changed).status.success(), "no difference is noticed");
}

/// Makes an artifact with names and texts that archivers could stumble over; says where it is.
fn artifact(scratch: &Scratch) -> PathBuf {
    let recorded = include_str!("../../functions/core/fixtures/sidecars-and-volumes.json");
    let mut recorded: Value = serde_json::from_str(recorded).unwrap();
    // Large and repetitive, so that it is worth compressing.
    let value = "a long value; ".repeat(4_000);
    recorded["taskDefinition"]["containerDefinitions"][0]["environment"][1]["value"] = value.into();
    let file = scratch.write("recorded.json", recorded.to_string()).display().to_string();
    let zip = scratch.path().join("artifact.zip").display().to_string();
    for to in [&zip, &scratch.path().join("ours").display().to_string()] {
        let args = ["generate", "--artifact", to, "--task-definition-file", &file, "--container-name", "app"];
        let names = ["--container-port", "8080", "--taskdef-path", "déploi/task def.json"];
        let output = Run::new([&args[..], &names].concat()).run();
        assert_eq!(output.code, 0, "{}", output.stderr);
    }
    zip.into()
}

/// Both folders hold the same two files.
fn same_files(scratch: &Scratch, theirs: &str) {
    for name in ["appspec.yml", "déploi/task def.json"] {
        let file = |folder: &str| std::fs::read(scratch.path().join(folder).join(name)).unwrap();
        assert!(!file("ours").is_empty());
        assert!(file("ours") == file(theirs), "{name} differs in {theirs}");
    }
}

#[test]
fn info_zip_opens_the_artifact() {
    if Command::new("unzip").arg("-v").output().is_err() {
        return skip::missing("unzip", "install unzip");
    }
    let scratch = Scratch::new();
    let zip = artifact(&scratch);
    let run = |args: &[&str]| {
        let mut command = Command::new("unzip");
        command.args(args).arg(&zip).current_dir(scratch.path()).env("LC_ALL", "C.UTF-8");
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    let (code, said) = run(&["-t"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("No errors detected"), "{said}");
    let (code, said) = run(&["-d", "unzipped"]);
    assert_eq!(code, Some(0), "{said}");
    same_files(&scratch, "unzipped");
}

#[test]
fn python_opens_the_artifact() {
    let Some(python) = Python::shared() else { return };
    let scratch = Scratch::new();
    let zip = artifact(&scratch);
    let script = "import sys, zipfile\narchive = zipfile.ZipFile(sys.argv[1])\nassert archive.testzip() is None\n\
                  archive.extractall(sys.argv[2])\nprint(archive.namelist())";
    let mut command = python.script(script, &Environment::empty().with("LC_ALL", "C.UTF-8"));
    let output = command.arg(&zip).arg(scratch.path().join("extracted")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "['appspec.yml', 'déploi/task def.json']");
    same_files(&scratch, "extracted");
}
