//! The result of a command that followed a deployment.

use std::fmt::Write as _;

use codedeploy_aws::Aws;
use codedeploy_core::deployment::report::Console;
use codedeploy_core::deployment::why::why;
use codedeploy_core::deployment::{Followed, Verdict, report};
use codedeploy_core::fault::shown;
use serde_json::json;

use super::report_file::{self, ReportFile};
use crate::terminal::progress::Reporter;
use crate::terminal::{exit, print};

/// The result: the failure block as a message, the document as data, the reports on disk. If messages and result go to
/// the same screen, the outcome is printed once: in the failure block, or else as the result.
pub(crate) fn finish(followed: &Followed, reports: &[ReportFile], read: &Aws, reporter: Reporter) -> print::Result {
    let mut result = result(followed, reporter.one_screen());
    let console = Console { region: read.region().map(str::to_owned) };
    if let Err(fault) = report_file::write(reports, followed, &console, reporter.clock().now_ms()) {
        print::message(&format!("error: {}", fault.report()));
        // The result of the deployment matters more than its report.
        if result.exit == exit::DONE {
            result.exit = exit::code(&fault);
        }
    }
    result
}

fn result(followed: &Followed, one_screen: bool) -> print::Result {
    let why = why(followed);
    if let Some(why) = &why {
        print::message(&why.to_string());
    }
    let (id, exit) = (&followed.deployment.id, followed.verdict.as_ref().map_or(exit::DONE, Verdict::exit_code));
    let mut text = match &followed.verdict {
        Some(_) if one_screen && why.is_some() => String::new(),
        Some(verdict) => format!("{}\n", verdict.about(id)),
        None => format!("deployment {} is {}\n", shown(id), followed.deployment.status),
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
