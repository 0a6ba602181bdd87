//! `--report`: the deployment as Markdown or as `JUnit` XML, for a build system to show.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, ValueHint, value_parser};
use codedeploy_artifact::deployment::{Followed, report};
use codedeploy_artifact::error::Error;

use crate::files::{self, FileError};

/// Where the report goes, if anywhere.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct ReportFile(Option<(PathBuf, Form)>);

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
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf))
            .help("Write a report of the deployment: Markdown to FILE.md, JUnit to FILE.xml")
    }

    /// The value of the flag; refused at the door, not after an hour of waiting.
    pub(crate) fn of(flags: &ArgMatches) -> Result<ReportFile, FileError> {
        flags.get_one::<PathBuf>("report").map_or_else(|| Ok(ReportFile::default()), |path| ReportFile::parse(path))
    }

    fn parse(path: &Path) -> Result<ReportFile, FileError> {
        let form = match path.extension().map(OsStr::to_ascii_lowercase) {
            Some(ending) if ending == "md" => Form::Markdown,
            Some(ending) if ending == "xml" => Form::Junit,
            _ => return Err(FileError::Report { path: path.to_owned() }),
        };
        Ok(ReportFile(Some((path.to_owned(), form))))
    }

    /// Writes it.
    pub(crate) fn write(&self, followed: &Followed) -> Result<(), Error> {
        let Some((path, form)) = &self.0 else { return Ok(()) };
        let text = match form {
            Form::Markdown => report::markdown(followed),
            Form::Junit => report::junit(followed),
        };
        Ok(files::write(path, text.as_bytes())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides() {
        let form =
            |path: &str| ReportFile::parse(Path::new(path)).ok().and_then(|report| report.0).map(|(_, form)| form);
        for (path, expect) in [
            ("out/report.md", Some(Form::Markdown)),
            ("REPORT.XML", Some(Form::Junit)),
            ("report.html", None),
            ("report", None),
            ("md", None),
        ] {
            assert_eq!(form(path), expect, "{path}");
        }
    }
}
