//! The command line `codedeploy-artifact`: one file per verb, and what verbs share beside them.
//!
//! | verbs | shared by them |
//! |---|---|
//! | `generate` | `files`: the disk |
//! | `upload`, `deploy`, `rollback` | `account`: as whom AWS is called; `appspec_file` |
//! | `wait`, `status`, `stop`, `resume` (`continue`) | `follow`: the loop around the pure state machine; `evidence`, `look`, `progress`, `abort`, `clock` |
//! | `rotate` | `timeout` |
//!
//! `cli` is the table of the verbs, `print` the one place that prints, `exit` the exit codes, `defect` what becomes of a
//! panic, `environment` what becomes of variables that are set to nothing.

mod abort;
mod account;
mod alarms;
mod appspec_file;
mod cli;
mod clock;
mod defect;
mod deploy;
mod environment;
mod evidence;
mod exit;
mod files;
mod follow;
mod generate;
mod look;
mod print;
mod progress;
mod resume;
mod rollback;
mod rotate;
mod status;
mod stop;
mod timeout;
mod upload;
mod wait;

use std::process::ExitCode;

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    environment::without_empty_variables();
    let done = abort::guarded(|begun| {
        let matches = match cli::matches() {
            Ok(matches) => matches,
            Err(cli::Unparsed::Help(help)) => return print::help(&help),
            Err(cli::Unparsed::Wrong { error, output, lines }) => return print::error(&error.into(), output, lines),
        };
        let output = cli::output(&matches);
        begun.prints(output);
        let done = defect::caught(|| cli::run(&matches, begun));
        begun.finish();
        match done {
            Ok(result) => print::result(&result, output),
            Err(error) => print::error(&error, output, cli::prints_lines(&matches)),
        }
    });
    done.unwrap_or_else(|error| print::error(&error.into(), cli::Output::Text, false))
}
