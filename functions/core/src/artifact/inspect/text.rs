//! An inspection for people: one block for each file, the worst first.

use std::fmt::Write as _;

use super::Inspection;
use crate::codes;
use crate::fault::finding::Finding;
use crate::fault::shown;
use crate::text::line;

impl Inspection {
    /// Each finding as `taskdef.json:12:7: error TD11: …` with its hint and the AWS page, the rules that were not checked,
    /// and the summary.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut last = None;
        for finding in &self.findings {
            let file = finding.place.as_ref().map(|at| &at.file);
            if last.is_some_and(|last| last != file) {
                text.push('\n');
            }
            last = Some(file);
            block(&mut text, finding);
        }
        if !self.findings.is_empty() {
            text.push('\n');
        }
        let mut reasons: Vec<&str> = self.not_checked.iter().map(|it| it.why.as_str()).collect();
        reasons.dedup();
        for why in reasons {
            let codes: Vec<&str> = self.not_checked.iter().filter(|it| it.why == why).map(|it| it.code).collect();
            // Writing to a String cannot fail.
            let _ = match codes.as_slice() {
                [code] => writeln!(text, "not checked: {code} ({})", line(why)),
                _ => writeln!(text, "not checked: {} rules ({})", codes.len(), line(why)),
            };
        }
        let _ = writeln!(text, "{}", self.summary());
        text
    }
}

fn block(text: &mut String, finding: &Finding) {
    let place = finding.place.as_ref().map_or_else(String::new, |at| match at.place {
        Some(place) => format!("{}:{}:{}: ", shown(&at.file), place.line, place.column),
        None => format!("{}: ", shown(&at.file)),
    });
    let (severity, code, message) = (finding.severity.name(), finding.code, finding.in_its_file());
    let _ = writeln!(text, "{place}{severity} {code}: {}", line(&message));
    let _ = writeln!(text, "  hint: {}", line(&finding.hint));
    if let Some(page) = codes::page(code) {
        let _ = writeln!(text, "  see:  {page}");
    }
}
