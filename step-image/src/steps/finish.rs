//! The result of a command that followed a deployment.

use std::fmt::Write as _;

use codedeploy_core::deployment::why::why;
use codedeploy_core::deployment::{Followed, report};
use codedeploy_core::fault::shown;
use serde_json::json;

use super::report_file::{self, ReportFile};
use crate::terminal::{exit, print};

/// The result: the failure block as a message, the document as data, the reports on disk.
pub(crate) fn finish(followed: &Followed, reports: &[ReportFile]) -> print::Result {
    let mut result = result(followed);
    if let Err(fault) = report_file::write(reports, followed) {
        print::message(&format!("error: {}", fault.report()));
        // The outcome of the deployment matters more than its report.
        if result.exit == exit::DONE {
            result.exit = exit::code(&fault);
        }
    }
    result
}

fn result(followed: &Followed) -> print::Result {
    if let Some(why) = why(followed) {
        print::message(&why.to_string());
    }
    let id = shown(&followed.deployment.id);
    let (mut text, exit) = match &followed.verdict {
        Some(verdict) => (format!("{}\n", verdict.about(&followed.deployment.id)), verdict.exit_code()),
        None => (format!("deployment {id} is {}\n", followed.deployment.status), exit::DONE),
    };
    for note in followed.notes() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "note: {note}");
    }
    print::Result { json: report::json(followed), text, line: true, exit, ..print::Result::default() }
}

/// The result of `--no-wait`.
pub(crate) fn created(id: &str, adopted: bool) -> print::Result {
    let json = json!({ "verdict": null, "deployment": { "id": id } });
    let id = shown(id);
    let how = if adopted { "already exists" } else { "created" };
    let text = format!("deployment {id} {how}; follow it with `codedeploy-artifact wait {id}`\n");
    print::Result { json, text, line: true, ..print::Result::default() }
}
