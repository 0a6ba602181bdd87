//! `docker run IMAGE codedeploy-artifact …`, without Jenkins.

use std::path::Path;

use e2e::secrets;

use crate::{
    image::{Image, users},
    jenkins::shown,
    pipeline::{artifact, fixture},
    stage::{DEPLOY, Stage, appspec, group},
    workspace::Workspace,
};

#[test]
fn the_command_runs_as_any_user_on_a_read_only_root_without_a_home() {
    let Some(image) = Image::shared() else { return };
    let expected = artifact();
    for user in users() {
        let workspace = Workspace::new(&user);
        workspace.write(Path::new("taskdef.json"), fixture());
        let path = workspace.text();
        let volume = format!("{path}:{path}:ro");
        let options = ["--network=none", "--read-only", "--user", &user, "--volume", &volume, "--workdir", &path];
        let generate = ["codedeploy-artifact", "generate", "--artifact", "-", "--task-definition-file", "taskdef.json"];
        for before in
            [&[][..], &["env", "-u", "HOME"], &["env", "HOME=/nonexistent"], &["env", "-i", "PATH=/usr/local/bin"]]
        {
            let output = image.run(&options, &[before, &generate].concat());
            assert!(output.status.success(), "{user} {before:?}: {}", shown(&output));
            assert_eq!(output.stdout, expected, "{user} {before:?}");
        }
    }
}

#[test]
fn without_a_command_it_explains_itself_and_without_a_user_it_is_not_root() {
    let Some(image) = Image::shared() else { return };
    let output = image.run(&["--network=none"], &[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("Usage: codedeploy-artifact"), "{}", shown(&output));
    let output = image.run(&["--network=none"], &["id", "-u"]);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "1000\n");
    let output = image.run(&["--network=none"], &["codedeploy-artifact", "generate"]);
    assert_eq!(output.status.code(), Some(2), "{}", shown(&output));
}

/// As the first process of a container it gets no signal that it has not asked for.
#[test]
fn a_stop_of_the_container_stops_the_deployment() {
    let Some(image) = Image::shared() else { return };
    let stage = Stage::in_real_time(group().termination_wait(600));
    let workspace = Workspace::new("65534:65534");
    workspace.write(Path::new("appspec.json"), appspec());
    let path = workspace.text();
    let volume = format!("{path}:{path}:rw,z");
    let pairs: Vec<String> = stage.environment().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let environment: Vec<&str> = pairs.iter().flat_map(|pair| ["--env", pair.as_str()]).collect();
    let options = ["run", "--detach", "--network=host", "--user", workspace.user(), "-v", &volume, "-w", &path];
    let command: Vec<&str> = DEPLOY.split(' ').collect();
    let id = image.docker.ask([&options[..], &environment, &[&image.name], &command].concat());
    let deployment = stage.deployment();

    image.docker.ask(["stop", "--time=1", &id]);
    let code = image.docker.ask(["inspect", "--format", "{{.State.ExitCode}}", &id]);
    let output = image.docker.call(["logs", &id]);
    image.docker.call(["rm", "--force", "--volumes", &id]);
    secrets::capture("the log of a container", &[output.stdout.clone(), output.stderr.clone()].concat());
    // It would be 137 where the engine had to kill it after the second.
    assert_eq!(code, "143", "{}", shown(&output));
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().last(), Some(deployment.as_str()), "{}", shown(&output));
    let stops = stage.aws.calls("codedeploy:StopDeployment");
    assert_eq!(stops.len(), 1);
    assert_eq!(stops[0].json()["autoRollbackEnabled"], true);
}
