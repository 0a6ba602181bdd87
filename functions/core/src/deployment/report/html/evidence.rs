//! Evidence that has a time: log lines and alarms.

use std::collections::BTreeSet;

use super::axis::Axis;
use super::{table, time};
use crate::deployment::evidence::{Evidence, FiredAlarm, LogLine, LogOf, LogTail};
use crate::text::markup::attribute;

/// The most log lines in the table, the newest ones, and the most alarms.
const MOST_LINES: usize = 100;
const MOST_ALARMS: usize = 5;

/// The times of log lines on the axis, one for each place.
pub(super) fn marks(evidence: &Evidence, axis: Axis) -> Vec<u64> {
    let times = evidence.logs.iter().flat_map(|log| &log.lines).filter_map(|line| line.at_ms);
    let within = times.filter(|at| axis.contains(*at));
    let places: BTreeSet<u64> = within.map(|at| axis.place(at)).collect();
    places.into_iter().collect()
}

/// The alarms that fired within the axis, and when.
pub(super) fn alarms(evidence: &Evidence, axis: Axis) -> impl Iterator<Item = (&FiredAlarm, u64)> {
    let since = evidence.alarms.iter().filter_map(|alarm| Some((alarm, alarm.since_ms?)));
    since.filter(move |(_, since)| axis.contains(*since)).take(MOST_ALARMS)
}

/// Writes the lines of all logs in the order of their times.
pub(super) fn tables(page: &mut String, evidence: &Evidence) {
    let rows = evidence.alarms.iter().take(MOST_ALARMS).map(|alarm| {
        let since = alarm.since_ms.map_or_else(|| "-".to_owned(), time);
        [attribute(&alarm.name), since, attribute(alarm.reason.as_deref().unwrap_or("-"))]
    });
    table::write(page, "Alarms that fired", ["Alarm", "Since", "Reason"], rows);
    let mut lines: Vec<(&LogTail, &LogLine)> =
        evidence.logs.iter().flat_map(|log| log.lines.iter().map(move |line| (log, line))).collect();
    lines.sort_by_key(|(_, line)| line.at_ms);
    let older = lines.len().saturating_sub(MOST_LINES);
    let rows = lines.into_iter().skip(older).map(|(log, line)| {
        let at = line.at_ms.map_or_else(|| "-".to_owned(), time);
        [at, attribute(&name(&log.of)), attribute(&line.text)]
    });
    table::write(page, "Log lines", ["Time", "Log", "Line"], rows);
}

fn name(of: &LogOf) -> String {
    match of {
        LogOf::Container { container, .. } => format!("container {container}"),
        LogOf::Hook { function } => format!("hook function {function}"),
    }
}
