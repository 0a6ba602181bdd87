//! The command line `codedeploy-artifact`, in three layers that import downwards only.
//!
//! | layer | holds |
//! |---|---|
//! | `commands` | one module per command: its arguments and its flow |
//! | `steps` | shared by several commands: reading sources, calling AWS with a role, creating, following and stopping a deployment |
//! | `terminal` | output, messages, progress, exit codes, usage errors |

mod commands;
mod steps;
mod terminal;

use std::process::ExitCode;

use codedeploy_core::fault::{Fault, Form};

use commands::{Cli, Unparsed};
use steps::abort;
use terminal::{defect, environment, print};

/// The command line as clap parses it, for tests and documentation.
pub fn command() -> clap::Command {
    commands::command()
}

/// Every fault that the command line defines itself.
pub fn forms() -> Vec<&'static Form> {
    let layers = [terminal::FORMS, steps::FORMS, codedeploy_core::account::FORMS]
        .into_iter()
        .chain(commands::FORMS.iter().copied());
    layers.flatten().copied().flatten().collect()
}

/// The exit code of a fault.
pub fn exit_code(fault: &Fault) -> u8 {
    terminal::exit::code(fault)
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    environment::without_empty_variables();
    let done = abort::guarded(|begun| {
        let Cli { output, debug, verb } = match commands::parse() {
            Ok(cli) => cli,
            Err(Unparsed::Help(help)) => return print::help(&help),
            Err(Unparsed::Wrong { fault, output }) => return print::error(&fault, output),
        };
        begun.prints(output);
        if debug {
            codedeploy_aws::debug::to(print::debug);
        }
        let done = defect::caught(|| begun.block_on(verb.run(output, begun)));
        begun.finish();
        match done {
            Ok(result) => print::result(&result, output),
            Err(fault) => print::error(&fault, output),
        }
    });
    done.unwrap_or_else(|fault| print::error(&fault, commands::output()))
}
