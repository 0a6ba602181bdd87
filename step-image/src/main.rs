//! `codedeploy-artifact`: the command line and the command of the Jenkins step image.

use std::process::ExitCode;

fn main() -> ExitCode {
    step_image::run()
}
