//! Both sides line by line, as `diff -u` shows it: one line for each value, with its whole path.

use std::fmt::Write as _;

use serde_json::Value;

use super::hide::hide;
use super::{Side, Values, key, trees};
use crate::artifact::walk::{At, leaves, walk};
use crate::text::{json_line, line};

/// Lines of context around a change.
const CONTEXT: usize = 3;

struct Line {
    /// A space, `-` or `+`.
    mark: char,
    text: String,
}

/// A unified diff of two sides; empty if they are the same. The order of its lines is that of the paths.
pub fn unified(before: &Side, after: &Side, values: Values) -> String {
    let (old, new) = trees(before, after);
    let mut lines = Vec::new();
    for pair in walk(&old, &new, key) {
        if !pair.differs() {
            lines.extend(pair.after.into_iter().flat_map(|value| written(' ', &pair.at, value, values)));
            continue;
        }
        lines.extend(pair.before.into_iter().flat_map(|value| written('-', &pair.at, value, values)));
        lines.extend(pair.after.into_iter().flat_map(|value| written('+', &pair.at, value, values)));
    }
    if lines.iter().all(|line| line.mark == ' ') {
        return String::new();
    }
    let mut text = format!("--- {}\n+++ {}\n", line(&before.name), line(&after.name));
    hunks(&lines, &mut text);
    text
}

fn written(mark: char, at: &At, value: &Value, values: Values) -> Vec<Line> {
    let leaf = |(at, value): (At, &Value)| {
        let value = json_line(&hide(&at.place(), value, values, &mut false));
        Line { mark, text: format!("{}: {value}", line(&at.path())) }
    };
    leaves(at, value, key).into_iter().map(leaf).collect()
}

/// Writes the lines that changed, each with its context, and the numbers that tools need to read them.
fn hunks(lines: &[Line], text: &mut String) {
    let (mut old, mut new) = (1, 1);
    let mut at = 0;
    while at < lines.len() {
        let near = |from: usize| lines.iter().skip(from).take(2 * CONTEXT + 1).position(|line| line.mark != ' ');
        let Some(ahead) = lines.iter().skip(at).position(|line| line.mark != ' ') else { return };
        let skipped = ahead.saturating_sub(CONTEXT);
        (at, old, new) = (at + skipped, old + skipped, new + skipped);
        let mut end = at + (ahead - skipped);
        while let Some(next) = near(end) {
            end += next + 1;
        }
        let end = lines.len().min(end + CONTEXT);
        let hunk = lines.get(at..end).unwrap_or_default();
        let count = |mark: char| hunk.iter().filter(|line| line.mark == mark).count();
        let (olds, news) = (hunk.len() - count('+'), hunk.len() - count('-'));
        // The number before the first line where a side has none, as `diff` writes it.
        let start = |number: usize, count: usize| if count == 0 { number - 1 } else { number };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "@@ -{},{olds} +{},{news} @@", start(old, olds), start(new, news));
        for Line { mark, text: line } in hunk {
            let _ = writeln!(text, "{mark}{line}");
        }
        (at, old, new) = (end, old + olds, new + news);
    }
}
