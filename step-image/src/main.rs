//! `codedeploy-artifact`: the command line and the command of the Jenkins step image.

mod cli;
mod exit;
mod files;
mod generate;
mod print;

use std::process::ExitCode;

fn main() -> ExitCode {
    let matches = cli::command().get_matches();
    let output = cli::output(&matches);
    let done = match matches.subcommand() {
        Some(("generate", flags)) => cli::runtime().and_then(|runtime| runtime.block_on(generate::run(flags))),
        // clap lets nothing else through: a verb is required.
        _ => Ok(print::Result::default()),
    };
    match done {
        Ok(result) => print::result(&result, output),
        Err(error) => print::error(&error, output),
    }
}
