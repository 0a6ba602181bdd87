//! What is in the image, and what is not.

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

use e2e::{
    docker::{Base, Docker},
    scratch::Scratch,
    secrets, skip, unique,
};
use serde_json::{Value, json};

use crate::{
    image::{self, Image, named_program},
    jenkins::shown,
};

/// All that our layers may add to a base that has nothing, in bytes.
const LIMIT: i64 = 15_000_000;

/// What they may add beside the command.
const LIMIT_BESIDE: i64 = 2_000_000;

fn inspect(docker: &Docker, image: &str) -> Value {
    let text = docker.ask(["image", "inspect", image]);
    serde_json::from_str::<Value>(&text).expect("JSON of docker inspect")[0].take()
}

/// Whether containers reach the packages of the base, reported if they do not.
fn packages_are_reached(docker: &Docker, base: &str) -> bool {
    let update = ["apt-get", "update", "--error-on=any"];
    let output = docker.call([&["run", "--rm", "--network=host", base], &update[..]].concat());
    if !output.status.success() {
        skip::missing("a way from containers to the packages of Debian", &shown(&output));
    }
    output.status.success()
}

#[test]
fn its_configuration_swallows_no_command() {
    let labels = ["VERSION=1.2.3", "REVISION=0123abc", "CREATED=2026-11-23T09:00:00Z"];
    let more: Vec<&str> = labels.iter().flat_map(|label| ["--build-arg", label]).collect();
    let Some(image) = Image::build(Base::Complete, "none", &more) else { return };
    let config = inspect(image.docker, &image.name)["Config"].take();
    for nothing in ["Entrypoint", "ExposedPorts", "Volumes", "OnBuild", "StopSignal"] {
        assert!(config[nothing].is_null(), "{nothing}: {config}");
    }
    assert_eq!(config["Cmd"], json!(["codedeploy-artifact", "--help"]));
    assert_eq!(config["User"], "1000:1000");
    assert!(matches!(config["WorkingDir"].as_str(), Some("" | "/")), "{config}");
    let variables: Vec<&str> = config["Env"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(variables.len() == 1 && variables[0].starts_with("PATH=/usr/local/sbin:/usr/local/bin:"), "{variables:?}");
    let label = |name: &str| config["Labels"][format!("org.opencontainers.image.{name}")].as_str();
    assert_eq!(label("title"), Some("codedeploy-artifact"));
    assert_eq!(label("licenses"), Some("Apache-2.0"));
    assert_eq!(label("version"), Some("1.2.3"));
    assert_eq!(label("revision"), Some("0123abc"));
    assert_eq!(label("created"), Some("2026-11-23T09:00:00Z"));
    assert_eq!(label("base.name"), Some(image.base));
}

/// The version of the label, where none is given, is that of the command.
#[test]
fn its_label_names_the_version_of_the_command() {
    let Some(image) = Image::shared() else { return };
    let label = inspect(image.docker, &image.name)["Config"]["Labels"]["org.opencontainers.image.version"].take();
    let output = image.run(&["--network=none"], &["codedeploy-artifact", "--version"]);
    let version = String::from_utf8_lossy(&output.stdout).trim().replace("codedeploy-artifact ", "");
    assert_eq!(label, version.as_str());
}

/// Everything in an image but what an engine puts into each container: path to mode, owner, size and time.
fn listing(docker: &Docker, image: &str) -> BTreeMap<String, String> {
    let find = "find / -xdev \\( -path /proc -o -path /sys -o -path /dev -o -path /.dockerenv -o -path /etc/hosts \
                -o -path /etc/hostname -o -path /etc/resolv.conf -o -path /etc/mtab \\) -prune -o -printf '%p\\t%y%m %U:%G %s %T@\\n'";
    let text = docker.ask(["run", "--rm", "--network=none", "--user=0", image, "sh", "-c", find]);
    text.lines().filter_map(|line| line.split_once('\t')).map(|(path, is)| (path.to_owned(), is.to_owned())).collect()
}

/// What our layers add to their base, and what they change in it. Folders change with what is in them.
fn ours(image: &Image) -> (BTreeMap<String, String>, Vec<String>) {
    let base = listing(image.docker, image.base);
    let mut added = listing(image.docker, &image.name);
    let mut removed = base.keys().filter(|path| !added.contains_key(*path));
    assert!(
        removed.all(|path| path.starts_with("/var/cache/") || path.starts_with("/var/log/") || path.ends_with("-old"))
    );
    let mut changed = Vec::new();
    added.retain(|path, is| match base.get(path) {
        Some(was) if was == is || is.starts_with('d') => false,
        Some(_) => {
            changed.push(path.clone());
            false
        }
        None => true,
    });
    (added, changed)
}

#[test]
fn on_a_base_that_has_all_it_adds_one_file() {
    let Some(image) = Image::shared() else { return };
    let (added, changed) = ours(image);
    let paths: Vec<&str> = added.keys().map(String::as_str).collect();
    assert_eq!(paths, ["/usr/local/bin/codedeploy-artifact"]);
    assert!(added["/usr/local/bin/codedeploy-artifact"].starts_with("f755 0:0 "), "{added:?}");
    assert!(changed.is_empty() || changed == ["/etc/ssl/certs/ca-certificates.crt"], "{changed:?}");
}

#[test]
fn a_base_that_lacks_them_gets_processes_and_certificates_and_nothing_else() {
    let Some(docker) = Docker::shared() else { return };
    let Some(base) = Base::Bare.image(docker) else { return };
    if !packages_are_reached(docker, base) {
        return;
    }
    let Some(image) = Image::build(Base::Bare, "host", &[]) else { return };
    let (added, changed) = ours(&image);
    let unwanted =
        ["/var/cache/", "/var/lib/apt/lists/", "/var/log/", "/tmp/", "/root", "/home", "/run/", "/codedeploy-artifact"];
    for path in added.keys().chain(&changed) {
        // The lists of apt's cache are the base's own; what was there before may be there, empty or older.
        assert!(!unwanted.iter().any(|unwanted| path.starts_with(unwanted)), "{path} is in our layers");
        assert!(!path.contains("history"), "{path} is in our layers");
    }
    for (path, is) in &added {
        let mode = is[1..].split(' ').next().unwrap();
        let others = u32::from_str_radix(&mode[mode.len() - 1..], 8).unwrap();
        let needed = if is.starts_with('d') || path.contains("/bin/") { 5 } else { 4 };
        assert!(is.starts_with('l') || others & needed == needed, "{path} is not for everyone: {is}");
        assert!(mode.len() == 3, "{path} has a special mode: {is}");
        assert!(is.contains(" 0:0 "), "{path} belongs to somebody: {is}");
    }
    for path in ["/usr/local/bin/codedeploy-artifact", "/etc/ssl/certs/ca-certificates.crt"] {
        assert!(added.contains_key(path), "{path} is missing");
    }
    let output = image.run(&["--network=none", "--user=65534:65534"], &["ps", "-A", "-o", "pid,command", "e"]);
    assert!(output.status.success(), "{}", shown(&output));

    let size = |name: &str| inspect(docker, name)["Size"].as_i64().expect("a size");
    let ours = size(&image.name) - size(base);
    let command = image.run(&["--network=none"], &["stat", "-c", "%s", "/usr/local/bin/codedeploy-artifact"]);
    let command: i64 = String::from_utf8_lossy(&command.stdout).trim().parse().unwrap();
    let _ = writeln!(std::io::stderr(), "our layers have {ours} bytes, {command} of them the command; limit {LIMIT}");
    assert!(ours - command <= LIMIT_BESIDE, "{} bytes beside the command", ours - command);
    assert!(named_program().is_none() || ours <= LIMIT, "{ours} bytes");
}

/// A build without a network on such a base has to fail: an image without `ps` would leave deployments running.
#[test]
fn a_base_that_lacks_them_does_not_build_without_a_network() {
    let Some((_, output)) = Image::try_build(Base::Bare, "none", &["--no-cache"]) else { return };
    assert!(!output.status.success(), "{}", shown(&output));
}

#[test]
fn a_command_that_does_not_run_on_the_base_does_not_build() {
    let Some(image) = Image::shared() else { return };
    let other = Scratch::new();
    other.write("codedeploy-artifact", "#!/no/such/interpreter\n");
    let name = unique::name("codedeploy-artifact");
    let mut build = image::build(image.docker, &name, image.base, image.base);
    let output = build.arg("--network=none").arg(other.path()).output().expect("the client of Docker");
    assert!(!output.status.success(), "{}", shown(&output));
}

/// Built where AWS keys are in the environment, as on an agent.
#[test]
fn nothing_of_the_environment_is_in_it() {
    let Some(image) = Image::shared() else { return };
    let secret = secrets::planted("a key where the image is built");
    let context = Scratch::new();
    context.write("codedeploy-artifact", "#!/bin/sh\n");
    let name = unique::name("codedeploy-artifact");
    let mut build = image::build(image.docker, &name, image.base, image.base);
    build.args(["--no-cache", "--network=none"]).arg(context.path());
    build.env("AWS_SECRET_ACCESS_KEY", &secret).env("AWS_SESSION_TOKEN", &secret);
    let output = build.output().expect("the client of Docker");
    assert!(output.status.success(), "{}", shown(&output));
    secrets::capture("the output of the build", &[output.stdout, output.stderr].concat());
    let history = image.docker.ask(["history", "--no-trunc", &name]);
    assert!(history.contains("apt-get install"), "{history}");
    secrets::capture("the history of the image", history.as_bytes());
    secrets::capture("the configuration of the image", inspect(image.docker, &name).to_string().as_bytes());
    // The search of the harness is for texts; these are two hundred megabytes.
    let count = |needle: &str| {
        let mut save = image.docker.command(["save", &name]).stdout(Stdio::piped()).spawn().expect("docker save");
        let layers = save.stdout.take().expect("a pipe");
        let found = Command::new("grep").args(["-acF", needle]).stdin(layers).output().expect("grep");
        assert!(save.wait().is_ok_and(|status| status.success()));
        String::from_utf8_lossy(&found.stdout).trim().parse::<u64>().unwrap()
    };
    assert!(count("org.opencontainers.image.title") > 0, "the search finds what is there");
    assert_eq!(count(&secret), 0, "the layers of the image hold the secret");
    let _ = image.docker.call(["image", "rm", "--force", &name]);
}
