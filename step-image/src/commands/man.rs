//! `man`: the manual pages, generated from the command line.

use std::path::PathBuf;

use clap::{Arg, Args, Command, ValueHint};
use clap_mangen::Man as Page;
use codedeploy_core::fault::Fault;
use serde_json::json;

use crate::steps::files;
use crate::terminal::print;

/// Write the manual pages to a folder
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Folder for codedeploy-artifact.1 and one page for each command
    #[arg(value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    folder: PathBuf,
}

impl Man {
    pub(crate) fn run(&self, command: Command) -> Result<print::Result, Fault> {
        // Every page that the first one refers to is written: the command `help` has none.
        let mut command = with_aliases(command.disable_help_subcommand(true));
        // Gives the subcommands their full names.
        command.build();
        let pages: Vec<(PathBuf, Vec<u8>)> = std::iter::once(&command)
            .chain(command.get_subcommands())
            .map(|command| page(command.clone()))
            .map(|(name, page)| (self.folder.join(name), page))
            .collect();
        let written: Vec<_> = pages.iter().map(|(path, page)| (path.clone(), page.as_slice())).collect();
        files::write(&written)?;
        let names: Vec<String> = written.iter().map(|(path, _)| files::named(path)).collect();
        let json = json!({ "files": names });
        Ok(print::Result { json, text: names.join("\n") + "\n", ..print::Result::default() })
    }
}

/// The command with the other names of its subcommands and options in their descriptions, which clap's help adds and
/// its manual pages leave out.
fn with_aliases(command: Command) -> Command {
    let option = |option: Arg| {
        let names = option.get_visible_aliases().unwrap_or_default();
        let aliases = aliases(names.into_iter().map(|name| format!("--{name}")));
        match option.get_help().filter(|_| !aliases.is_empty()) {
            Some(help) => {
                let help = format!("{help}{aliases}");
                option.help(help)
            }
            None => option,
        }
    };
    command.mut_subcommands(|verb| {
        let aliases = aliases(verb.get_visible_aliases().map(str::to_owned));
        let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
        verb.about(about + &aliases).mut_args(option)
    })
}

/// These names as clap's help shows them; empty if there are none.
fn aliases(names: impl Iterator<Item = String>) -> String {
    let names = names.collect::<Vec<_>>().join(", ");
    if names.is_empty() { names } else { format!(" [aliases: {names}]") }
}

/// The file name of a page and its text.
fn page(command: Command) -> (String, Vec<u8>) {
    let page = Page::new(command).source(concat!("codedeploy-artifact ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = page.render(&mut text);
    (page.get_filename(), text)
}
