//! `man`: the manual pages, generated from the command line.

use std::path::PathBuf;

use clap::{Args, Command, ValueHint};
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
    pub(crate) fn run(&self, mut command: Command) -> Result<print::Result, Fault> {
        // Gives the subcommands their full names.
        command.build();
        let pages: Vec<(PathBuf, Vec<u8>)> = std::iter::once(&command)
            .chain(command.get_subcommands().filter(|verb| verb.get_name() != "help"))
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

/// The file name of a page and its text.
fn page(command: Command) -> (String, Vec<u8>) {
    let page = Page::new(command);
    let mut text = Vec::new();
    // Writing to memory cannot fail.
    let _ = page.render(&mut text);
    (page.get_filename(), text)
}
