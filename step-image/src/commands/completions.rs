//! `completions`: the completion script of a shell, generated from the command line.

use clap::{Args, Command};
use clap_complete::Shell;
use serde_json::json;

use crate::terminal::print;

/// Print a shell completion script
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Shell: bash, elvish, fish, powershell or zsh
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, mut command: Command) -> print::Result {
        let name = command.get_name().to_owned();
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, name, &mut script);
        let script = String::from_utf8_lossy(&script).into_owned();
        let json = json!({ "shell": self.shell.to_string(), "script": script });
        print::Result { json, text: script, ..print::Result::default() }
    }
}
