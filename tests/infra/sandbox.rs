//! The example `sandbox` and the application in it, made in an empty account by the commands of its README.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    os::unix::fs::symlink,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use e2e::{
    markdown::{blocks, section},
    python::Python,
    scratch::Scratch,
    terraform,
};

use crate::{
    example::Example,
    pipeline::{self, Run},
};

#[test]
fn the_readme_of_the_sandbox_leads_to_two_deployments() {
    let Some(example) = Example::in_empty_account("minimal-app") else { return };
    let page = example.copy().folder().join("examples/sandbox/README.md");
    let readme = fs::read_to_string(page).expect("a README");
    let mut shell = Shell::start(&example);

    shell.run(section(&readme, "2. Create the network"));
    shell.run(section(&readme, "3. Create the application"));
    example.is_settled("after apply");
    deploys(&example, "public.ecr.aws/nginx/nginx:1.28");
    shell.run(section(&readme, "4. Deploy a new version"));
    deploys(&example, "public.ecr.aws/nginx/nginx:1.29");
    example.is_settled("after two deployments");

    let url = example.outputs()["url"].as_str().expect("a URL").to_owned();
    let open = blocks(section(&readme, "Open the URL"), "sh");
    assert!(open.iter().any(|block| block.contains(&url)), "the README opens {url}");
    let host = url.trim_start_matches("https://").trim_end_matches('/');
    shell.commands(&format!(
        "openssl verify -CAfile ../sandbox/tls/ca.pem -verify_hostname {host} ../sandbox/tls/certificate.pem"
    ));

    shell.run(section(&readme, "5. Remove"));
    example.is_gone();
}

/// The pipeline deploys that image.
fn deploys(example: &Example, image: &str) {
    let Run { deployed, .. } = pipeline::run(example);
    assert_eq!(deployed["registered"]["containerDefinitions"][0]["image"], image, "{deployed}");
}

/// One shell, as the README has it: it starts in the root of the repository and keeps its folder and variables.
struct Shell {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    _root: Scratch,
}

impl Shell {
    fn start(example: &Example) -> Shell {
        let root = Scratch::new();
        symlink(example.copy().folder(), root.path().join("infra")).expect("a link");
        let mut command = Command::new("sh");
        command.arg("-eu").current_dir(root.path()).env_clear();
        let aws = example.configuration().environment();
        command.envs(aws.iter()).envs(terraform::settings_of_a_shell());
        // The AWS CLI of the tests comes first.
        let python = Python::shared().expect("moto runs, so Python is here").program("");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::iter::once(python).chain(std::env::split_paths(&path)).collect();
        command.env("PATH", std::env::join_paths(folders).expect("folders"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("a shell");
        let stdin = child.stdin.take().expect("a pipe");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        Shell { child, stdin, stdout, _root: root }
    }

    /// Runs all commands of a section, each of which must succeed.
    fn run(&mut self, section: &str) {
        let blocks = blocks(section, "sh");
        assert!(!blocks.is_empty(), "no commands: {section}");
        for block in blocks {
            self.commands(block);
        }
    }

    fn commands(&mut self, commands: &str) {
        // In the shell itself, because the next commands need its folder and variables; without its input.
        writeln!(self.stdin, "{{\n{commands}\n}} < /dev/null 2>&1\necho {DONE}").expect("the shell reads");
        let mut said = String::new();
        loop {
            let before = said.len();
            let read = self.stdout.read_line(&mut said).expect("the shell writes UTF-8");
            assert!(read > 0, "the shell ended with {:?} in\n{commands}\n{said}", self.child.wait());
            if said[before..].trim_end().ends_with(DONE) {
                return;
            }
        }
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the shell prints when all commands have succeeded.
const DONE: &str = "all-commands-succeeded";
