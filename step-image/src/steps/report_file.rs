//! `--report`: the deployment as HTML, Markdown or `JUnit` XML, for a build system to show.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use codedeploy_core::deployment::report::Console;
use codedeploy_core::deployment::{Followed, report};
use codedeploy_core::fault::Fault;
use codedeploy_core::faults;

use super::files;

/// A file that a report is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReportFile {
    path: PathBuf,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Html,
    Markdown,
    Junit,
}

faults! {
    /// The faults of report files.
    pub(crate) const FORMS;

    /// A report of an unknown form.
    fn unknown_form(path: &Path) [path = files::named(path)] =>
        "CLI10" Configuration "--report {path}: the file name must end in .html, .md or .xml",
        "use .html for a page, .md for Markdown or .xml for JUnit";
}

impl ReportFile {
    /// The file of a path, whose ending decides the form.
    pub(crate) fn of(path: PathBuf) -> Result<ReportFile, Fault> {
        let ending = path.extension().map(OsStr::to_ascii_lowercase).unwrap_or_default();
        let form = match ending.to_str() {
            Some("html") => Form::Html,
            Some("md") => Form::Markdown,
            Some("xml") => Form::Junit,
            _ => return Err(unknown_form(&path)),
        };
        Ok(ReportFile { path, form })
    }

    /// Whether it is a page, which shows more than the other forms.
    pub(crate) fn is_page(&self) -> bool {
        self.form == Form::Html
    }
}

/// Writes each report, and returns the first fault after all were attempted.
pub(crate) fn write(reports: &[ReportFile], followed: &Followed, console: &Console, now_ms: u64) -> Result<(), Fault> {
    let written = reports.iter().map(|ReportFile { path, form }| {
        let text = match form {
            Form::Html => report::html(followed, console, now_ms),
            Form::Markdown => report::markdown(followed),
            Form::Junit => report::junit(followed),
        };
        files::write(&[(path.clone(), text.as_bytes())])
    });
    written.fold(Ok(()), Result::and)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides() {
        for (path, expect) in [
            ("out/report.md", Some(Form::Markdown)),
            ("REPORT.XML", Some(Form::Junit)),
            ("report.html", Some(Form::Html)),
            ("report.htm", None),
            ("report", None),
            ("md", None),
        ] {
            assert_eq!(ReportFile::of(path.into()).ok().map(|report| report.form), expect, "{path}");
        }
    }
}
