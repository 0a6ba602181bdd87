//! What Jenkins does with a container, command by command: the plugins docker-workflow (`docker.image(…).inside`, and so
//! `agent { docker … }`) and durable-task (`sh`).

use std::{
    fs,
    path::PathBuf,
    process::Output,
    time::{Duration, Instant},
};

use e2e::{environment::Environment, secrets, unique};

use crate::{image::Image, workspace::Workspace};

/// How long a step may take here.
const STEP: Duration = Duration::from_mins(1);

/// The container of an `inside` block.
pub(crate) struct Inside<'w> {
    image: &'static Image,
    pub(crate) id: String,
    workspace: &'w Workspace,
    environment: Environment,
}

impl<'w> Inside<'w> {
    /// Starts it with what the user gave as `args`, and makes sure, as the plugin does, that it runs `cat`. The variables
    /// reach each step, as those of `withAWS` do.
    pub(crate) fn start(
        image: &'static Image,
        workspace: &'w Workspace,
        args: &[&str],
        environment: Environment,
    ) -> Inside<'w> {
        let path = workspace.text();
        let volumes = [format!("{path}:{path}:rw,z"), format!("{path}@tmp:{path}@tmp:rw,z")];
        let user = ["run", "-t", "-d", "-u", workspace.user()];
        let mounts = ["-w", &path, "-v", &volumes[0], "-v", &volumes[1]];
        let build = ["-e", "BUILD_NUMBER=7", "-e", "JOB_NAME=shop deploy"];
        let id = image.docker.ask([&user, args, &mounts, &build, &[&image.name, "cat"]].concat());
        let inside = Inside { image, id, workspace, environment };
        // An engine under load may say that a container has started while it is still on the way to its command.
        let started = Instant::now();
        loop {
            let processes = inside.image.docker.ask(["top", &inside.id, "-eo", "pid,comm"]);
            if processes.lines().any(|line| line.split_whitespace().nth(1) == Some("cat")) {
                break;
            }
            let late = started.elapsed() > Duration::from_secs(10);
            assert!(
                !late && processes.contains("runc:"),
                "the container does not run the expected command:\n{processes}"
            );
            std::thread::sleep(Duration::from_millis(100));
        }
        inside
    }

    /// `sh`, to its end.
    pub(crate) fn sh(&self, script: &str) -> Ended {
        let task = self.launch(script);
        task.wait(STEP).unwrap_or_else(|| panic!("no result of the step: {}", task.log()))
    }

    /// `sh`, started.
    pub(crate) fn launch(&self, script: &str) -> Task {
        let task = Task::new(self.workspace, script);
        let pairs: Vec<String> = self.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let environment = pairs.iter().flat_map(|pair| ["--env", pair.as_str()]);
        let command = task.command();
        let head = ["exec", "--workdir", &self.workspace.text()].map(str::to_owned);
        let tail = [&self.id, "nohup", "sh", "-c", &command].map(str::to_owned);
        let args = head.into_iter().chain(environment.map(str::to_owned)).chain(tail);
        self.image.docker.ask(args);
        task
    }

    /// What the abort of a build does: it finds the processes of the step by their environment, and ends them.
    pub(crate) fn interrupt(&self, task: &Task) {
        let listed = self.image.docker.ask(["exec", &self.id, "ps", "-A", "-o", "pid,command", "e"]);
        let cookie = format!("JENKINS_SERVER_COOKIE={}", task.cookie);
        let lines = listed.lines().filter(|line| line.split_whitespace().any(|word| word == cookie));
        let processes: Vec<&str> = lines.filter_map(|line| line.split_whitespace().next()).collect();
        assert!(!processes.is_empty(), "no process of the step in\n{listed}");
        self.image.docker.ask([&["exec", &self.id, "kill"], &processes[..]].concat());
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.image.docker.call(["stop", "--time=1", &self.id]);
        self.image.docker.call(["rm", "-f", "--volumes", &self.id]);
    }
}

/// A shell step at work, known by the files of its control folder.
pub(crate) struct Task {
    control: PathBuf,
    pub(crate) cookie: String,
}

/// A shell step that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) log: String,
}

impl Task {
    /// Writes the script where the agent does.
    pub(crate) fn new(workspace: &Workspace, script: &str) -> Task {
        let name = unique::name("durable");
        let control = workspace.temporary().join(&name);
        workspace.write(&control.join("script.sh"), script);
        Task { control, cookie: name }
    }

    /// The wrapper around the script, for `sh -c`.
    pub(crate) fn command(&self) -> String {
        let folder = self.control.display();
        let script = format!("{folder}/script.sh");
        let (log, result) = (format!("{folder}/jenkins-log.txt"), format!("{folder}/jenkins-result.txt"));
        let cookie = &self.cookie;
        format!(
            "(cp '{script}' '{script}.copy'; {{ while [ -d '{folder}' -a \\! -f '{result}' ]; do touch '{log}'; sleep 3; \
             done }} & jsc={cookie}; JENKINS_SERVER_COOKIE=$jsc 'sh' -xe  '{script}.copy' > '{log}' 2>&1; \
             echo $? > '{result}.tmp'; mv '{result}.tmp' '{result}'; wait) >&- 2>&- &"
        )
    }

    /// What the step has written so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.control.join("jenkins-log.txt")).unwrap_or_default()
    }

    /// Waits for the result; `None` where it does not come in time.
    pub(crate) fn wait(&self, limit: Duration) -> Option<Ended> {
        let started = Instant::now();
        loop {
            if let Ok(code) = fs::read_to_string(self.control.join("jenkins-result.txt")) {
                let log = self.log();
                secrets::capture("the log of a step", log.as_bytes());
                return Some(Ended { code: code.trim().parse().expect("an exit code"), log });
            }
            if started.elapsed() > limit {
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// What a call of the client has come to, with both its outputs, for the message of a test that fails.
pub(crate) fn shown(output: &Output) -> String {
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{}\n{stdout}\n{stderr}", output.status)
}
