//! `--report`: the deployment as Markdown or as `JUnit` XML, for a build system to show.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, ValueHint, value_parser};
use codedeploy_core::deployment::{Followed, report};
use codedeploy_core::fault::Fault;

use crate::files::{self, FileError};

/// Where the report goes: nowhere, or to a file of each form that somebody wants.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ReportFile(Vec<(PathBuf, Form)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Markdown,
    Junit,
}

impl ReportFile {
    /// The flag.
    pub(super) fn flag() -> Arg {
        Arg::new("report")
            .long("report")
            .value_name("FILE")
            .action(ArgAction::Append)
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf))
            .help("Write a report of the deployment: Markdown to FILE.md, JUnit to FILE.xml; may be repeated")
    }

    /// The values of the flag; refused at the door, not after an hour of waiting.
    pub(crate) fn of(flags: &ArgMatches) -> Result<ReportFile, FileError> {
        let paths = flags.get_many::<PathBuf>("report").into_iter().flatten();
        paths.map(|path| Ok((path.clone(), Form::of(path)?))).collect::<Result<_, _>>().map(ReportFile)
    }

    /// Writes each file, and reports the first that cannot be written after it has tried all.
    pub(crate) fn write(&self, followed: &Followed) -> Result<(), Fault> {
        let written = self.0.iter().map(|(path, form)| {
            let text = match form {
                Form::Markdown => report::markdown(followed),
                Form::Junit => report::junit(followed),
            };
            Ok(files::write(&[(path.clone(), text.as_bytes())])?)
        });
        written.fold(Ok(()), Result::and)
    }
}

impl Form {
    fn of(path: &Path) -> Result<Form, FileError> {
        match path.extension().map(OsStr::to_ascii_lowercase) {
            Some(ending) if ending == "md" => Ok(Form::Markdown),
            Some(ending) if ending == "xml" => Ok(Form::Junit),
            _ => Err(FileError::Report { path: path.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides() {
        for (path, expect) in [
            ("out/report.md", Some(Form::Markdown)),
            ("REPORT.XML", Some(Form::Junit)),
            ("report.html", None),
            ("report", None),
            ("md", None),
        ] {
            assert_eq!(Form::of(Path::new(path)).ok(), expect, "{path}");
        }
    }
}
