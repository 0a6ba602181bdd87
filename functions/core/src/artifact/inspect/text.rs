//! An inspection for people: one block for each file, the worst first.

use std::collections::BTreeSet;
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
            text.push_str(&block(finding));
        }
        if !self.findings.is_empty() {
            text.push('\n');
        }
        let mut told = BTreeSet::new();
        for why in self.not_checked.iter().map(|it| it.why.as_str()).filter(|why| told.insert(*why)) {
            let codes: Vec<&str> = self.not_checked.iter().filter(|it| it.why == why).map(|it| it.code).collect();
            // Writing to a String cannot fail.
            let _ = match codes.as_slice() {
                [code] => writeln!(text, "not checked: {code} ({})", line(why)),
                _ => writeln!(text, "not checked: {} rules ({})", codes.len(), line(why)),
            };
        }
        for ignored in &self.ignored {
            let _ = writeln!(text, "{ignored}");
        }
        let _ = writeln!(text, "{}", self.summary());
        text
    }
}

/// A finding with its place, hint and page.
pub(super) fn block(finding: &Finding) -> String {
    let place = finding.place.as_ref().map_or_else(String::new, |at| match at.place {
        Some(place) => format!("{}:{}:{}: ", shown(&at.file), place.line, place.column),
        None => format!("{}: ", shown(&at.file)),
    });
    let (severity, code, message) = (finding.severity.name(), finding.code, finding.in_its_file());
    let mut text = format!("{place}{severity} {code}: {}\n  hint: {}\n", line(&message), line(&finding.hint));
    if let Some(page) = codes::page(code) {
        text.extend(["  see:  ", page, "\n"]);
    }
    text
}
