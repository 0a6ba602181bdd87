//! Scripts with boto3 that look at the emulator and change it, as people and services do behind Terraform's back.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use e2e::{environment::Environment, python::Python, recorded::recorded};
use serde_json::Value;

/// What an account has, as `{kind: [names]}`.
pub(crate) fn inventory(environment: &Environment) -> Value {
    run(include_str!("aws/inventory.py"), environment, &Value::Null)
}

/// What a deployment by CodeDeploy leaves behind: one entry for each service that it has moved.
pub(crate) fn swap(environment: &Environment) -> Vec<Value> {
    run(include_str!("aws/swap.py"), environment, &recorded("listeners")).as_array().cloned().unwrap_or_default()
}

/// Runs a script with that input, and reads its output.
pub(crate) fn run(script: &str, environment: &Environment, input: &Value) -> Value {
    let python = Python::shared().expect("moto runs, so Python is here");
    let mut command: Command = python.script(script, environment);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("Python");
    child.stdin.take().expect("a pipe").write_all(input.to_string().as_bytes()).expect("the script reads its input");
    let output = child.wait_with_output().expect("a child process");
    let said = String::from_utf8_lossy(&output.stderr);
    let first = script.lines().next().unwrap_or_default();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{first}\nended with {}:\n{said}", output.status))
}
