//! The Kubernetes plugin: a container of a pod that stays up by itself, and a shell that is told each step on its
//! standard input.

use std::{
    io::Write,
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use e2e::environment::Environment;

use crate::{
    image::Image,
    jenkins::{Task, shown},
    pipeline::{artifact, fixture},
    stage::{DEPLOY, Stage, appspec, group},
    workspace::Workspace,
};

/// What a pod template may say to keep a container up.
const STAYS_UP: [&[&str]; 2] = [&["sleep", "99d"], &["cat"]];

struct Pod<'w> {
    image: &'static Image,
    id: String,
    workspace: &'w Workspace,
}

impl<'w> Pod<'w> {
    /// As with `command` in the template, which replaces an entry point, and with a terminal.
    fn start(image: &'static Image, workspace: &'w Workspace, command: &[&str]) -> Pod<'w> {
        let folder = workspace.path().parent().expect("the folder of all workspaces").display().to_string();
        let volume = format!("{folder}:{folder}:rw,z");
        let options = ["run", "--detach", "--tty", "--network=host", "--user", workspace.user(), "--volume", &volume];
        let entry_point = ["--entrypoint", command[0], &image.name];
        let id = image.docker.ask([&options[..], &entry_point, &command[1..]].concat());
        Pod { image, id, workspace }
    }

    /// What the plugin writes to the shell: the folder, the variables, the command.
    fn tell(&self, environment: &Environment, command: &str) -> Output {
        let export = |(name, value): (&String, &String)| format!("export {name}='{}'\n", value.replace('\'', "'\\''"));
        let exports: String = environment.iter().map(export).collect();
        let lines = format!("cd \"{}\"\n{exports}{command}\nexit\n", self.workspace.text());
        let mut command = self.image.docker.command(["exec", "--interactive", &self.id, "sh"]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn launch(&self, environment: &Environment, script: &str) -> Task {
        let task = Task::new(self.workspace, script);
        let wrapper = task.command().replace('\'', "'\\''");
        let told = self.tell(environment, &format!("nohup sh -c '{wrapper}'"));
        assert!(told.status.success(), "{}", shown(&told));
        task
    }

    fn interrupt(&self, task: &Task) {
        let search = format!("grep -l 'JENKINS_SERVER_COOKIE={}' /proc/*/environ | cut -d / -f 3", task.cookie);
        let kill = format!("kill `{search} `");
        let output = self.image.docker.call(["exec", &self.id, "sh", "-c", &kill]);
        // A process that has ended while it was looked at is one that need not be ended.
        assert!(output.status.success(), "{}", shown(&output));
    }
}

impl Drop for Pod<'_> {
    fn drop(&mut self) {
        self.image.docker.call(["rm", "--force", "--volumes", &self.id]);
    }
}

#[test]
fn steps_run_in_a_container_of_a_pod() {
    let Some(image) = Image::shared() else { return };
    let expected = artifact();
    for (user, command) in ["1000:1000", "1000680000:0"].into_iter().zip(STAYS_UP) {
        let workspace = Workspace::new(user);
        workspace.write(Path::new("taskdef.json"), fixture());
        let pod = Pod::start(image, &workspace, command);
        let environment = Environment::empty().with("JOB_NAME", "it's a job").with("BUILD_NUMBER", "7");
        let script = "[ \"$JOB_NAME\" = \"it's a job\" ]\n\
                      codedeploy-artifact generate --artifact artifact.zip --task-definition-file taskdef.json\n";
        let ended = pod.launch(&environment, script).wait(Duration::from_secs(30)).expect("a result");
        assert_eq!(ended.code, 0, "{user}: {}", ended.log);
        assert_eq!(std::fs::read(workspace.path().join("artifact.zip")).expect("the artifact"), expected, "{user}");
        assert_eq!(workspace.foreign_files(), Vec::<std::path::PathBuf>::new(), "{user}");
        let ended = pod.launch(&environment, "codedeploy-artifact generate\n").wait(Duration::from_secs(30));
        assert_eq!(ended.expect("a result").code, 2, "{user}");
    }
}

#[test]
fn an_abort_reaches_the_command_through_the_file_system_of_processes() {
    let Some(image) = Image::shared() else { return };
    let stage = Stage::in_real_time(group().termination_wait(600));
    let workspace = Workspace::new("1000680000:0");
    workspace.write(Path::new("appspec.json"), appspec());
    let pod = Pod::start(image, &workspace, STAYS_UP[0]);
    let task = pod.launch(&stage.environment(), &format!("exec {DEPLOY}\n"));
    let deployment = stage.deployment();
    pod.interrupt(&task);
    let ended = task.wait(Duration::from_secs(20)).unwrap_or_else(|| panic!("the step did not end: {}", task.log()));
    assert_eq!(ended.code, 143, "{}", ended.log);
    assert_eq!(ended.log.lines().last(), Some(deployment.as_str()), "{}", ended.log);
    assert_eq!(stage.aws.calls("codedeploy:StopDeployment").len(), 1);
}
