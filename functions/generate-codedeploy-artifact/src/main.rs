//! Starts the function, or its worker: the same program with one argument.

use std::process::ExitCode;

use generate_codedeploy_artifact::{supervise, worker};

fn main() -> ExitCode {
    let started = match std::env::args().nth(1).as_deref() {
        Some(worker::ARGUMENT) => worker::run(),
        _ => supervise::run(),
    };
    match started {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}
