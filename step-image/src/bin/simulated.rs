//! The command line with a clock that can be set, for the tests. It is not shipped.

use std::process::ExitCode;

fn main() -> ExitCode {
    step_image::run()
}
