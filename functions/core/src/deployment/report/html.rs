//! A deployment as one HTML page: what serves now, why it failed, what to do, and a time axis.
//!
//! The page needs nothing from elsewhere. Where its style sheet is not applied, as under the content security policy of
//! Jenkins or in a mail, it is a plain document that can still be read: colours of the chart are attributes of the SVG.

mod axis;
mod chart;
mod console;
mod evidence;
mod table;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use crate::deployment::followed::Followed;
use crate::deployment::observation::Deployment;
use crate::deployment::schedule::span;
use crate::deployment::target::Target;
use crate::deployment::time::rfc3339;
use crate::deployment::verdict::{EXIT_NOT_ROLLED_BACK, EXIT_ROLLED_BACK, EXIT_SUCCEEDED, Verdict};
use crate::deployment::why::{Why, why};
use crate::text::markup::{attribute, element};
use crate::text::{LINE, lines, safe};

pub use console::Console;

const STYLE: &str = include_str!("html/style.css");

/// The page. Foreign text is escaped: it can neither format nor add elements.
///
/// `now_ms` is when it is written, in milliseconds since 1970.
pub fn html(followed: &Followed, console: &Console, now_ms: u64) -> String {
    let deployment = &followed.deployment;
    let (id, outcome) = (attribute(&deployment.id), attribute(&followed.outcome()));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>Deployment {id} {outcome}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    let mood = match followed.verdict.as_ref().map(Verdict::exit_code) {
        Some(EXIT_SUCCEEDED) => "good",
        Some(EXIT_ROLLED_BACK | EXIT_NOT_ROLLED_BACK) => "bad",
        _ => "open",
    };
    let _ = writeln!(page, "<h1 class=\"{mood}\">Deployment {id} {outcome}</h1>");
    let why = why(followed);
    answers(&mut page, followed, why.as_ref(), console);
    let notes = followed.notes();
    for note in &notes {
        let _ = writeln!(page, "<p class=\"note\"><strong>Note:</strong> {}</p>", attribute(note));
    }
    if let Some(why) = why {
        // The first line is the heading of the page.
        let block = why.to_string();
        let details = block.split_once('\n').map_or("", |(_, details)| details);
        let _ = writeln!(page, "<h2>Details</h2>\n<pre>{}</pre>", element(&lines(details)));
    }
    changes(&mut page, followed);
    chart::draw(&mut page, followed, now_ms);
    evidence::tables(&mut page, &followed.evidence);
    for (kind, deployment, target) in followed.deployments() {
        tables(&mut page, kind, deployment, target);
    }
    events(&mut page, followed);
    let _ = writeln!(
        page,
        "</main>\n<footer><p>Written by codedeploy-artifact at {}. All times are in UTC.</p></footer>\n</body>\n</html>",
        time(now_ms)
    );
    page
}

/// What the person on call asks first.
fn answers(page: &mut String, followed: &Followed, why: Option<&Why>, console: &Console) {
    let deployment = &followed.deployment;
    let mut rows = vec![("Serving now", element(&followed.serving().to_string()))];
    if let Some(why) = why {
        rows.extend(why.causes.first().map(|cause| ("Probable cause", element(&cause.to_string()))));
        rows.push(("Next step", attribute(&why.next_step)));
    }
    let group = format!("{} / {}", attribute(&deployment.application), attribute(&deployment.group));
    rows.push(("Application / group", group));
    if let Some(service) = followed.target.as_ref().and_then(|target| target.id.split_once(':')) {
        rows.push(("Service", console.service(service.0, service.1)));
    }
    rows.push(("Deployment", console.deployment(&deployment.id)));
    if let Some(rollback) = &followed.rollback {
        rows.push(("Rollback", console.deployment(&rollback.deployment.id)));
    }
    rows.extend(deployment.config_name.as_deref().map(|config| ("Deployment config", attribute(config))));
    rows.extend(deployment.said().map(|text| ("Description", attribute(text))));
    rows.extend(deployment.creator.as_deref().map(|creator| ("Created by", attribute(creator))));
    rows.extend(deployment.created_ms.map(|created| ("Created", time(created))));
    rows.push(("Waited", span(followed.waited)));
    page.push_str("<dl>\n");
    for (name, value) in rows {
        let _ = writeln!(page, "<dt>{name}</dt><dd>{value}</dd>");
    }
    page.push_str("</dl>\n");
}

/// The most lines of a comparison.
const MOST_CHANGES: usize = 200;

/// What the deployment changes, as `diff` shows it.
fn changes(page: &mut String, followed: &Followed) {
    let Some(text) = &followed.history.changes else { return };
    let mut shown: Vec<String> = text.trim_end().lines().take(MOST_CHANGES).map(|line| safe(line, LINE)).collect();
    // The indentation tells what belongs together.
    for (line, whole) in shown.iter_mut().zip(text.lines()) {
        line.insert_str(0, &" ".repeat(whole.len() - whole.trim_start_matches(' ').len()));
    }
    if let more @ 1.. = text.trim_end().lines().count().saturating_sub(MOST_CHANGES) {
        shown.push(format!("and {more} more lines"));
    }
    let _ = writeln!(page, "<h2>Changes</h2>\n<pre>{}</pre>", element(&shown.join("\n")));
}

fn tables(page: &mut String, kind: &str, deployment: &Deployment, target: Option<&Target>) {
    let title = if kind == "rollback" { "Rollback" } else { "Deployment" };
    let name = format!("{title} {}", attribute(&deployment.id));
    let _ = writeln!(page, "<h2>{name}: {}</h2>", attribute(deployment.status.name()));
    let Some(target) = target else { return };
    let events = target.lifecycle_events.iter().map(|event| {
        let took = event.took().map_or_else(|| "-".to_owned(), span);
        let start = event.start_ms.map_or_else(|| "-".to_owned(), time);
        [attribute(&event.name), attribute(event.status.name()), start, took]
    });
    let of = title.to_lowercase();
    table::write(page, &format!("Lifecycle events of the {of}"), ["Event", "Status", "Started", "Took"], events);
    let sets = target.task_sets.iter().map(|set| {
        [
            attribute(set.label.name()),
            attribute(set.status.name()),
            format!("{} of {}", set.running, set.desired),
            set.pending.to_string(),
            set.traffic_weight.to_string(),
            attribute(set.target_group.as_deref().unwrap_or("-")),
        ]
    });
    let columns = ["Task set", "Status", "Running", "Pending", "Traffic", "Target group"];
    table::write(page, &format!("Task sets of the {of}"), columns, sets);
}

/// The console output of the wait.
fn events(page: &mut String, followed: &Followed) {
    let history = &followed.history;
    let Some(first) = history.happenings.first() else { return };
    let _ = writeln!(page, "<h2>Events</h2>");
    if history.dropped > 0 {
        let _ = writeln!(page, "<p>{} events in the middle are left out.</p>", history.dropped);
    }
    let rows = history.happenings.iter().map(|it| {
        let since = span(std::time::Duration::from_millis(it.at_ms.saturating_sub(first.at_ms)));
        let text = attribute(&it.text);
        [format!("+{since}"), if it.bad { format!("<strong>{text}</strong>") } else { text }]
    });
    table::write(page, &format!("Since {}", time(first.at_ms)), ["After", "Event"], rows);
}

/// A time to the second.
fn time(ms: u64) -> String {
    let text = rfc3339(ms / 1000 * 1000).unwrap_or_default();
    let shown = text.trim_end_matches('Z').replace('T', " ");
    format!("<time datetime=\"{text}\">{shown}</time>")
}
