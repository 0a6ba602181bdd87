//! `explain`: what an error code means, from the page that lists all of them.

use std::fmt::Write as _;

use clap::Args;
use codedeploy_core::artifact::inspect::rules;
use codedeploy_core::codes::{self, PAGE};
use codedeploy_core::text::suggest::did_you_mean;
use serde_json::{Value, json};

use crate::terminal::print;

/// Explain an error code, or list all of them
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Error code, such as PAR20 [default: list every code]
    #[arg(value_name = "CODE", value_parser = code)]
    pub(super) code: Option<String>,
}

/// The code in capitals.
pub(super) fn code(text: &str) -> Result<String, String> {
    let wanted = text.to_ascii_uppercase();
    if rows().any(|row| row.code == wanted) {
        return Ok(wanted);
    }
    let near = did_you_mean(&wanted, rows().map(|row| row.code));
    Err(near.map_or_else(
        || "no error has this code".to_owned(),
        |near| format!("no error has this code; did you mean {near}?"),
    ))
}

/// One row of the page, with the escapes of Markdown.
struct Row {
    code: &'static str,
    severity: &'static str,
    exit: &'static str,
    failure: &'static str,
    message: &'static str,
    hint: &'static str,
}

fn rows() -> impl Iterator<Item = Row> {
    PAGE.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        let [code, severity, exit, failure, message, hint] = cells[..] else { return None };
        let code = code.strip_prefix('`')?.strip_suffix('`')?;
        Some(Row { code, severity, exit, failure, message, hint })
    })
}

/// A cell without the escapes of Markdown.
fn plain(cell: &str) -> String {
    cell.replace("&lt;", "<").replace("\\*", "*").replace("\\_", "_").replace("\\|", "|")
}

impl Row {
    fn json(&self) -> Value {
        json!({
            "severity": self.severity,
            "exit_code": self.exit.parse::<u8>().ok(),
            "failure_type": Some(self.failure).filter(|it| !it.is_empty()),
            "message": plain(self.message),
            "hint": plain(self.hint),
        })
    }

    /// Severity, exit code and failure type, as far as the row has them.
    fn consequence(&self) -> String {
        let mut text = self.severity.to_owned();
        for (name, value) in [("exit code", self.exit), ("failure type in CodePipeline", self.failure)] {
            if !value.is_empty() {
                text.extend([", ", name, " ", value]);
            }
        }
        text
    }
}

impl Explain {
    pub(crate) fn run(self) -> print::Result {
        let (json, text) = self.code.map_or_else(list, |code| explain(&code));
        print::Result { json, text, ..print::Result::default() }
    }
}

fn explain(code: &str) -> (Value, String) {
    let rows: Vec<Row> = rows().filter(|row| row.code == code).collect();
    let mut text = String::new();
    let mut last = String::new();
    for row in &rows {
        let consequence = row.consequence();
        if consequence != last {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{code}: {consequence}");
            last = consequence;
        }
        let _ = writeln!(text, "\n  {}\n  hint: {}", plain(row.message), plain(row.hint));
    }
    let example = rules::rule(code);
    if let Some(rule) = example {
        let _ = write!(text, "\n  wrong:{}\n  right:{}\n", indented(rule.bad), indented(rule.good));
    }
    let page = codes::page(code).filter(|_| codes::of_findings().contains(&code));
    if let Some(page) = page {
        let _ = writeln!(text, "\n  see: {page}");
    }
    text.push_str("\n{name} stands for what varies; names in backquotes are request parameters\n");
    let json = json!({
        "code": code,
        "meanings": rows.iter().map(Row::json).collect::<Vec<_>>(),
        "example": example.map(|rule| json!({ "wrong": rule.bad, "right": rule.good })),
        "page": page,
    });
    (json, text)
}

/// The lines of an example, each on a line of its own.
fn indented(example: &str) -> String {
    if example.is_empty() {
        return " (missing)".to_owned();
    }
    example.trim_end().lines().flat_map(|line| ["\n    ", line]).collect()
}

fn list() -> (Value, String) {
    let mut codes: Vec<(&str, String)> = rows().map(|row| (row.code, plain(row.message))).collect();
    codes.dedup_by_key(|(code, _)| *code);
    let text = codes.iter().map(|(code, message)| [*code, "  ", message, "\n"].concat()).collect();
    let json = codes.iter().map(|(code, message)| json!({ "code": code, "message": message })).collect::<Vec<_>>();
    (json!({ "codes": json }), text)
}
