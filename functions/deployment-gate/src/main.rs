//! Starts the function.

use std::process::ExitCode;

fn main() -> ExitCode {
    match deployment_gate::serve::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}
