//! moto: an AWS emulator that is independent of this project. One server for the whole test binary; tests use names from
//! [`crate::unique`].
//!
//! moto checks no keys. Which account a caller is in comes from its keys: [`Moto::session`] gives some for any account.
//! What it lacks for Terraform is added by the modules in `moto/extended`; it keeps a record of all calls.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

use crate::{environment::Environment, fake_aws::Credentials, python::Python};

/// The account of keys that moto has not handed out.
pub const DEFAULT_ACCOUNT: &str = "123456789012";

/// A running moto.
pub struct Moto {
    port: u16,
    python: &'static Python,
    child: Child,
    /// moto ends when this pipe closes, which it does however this process ends.
    _alive: ChildStdin,
}

impl Moto {
    /// The one server that all tests share, or `None` (reported) without Python.
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
            .arg(script("serve.py"))
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
        self.assume(&format!("arn:aws:iam::{account}:role/e2e"))
    }

    /// Keys of a session of that role, whether it exists or not.
    ///
    /// # Panics
    /// When moto refuses.
    pub fn assume(&self, role: &str) -> Credentials {
        let args = ["sts", "assume-role", "--role-session-name", "e2e", "--role-arn", role];
        let answer = self.aws("us-east-1", &outsider(), &args);
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

    /// Adds what the examples under `infra/` look up and do not make, and says its names and ids: see `moto/seed.py`.
    ///
    /// # Panics
    /// When moto refuses.
    pub fn seed(&self, region: &str) -> Value {
        let output = Command::new(self.python.python()).arg(script("seed.py")).args([&self.url(), region]).output();
        let output = output.expect("the Python of the environment");
        let said = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("seed.py ended with {}: {said}", output.status))
    }

    /// All calls so far, oldest first: `service`, `action`, `region`, `account`, `caller` (an ARN), `path` and
    /// `parameters` of each.
    ///
    /// # Panics
    /// When moto does not answer.
    pub fn recorded(&self) -> Vec<Value> {
        let mut answer = Vec::new();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("moto listens");
        stream.write_all(b"GET /recorded HTTP/1.0\r\nConnection: close\r\n\r\n").expect("moto reads");
        stream.read_to_end(&mut answer).expect("moto answers");
        let body = answer.windows(4).position(|end| end == b"\r\n\r\n").map_or(0, |at| at + 4);
        serde_json::from_slice(&answer[body..]).expect("a list of calls")
    }
}

/// Keys that moto has not handed out. They belong to [`DEFAULT_ACCOUNT`].
pub fn outsider() -> Credentials {
    let text = || "testing".to_owned();
    Credentials { access_key_id: text(), secret_access_key: text(), session_token: text() }
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/moto").join(name)
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
