//! An inspection as workflow commands of GitHub Actions, which become annotations of a pull request.
//!
//! [Workflow commands](https://docs.github.com/actions/reference/workflow-commands-for-github-actions)

use std::fmt::Write as _;

use super::Inspection;
use crate::fault::finding::{Finding, Severity};
use crate::text::line;

impl Inspection {
    /// One line for each finding: `::error file=taskdef.json,line=12,col=7,title=TD11::…`
    pub fn github(&self) -> String {
        let mut text = String::new();
        for finding in &self.findings {
            command(&mut text, finding);
        }
        text
    }
}

fn command(text: &mut String, finding: &Finding) {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let mut message = finding.in_its_file();
    let mut properties = String::new();
    if let Some(at) = &finding.place {
        let place = at.place.map(|place| format!(":{}:{}", place.line, place.column)).unwrap_or_default();
        // A line of a file in a zip is no line of the zip.
        if let Some((zip, member)) = at.file.split_once("::") {
            let _ = write!(properties, "file={},", property(zip));
            message = format!("{member}{place}: {message}");
        } else {
            let _ = write!(properties, "file={},", property(&at.file));
            if let Some(place) = at.place {
                let _ = write!(properties, "line={},col={},", place.line, place.column);
            }
        }
    }
    let message = data(&format!("{}\nhint: {}", line(&message), line(&finding.hint)));
    let _ = writeln!(text, "::{name} {properties}title={}::{message}", finding.code);
}

/// The text of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
