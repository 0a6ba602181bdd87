//! moto: an AWS that we did not write. One server for the whole test binary; tests use names from [`crate::unique`].
//!
//! moto checks no keys. Which account a caller is in comes from its keys: [`Moto::session`] gives some for any account.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdin, Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

use crate::{environment::Environment, fake_aws::Credentials, python::Python};

/// A running moto.
pub struct Moto {
    port: u16,
    python: &'static Python,
    child: Child,
    /// moto ends when this pipe closes, which it does however this process ends.
    _alive: ChildStdin,
}

impl Moto {
    /// The one server that all tests share, or `None` (said loudly) without Python.
    ///
    /// # Panics
    /// When moto does not start.
    pub fn shared() -> Option<&'static Moto> {
        static SHARED: OnceLock<Option<Moto>> = OnceLock::new();
        SHARED.get_or_init(Moto::start).as_ref()
    }

    /// A server of one test's own, which ends with the value.
    ///
    /// # Panics
    /// When moto does not start.
    pub fn start() -> Option<Moto> {
        let python = Python::shared()?;
        let mut child = Command::new(python.python())
            .args(["-c", include_str!("moto/serve.py")])
            .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
            .env("MOTO_ACM_VALIDATION_WAIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the Python of the environment");
        let alive = child.stdin.take().expect("a pipe");
        let mut line = String::new();
        let _ = BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line);
        let port = line.trim().parse().expect("moto prints its port");
        Some(Moto { port, python, child, _alive: alive })
    }

    /// The value for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Keys that act in that account.
    ///
    /// # Panics
    /// When moto refuses.
    pub fn session(&self, account: &str) -> Credentials {
        let role = format!("arn:aws:iam::{account}:role/e2e");
        let first = Credentials {
            access_key_id: "testing".to_owned(),
            secret_access_key: "testing".to_owned(),
            session_token: "testing".to_owned(),
        };
        let args = ["sts", "assume-role", "--role-session-name", "e2e", "--role-arn", &role];
        let answer = self.aws("us-east-1", &first, &args);
        let text = |name: &str| answer["Credentials"][name].as_str().unwrap_or_default().to_owned();
        Credentials {
            access_key_id: text("AccessKeyId"),
            secret_access_key: text("SecretAccessKey"),
            session_token: text("SessionToken"),
        }
    }

    /// Runs the command line of AWS against moto and reads its answer; null where it says nothing.
    ///
    /// # Panics
    /// When the command fails.
    pub fn aws(&self, region: &str, credentials: &Credentials, args: &[&str]) -> Value {
        let output = self.python.aws(args, &Environment::of_aws(&self.url(), region, credentials));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "aws {} ended with {}: {said}", args.join(" "), output.status);
        serde_json::from_slice(&output.stdout).unwrap_or_default()
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
