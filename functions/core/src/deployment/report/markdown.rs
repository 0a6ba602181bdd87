//! A deployment as Markdown (`CommonMark` with tables).

use std::fmt::Write as _;

use crate::deployment::followed::Followed;
use crate::deployment::schedule::span;
use crate::deployment::target::Target;
use crate::deployment::why::why;
use crate::text::{LINE, lines, safe};

/// The report. Foreign text is escaped: it can neither format nor break out of its cell or block.
pub fn markdown(followed: &Followed) -> String {
    let deployment = &followed.deployment;
    let mut page = format!("# Deployment {} {}\n\n", text(&deployment.id), text(&followed.outcome()));
    page.push_str("| | |\n|---|---|\n");
    let config = deployment.config_name.as_deref().unwrap_or("-");
    let exit_code = followed.verdict.as_ref().map_or_else(|| "-".to_owned(), |verdict| verdict.exit_code().to_string());
    for (name, value) in [
        ("Application", deployment.application.as_str()),
        ("Deployment group", &deployment.group),
        ("Deployment config", config),
        ("Waited", &span(followed.waited)),
        ("Serving now", &followed.serving().to_string()),
        ("Exit code", &exit_code),
    ] {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| {name} | {} |", text(value));
    }
    for note in followed.notes() {
        let _ = write!(page, "\nNote: {}\n", text(&note));
    }
    if let Some(why) = why(followed) {
        let _ = write!(page, "\n## Why\n\n{}\n", fenced(&why.to_string()));
    }
    for (kind, deployment, target) in followed.deployments() {
        let title = if kind == "rollback" { "Rollback" } else { "Deployment" };
        let _ = write!(page, "\n## {title} {}: {}\n", text(&deployment.id), text(deployment.status.name()));
        if let Some(target) = target {
            tables(&mut page, target);
        }
    }
    page
}

fn tables(page: &mut String, target: &Target) {
    if !target.lifecycle_events.is_empty() {
        page.push_str("\n| Lifecycle event | Status | Took |\n|---|---|---|\n");
    }
    for event in &target.lifecycle_events {
        let took = event.took().map_or_else(|| "-".to_owned(), span);
        let _ = writeln!(page, "| {} | {} | {took} |", text(&event.name), text(event.status.name()));
    }
    if !target.task_sets.is_empty() {
        page.push_str(
            "\n| Task set | Status | Running | Pending | Traffic | Target group |\n|---|---|---|---|---|---|\n",
        );
    }
    for set in &target.task_sets {
        let _ = writeln!(
            page,
            "| {} | {} | {} of {} | {} | {} | {} |",
            text(set.label.name()),
            text(set.status.name()),
            set.running,
            set.desired,
            set.pending,
            set.traffic_weight,
            text(set.target_group.as_deref().unwrap_or("-")),
        );
    }
}

/// Text on one line, with all markup escaped.
fn text(foreign: &str) -> String {
    let mut escaped = String::new();
    for character in safe(foreign, LINE).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' | '$' => {
                escaped.push('\\');
                escaped.push(character);
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A code block whose fence is longer than every run of backticks in it.
fn fenced(block: &str) -> String {
    let runs = block.split(|character| character != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}text\n{}\n{fence}", lines(block))
}
